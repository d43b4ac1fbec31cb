"""Runs seen from their recipe: those that wait, and their move to another revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, true, union_all, update

from runtime.store.runs import AFRESH
from runtime.store.schema import ACTIVE, STUCK, events, in_state, runs

#: Reasons of holds that an edit of the recipe, its tables or its template may mend.
MENDABLE = (
    "table-row-missing",
    "template",
    "missing-field",
    "reference-unknown",
    "recipe-unreadable",
)

_HELD = and_(in_state(runs, *STUCK), runs.c.state == "held")
_MINE = runs.c.recipe == bindparam("of")
_WAITING = union_all(
    *(
        select(runs.c.id, runs.c.state, runs.c.revision, events.c.data)
        .select_from(runs.join(events))
        .where(_MINE, these)
        for these in (in_state(runs, *ACTIVE), _HELD)
    )
)


def waiting(tx: Connection, recipe: str) -> list[Row[Any]]:
    """Runs that are queued, running, waiting or held (`id, state, revision`, `data` of the event).

    In the order in which they came.
    """
    return sorted(tx.execute(_WAITING, {"of": recipe}), key=lambda row: int(row.id))


def waiting_counts(tx: Connection) -> dict[str, int]:
    """How many runs wait, by recipe."""
    these = or_(in_state(runs, *ACTIVE), _HELD)
    counted = select(runs.c.recipe, func.count()).where(these).group_by(runs.c.recipe)
    return {str(recipe): int(n) for recipe, n in tx.execute(counted).all()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """A newer revision of a recipe, as far as runs that move to it are concerned."""

    recipe: str
    revision: int
    trigger: str
    #: The connection it must come from; None where any will do.
    source: str | None
    #: Its steps' ids with their actions.
    steps: Mapping[str, str]


def move_held(tx: Connection, to: Newer, now: datetime) -> list[int]:
    """Let the runs that an edit of the recipe may have mended go on with a newer revision.

    What their finished steps gave is kept. A run one of whose finished steps the revision does
    not have stays as it is, because the step would be done a second time under another name.
    Returns the runs that go on, in the order in which they came.
    """
    held = (
        select(runs.c.id, runs.c.steps)
        .select_from(runs.join(events))
        .where(
            _HELD,
            runs.c.recipe == to.recipe,
            runs.c.revision < to.revision,
            runs.c.reason.in_(MENDABLE),
            events.c.trigger == to.trigger,
            true() if to.source is None else events.c.connection == to.source,
        )
    )
    found = tx.execute(held.order_by(runs.c.id)).all()
    moved = [int(row.id) for row in found if not lost_steps(row.steps, to.steps)]
    values = {**AFRESH, "revision": to.revision, "due_at": now}
    for run in moved:
        tx.execute(update(runs).where(runs.c.id == run).values(**values))
    return moved


def pin(tx: Connection, run: int, revision: int) -> bool:
    """Give a run that is not under way another revision of its recipe."""
    resting = and_(runs.c.id == run, runs.c.state != "running")
    return tx.execute(update(runs).where(resting).values(revision=revision)).rowcount == 1


def lost_steps(done: Mapping[str, Mapping[str, Any]], steps: Mapping[str, str]) -> list[str]:
    """The finished steps of a run that a revision with `steps` does not have."""
    return [
        name
        for name, result in done.items()
        if result["state"] == "done" and steps.get(name) != result["action"]
    ]
