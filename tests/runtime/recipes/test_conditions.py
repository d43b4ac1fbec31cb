"""The operators of `only_if`, what they say when they fail, and which exclude each other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.documents import schema
from runtime.recipes.conditions import (
    OPERATORS,
    ORDERED,
    Condition,
    Operand,
    exclude,
    field_path,
    holds,
)
from runtime.recipes.expressions.values import ZONE, ExpressionProblem

DATA = {
    "amount": "475.00",
    "number": Decimal("475"),
    "method": "Card ",
    "test": False,
    "on": True,
    "none": None,
    "commas": "1,234.50",
    "blank": " ",
    "tags": ["VIP", "north"],
    "no_tags": [],
    "due": "2026-11-06",
    # In Boise it is still the 6th.
    "paid_at": "2026-11-07T06:59:59Z",
    "unzoned": "2026-11-06T10:00:00",
}
SCOPE = {"trigger": DATA, ZONE: ZoneInfo("America/Boise")}


def condition(field: str, operator: str, value: Any = True) -> Condition:
    return Condition(field=field, operator=operator, value=value)


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("method", "is", "card", True),
        ("method", "is", "ach", False),
        ("amount", "is", 475, True),
        ("amount", "is", "475.0", False),
        ("number", "is", "475.00", True),
        ("none", "is", 0, False),
        ("on", "is", True, True),
        ("on", "is", "True", True),
        ("on", "is", 1, False),
        ("test", "is_not", True, True),
        ("on", "is_not", True, False),
        ("none", "is_not", True, True),
        ("absent", "is_not", True, True),
        ("method", "is_one_of", ("cash", "card"), True),
        ("method", "is_one_of", ("cash", "check"), False),
        ("absent", "is_none_of", ("cash",), True),
        ("method", "is_none_of", ("cash", "card"), False),
        ("amount", "is_more_than", 474, True),
        ("amount", "is_more_than", 475, False),
        ("amount", "is_more_than", "99.5", True),
        ("number", "is_less_than", Decimal("475.01"), True),
        ("amount", "is_at_least", 475, True),
        ("amount", "is_at_most", 474, False),
        ("absent", "is_at_least", 0, False),
        ("absent", "is_less_than", 1, False),
        ("method", "contains", "AR", True),
        ("tags", "contains", "vip", True),
        ("tags", "contains", "vi", False),
        ("absent", "contains", "x", False),
        ("absent", "does_not_contain", "x", True),
        ("method", "does_not_contain", "card", False),
        ("method", "starts_with", "CA", True),
        ("number", "starts_with", "4", False),
        ("method", "is_present", True, True),
        ("test", "is_present", True, True),
        ("blank", "is_present", True, False),
        ("no_tags", "is_missing", True, True),
        ("none", "is_missing", True, True),
        ("absent.deeper", "is_missing", True, True),
        ("amount", "is_missing", True, False),
        ("due", "is_more_than", "2026-11-05", True),
        ("due", "is_more_than", "2026-11-06", False),
        ("due", "is_at_least", "2026-11-06", True),
        ("due", "is_less_than", "2026-12-01", True),
        ("due", "is_at_most", "2025-12-31", False),
        ("paid_at", "is_at_most", "2026-11-06", True),
        ("paid_at", "is_more_than", "2026-11-06", False),
        ("absent", "is_at_least", "2026-11-06", False),
        ("blank", "is_at_least", 0, False),
    ],
)
def test_operators(field: str, operator: str, value: Operand, expected: bool) -> None:
    found, sentence = holds([condition(f"trigger.{field}", operator, value)], SCOPE)
    assert found is expected
    assert (sentence == "") is expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("method", 0),
        ("on", 0),
        ("commas", 1000),
        ("due", 2027),
        ("tags", 1),
        ("amount", "2026-11-06"),
        ("on", "2026-11-06"),
        ("unzoned", "2026-11-06"),
    ],
)
@pytest.mark.parametrize("operator", sorted(ORDERED))
def test_what_cannot_be_compared_is_never_taken_for_less_or_more(
    operator: str, field: str, value: Operand
) -> None:
    with pytest.raises(ExpressionProblem, match=f"trigger.{field} is .*, which is no "):
        holds([condition(f"trigger.{field}", operator, value)], SCOPE)


def test_the_schema_knows_the_same_operators() -> None:
    fields = schema.load("recipe-format")["$defs"]["conditions"]["items"]["properties"]
    assert set(fields) - {"field", "otherwise"} == set(OPERATORS)


@pytest.mark.parametrize(
    ("operator", "value", "sentence"),
    [
        ("is", "ach", 'it is "ach".'),
        ("is_one_of", ("ach", 5, True), 'it is one of "ach", 5, true.'),
        ("is_missing", True, "it is empty."),
    ],
)
def test_sentences(operator: str, value: Operand, sentence: str) -> None:
    _, found = holds([condition("trigger.method", operator, value)], {"trigger": DATA})
    assert found == f'trigger.method is "Card ", but the recipe only runs when {sentence}'


def test_the_first_that_fails_is_told() -> None:
    conditions = [
        condition("trigger.on", "is"),
        condition("trigger.none", "is_present"),
        condition("trigger.test", "is"),
    ]
    assert holds(conditions, {"trigger": DATA}) == (
        False,
        "trigger.none is empty, but the recipe only runs when it is filled.",
    )
    assert holds([], {"trigger": DATA}) == (True, "")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("is", "card"), ("is", "ach"), True),
        (("is", "card"), ("is", "CARD"), False),
        (("is", "card"), ("is_not", "card"), True),
        (("is", "card"), ("is_not", "ach"), False),
        (("is_one_of", ("card", "ach")), ("is", "cash"), True),
        (("is_one_of", ("card", "ach")), ("is_one_of", ("ach", "cash")), False),
        (("is_one_of", ("card", "ach")), ("is_none_of", ("ach", "card", "x")), True),
        (("is_one_of", ("card", "ach")), ("is_none_of", ("ach",)), False),
        (("is_not", "card"), ("is_not", "ach"), False),
        (("is", 5), ("is_more_than", 10), True),
        (("is", 5), ("is_less_than", 10), False),
        (("is", "card"), ("starts_with", "a"), True),
        (("is_present", True), ("is_missing", True), True),
        (("is", "card"), ("is_missing", True), True),
        (("is_not", "card"), ("is_missing", True), False),
    ],
)
def test_exclusion(one: tuple[str, Any], other: tuple[str, Any], expected: bool) -> None:
    first, second = condition("trigger.method", *one), condition("trigger.method", *other)
    assert exclude([first], [second]) is expected
    assert exclude([second], [first]) is expected


def test_conditions_on_different_fields_exclude_nothing() -> None:
    assert not exclude([condition("trigger.a", "is", "x")], [condition("trigger.b", "is", "y")])


VALUES = st.sampled_from(
    [
        "card",
        "CARD ",
        "ach",
        "",
        " ",
        "5",
        "5.0",
        " 5",
        5,
        Decimal("5.00"),
        True,
        "true",
        False,
        None,
    ]
)
OPERAND = st.sampled_from(["card", "ach", "5", 5, "5.0", True, "true", " "])
MANY = st.lists(OPERAND, min_size=1, max_size=3).map(tuple)
CONDITIONS = st.one_of(
    st.tuples(st.sampled_from(["is", "is_not"]), OPERAND),
    st.tuples(st.sampled_from(["is_one_of", "is_none_of"]), MANY),
    st.tuples(st.sampled_from(["is_present", "is_missing"]), st.just(True)),
    st.tuples(
        st.sampled_from(["contains", "does_not_contain", "starts_with"]),
        st.sampled_from(["c", "5", ".", "t", "CARD"]),
    ),
    st.tuples(st.sampled_from(sorted(ORDERED)), st.sampled_from(["5", 4, Decimal("5.5")])),
)


@settings(max_examples=2000, deadline=None)
@given(CONDITIONS, CONDITIONS, VALUES)
def test_no_value_meets_two_conditions_that_exclude_each_other(
    one: tuple[str, Any], other: tuple[str, Any], value: object
) -> None:
    first, second = condition("trigger.x", *one), condition("trigger.x", *other)
    scope = {"trigger": {"x": value}}
    if exclude([first], [second]):
        assert not (_met(first, scope) and _met(second, scope))


def _met(one: Condition, scope: dict[str, Any]) -> bool:
    try:
        return holds([one], scope)[0]
    except ExpressionProblem:
        return False


def test_a_condition_may_say_itself_why_nothing_is_done() -> None:
    waits = Condition(
        field="rules.invoice_trigger", operator="is", value="job_closed", otherwise="It waits."
    )
    assert holds((waits,), {"rules": {"invoice_trigger": "payment"}}) == (False, "It waits.")
    assert holds((waits,), {"rules": {"invoice_trigger": "job_closed"}}) == (True, "")


@pytest.mark.parametrize(
    "text", ["trigger.a.b", "{{ trigger.a.b }}", "{{trigger.a.b}}", "{{  trigger.a.b}}"]
)
def test_a_field_may_stand_in_braces(text: str) -> None:
    assert field_path(text) == "trigger.a.b"


def test_a_day_is_told_in_the_sentence() -> None:
    _, found = holds([condition("trigger.due", "is_more_than", "2026-12-31")], SCOPE)
    assert found == (
        'trigger.due is "2026-11-06", but the recipe only runs when it is more than "2026-12-31".'
    )
