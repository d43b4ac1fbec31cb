"""Answers a parsed statement from the books of one company."""

from __future__ import annotations

from typing import Any

from connector.practice.books.change import Change
from connector.practice.entities import BY_LOWER_NAME, Entity
from connector.practice.faults import Fault
from connector.practice.query.sql import Sql, conditions_of, counted, counted_up_to, paged
from connector.practice.query.statement import Statement
from connector.practice.shape import Record
from connector.practice.wire import as_written, load

#: Records that are sorted in no time.
_FEW = 1000


def select(view: Change, statement: Statement) -> Record:
    """The `QueryResponse` of a statement; raises Fault 4001 or 4002 for what cannot be asked."""
    entity = _entity(view, statement.entity)
    columns = [_field(entity, column) for column in statement.columns]
    with view.books.lock:
        tests = conditions_of(view, entity, statement)
        narrow = _narrow(view, entity, tests)
        total = counted(entity, tests, narrow)
        if statement.count:
            return {"totalCount": _number(view, total)}
        texts = _texts(view, paged(entity, statement, tests, narrow))
        if not texts:
            return {}
        shown = _shown(view, entity, texts, None if statement.everything else columns)
    found = {entity.name: shown, "startPosition": statement.start, "maxResults": len(shown)}
    if view.switches.total_count == "always":
        found["totalCount"] = _number(view, total)
    return found


def _entity(view: Change, name: str) -> Entity:
    """What is asked for; raises Fault 4001 for a name that QuickBooks does not know."""
    entity = BY_LOWER_NAME.get(name.lower())
    if entity is None or (view.switches.entity_case_sensitive and entity.name != name):
        detail = f"QueryValidationError: Metadata not found for Entity: {name}"
        raise Fault("4001", detail)
    return entity


def _field(entity: Entity, column: str) -> str:
    """The property that a column is or is in; raises Fault 4001 for an unknown one."""
    head = column.split(".")[0].lower()
    for name in entity.fields:
        if name.lower() == head:
            return name
    detail = f"QueryValidationError: Property {column} not found for Entity {entity.name}"
    raise Fault("4001", detail)


def _number(view: Change, sql: Sql) -> int:
    [(number,)] = view.books.store.run(sql.text, sql.values)
    return int(number)


def _narrow(view: Change, entity: Entity, tests: list[Sql]) -> list[Sql]:
    """The tests that only few records pass, as their indexes say."""
    indexed = (test for test in tests if test.indexed)
    return [one for one in indexed if _number(view, counted_up_to(entity, one, _FEW)) < _FEW]


def _texts(view: Change, sql: Sql) -> list[str]:
    positions = [position for (position,) in view.books.store.run(sql.text, sql.values)]
    return view.books.texts_at(positions)


def _shown(view: Change, entity: Entity, texts: list[str], columns: list[str] | None) -> list[Any]:
    """The records as a reader sees them; what is shown as it is stored is not even parsed."""
    if columns is None and entity.is_verbatim(view.books):
        return [as_written(text) for text in texts]
    records = [entity.present(view.books, load(text)) for text in texts]
    return records if columns is None else [_sparse(record, columns) for record in records]


def _sparse(record: Record, fields: list[str]) -> Record:
    """The record with these properties only, and what tells which one it is."""
    wanted = {*fields, "Id", "domain"}
    return {**{key: value for key, value in record.items() if key in wanted}, "sparse": True}
