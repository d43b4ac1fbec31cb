"""The records the runtime works with: events, runs, holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    HELD = "held"
    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A stored event."""

    #: The ledger's id.
    id: int
    connection: str
    trigger: str
    #: The source's own id.
    identity: str
    type: str
    received_at: datetime
    happened_at: datetime
    location: str
    test: bool
    contact: str
    #: new (not matched yet), stored, ignored
    state: str
    #: Why it is ignored, or what became of it without a run.
    note: str
    data: Mapping[str, Any]

    def envelope(self) -> dict[str, Any]:
        """What a recipe reads as `event.`."""
        return {
            "id": self.identity,
            "type": self.type,
            "timestamp": self.happened_at.isoformat(),
            "test": self.test,
            "location": self.location,
            "connection": self.connection,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run about to be stored: one recipe revision handles one event for one company."""

    event: int
    recipe: str
    revision: int
    settings_revision: int
    #: realm_id, or empty when no company could be told (then it is held).
    company: str
    #: Runs with one key go one at a time.
    order_key: str
    received_at: datetime
    #: Set when it cannot even start.
    hold: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run in the hands of a worker, or in the history."""

    id: int
    event: int
    recipe: str
    revision: int
    settings_revision: int
    company: str
    order_key: str
    state: RunState
    due_at: datetime
    tries: int
    #: Seconds spent waiting between tries, downtime not counted.
    waited: float
    worker: str
    #: Fencing number; a recording with an older one is refused.
    fence: int
    hold: Mapping[str, Any] | None
    error: str | None
    #: What finished steps gave: id -> {"action", "state", "values", "quickbooks"}.
    steps: Mapping[str, Mapping[str, Any]]
    received_at: datetime
    booked_at: datetime | None
