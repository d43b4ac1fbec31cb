"""Stores the runs that an event starts: once each, held beyond a recipe's limit, and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection

from runtime.filing import Filed, Start
from runtime.notices import troubles
from runtime.notices.deciding import moment
from runtime.recipes import Recipe
from runtime.store import events, notices, runs, tallies


def store(tx: Connection, filed: Sequence[Filed], now: datetime) -> None:
    """Store the runs of events that nobody has stored yet.

    An event that started a recipe before, by a backfill, does not start it again.
    """
    for each in filed:
        if events.matched(tx, each.event, each.note):
            for start in each.starts:
                add_one(tx, _limited(tx, start, each.zone), now)


def add_one(tx: Connection, start: Start, now: datetime) -> bool:
    """Store a run where its event has started its recipe never before, and tell of its hold."""
    new = start.run
    if runs.has(tx, new.event, new.recipe) or runs.add(tx, new, now) is None:
        return False
    if new.hold:
        notices.raise_(tx, troubles.held(new.recipe, start.recipe, new.hold), now)
    return True


def _limited(tx: Connection, start: Start, zone: tzinfo) -> Start:
    """The same run, held where it is one too many."""
    flood = _flood(tx, start.recipe, start.run.received_at, zone)
    return replace(start, run=replace(start.run, hold=flood)) if flood else start


def _flood(
    tx: Connection, recipe: Recipe, received_at: datetime, zone: tzinfo
) -> Mapping[str, Any] | None:
    """The hold of an event that is one too many for its recipe; None where it is not.

    A recipe that says nothing has no limit: a month's invoices of a large firm may come in one
    hour, and signed events are not doubted unasked. What counts is when events were received,
    whatever became of them: redeliveries, replays and released holds are no new ones, and those
    of backfills are left out.
    """
    limit = recipe.at_most
    if limit is None:
        return None
    after = received_at - timedelta(seconds=limit.seconds)
    if not tallies.reached(tx, recipe.id, after, received_at, enough=limit.count):
        return None
    came = tallies.came(tx, recipe.id, after, received_at)
    since = moment(came.since or received_at, zone)
    return troubles.flooded(recipe, f"{came.count + 1} events since {since}", limit)
