"""Change data capture: what became of the records of some kinds since a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from connector.practice.books.change import Change
from connector.practice.books.keys import instant
from connector.practice.entities import BY_LOWER_NAME, Entity
from connector.practice.faults import Fault, missing
from connector.practice.shape import Record

#: Objects in one answer [C].
MOST = 1000
_LOOK_BACK = timedelta(days=30)
#: Kinds that change data capture leaves out [C].
_LEFT_OUT = frozenset({"journalcode", "taxagency", "timeactivity", "taxcode", "taxrate"})


def changes(view: Change, asked: Mapping[str, str], *, most: int = MOST) -> Record:
    """The envelope of what changed, deletions included, for `entities` since `changedSince`.

    Each kind has its place in the order asked, an empty one where nothing changed; within a kind
    the oldest change comes first, and beyond `most` objects the answer ends. Raises Fault 2020,
    2070, 4001, or 500 for what the operation does not support: other kinds, and moments more than
    30 days back [C] (which code says so for kinds is not known [U]).
    """
    names, since = asked.get("entities", ""), asked.get("changedSince", "")
    if not names.strip():
        raise missing("entities")
    entities = [_entity(name.strip()) for name in names.split(",")]
    start = _start(view, since)
    found: list[Record] = []
    left = most
    with view.books.lock:
        for entity in entities:
            rows = _rows(view, entity, start, left)
            left -= len(rows)
            found.append(_page(entity.gathered_as(view.switches.batch_names), rows))
    return {"CDCResponse": [{"QueryResponse": found}]}


def _entity(name: str) -> Entity:
    if name.lower() in _LEFT_OUT:
        raise _unsupported(f"cdc for entity {name}")
    entity = BY_LOWER_NAME.get(name.lower())
    if entity is None:
        raise Fault("4001", f"Metadata not found for Entity: {name}")
    return entity


def _start(view: Change, text: str) -> int:
    """The moment asked for as keys have it, by the company's clock where it has no offset."""
    if not text.strip():
        raise missing("changedSince")
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=view.books.zone)
        start = instant(moment)
    except (ValueError, OverflowError) as error:
        raise Fault("2070", f"Invalid Date : {text}", element="changedSince") from error
    if view.now - moment > _LOOK_BACK:
        raise _unsupported(f"cdc with changedSince date {text} which is older than fixed days")
    return start


def _unsupported(what: str) -> Fault:
    return Fault("500", f"Operation {what} is not supported.", status=400)


def _page(name: str, rows: list[Record]) -> Record:
    return {name: rows, "startPosition": 1, "maxResults": len(rows)} if rows else {}


def _rows(view: Change, entity: Entity, start: int, most: int) -> list[Record]:
    store = view.books.store
    changed = store.run(
        f'SELECT "MetaData.LastUpdatedTime", position FROM "{entity.name}"'
        ' WHERE "MetaData.LastUpdatedTime" >= ? ORDER BY 1, 2 LIMIT ?',
        (start, most),
    )
    gone = store.run(
        "SELECT at, id, stamp FROM deleted WHERE entity = ? AND at >= ? ORDER BY at LIMIT ?",
        (entity.name, start, most),
    )
    records = view.books.at([position for _, position in changed])
    rows = [
        (at, entity.present(view.books, record))
        for (at, _), record in zip(changed, records, strict=True)
    ]
    rows += [(at, _deleted(identity, stamp)) for at, identity, stamp in gone]
    rows.sort(key=lambda row: row[0])
    return [row for _, row in rows[:most]]


def _deleted(identity: str, stamp: str) -> Record:
    return {
        "domain": "QBO",
        "status": "Deleted",
        "Id": identity,
        "MetaData": {"LastUpdatedTime": stamp},
    }
