"""Backfills: how far reading the past of a connection for one recipe got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from runtime.store import dialect
from runtime.store.schema import ACTIVE, backfills, in_state, runs

_UNDER_WAY = select(runs.c.recipe).where(
    in_state(runs, *ACTIVE), runs.c.state != "waiting", runs.c.backfill
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """The past of one connection for one recipe."""

    recipe: str
    connection: str
    #: `start_from` when it began, such as `2026-01-01`.
    day: str
    #: The moment at which that day began.
    since: datetime
    #: The source's name of the page to read next; empty: the first.
    page: str
    began_at: datetime
    #: None until all has been read.
    ended_at: datetime | None
    #: How many events it has started the recipe with.
    started: int


def get(tx: Connection, recipe: str, connection: str) -> Backfill | None:
    """The backfill, or None where none has begun."""
    row = tx.execute(select(backfills).where(*_of(recipe, connection))).first()
    return None if row is None else Backfill(**row._mapping)


def begin(tx: Connection, backfill: Backfill) -> None:
    """Begin to read, also anew for a day before the one of the last time.

    Nothing happens where one for that day or an earlier one has begun.
    """
    known = get(tx, backfill.recipe, backfill.connection)
    if known is None or backfill.day < known.day:
        row = {column.name: getattr(backfill, column.name) for column in backfills.c}
        tx.execute(dialect.upsert(backfills, "recipe", "connection"), row)


def advance(
    tx: Connection, backfill: Backfill, page: str | None, started: int, now: datetime
) -> bool:
    """Move on to a page, in the transaction that stores what was read; None: all has been read.

    False, and nothing is moved, where it has begun anew for an earlier day since.
    """
    mine = *_of(backfill.recipe, backfill.connection), backfills.c.day == backfill.day
    values = {"page": page or "", "started": backfills.c.started + started}
    here = update(backfills).where(*mine)
    return tx.execute(here.values(**values, ended_at=now if page is None else None)).rowcount == 1


def rewind(tx: Connection, backfill: Backfill) -> None:
    """Read again from the first page; what has started the recipe does not start it again."""
    here = update(backfills).where(*_of(backfill.recipe, backfill.connection))
    tx.execute(here.values(page=""))


def under_way(tx: Connection, recipe: str) -> int:
    """How many runs of a recipe's backfills are still to be taken, or are in a worker's hands."""
    # Asked for by state alone: by recipe, all that a backfill ever started would be read.
    found = tx.execute(_UNDER_WAY).scalars()
    return sum(each == recipe for each in found)


def _of(recipe: str, connection: str) -> tuple[ColumnElement[bool], ...]:
    return backfills.c.recipe == recipe, backfills.c.connection == connection
