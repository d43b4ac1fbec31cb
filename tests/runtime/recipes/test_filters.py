"""The filters and tests of expressions, one row each, and the values that they work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runtime.recipes.expressions import text_filters
from runtime.recipes.expressions.arithmetic import calculate, rounded
from runtime.recipes.expressions.compiling import ExpressionProblem, compile_value
from runtime.recipes.expressions.filters import FILTERS, TESTS
from runtime.recipes.expressions.lookup import RowMissing
from runtime.recipes.expressions.values import (
    LONGEST_INPUT,
    TABLES,
    ZONE,
    Refused,
    as_number,
    as_text,
    described,
)
from runtime.recipes.model import Table

SERVICES = Table(
    file="tables/services.csv",
    key="service",
    columns=("service", "class"),
    rows={
        "lawn": {"service": "Lawn", "class": "Garden"},
        "other": {"service": "Other", "class": ""},
    },
    instead=None,
)
LENIENT = Table(
    file="tables/b.csv",
    key="service",
    columns=("service", "class"),
    rows=SERVICES.rows,
    instead=" OTHER",
)
AROUND: Mapping[str, Any] = {
    TABLES: {"services": SERVICES, "lenient": LENIENT},
    ZONE: ZoneInfo("America/Boise"),
}

ROWS: list[tuple[str, Sequence[object], object]] = [
    ("upper", ["Dana"], "DANA"),
    ("lower", ["Dana"], "dana"),
    ("title", ["dana o'brien-smith"], "Dana O'brien-Smith"),
    ("trim", ["  x \n"], "x"),
    ("truncate", ["abcdef", 3], "abc"),
    ("truncate", ["abcdef", Decimal(3)], "abc"),
    ("truncate", ["a" * 300], "a" * 255),
    ("truncate", ["a" * 10_000_000, 2], "aa"),
    ("replace", ["a-b-c", "-", "+"], "a+b+c"),
    ("default", [None, "x"], "x"),
    ("default", ["", "x"], "x"),
    ("default", [" \n", "x"], "x"),
    ("default", [[], "x"], "x"),
    ("default", [{}, "x"], "x"),
    ("default", [0, "x"], 0),
    ("default", [False, "x"], False),
    ("first_present", [None, "", " ", 0, "x"], 0),
    ("first_present", [None, ""], None),
    ("digits", ["+1 (208) 555-0143"], "12085550143"),
    ("digits", ["٣4"], "4"),
    ("phone", ["+12085550143"], "(208) 555-0143"),
    ("phone", ["208.555.0143"], "(208) 555-0143"),
    ("phone", ["+442079460958"], "+442079460958"),
    ("phone", ["+44 207 946 095"], "+44 207 946 095"),
    ("phone", ["555-0143"], "555-0143"),
    ("email", [" Dana@Example.COM "], "dana@example.com"),
    ("email", ["b@example.com; a@example.com"], "b@example.com"),
    ("email", ["Dana Fox <dana@example.com>"], "dana@example.com"),
    ("money", ["12.5"], Decimal("12.50")),
    ("money", ["0.125"], Decimal("0.13")),
    ("money", ["-0.125"], Decimal("-0.13")),
    ("money", ["-0.001"], Decimal("0.00")),
    ("number", [" 1.50 "], Decimal("1.50")),
    ("round", ["2.5"], Decimal("3")),
    ("round", [Decimal("1.2345"), 3], Decimal("1.235")),
    ("date", ["2026-11-06"], "2026-11-06"),
    ("date", ["2026-11-07T06:59:59Z"], "2026-11-06"),
    ("date", ["2026-11-07T07:00:00+00:00"], "2026-11-07"),
    ("date", [datetime(2026, 11, 7, 6, 0, tzinfo=UTC)], "2026-11-06"),
    ("date", [date(2026, 11, 7)], "2026-11-07"),
    ("add_days", ["2026-11-06", 30], "2026-12-06"),
    ("add_days", ["2026-11-06", "-6"], "2026-10-31"),
    # In March the clocks go forward: a time a month later would be past midnight here.
    ("add_days", ["2026-02-20T23:30:00-07:00", 30], "2026-03-22"),
    ("join", [["a", None, "b"]], "a, b"),
    ("join", [None], ""),
    ("first", [["a", "b"]], "a"),
    ("first", ["abcdef", 2], "ab"),
    ("last", [["a", "b"]], "b"),
    ("last", ["2085550143", 4], "0143"),
    ("last", ["ab", 0], ""),
    ("last", ["ab", 9], "ab"),
    ("first", [[]], None),
    ("count", [["a", "b"]], 2),
    ("count", [None], 0),
    ("split", ["a, b,c"], ["a", "b", "c"]),
    ("split", ["a/b", "/"], ["a", "b"]),
    ("lookup", [" LAWN ", "services", "class"], "Garden"),
    ("lookup", ["ｌａｗｎ", "services", "class"], "Garden"),
    ("lookup", ["gutters", "lenient", "service"], "Other"),
    ("lookup", [None, "lenient", "class"], ""),
]


def apply(name: str, values: Sequence[object]) -> object:
    found = FILTERS[name]
    return found.work(AROUND, *values) if found.scoped else found.work(*values)


@pytest.mark.parametrize(("name", "values", "result"), ROWS)
def test_filters(name: str, values: Sequence[object], result: object) -> None:
    found = apply(name, values)
    assert found == result
    assert str(found) == str(result)


def test_every_filter_has_a_row() -> None:
    assert {name for name, _, _ in ROWS} == set(FILTERS)


@pytest.mark.parametrize("name", FILTERS)
def test_the_help_of_a_filter_is_true(name: str) -> None:
    found = FILTERS[name]
    value = compile_value(found.example).render(AROUND)
    assert value == found.result
    assert str(value) == str(found.result)
    assert f"| {name}" in found.example
    assert found.about.split("\n")[0].endswith(".")


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_absent_passes_or_is_taken(name: str) -> None:
    given = FILTERS[name].example.partition("|")[2]
    text = f"{{{{ trigger.absent | {given}"
    if name == "lookup":
        with pytest.raises(RowMissing):
            compile_value(text).render({"trigger": {}, **AROUND})
        return
    found = compile_value(text).render({"trigger": {}, **AROUND})
    assert found in {"default": ("none",), "first_present": ("b",), "join": ("",)}.get(
        name, (0,) if name == "count" else (None,)
    )


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("truncate", ["x", "3"], "a length must be a whole number"),
        ("truncate", ["x", -1], "a length must be a whole number"),
        ("truncate", ["x", Decimal("1.5")], "a length must be a whole number"),
        ("truncate", ["x", Decimal("1E+999999")], "a length must be a whole number"),
        ("truncate", ["x", Decimal("NaN")], "a length must be a whole number"),
        ("last", ["x", True], "a length must be a whole number"),
        ("replace", ["x", "", "y"], "an empty text cannot be replaced"),
        ("replace", ["a" * 1000, "a", "b" * 1000], "1,000,000 characters is too long"),
        ("money", ["1,234.50"], '"1,234.50" is not a number'),
        ("money", [True], "true or false is not a number"),
        ("number", [["x"]], "a list is not a number"),
        ("number", [Decimal("1E+40")], "the number is too large or too small"),
        ("number", ["9" * 100], "is not a number"),
        ("round", ["1", 9], "decimal places must be a whole number from 0 to 6"),
        ("email", ["nobody"], '"nobody" holds no e-mail address'),
        ("email", ["a@b@c"], '"a@b@c" holds no e-mail address'),
        ("email", ["@x, y@"], "holds no e-mail address"),
        ("date", ["2026-11-06T16:58:40"], "does not say its offset from UTC"),
        ("date", [datetime(2026, 11, 6)], "does not say its offset from UTC"),  # noqa: DTZ001
        ("date", ["2026-02-30"], '"2026-02-30" is not a day'),
        ("date", ["0001-01-01T00:00:00Z"], "is not a day"),
        ("date", [7], "this is not a day"),
        ("add_days", ["soon", 1], '"soon" is not a day'),
        ("add_days", ["2026-11-06", "1.5"], "days must be a whole number"),
        ("add_days", ["2026-11-06", 99_999], "days must be a whole number up to 36,500"),
        ("add_days", ["9999-12-31", 1], "9999-12-31 plus 1 days is beyond the calendar"),
        ("join", ["x"], "text is not a list"),
        ("join", [["a" * LONGEST_INPUT] * 3], "the joined text is too long"),
        ("join", [["a"] * 100_000], "at most 5,000 values can be joined"),
        ("split", ["," * 1000], "at most 1,000 parts"),
        ("split", ["a", ""], "cannot be split at nothing"),
        ("upper", [{}], "a group of values cannot stand inside text"),
        ("lookup", ["lawn", "servces", "class"], 'there is no table "servces"'),
        ("lookup", ["lawn", "services", "clas"], '"services" (tables/services.csv) has no column'),
    ],
)
def test_refusals(name: str, values: Sequence[object], sentence: str) -> None:
    with pytest.raises(Refused, match=r".*") as caught:
        apply(name, values)
    assert sentence in caught.value.sentence


def test_a_time_needs_the_zone_of_the_company() -> None:
    assert compile_value("{{ '2026-11-06' | date }}").render({}) == "2026-11-06"
    with pytest.raises(ExpressionProblem, match="time zone is not known"):
        compile_value("{{ '2026-11-06T00:00:00Z' | date }}").render({})


@pytest.mark.parametrize(
    ("value", "sentence", "fix"),
    [
        (
            "gutters",
            '"gutters" is not in the column "service" of tables/services.csv, '
            'so its "class" is not known',
            'add a row for "gutters" to tables/services.csv; what waits goes on by itself',
        ),
        (
            None,
            'an empty value has no row in tables/services.csv, so its "class" is not known',
            "fill the field in the CRM, or name a row with `if_missing: {use_row: …}`",
        ),
    ],
)
def test_a_row_that_is_missing_is_a_matter_of_its_own(
    value: object, sentence: str, fix: str
) -> None:
    compiled = compile_value("{{ trigger.service | lookup('services', 'class') }}")
    assert compiled.lookups == (("services", "class"),)
    with pytest.raises(RowMissing) as caught:
        compiled.render({"trigger": {"service": value}, **AROUND})
    assert (caught.value.sentence, caught.value.fix) == (sentence, fix)


def test_a_long_key_is_shown_in_part() -> None:
    with pytest.raises(RowMissing) as caught:
        apply("lookup", ["x" * 5000, "services", "class"])
    assert len(caught.value.sentence) < 300


def test_without_tables_the_remedy_is_to_declare_one() -> None:
    with pytest.raises(ExpressionProblem) as caught:
        compile_value("{{ 'a' | lookup('services', 'class') }}").render({})
    assert caught.value.fix == "declare it under `tables:`"


@pytest.mark.parametrize(
    ("name", "values", "result"),
    [
        ("defined", [""], True),
        ("undefined", [None], True),
        ("none", [0], False),
        ("empty", [[]], True),
        ("empty", [" "], True),
        ("empty", [0], False),
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
        (10**99, "1.00000000000000000000E+99"),
        (False, "false"),
        (7, "7"),
        (None, ""),
    ],
)
def test_text(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("1E+31"), 10**31, 1.5, "", "1e5", "0x1F", "١٢"]
)
def test_what_is_no_exact_number(value: object) -> None:
    with pytest.raises(Refused):
        as_number(value)


def test_whole_numbers_stay_whole() -> None:
    assert calculate("*", 3, 4) == 12
    assert isinstance(calculate("-", 3, 4), int)
    assert calculate("/", 1, 4) == Decimal("0.25")


def test_results_have_forty_digits_whatever_the_thread_says() -> None:
    with localcontext(Context(prec=3)):
        assert calculate("/", 1, 3) == Decimal("0." + "3" * 40)
        assert calculate("/", 2, 3) == Decimal("0." + "6" * 39 + "7")
        assert calculate("+", Decimal("123456789012.34"), Decimal("0.01")) == Decimal(
            "123456789012.35"
        )
        assert calculate("-", 0, Decimal("12345.67")) == Decimal("-12345.67")
        assert rounded(Decimal("123456.785"), 2) == Decimal("123456.79")


def test_a_chain_of_factors_ends_in_a_sentence() -> None:
    text = "{{ " + " * ".join(["999999999999999"] * 5) + " }}"
    with pytest.raises(ExpressionProblem, match="too large or too small"):
        compile_value(text).render({})


def test_kinds() -> None:
    values = (None, True, 1, "x", {}, [])
    assert list(map(described, values)) == [
        "empty",
        "true or false",
        "a number",
        "text",
        "a group of values",
        "a list",
    ]


def test_a_giant_text_is_cut_without_being_copied_first() -> None:
    assert text_filters.truncate("x" * 3_000_000, 5) == "xxxxx"
