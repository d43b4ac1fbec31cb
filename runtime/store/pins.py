"""Names pinned to records of QuickBooks: once a recipe's name is resolved it keeps its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, update

from connector.base import Chosen
from runtime.store import dialect
from runtime.store.schema import pins


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A pinned name and what became of its record."""

    company: str
    #: class, location, term, item, account, payment_method
    kind: str
    #: As recipes write it, made ready for comparing.
    name: str
    #: The record, under the name it has now.
    chosen: Chosen
    #: ok, renamed, inactive or deleted, as last seen.
    state: str
    pinned_at: datetime
    checked_at: datetime


_ONE = select(pins.c.quickbooks_id, pins.c.label, pins.c.type).where(
    pins.c.company == bindparam("realm"),
    pins.c.kind == bindparam("of"),
    pins.c.name == bindparam("called"),
)


def get(tx: Connection, company: str, kind: str, name: str) -> Chosen | None:
    """What a name is pinned to."""
    row = tx.execute(_ONE, {"realm": company, "of": kind, "called": name}).first()
    return None if row is None else Chosen(id=row.quickbooks_id, name=row.label, type=row.type)


def keep(
    tx: Connection, company: str, kind: str, name: str, *, chosen: Chosen, now: datetime
) -> None:
    """Pin a name; one that is pinned already stays as it is."""
    row = {
        "company": company,
        "kind": kind,
        "name": name,
        "quickbooks_id": chosen.id,
        "label": chosen.name,
        "type": chosen.type,
        "state": "ok",
        "pinned_at": now,
        "checked_at": now,
    }
    tx.execute(dialect.insert_once(pins), row)


def every(tx: Connection) -> list[Pinned]:
    """All pinned names, by company, kind and name."""
    rows = tx.execute(select(pins).order_by(pins.c.company, pins.c.kind, pins.c.name))
    return [
        Pinned(
            company=row.company,
            kind=row.kind,
            name=row.name,
            chosen=Chosen(id=row.quickbooks_id, name=row.label, type=row.type),
            state=row.state,
            pinned_at=row.pinned_at,
            checked_at=row.checked_at,
        )
        for row in rows
    ]


def looked_at(tx: Connection, pinned: Pinned, state: str, label: str, now: datetime) -> None:
    """Note what became of a pinned record."""
    here = update(pins).where(*_is(pinned))
    tx.execute(here.values(state=state, label=label, checked_at=now))


def forget(tx: Connection, pinned: Pinned) -> None:
    """Let a name be resolved anew."""
    tx.execute(delete(pins).where(*_is(pinned)))


def _is(pinned: Pinned) -> tuple[ColumnElement[bool], ...]:
    return (
        pins.c.company == pinned.company,
        pins.c.kind == pinned.kind,
        pins.c.name == pinned.name,
    )
