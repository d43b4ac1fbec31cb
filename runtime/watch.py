"""Looks whether what people were told still lasts, and whether something is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from runtime import troubles
from runtime.clock import Clock
from runtime.store import notices, standing
from runtime.store.database import Database

_STOPPED = (troubles.HELD, troubles.DEAD, troubles.FLOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a tick looks after."""

    database: Database
    clock: Clock

    def look(self) -> None:
        """End what has ended."""
        if self.database.read(_released):
            self.database.write(_end_released, self.clock.now())


def _released(tx: Connection) -> list[str]:
    """Keys of the lasting notices whose runs have all been released, booked or skipped."""
    told = notices.lasting(tx, *_STOPPED)
    if not told:
        return []
    stuck = {troubles.stopped_key(*each) for each in standing.stuck_for(tx)}
    return [notice.key for notice in told if notice.key not in stuck]


def _end_released(tx: Connection, now: datetime) -> None:
    for key in _released(tx):
        notices.resolve(tx, key, now, troubles.RELEASED)
