"""The filters and tests of expressions, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from runtime.recipes.filters import (
    FILTERS,
    LONGEST_RESULT,
    TESTS,
    Refused,
    as_number,
    as_text,
    calculate,
    kind,
    passes_null,
)

ROWS: list[tuple[str, Sequence[object], object]] = [
    ("upper", ["Dana"], "DANA"),
    ("lower", ["Dana"], "dana"),
    ("title", ["dana o'brien-smith"], "Dana O'brien-Smith"),
    ("trim", ["  x \n"], "x"),
    ("truncate", ["abcdef", 3], "abc"),
    ("truncate", ["a" * 300], "a" * 255),
    ("replace", ["a-b-c", "-", "+"], "a+b+c"),
    ("default", [None, "x"], "x"),
    ("default", ["", "x"], "x"),
    ("default", [0, "x"], 0),
    ("default", [False, "x"], False),
    ("digits", ["+1 (208) 555-0143"], "12085550143"),
    ("phone", ["+12085550143"], "(208) 555-0143"),
    ("phone", ["208.555.0143"], "(208) 555-0143"),
    ("phone", ["+442079460958"], "+442079460958"),
    ("phone", ["+44 207 946 095"], "+44 207 946 095"),
    ("phone", ["555-0143"], "555-0143"),
    ("money", ["12.5"], Decimal("12.50")),
    ("money", ["0.125"], Decimal("0.13")),
    ("number", [" 1.50 "], Decimal("1.50")),
    ("round", ["2.5"], Decimal("3")),
    ("round", [Decimal("1.2345"), 3], Decimal("1.235")),
    ("add_days", ["2026-11-06", 30], "2026-12-06"),
    ("add_days", ["2026-11-06T23:00:00-07:00", -1], "2026-11-05T23:00:00-07:00"),
    ("join", [["a", None, "b"]], "a, b"),
    ("join", [None], ""),
    ("first", [["a", "b"]], "a"),
    ("last", [["a", "b"]], "b"),
    ("first", [[]], None),
    ("count", [["a", "b"]], 2),
    ("count", [None], 0),
    ("split", ["a, b,c"], ["a", "b", "c"]),
    ("split", ["a/b", "/"], ["a", "b"]),
]


@pytest.mark.parametrize(("name", "values", "result"), ROWS)
def test_filters(name: str, values: Sequence[object], result: object) -> None:
    found = FILTERS[name](*values)
    assert found == result
    assert str(found) == str(result)


def test_every_filter_has_a_row() -> None:
    assert {name for name, _, _ in ROWS} == set(FILTERS)
    assert not passes_null("default")


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("truncate", ["x", "3"], "a length must be a whole number"),
        ("truncate", ["x", -1], "a length must be a whole number"),
        ("replace", ["x", "", "y"], "an empty text cannot be replaced"),
        ("replace", ["a" * 1000, "a", "b" * 1000], "1,000,000 characters is too long"),
        ("money", ["1,234.50"], '"1,234.50" is not a number'),
        ("money", [True], "true or false is not a number"),
        ("number", [["x"]], "a list is not a number"),
        ("round", ["1", 9], "decimal places must be a whole number from 0 to 6"),
        ("add_days", ["soon", 1], '"soon" is not a day'),
        ("add_days", ["2026-11-06", "1.5"], "days must be a whole number"),
        ("join", ["x"], "text is not a list"),
        ("join", [["a" * LONGEST_RESULT, "b"]], "the joined text is too long"),
        ("upper", [{}], "a group of values cannot stand inside text"),
    ],
)
def test_refusals(name: str, values: Sequence[object], sentence: str) -> None:
    with pytest.raises(Refused, match=r".*") as caught:
        FILTERS[name](*values)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("name", "values", "result"),
    [
        ("defined", [""], True),
        ("undefined", [None], True),
        ("none", [0], False),
        ("empty", [[]], True),
        ("in", ["a", ["a"]], True),
        ("in", ["a", None], False),
        ("eq", [1, Decimal("1.00")], True),
        ("ne", ["a", "b"], True),
        ("lt", ["2", 10], True),
        ("le", [10, "10.0"], True),
        ("gt", [2, 10], False),
        ("ge", [10, 10], True),
    ],
)
def test_tests(name: str, values: Sequence[object], result: bool) -> None:
    assert TESTS[name](*values) is result


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("12.10"), "12.10"),
        (Decimal("1E+999999"), "1E+999999"),
        (Decimal("NaN"), "NaN"),
        (Decimal("0E-7"), "0E-7"),
        (False, "false"),
        (7, "7"),
        (None, ""),
    ],
)
def test_text(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("1E+31"), 1.5, "", "1e5", "0x1F", "١٢"])
def test_what_is_no_exact_number(value: object) -> None:
    with pytest.raises(Refused):
        as_number(value)


def test_whole_numbers_stay_whole() -> None:
    assert calculate("*", 3, 4) == 12
    assert isinstance(calculate("-", 3, 4), int)
    assert calculate("/", 1, 4) == Decimal("0.25")


def test_kinds() -> None:
    values = (None, True, 1, "x", {}, [])
    assert list(map(kind, values)) == [
        "empty",
        "true or false",
        "a number",
        "text",
        "a group of values",
        "a list",
    ]
