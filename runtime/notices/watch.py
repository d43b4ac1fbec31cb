"""Looks whether what people were told still lasts, and whether a recipe is without its events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from runtime.clock import Clock
from runtime.models import Trouble
from runtime.notices import troubles
from runtime.notices.deciding import moment
from runtime.notices.silence import is_silent
from runtime.recipes import Expectation, Recipe
from runtime.settings import Settings
from runtime.shelf import Shelf
from runtime.store import notices, tallies
from runtime.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a tick looks after."""

    database: Database
    clock: Clock
    shelf: Shelf
    settings: Callable[[], Settings]

    def look(self) -> None:
        """Note what has become silent, and end what has ended."""
        now = self.clock.now()
        if self.database.read(_released):
            self.database.write(_end_released, now)
        silences = self._silences(now)
        if self.database.read(_differs, silences):
            watched = {troubles.silence_key(r.id): troubles.HEARD for r in self._watched()}
            endings = {"": troubles.UNWATCHED, **watched}
            self.database.write(notices.reconcile, troubles.SILENCE, silences, now, endings)

    def _watched(self) -> list[Recipe]:
        live = (each.recipe for each in self.shelf.live)
        return [recipe for recipe in live if recipe.enabled and recipe.expect]

    def _silences(self, now: datetime) -> dict[str, Trouble]:
        settings = self.settings()
        found = (
            self.database.read(_silence, recipe, recipe.expect, settings, now)
            for recipe in self._watched()
            if recipe.expect
        )
        return {trouble.key: trouble for trouble in found if trouble is not None}


def _silence(
    tx: Connection, recipe: Recipe, expected: Expectation, settings: Settings, now: datetime
) -> Trouble | None:
    accepted = tallies.accepted_at(tx, recipe.id)
    arrived = tallies.arrived(tx, recipe.trigger, recipe.source, expected.least)
    if accepted is None or not is_silent(expected, arrived, accepted, settings.zones, now):
        return None
    if arrived:
        last = f"the last one came on {moment(arrived[0], settings.zone)}"
    else:
        last = f"none has come since it was accepted on {moment(accepted, settings.zone)}"
    return troubles.silence(recipe, last)


def _differs(tx: Connection, wanted: dict[str, Trouble]) -> bool:
    """Whether other silences are noted than there are."""
    told = {notice.key: notice.sentence for notice in notices.lasting(tx, troubles.SILENCE)}
    return told != {key: trouble.sentence for key, trouble in wanted.items()}


def _released(tx: Connection) -> list[str]:
    """Keys of the lasting notices whose runs have all been released, booked or skipped."""
    told = notices.lasting(tx, troubles.HELD, troubles.DEAD, troubles.FLOOD)
    if not told:
        return []
    stuck = {troubles.stopped_key(*each) for each in tallies.stuck_for(tx)}
    return [notice.key for notice in told if notice.key not in stuck]


def _end_released(tx: Connection, now: datetime) -> None:
    for key in _released(tx):
        notices.resolve(tx, key, now, troubles.RELEASED)
