"""How far polling of each (connection, trigger) got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from runtime.store import dialect
from runtime.store.schema import cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The state of one polled trigger."""

    #: When polling began; what happened before is not fired.
    baseline: datetime
    #: Everything up to here has been read.
    position: datetime
    polled_at: datetime
    #: Polls that found nothing new, a counter and no runs.
    empty_polls: int


def get(tx: Connection, connection: str, trigger: str) -> Cursor | None:
    """The cursor, or None before the first poll."""
    row = tx.execute(
        select(
            cursors.c.baseline, cursors.c.position, cursors.c.polled_at, cursors.c.empty_polls
        ).where(cursors.c.connection == connection, cursors.c.trigger == trigger)
    ).first()
    return None if row is None else Cursor(**row._mapping)


def begin(tx: Connection, connection: str, trigger: str, now: datetime) -> None:
    """Set the baseline at the first start; a cursor that is there never moves."""
    row = {
        "connection": connection,
        "trigger": trigger,
        "baseline": now,
        "position": now,
        "polled_at": now,
        "empty_polls": 0,
    }
    tx.execute(dialect.insert_once(cursors), row)


def advance(
    tx: Connection,
    connection: str,
    trigger: str,
    *,
    position: datetime,
    now: datetime,
    found: bool,
) -> None:
    """Move the cursor, in the transaction that stored what was found."""
    row = cursors.c
    here = update(cursors).where(row.connection == connection, row.trigger == trigger)
    tx.execute(
        here.values(
            position=position,
            polled_at=now,
            empty_polls=row.empty_polls if found else row.empty_polls + 1,
        )
    )
