"""A parsed statement as SQL over the tables of keys of one company."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from connector.practice.books.change import Change
from connector.practice.books.keys import EVERYWHERE, Key, asked_key
from connector.practice.entities import Entity
from connector.practice.faults import Fault
from connector.practice.query.statement import Condition, Statement, Value
from connector.practice.wire import dump

#: Conditions in one statement. QuickBooks' own limit is not known [U]; SQLite's is near.
_MOST_CONDITIONS = 500
#: No filterable field holds more, so no longer pattern can match.
_LONGEST_PATTERN = 4000
_TEXTS = frozenset({"text", "email"})
#: Kinds whose values are names, not quantities: they are the same or not.
_NAMES = frozenset({"id", "ref", "flag"})


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with the values of its question marks."""

    text: str
    values: tuple[Key, ...] = ()
    #: A condition for which there is an index.
    indexed: bool = False


def conditions_of(view: Change, entity: Entity, statement: Statement) -> list[Sql]:
    """The conditions of a statement; raises Fault 4001 or 4002 for what cannot be asked."""
    conditions = statement.conditions
    if len(conditions) > _MOST_CONDITIONS:
        raise Fault("4002", f"QueryProcessingError: more than {_MOST_CONDITIONS} conditions")
    found = [_test(view, entity, condition) for condition in conditions]
    asked = {known_field(entity, condition.field)[0] for condition in conditions}
    if "Active" in entity.filters and "Active" not in asked:
        found.append(Sql('k."Active" = 1'))
    return found


def counted(entity: Entity, tests: Collection[Sql], narrow: Collection[Sql]) -> Sql:
    """How many records pass all tests; by the index of a narrow one, if there is one.

    Without, one test alone is counted in its index, and for several all records are looked at
    once, which is faster than to look up those of one test in the order of its index.
    """
    alone = len(tests) == 1
    where = _all_of(test if alone else _kept_apart(test, narrow) for test in tests)
    return Sql(f'SELECT count(*) FROM "{entity.name}" k WHERE {where.text}', where.values)


def counted_up_to(entity: Entity, test: Sql, most: int) -> Sql:
    """How many records pass a test, or `most` where they are more."""
    found = f'SELECT 1 FROM "{entity.name}" k WHERE {test.text} LIMIT {most}'
    return Sql(f"SELECT count(*) FROM ({found})", test.values)


def paged(
    entity: Entity, statement: Statement, tests: Iterable[Sql], narrow: Collection[Sql]
) -> Sql:
    """The positions of the records on the page asked for; raises Fault 4001.

    Records that are equal in the order come as they were made, or the other way round where the
    last field of the order descends. What `narrow` tests let pass are few records: SQLite is made
    to take those and sort them, and without any to walk along the order until the page is full.
    """
    order = _order(entity, statement)
    hide = "+" if narrow else ""
    where = _all_of(_kept_apart(test, narrow) for test in tests)
    terms = ", ".join(f"{hide}{column} {direction}" for column, direction in order)
    text = f'SELECT position FROM "{entity.name}" k WHERE {where.text} ORDER BY {terms}'
    return Sql(f"{text} LIMIT ? OFFSET ?", (*where.values, statement.rows, statement.start - 1))


def _order(entity: Entity, statement: Statement) -> list[tuple[str, str]]:
    """Columns and directions, the place of the record last."""
    asked = [(known_field(entity, field)[0], down) for field, down in statement.order]
    # A field that comes again decides nothing, and SQLite allows only so many.
    fields = dict(reversed(asked))
    found = [
        (_sorted_by(entity, field), "DESC" if down else "ASC")
        for field, down in reversed(fields.items())
    ]
    return [*found, ("position", found[-1][1] if found else "ASC")]


def _kept_apart(test: Sql, narrow: Collection[Sql]) -> Sql:
    """The test, out of SQLite's sight as a way to records if it is a wide one.

    A customer's records by date have an index of their own, however many they are.
    """
    if test in narrow or not test.indexed or test.text.startswith('k."CustomerRef"'):
        return test
    return Sql(f"+({test.text})", test.values)


