"""Answers a parsed statement from the books of one company."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities import BY_LOWER_NAME, Entity
from connector.practice.faults import Fault
from connector.practice.query.sql import Sql, conditions_of, counted, counted_up_to, paged
from connector.practice.query.statement import Statement
from connector.practice.shape import Record

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
        rows = _rows(view, paged(entity, statement, tests, narrow))
    if not rows:
        return {}
    shown = [entity.present(view.books, row) for row in rows]
    if not statement.everything:
        shown = [_sparse(record, columns) for record in shown]
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


def _rows(view: Change, sql: Sql) -> list[Record]:
    positions = [position for (position,) in view.books.store.run(sql.text, sql.values)]
    return view.books.at(positions)


def _sparse(record: Record, fields: list[str]) -> Record:
    """The record with these properties only, and what tells which one it is."""
    wanted = {*fields, "Id", "domain"}
    return {**{key: value for key, value in record.items() if key in wanted}, "sparse": True}
