"""Notices: what somebody must be told, written with what caused it, and what was told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from runtime.models import CALM, Delivery, Notice, Trouble
from runtime.store import dialect
from runtime.store.schema import deliveries, notices

_BY_KEY = select(notices).where(notices.c.key == bindparam("wanted"))


def raise_(tx: Connection, trouble: Trouble, now: datetime, *, again: bool = True) -> None:
    """Note a trouble: a new notice, or one more time of the one that lasts.

    Call it in the transaction of the cause. With `again=False` it is a state (a silence, a file
    with problems) which may be noted as often as it is seen: only another sentence is news then.
    """
    found = tx.execute(_BY_KEY, {"wanted": trouble.key}).first()
    if found is None:
        tx.execute(
            insert(notices), {**_told(trouble), **_begun(now), "key": trouble.key, "news": 1}
        )
        return
    ended: datetime | None = found.ended_at
    lasts = ended is None or ended <= now < ended + CALM
    known = lasts and not again and found.sentence == trouble.sentence
    if known and ended is None:
        return
    count = found._mapping["count"] + again
    since = {"count": count, "first_at": found.first_at} if lasts else {}
    counted = {**_begun(now), **since}
    here = update(notices).where(notices.c.id == found.id)
    tx.execute(here.values(**_told(trouble), **counted, news=found.news + (not known)))


def resolve(tx: Connection, key: str, now: datetime, ending: str) -> bool:
    """End the notice of `key`, with a sentence that says how; False when none lasts."""
    lasting = update(notices).where(notices.c.key == key, notices.c.ended_at.is_(None))
    return tx.execute(lasting.values(ended_at=now, ending=ending)).rowcount == 1


def reconcile(
    tx: Connection,
    kind: str,
    wanted: Mapping[str, Trouble],
    now: datetime,
    endings: Mapping[str, str],
) -> None:
    """Let exactly the notices of `wanted`, states by key, last among those of a kind.

    `endings` says of the keys that end how; the one of the empty key is for all others.
    """
    for trouble in wanted.values():
        raise_(tx, trouble, now, again=False)
    for notice in lasting(tx, kind):
        if notice.key not in wanted:
            resolve(tx, notice.key, now, endings.get(notice.key, endings[""]))


def lasting(tx: Connection, *kinds: str) -> list[Notice]:
    """Every notice that has not ended, oldest first; where given only those of `kinds`."""
    statement = select(notices).where(notices.c.ended_at.is_(None)).order_by(notices.c.id)
    if kinds:
        statement = statement.where(notices.c.kind.in_(kinds))
    return [_notice(row) for row in tx.execute(statement)]


def recent(tx: Connection, *, limit: int = 1000) -> list[Notice]:
    """Notices that last and those that ended, the newest last."""
    rows = tx.execute(select(notices).order_by(notices.c.last_at.desc()).limit(limit)).all()
    return [_notice(row) for row in reversed(rows)]


def get(tx: Connection, notice: int) -> Notice | None:
    """One notice by its number."""
    row = tx.execute(select(notices).where(notices.c.id == notice)).first()
    return None if row is None else _notice(row)


def to_tell(tx: Connection) -> list[tuple[Notice, list[Delivery]]]:
    """The notices about which something may have to be told, each with what was told of it.

    That is every notice that lasts, and those that ended while a recipient thinks they last.
    """
    waits = select(deliveries.c.notice).where(deliveries.c.told > 0, ~deliveries.c.told_end)
    open_ = or_(notices.c.ended_at.is_(None), notices.c.id.in_(waits))
    found = [
        _notice(row) for row in tx.execute(select(notices).where(open_).order_by(notices.c.id))
    ]
    return [(notice, delivered(tx, notice.id)) for notice in found]


def delivered(tx: Connection, notice: int) -> list[Delivery]:
    """What each recipient was told of a notice."""
    rows = tx.execute(select(deliveries).where(deliveries.c.notice == notice))
    return [Delivery(**row._mapping) for row in rows]


def record(tx: Connection, delivery: Delivery) -> None:
    """Keep what became of a try to tell a recipient."""
    row = {column.name: getattr(delivery, column.name) for column in deliveries.c}
    tx.execute(dialect.upsert(deliveries, "notice", "recipient"), row)


def _begun(now: datetime) -> dict[str, Any]:
    return {"first_at": now, "last_at": now, "count": 1, "ended_at": None, "ending": ""}


def _told(trouble: Trouble) -> dict[str, Any]:
    return {
        "kind": trouble.kind,
        "about": trouble.about,
        "sentence": trouble.sentence,
        "fix": trouble.fix,
        "recipients": list(trouble.recipients),
    }


def _notice(row: Row[Any]) -> Notice:
    values = dict(row._mapping)
    return Notice(**{**values, "recipients": tuple(values["recipients"])})