def _all_of(tests: Iterable[Sql]) -> Sql:
    found = list(tests)
    text = " AND ".join(test.text for test in found) or "1"
    return Sql(text, tuple(value for test in found for value in test.values))


def known_field(entity: Entity, field: str) -> tuple[str, str]:
    """A field's own spelling and kind; raises Fault 4001 for one that cannot be filtered."""
    for name, kind in (*EVERYWHERE.items(), *entity.filters.items()):
        if name.lower() == field.lower():
            return name, kind
    detail = f"QueryValidationError: property '{field}' is not queryable for Entity {entity.name}"
    raise Fault("4001", detail)


def _column(entity: Entity, name: str) -> str:
    return entity.computed.get(name, f'k."{name}"')


def _sorted_by(entity: Entity, name: str) -> str:
    """Ids are in the order of their numbers: 9 before 10."""
    return 'CAST(k."Id" AS INTEGER)' if name == "Id" else _column(entity, name)


def _test(view: Change, entity: Entity, condition: Condition) -> Sql:
    name, kind = known_field(entity, condition.field)
    column, operator = _column(entity, name), condition.operator
    _check_operator(name, kind, operator)
    if operator == "LIKE":
        return _like(column, condition.values[0].text)
    indexed = kind != "flag" and name not in entity.computed
    return replace(_compared(view, kind, column, condition), indexed=indexed)


def _compared(view: Change, kind: str, column: str, condition: Condition) -> Sql:
    keys = [_key(view, kind, value) for value in condition.values]
    if condition.operator == "IN":
        _check_values(view, keys)
        return _any_of(column, keys)
    # A blank value means "not set", which nothing is smaller or larger than.
    operator = "IS" if condition.operator == "=" else condition.operator
    return Sql(f"{column} {operator} ?", (keys[0],))


def _check_operator(name: str, kind: str, operator: str) -> None:
    """Raise Fault 4001 for an operator that makes no sense for a kind of field.

    That Id has only = and IN is documented [C]; the same of references and flags, and LIKE for
    texts only, is the cautious reading [U].
    """
    fits = operator in ("=", "IN") or (kind not in _NAMES and operator != "LIKE")
    if not fits and not (operator == "LIKE" and kind in _TEXTS):
        detail = f"QueryValidationError: Operator {operator} is not supported for property '{name}'"
        raise Fault("4001", detail)


def _check_values(view: Change, keys: list[Key]) -> None:
    most = view.switches.most_in_values
    if most and len(keys) > most:
        raise Fault("4002", f"QueryProcessingError: IN has {len(keys)} values, more than {most}")


def _key(view: Change, kind: str, value: Value) -> Key:
    if value.is_today and kind in ("day", "moment"):
        return asked_key(kind, view.today, zone=view.books.zone)
    return asked_key(kind, value.text, zone=view.books.zone)


def _any_of(column: str, keys: Iterable[Key]) -> Sql:
    """One of the keys. They travel as one value, however many they are."""
    found = list(keys)
    text = f"{column} IN (SELECT value FROM json_each(?))"
    if None in found:
        text = f"({text} OR {column} IS NULL)"
    return Sql(text, (dump([key for key in found if key is not None]),))


def _like(column: str, wanted: str) -> Sql:
    pattern = re.sub("%+", "%", wanted.casefold())
    if len(pattern.replace("%", "")) > _LONGEST_PATTERN:
        return Sql("0")
    head = pattern.partition("%")[0]
    escaped = re.sub(r"([\\_])", r"\\\1", pattern)
    found = Sql(f"coalesce({column}, '') LIKE ? ESCAPE '\\'", (escaped,))
    # Say the same of the beginning in a way for which there is an index.
    if head:
        found = Sql(f"{column} >= ? AND {found.text}", (head, *found.values), indexed=True)
    if head and _after(head):
        text, values = f"{column} < ? AND {found.text}", (_after(head), *found.values)
        found = Sql(text, values, indexed=True)
    return found


def _after(head: str) -> str:
    """The first text behind all that begin with `head`; empty where there is none."""
    code = ord(head[-1]) + 1
    if code > sys.maxunicode:
        return ""
    # Surrogates are no characters.
    return head[:-1] + chr(0xE000 if code == 0xD800 else code)
