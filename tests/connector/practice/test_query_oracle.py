"""What a query finds is what a plain filter over all records finds, in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities import BY_NAME
from connector.practice.faults import Fault
from connector.practice.query.select import select
from connector.practice.query.statement import Condition, Statement, Value
from connector.practice.seed import as_record, empty
from connector.practice.switches import Switches
from connector.practice.wire import dump, load
from tests.connector.practice.statements import conditions

_WORDS = st.text(
    st.sampled_from("aAbZ\u00df\u00e9%_\\' 1-\U0010ffff\ud7ff"), min_size=1, max_size=4
)
_NAMES = _WORDS.map(str.strip).filter(bool)
_IDS = st.sampled_from(["1", "2", "9", "10"])
_DAYS = st.dates(date(2026, 1, 30), date(2026, 2, 2)).map(str)
_AMOUNTS = st.decimals(-2, 2, places=1)
_MOMENTS = st.sampled_from(
    ["2026-02-01T00:00:00-07:00", "2026-02-01T07:00:00Z", "2026-01-31T23:59:59-07:00"]
)
_FLAGS = st.booleans()


def _maybe(**fields: Any) -> Any:
    """Records that have some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _made(entity: str, fields: Any) -> Any:
    """Records of one kind, numbered as they are made."""
    stamps = st.builds(lambda a, b: {"CreateTime": a, "LastUpdatedTime": b}, _MOMENTS, _MOMENTS)
    rows = st.lists(st.tuples(fields, stamps), max_size=12)
    return rows.map(
        lambda made: [
            as_record(entity, {"Id": str(number), "MetaData": stamp, **fields})
            for number, (fields, stamp) in enumerate(made, 1)
        ]
    )


_REF = _IDS.map(lambda identity: {"value": identity})
RECORDS = {
    "Invoice": _made(
        "Invoice",
        _maybe(
            DocNumber=_NAMES,
            TxnDate=_DAYS,
            DueDate=_DAYS,
            CustomerRef=_REF,
            SalesTermRef=_REF,
            Balance=_AMOUNTS,
            TotalAmt=_AMOUNTS,
        ),
    ),
    "Customer": _made(
        "Customer",
        _maybe(
            DisplayName=_NAMES,
            GivenName=_NAMES,
            PrimaryEmailAddr=_NAMES.map(lambda name: {"Address": name}),
            Active=_FLAGS,
            Job=_FLAGS,
        ),
    ),
}
_TEXTS = {
    "text": _WORDS,
    "email": _WORDS,
    "id": _IDS,
    "ref": _IDS,
    "number": _AMOUNTS.map(str),
    "day": _DAYS,
    "moment": _MOMENTS,
    "flag": _FLAGS.map(str),
}
_EVERYWHERE = {"Id": "id", "MetaData.CreateTime": "moment", "MetaData.LastUpdatedTime": "moment"}


def _kinds(entity: str) -> dict[str, str]:
    stored = {key: kind for key, kind in BY_NAME[entity].filters.items() if key != "Balance"}
    return {**_EVERYWHERE, **(stored if entity == "Customer" else BY_NAME[entity].filters)}


@st.composite
def _asked(draw: Any, entity: str) -> Statement:
    """A statement that can be answered."""
    kinds = _kinds(entity)
    fields = st.sampled_from(sorted(kinds))

    def condition(field: str) -> Condition:
        kind = kinds[field]
        few, many = ["=", "IN"], ["=", "IN", "<", ">", "<=", ">="]
        operators = few if kind in ("id", "ref", "flag") else many
        operator = draw(st.sampled_from([*operators, *(["LIKE"] * (kind in ("text", "email")))]))
        texts = _TEXTS[kind] if operator == "LIKE" else st.one_of(_TEXTS[kind], st.just(" "))
        size = 3 if operator == "IN" else 1
        found = draw(st.lists(texts, min_size=1, max_size=size))
        return Condition(field=field, operator=operator, values=tuple(map(Value, found)))

    return Statement(
        entity=entity,
        conditions=tuple(condition(draw(fields)) for _ in range(draw(st.integers(0, 3)))),
        order=tuple(draw(st.lists(st.tuples(fields, st.booleans()), max_size=3))),
        start=draw(st.integers(1, 4)),
        rows=draw(st.integers(1, 12)),
    )


