"""Tallies of recipes: what waits for a person and why, how much came, when the last came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, false, func, or_, select

from runtime.store.schema import STUCK, events, in_state, recipe_revisions, runs

_STUCK = select(runs.c.recipe, runs.c.state, runs.c.reason).where(in_state(runs, *STUCK))


def stuck_for(tx: Connection) -> set[tuple[str, str]]:
    """For which reasons runs wait for a person: (recipe, reason of the hold, or `dead`)."""
    rows = tx.execute(_STUCK)
    return {(row.recipe, row.reason if row.state == "held" else row.state) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """The events that started a recipe in a stretch of time; those of backfills left out."""

    count: int
    #: When the first of them was received; None where there are none.
    since: datetime | None


_IN_WINDOW = (
    runs.c.recipe == bindparam("of_recipe"),
    runs.c.backfill == false(),
    runs.c.received_at > bindparam("after"),
    runs.c.received_at <= bindparam("until"),
)
_FEW = select(func.count()).select_from(
    select(runs.c.id).where(*_IN_WINDOW).limit(bindparam("enough")).subquery()
)
_ALL = select(func.count().label("count"), func.min(runs.c.received_at).label("since")).where(
    *_IN_WINDOW
)


def reached(tx: Connection, recipe: str, after: datetime, until: datetime, *, enough: int) -> bool:
    """Whether `enough` events, received in a stretch of time, have started a recipe."""
    values = {"of_recipe": recipe, "after": after, "until": until, "enough": enough}
    return int(tx.execute(_FEW, values).scalar() or 0) >= enough


def came(tx: Connection, recipe: str, after: datetime, until: datetime) -> Came:
    """All events, received in a stretch of time, that have started a recipe."""
    row = tx.execute(_ALL, {"of_recipe": recipe, "after": after, "until": until}).one()
    return Came(**row._mapping)


_ARRIVED = (
    select(events.c.received_at)
    .where(
        events.c.trigger == bindparam("of_trigger"),
        or_(bindparam("from_any"), events.c.connection == bindparam("from_one")),
        events.c.state.in_(["new", "stored"]),
        events.c.test == false(),
    )
    .order_by(events.c.received_at.desc())
    .limit(bindparam("many"))
)


def arrived(tx: Connection, trigger: str, connection: str | None, many: int) -> list[datetime]:
    """When the last events of a trigger were received, the newest first; tests are left out.

    So is what a backfill fetched: it tells nothing of whether a source still gives events.
    """
    source = {"from_any": connection is None, "from_one": connection or ""}
    found = tx.execute(_ARRIVED, {"of_trigger": trigger, "many": many, **source})
    return list(found.scalars())


def accepted_at(tx: Connection, recipe: str) -> datetime | None:
    """When a recipe was first accepted; None where it never was."""
    first = select(recipe_revisions.c.accepted_at).where(recipe_revisions.c.recipe == recipe)
    return tx.execute(first.order_by(recipe_revisions.c.revision).limit(1)).scalar()
