"""Answers a parsed statement from the books of one company."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from connector.practice.books import Change
from connector.practice.entities import BY_LOWER_NAME, Entity
from connector.practice.faults import Fault
from connector.practice.query import Condition, Statement
from connector.practice.shape import Record

Test: TypeAlias = Callable[[Record], bool]
_EVERYWHERE = {"Id": "id", "MetaData.CreateTime": "moment", "MetaData.LastUpdatedTime": "moment"}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def select(view: Change, statement: Statement) -> Record:
    """The `QueryResponse` of a statement; raises Fault 4001 for what cannot be asked."""
    entity = BY_LOWER_NAME.get(statement.entity.lower())
    if entity is None:
        raise Fault("4001", f"Metadata not found for Entity: {statement.entity}")
    found = _matching(view, entity, statement)
    if statement.count:
        return {"totalCount": len(found)}
    for field, descending in reversed(statement.order):
        found.sort(key=_sort_key(view, entity, field), reverse=descending)
    page = found[statement.start - 1 : statement.start - 1 + statement.rows]
    if not page:
        return {}
    rows = [_columns(record, statement.columns) for record in page]
    return {entity.name: rows, "startPosition": statement.start, "maxResults": len(rows)}


def _matching(view: Change, entity: Entity, statement: Statement) -> list[Record]:
    tests = [_test(view, entity, condition) for condition in statement.conditions]
    asked = {_known(entity, condition.field)[0] for condition in statement.conditions}
    if "Active" in entity.filters and "Active" not in asked:
        tests.append(lambda record: record.get("Active", True) is True)
    rows = _candidates(view, entity, statement)
    return [record for record in rows if all(test(record) for test in tests)]


def _candidates(view: Change, entity: Entity, statement: Statement) -> list[Record]:
    """All records, or the one whose Id is asked for."""
    for condition in statement.conditions:
        if condition.field.lower() == "id" and condition.operator == "=":
            one = view.find(entity.name, condition.values[0])
            return [entity.present(view.books, one)] if one else []
    return [entity.present(view.books, record) for record in view.books.all(entity.name)]


def _known(entity: Entity, field: str) -> tuple[str, str]:
    """A field's own spelling and kind; raises Fault 4001 for one that cannot be filtered."""
    for name, kind in (*_EVERYWHERE.items(), *entity.filters.items()):
        if name.lower() == field.lower():
            return name, kind
    raise Fault("4001", f"property '{field}' is not queryable for Entity {entity.name}")


def _test(view: Change, entity: Entity, condition: Condition) -> Test:
    field, kind = _known(entity, condition.field)
    if kind == "id" and condition.operator not in ("=", "IN"):
        raise Fault("4001", f"Id supports only = and IN, not {condition.operator}")
    read = _reader(field, kind, view.books.zone)
    if condition.operator == "LIKE":
        return _like(read, condition.values[0])
    wanted = [_value(view, kind, value) for value in condition.values]
    if condition.operator == "IN":
        return lambda record: read(record) in wanted
    return _comparison(read, _COMPARE[condition.operator], wanted[0])


def _comparison(read: Callable[[Record], Any], compare: Any, wanted: Any) -> Test:
    def test(record: Record) -> bool:
        value = read(record)
        if value is None or wanted is None:
            return compare is operator.eq and value is wanted
        return bool(compare(value, wanted))

    return test


def _like(read: Callable[[Record], Any], pattern: str) -> Test:
    parts = (re.escape(part) for part in pattern.casefold().split("%"))
    wanted = re.compile(".*".join(parts), re.DOTALL)
    return lambda record: wanted.fullmatch(str(read(record) or "")) is not None


def _reader(field: str, kind: str, zone: tzinfo) -> Callable[[Record], Any]:
    """How to take a field out of a record in a form that compares."""
    path = {"ref": [field, "value"], "email": [field, "Address"]}.get(kind, field.split("."))

    def read(record: Record) -> Any:
        value: Any = record
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return None if value is None else _comparable(kind, value, zone)

    return read


def _comparable(kind: str, value: Any, zone: tzinfo) -> Any:
    if kind == "number":
        return Decimal(value)
    if kind == "moment":
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if kind == "flag":
        return value
    return str(value).casefold()


def _value(view: Change, kind: str, text: str) -> Any:
    """A value of a statement in the same form; blank stands for "not set"."""
    if text.upper() == "CURRENT_DATE":
        text = view.today
    if not text.strip():
        return None
    try:
        if kind == "flag":
            return {"true": True, "false": False}[text.strip().lower()]
        if kind == "day":
            return date.fromisoformat(text.strip()[:10]).isoformat()
        return _comparable(kind, text.strip(), view.books.zone)
    except (KeyError, ValueError, InvalidOperation) as error:
        raise Fault("4001", f"Invalid value {text} for a {kind} field") from error


def _sort_key(view: Change, entity: Entity, field: str) -> Callable[[Record], Any]:
    name, kind = _known(entity, field)
    read = _reader(name, kind, view.books.zone)

    def key(record: Record) -> tuple[bool, Any]:
        value = read(record)
        if kind == "id":
            return False, int(value) if str(value).isdecimal() else 0
        return value is not None, 0 if value is None else value

    return key


def _columns(record: Record, columns: tuple[str, ...]) -> Record:
    """The whole record, or a sparse one with the named columns."""
    if not columns:
        return record
    wanted = {column.split(".")[0].lower() for column in columns} | {"id", "domain"}
    row = {key: value for key, value in record.items() if key.lower() in wanted}
    return {**row, "sparse": True}