def _meant(kind: str, text: str) -> Any:
    """A value as it compares; None = not set."""
    text = text.strip()
    if not text:
        return None
    if kind == "moment":
        return datetime.fromisoformat(text).astimezone(UTC)
    plain = {"number": Decimal, "day": date.fromisoformat, "flag": lambda one: one == "True"}
    return plain.get(kind, str.casefold)(text)  # type: ignore[operator]


def _stored(record: dict[str, Any], field: str, kind: str) -> Any:
    value: Any = record
    for part in [*field.split("."), *{"ref": ["value"], "email": ["Address"]}.get(kind, [])]:
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None else _meant(kind, str(value))


def _fits(record: dict[str, Any], condition: Condition, kind: str) -> bool:
    stored, operator = _stored(record, condition.field, kind), condition.operator
    if operator == "LIKE":
        parts = condition.values[0].text.casefold().split("%")
        pattern = ".*".join(re.escape(part) for part in parts)
        return re.fullmatch(pattern, stored or "", re.DOTALL) is not None
    values = [_meant(kind, value.text) for value in condition.values]
    if operator in ("=", "IN"):
        return stored in values
    if stored is None or values[0] is None:
        return False
    tests = {"<": stored < values[0], ">": stored > values[0]}
    return tests.get(operator[0], False) or (len(operator) == 2 and bool(stored == values[0]))


def expected(records: list[dict[str, Any]], statement: Statement) -> list[str]:
    """Ids of the records that a statement asks for."""
    kinds = _kinds(statement.entity)
    found = [
        one
        for one in records
        if all(_fits(one, condition, kinds[condition.field]) for condition in statement.conditions)
    ]
    asked = {condition.field for condition in statement.conditions}
    if "Active" in kinds and "Active" not in asked:
        found = [one for one in found if one.get("Active", True)]
    # What a field decides, it does not decide a second time.
    order = list(reversed(dict(reversed(statement.order)).items()))
    if order and order[-1][1]:
        found.reverse()
    for field, descending in reversed(order):

        def key(one: dict[str, Any], field: str = field) -> Any:
            value = int(one["Id"]) if field == "Id" else _stored(one, field, kinds[field])
            return (value is not None, value)

        # Two that are not set are equal: compared by their first part alone.
        found = sorted(found, key=lambda one: _Key(key(one)), reverse=descending)
    return [one["Id"] for one in found[statement.start - 1 :][: statement.rows]]


class _Key:
    """Compares (is set, value) without comparing two that are not set."""

    def __init__(self, pair: tuple[bool, Any]) -> None:
        self.pair = pair

    def __lt__(self, other: _Key) -> bool:
        if self.pair[0] != other.pair[0]:
            return self.pair[0] < other.pair[0]
        return self.pair[0] and bool(self.pair[1] < other.pair[1])


@pytest.fixture(scope="module")
def books() -> Iterator[Books]:
    found, other = empty()
    yield found
    found.store.close()
    other.store.close()


def _view(books: Books) -> Change:
    return Change(
        books, now=datetime.fromisoformat("2026-02-01T12:00:00-07:00"), switches=Switches()
    )


def _fill(books: Books, entity: str, records: list[dict[str, Any]]) -> None:
    books.store.run("DELETE FROM record WHERE entity = ?", (entity,))
    books.store.run(f'DELETE FROM "{entity}"')
    for record in records:
        books.store.put(entity, record)


@pytest.mark.parametrize("entity", RECORDS)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_query_is_a_filter(books: Books, entity: str, data: Any) -> None:
    records = data.draw(RECORDS[entity])
    _fill(books, entity, records)
    for _ in range(3):
        statement = data.draw(_asked(entity))
        found = load(dump(select(_view(books), statement)))
        ids = expected(records, statement)
        assert [one["Id"] for one in found.get(entity, [])] == ids
        everything = Statement(
            entity=entity, conditions=statement.conditions, rows=len(records) or 1
        )
        total = len(expected(records, everything))
        counted = Statement(entity=entity, count=True, conditions=statement.conditions)
        assert select(_view(books), counted) == {"totalCount": total}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(RECORDS)), st.data())
def test_whatever_is_asked_is_answered_or_refused(books: Books, entity: str, data: Any) -> None:
    fields = st.sampled_from([*_kinds(entity), "Balance", "PrivateNote"])
    asked = data.draw(st.lists(conditions(fields), max_size=3))
    assert _outcome(books, Statement(entity=entity, conditions=tuple(asked))) in ("", "4001")


def _outcome(books: Books, statement: Statement) -> str:
    """The code of the refusal, or empty."""
    try:
        select(_view(books), statement)
    except Fault as fault:
        return fault.code
    return ""
