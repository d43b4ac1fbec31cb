"""Answers a parsed statement from the books of one company, in SQL over the tables of keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connector.practice.books.change import Change
from connector.practice.books.keys import EVERYWHERE, Key, asked_key
from connector.practice.entities import BY_LOWER_NAME, Entity
from connector.practice.faults import Fault
from connector.practice.query.statement import Condition, Statement
from connector.practice.shape import Record


@dataclass(frozen=True, slots=True)
class _Sql:
    """A piece of SQL with the values of its question marks."""

    text: str
    values: tuple[Key, ...] = ()


def select(view: Change, statement: Statement) -> Record:
    """The `QueryResponse` of a statement; raises Fault 4001 for what cannot be asked."""
    entity = BY_LOWER_NAME.get(statement.entity.lower())
    if entity is None:
        raise Fault("4001", f"Metadata not found for Entity: {statement.entity}")
    where = _where(view, entity, statement)
    if statement.count:
        return {"totalCount": _count(view, entity, where)}
    rows = _page(view, entity, statement, where)
    if not rows:
        return {}
    shown = [_columns(entity.present(view.books, row), statement.columns) for row in rows]
    return {entity.name: shown, "startPosition": statement.start, "maxResults": len(shown)}


def _count(view: Change, entity: Entity, where: _Sql) -> int:
    text = f'SELECT count(*) FROM "{entity.name}" k WHERE {where.text}'
    [(count,)] = view.books.store.run(text, where.values)
    return int(count)


def _page(view: Change, entity: Entity, statement: Statement, where: _Sql) -> list[Record]:
    order = [
        f"{_column(entity, field)} {'DESC' if descending else 'ASC'}"
        for field, descending in statement.order
    ]
    text = (
        f'SELECT position FROM "{entity.name}" k WHERE {where.text}'
        f" ORDER BY {', '.join([*order, 'position'])} LIMIT ? OFFSET ?"
    )
    values = (*where.values, statement.rows, statement.start - 1)
    with view.books.lock:
        positions = [position for (position,) in view.books.store.run(text, values)]
        return view.books.at(positions)


def _where(view: Change, entity: Entity, statement: Statement) -> _Sql:
    tests = [_test(view, entity, condition) for condition in statement.conditions]
    asked = {_known(entity, condition.field)[0] for condition in statement.conditions}
    if "Active" in entity.filters and "Active" not in asked:
        tests.append(_Sql('k."Active" = 1'))
    text = " AND ".join(test.text for test in tests) or "1"
    return _Sql(text, tuple(value for test in tests for value in test.values))


def _known(entity: Entity, field: str) -> tuple[str, str]:
    """A field's own spelling and kind; raises Fault 4001 for one that cannot be filtered."""
    for name, kind in (*EVERYWHERE.items(), *entity.filters.items()):
        if name.lower() == field.lower():
            return name, kind
    raise Fault("4001", f"property '{field}' is not queryable for Entity {entity.name}")


def _column(entity: Entity, field: str) -> str:
    name = _known(entity, field)[0]
    return entity.computed.get(name, f'k."{name}"')


def _test(view: Change, entity: Entity, condition: Condition) -> _Sql:
    kind = _known(entity, condition.field)[1]
    column = _column(entity, condition.field)
    if kind == "id" and condition.operator not in ("=", "IN"):
        raise Fault("4001", f"Id supports only = and IN, not {condition.operator}")
    if condition.operator == "LIKE":
        pattern = re.sub(r"([\\_])", r"\\\1", condition.values[0].casefold())
        return _Sql(f"coalesce({column}, '') LIKE ? ESCAPE '\\'", (pattern,))
    keys = [
        asked_key(kind, value, today=view.today, zone=view.books.zone) for value in condition.values
    ]
    if condition.operator == "IN":
        return _any_of(column, keys)
    # A blank value means "not set", which nothing is smaller or larger than.
    operator = "IS" if condition.operator == "=" else condition.operator
    return _Sql(f"{column} {operator} ?", (keys[0],))


def _any_of(column: str, keys: list[Key]) -> _Sql:
    places = ", ".join("?" * len(keys))
    unset = f" OR {column} IS NULL" if None in keys else ""
    return _Sql(f"({column} IN ({places}){unset})", tuple(keys))


def _columns(record: Record, columns: tuple[str, ...]) -> Record:
    """The whole record, or a sparse one with the named columns."""
    if not columns:
        return record
    wanted = {column.split(".")[0].lower() for column in columns} | {"id", "domain"}
    row = {key: value for key, value in record.items() if key.lower() in wanted}
    return {**row, "sparse": True}
