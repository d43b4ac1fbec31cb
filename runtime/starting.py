"""Stores the runs that an event starts: once each, held beyond a recipe's limit, and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection

from runtime import troubles
from runtime.filing import Filed, Start
from runtime.notices import moment
from runtime.recipes import USUAL_LIMIT, Recipe
from runtime.store import events, notices, runs, standing


def store(tx: Connection, filed: Sequence[Filed], now: datetime) -> None:
    """Store the runs of events that nobody has stored yet.

    An event that started a recipe before, by a backfill, does not start it again.
    """
    for each in filed:
        if events.matched(tx, each.event, each.note):
            for start in each.starts:
                if not runs.has(tx, start.run.event, start.run.recipe):
                    _store(tx, start, now, each.zone)


def _store(tx: Connection, start: Start, now: datetime, zone: tzinfo) -> None:
    new = start.run
    hold = _flood(tx, start.recipe, new.received_at, zone) or new.hold
    if runs.add(tx, replace(new, hold=hold), now) is not None and hold:
        notices.raise_(tx, troubles.held(new.recipe, start.recipe, hold), now)


def _flood(
    tx: Connection, recipe: Recipe, received_at: datetime, zone: tzinfo
) -> Mapping[str, Any] | None:
    """The hold of an event that is one too many for its recipe; None where it is not.

    What counts is when events were received, whatever became of them: redeliveries, replays and
    released holds are no new ones, and those of backfills are left out.
    """
    limit = recipe.at_most or USUAL_LIMIT
    after = received_at - timedelta(seconds=limit.seconds)
    if not standing.reached(tx, recipe.id, after, received_at, enough=limit.count):
        return None
    came = standing.came(tx, recipe.id, after, received_at)
    since = moment(came.since or received_at, zone)
    return troubles.flooded(recipe, f"{came.count + 1} events since {since}", limit)
