"""Converting rendered values into the kinds that actions declare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.recipes.coercion import coerce
from runtime.recipes.mapping import compile_fields, render
from tests.runtime.recipes.recipe_kit import ACTIONS

BOISE = ZoneInfo("America/Boise")
SCHEMA: Mapping[str, Any] = {
    "required": ["must"],
    "properties": {
        "must": {"x-kind": "text"},
        "text": {"x-kind": "text"},
        "ref": {"x-kind": "ref"},
        "money": {"x-kind": "money"},
        "price": {"x-kind": "money", "x-decimals": 4},
        "number": {"x-kind": "number"},
        "date": {"x-kind": "date"},
        "flag": {"x-kind": "flag"},
        "object": {"x-kind": "object"},
        "address": {"x-kind": "object", "properties": {"city": {"x-kind": "text"}}},
        "list": {"x-kind": "list"},
        "lines": {
            "x-kind": "lines",
            "items": {
                "type": "object",
                "required": ["amount"],
                "properties": {"amount": {"x-kind": "money"}, "name": {"x-kind": "text"}},
            },
        },
    },
}


def convert(**values: Any) -> tuple[dict[str, Any], list[str]]:
    found, complaints = coerce({"must": "x", **values}, SCHEMA, BOISE)
    assert found.pop("must") == "x"
    return found, complaints


@pytest.mark.parametrize(
    ("field", "given_value", "value"),
    [
        ("text", "  Dana \n", "Dana"),
        ("text", 7, "7"),
        ("text", Decimal("12.10"), "12.10"),
        ("text", "00123", "00123"),
        ("text", True, "true"),
        ("ref", 5, "5"),
        ("ref", " 12 ", "12"),
        ("money", "475", Decimal("475.00")),
        ("money", "12.5", Decimal("12.50")),
        ("money", "1.1000", Decimal("1.10")),
        ("money", " -3.00 ", Decimal("-3.00")),
        ("money", Decimal("12.10"), Decimal("12.10")),
        ("money", 12, Decimal("12.00")),
        ("money", "-0.00", Decimal("0.00")),
        ("price", "0.3333", Decimal("0.3333")),
        ("number", "1.5", Decimal("1.5")),
        ("number", 3, Decimal("3")),
        ("date", "2026-11-06", date(2026, 11, 6)),
        ("date", "2026-11-07T06:59:59Z", date(2026, 11, 6)),
        ("date", "2026-11-07T07:00:00Z", date(2026, 11, 7)),
        ("date", "2026-11-06T23:58:40.123456789-07:00", date(2026, 11, 6)),
        ("date", "2026-11-06t16:58:40z", date(2026, 11, 6)),
        ("date", "2026-11-06 16:58-0700", date(2026, 11, 6)),
        ("date", date(2026, 11, 6), date(2026, 11, 6)),
        ("date", datetime(2026, 11, 7, 6, 0, tzinfo=UTC), date(2026, 11, 6)),
        ("flag", False, False),
        ("flag", "Yes", True),
        ("flag", "false", False),
        (
            "object",
            {"a": " x ", "b": None, "c": {"d": ""}, "e": [1, " y "]},
            {"a": "x", "e": [1, "y"]},
        ),
        ("address", {"city": " Boise "}, {"city": "Boise"}),
        ("list", ["a ", 1], ["a", 1]),
        ("lines", [{"amount": "5", "name": None}], [{"amount": Decimal("5.00")}]),
        ("lines", ({"amount": 5},), [{"amount": Decimal("5.00")}]),
    ],
)
def test_conversions(field: str, given_value: object, value: object) -> None:
    found, complaints = convert(**{field: given_value})
    assert complaints == []
    assert found == {field: value}
    assert type(found[field]) is type(value)
    assert str(found[field]) == str(value)


@pytest.mark.parametrize(
    ("field", "empty"),
    [
        ("text", None),
        ("text", ""),
        ("text", "   "),
        ("money", None),
        ("money", ""),
        ("date", ""),
        ("object", {}),
        ("object", {"a": None}),
        ("lines", []),
        ("list", []),
    ],
)
def test_what_is_empty_is_left_out(field: str, empty: object) -> None:
    assert convert(**{field: empty}) == ({}, [])


@pytest.mark.parametrize(
    ("field", "given_value", "sentence"),
    [
        ("text", ["x"], '"text" must be text, not a list.'),
        ("money", "$475.00", '"money" must be an amount such as 475.00, not "$475.00".'),
        ("money", "1,234.50", '"money" must be an amount such as 475.00, not "1,234.50".'),
        ("money", "1.005", '"money" must be an amount with at most 2 decimals, not "1.005".'),
        ("money", Decimal("NaN"), '"money" must be an amount such as 475.00, not NaN.'),
        ("money", Decimal("1E+20"), '"money" must be below 1,000,000,000,000,000, not 1E+20.'),
        (
            "money",
            12.1,
            '"money" must be an exact number, not a binary fraction: send it as text, not 12.1.',
        ),
        ("number", "two", '"number" must be a plain number such as 1.5, not "two".'),
        ("number", True, '"number" must be a plain number such as 1.5, not true.'),
        ("date", "soon", '"date" must be a day such as 2026-11-06 or a time, not "soon".'),
        (
            "date",
            "2026-02-30",
            '"date" must be a day such as 2026-11-06 or a time, not "2026-02-30".',
        ),
        ("date", "20261106", '"date" must be a day such as 2026-11-06 or a time, not "20261106".'),
        ("date", "0001-01-01T00:00:00Z", '"date" must be a day such as 2026-11-06 or a time, not'),
        ("date", 5, '"date" must be a day such as 2026-11-06 or a time, not 5.'),
        (
            "date",
            "2026-11-06T16:58:40",
            '"date" must be a day such as 2026-11-06 or a time with its offset from UTC, not',
        ),
        ("flag", "maybe", '"flag" must be true or false, not "maybe".'),
        ("flag", 1, '"flag" must be true or false, not 1.'),
        ("object", "x", '"object" must be a group of values, not "x".'),
        ("lines", "x", '"lines" must be a list, not "x".'),
        ("lines", ["x"], 'Entry 1 of "lines" must be a group of values, not "x".'),
        ("lines", [{"amount": 1}, {"name": "x"}], '"amount" in entry 2 of "lines" is missing.'),
        ("lines", [{"amount": "x"}], '"amount" in entry 1 of "lines" must be an amount such as'),
        ("address", {"town": "x"}, 'There is no field "address.town".'),
        ("other", "x", 'There is no field "other".'),
    ],
)
def test_complaints(field: str, given_value: object, sentence: str) -> None:
    _, complaints = convert(**{field: given_value})
    assert len(complaints) == 1
    assert complaints[0].startswith(sentence)


@pytest.mark.parametrize("missing", [{}, {"must": None}, {"must": ""}, {"must": "  "}])
def test_a_missing_required_field_is_named(missing: dict[str, Any]) -> None:
    assert coerce(missing, SCHEMA, BOISE) == ({}, ['"must" is missing.'])


def test_an_unfit_required_field_is_told_once() -> None:
    schema = {"required": ["money"], "properties": {"money": {"x-kind": "money"}}}
    assert len(coerce({"money": "x"}, schema, BOISE)[1]) == 1


def test_every_kind_of_the_actions_is_known() -> None:
    for action in ACTIONS.values():
        _, complaints = coerce({}, action.schema, BOISE)
        required = action.schema["required"]
        assert complaints == [
            f'"{name}" is missing.' for name in action.schema["properties"] if name in required
        ]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_survives_to_the_cent(amount: Decimal) -> None:
    assert convert(money=str(amount))[0].get("money", Decimal(0)) == amount


@given(
    st.integers(631_152_000, 4_102_444_800),  # 1990 to 2100
    st.integers(-14 * 60, 14 * 60),
)
def test_a_day_is_that_of_the_company(seconds: int, minutes: int) -> None:
    zoned = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    assert convert(date=zoned.isoformat())[0]["date"] == zoned.astimezone(BOISE).date()


LINES = {
    "for_each": "trigger.lines",
    "make": {"amount": "{{ line.amount }}", "name": "{{ line.name }}"},
}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"money": "{{ trigger.amount }}"},
            '"money" must be an amount such as 475.00, but trigger.amount is "abc".',
        ),
        (
            {"money": "{{ trigger.amount | upper }}"},
            '"money" must be an amount such as 475.00, but {{ trigger.amount | upper }} is "ABC".',
        ),
        ({"money": "a"}, '"money" must be an amount such as 475.00, not "a".'),
        (
            {"lines": LINES},
            '"amount" in entry 2 of "lines" must be an amount such as 475.00, '
            'but line.amount is "x".',
        ),
        (
            {"lines": ["{{ trigger.lines.1 }}"]},
            '"amount" in entry 1 of "lines" must be an amount such as 475.00, '
            'but trigger.lines.1.amount is "x".',
        ),
        (
            {"lines": "{{ trigger.lines }}"},
            '"amount" in entry 2 of "lines" must be an amount such as 475.00, '
            'but trigger.lines.1.amount is "x".',
        ),
        (
            {"address": {"city": "{{ trigger.lines }}"}},
            '"address.city" must be text, but trigger.lines is a list.',
        ),
        (
            {"address": "{{ trigger.lines.0 }}"},
            'There is no field "address.amount".',
        ),
        ({"must": "{{ trigger.none }}"}, '"must" is missing: trigger.none is empty.'),
        ({"must": "{{ trigger.none | trim }}"}, '"must" is missing: {{ trigger.none | trim }} is'),
        (
            {"date": "{{ trigger.amount ~ '" + "x" * 90 + "' }}"},
            '"date" must be a day such as 2026-11-06 or a time, '
            "but {{ trigger.amount ~ '" + "x" * 59 + "…" + ' is "abcxx',
        ),
    ],
)
def test_a_complaint_names_the_field_and_what_was_read(
    fields: dict[str, Any], sentence: str
) -> None:
    compiled = compile_fields({"must": "x", **fields})
    trigger = {"amount": "abc", "none": None, "lines": [{"amount": "1"}, {"amount": "x"}]}
    rendered = render(compiled, {"trigger": trigger})
    complaints = coerce(rendered, SCHEMA, BOISE, compiled)[1]
    assert len(complaints) == 1
    assert complaints[0].startswith(sentence)
