"""Conditions that never hold or always do are warnings that say why."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runtime.problems import Severity
from runtime.recipes import parse_recipe
from runtime.recipes.checking.possible import can_tell, possible
from runtime.recipes.conditions import OPERATORS, ORDERED, WITHOUT_OPERAND, Condition
from runtime.recipes.names import Names, declared_path
from tests.runtime.recipes.recipe_kit import INSTALLED

HEAD = """\
recipe: 1
id: a
name: A
when:
  trigger: payment_collected
only_if:
"""
STEP = """\
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      crm_id: "{{ trigger.contact.id }}"
"""


def warned(conditions: str, more: str = "") -> list[tuple[int, str, str]]:
    """Line, rule and reason of each warning, line 1 being the first condition."""
    text = HEAD + "".join(f"  - {line}\n" for line in conditions.strip().splitlines()) + STEP
    recipe, problems = parse_recipe(text + more, "a.yaml", INSTALLED)
    assert recipe is not None
    assert all(found.severity is Severity.WARNING for found in problems)
    return [
        (found.line - HEAD.count("\n"), found.rule, found.sentence.split(": ", 1)[-1])
        for found in problems
    ]


CERTAIN = [
    ("{field: trigger.payment.id, is_present: true}", "always-true", "is never empty"),
    ("{field: trigger.payment.id, is_missing: true}", "always-false", "is never empty"),
    ("{field: rules.contacts, is: immediatly}", "always-false", "is one of: on_payment, immedi"),
    ("{field: rules.net_days, is: 45}", "always-false", "is one of: 0, 15, 30"),
    ("{field: trigger.payment.method, is_one_of: [paypal]}", "always-false", "is one of: card"),
    ("{field: trigger.payment.collected_at, is: tomorrow}", "always-false", "is a time"),
    ("{field: trigger.invoice.due_on, is_more_than: 5}", "always-false", "is a day, and 5 is not"),
    (
        "{field: trigger.payment.amount, is_more_than: 2026-01-01}",
        "always-false",
        'is an amount, and "2026-01-01" is not',
    ),
    ("{field: trigger.invoice.lines, is: x}", "always-false", "is a list"),
    ("{field: trigger.contact.billing_address, is: Boise}", "always-false", "is a group of val"),
    ("{field: trigger.payment.amount, is: plenty}", "always-false", "is an amount"),
]


@pytest.mark.parametrize(("condition", "rule", "reason"), CERTAIN)
def test_a_condition_that_is_certain_alone(condition: str, rule: str, reason: str) -> None:
    ((line, found, sentence),) = warned(condition)
    assert (line, found) == (1, rule)
    assert reason in sentence


PAIRS = [
    ("is: card", "is_not: card", "always-false"),
    ("is: card", "is: Card", "always-true"),
    ("is: card", "is: check", "always-false"),
    ("is: card", "is_one_of: [card, ach]", "always-true"),
    ("is_one_of: [card, ach]", "is: card", ""),
    ("is_present: true", "is_missing: true", "always-false"),
    ("is: card", "is_present: true", "always-true"),
    ("is_not: card", "is_not: check", ""),
]


@pytest.mark.parametrize(("first", "second", "rule"), PAIRS)
def test_two_conditions_on_one_field(first: str, second: str, rule: str) -> None:
    field = "field: trigger.payment.method"
    found = warned(f"{{{field}, {first}}}\n{{{field}, {second}}}")
    assert [(line, what) for line, what, _ in found] == ([(2, rule)] if rule else [])


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        ("is_more_than: 10", "is_less_than: 5", "always-false"),
        ("is_more_than: 10", "is_at_least: 10", "always-true"),
        ("is_more_than: 10", "is_less_than: 20", ""),
        ("is_at_least: 5", "is_at_most: 5", ""),
        ("is: 5", "is_less_than: 5", "always-false"),
    ],
)
def test_two_bounds(first: str, second: str, rule: str) -> None:
    found = warned(f"{{field: trigger.payment.amount, {first}, {second}}}")
    assert [what for _, what, _ in found] == ([rule] if rule else [])


def test_texts_that_hold_one_another() -> None:
    field = "field: trigger.invoice.memo"
    assert warned(f"{{{field}, contains: foo bar}}\n{{{field}, contains: foo}}")[0][1] == (
        "always-true"
    )
    assert warned(f"{{{field}, contains: foo}}\n{{{field}, does_not_contain: foo bar}}") == []


def test_a_step_repeats_or_denies_what_the_recipe_asks() -> None:
    condition = "{field: trigger.payment.method, is: card}"
    for operand, rule in (("card", "always-true"), ("check", "always-false")):
        more = f"    only_if:\n      - field: trigger.payment.method\n        is: {operand}\n"
        (found,) = warned(condition, more)
        assert found[:2] == (9, rule)
        assert found[2].startswith("line 7")


def test_what_is_not_declared_is_never_certain() -> None:
    assert warned("{field: trigger.contact.custom.size, is: 5}") == []
    assert warned("{field: trigger.contact.custom.size, is_present: true}") == []


def test_numbers_compared_with_text_and_blanks_are_pointed_out() -> None:
    assert warned("{field: trigger.contact.name, is_more_than: 5}")[0][1] == "wrong-kind"
    assert warned('{field: trigger.invoice.memo, is: "x "}')[0][1] == "needless-blanks"


def test_days_are_compared() -> None:
    field = "field: trigger.payment.collected_at"
    assert warned(f"{{{field}, is_at_least: 2026-01-01}}") == []
    assert warned(f"{{{field}, is_at_least: 2026-01-01, is_less_than: 2026-02-01}}") == []
    apart = warned(f"{{{field}, is_at_least: 2026-02-01, is_less_than: 2026-02-01}}")
    assert [found[1] for found in apart] == ["always-false"]
    assert warned("{field: trigger.contact.custom.since, is_at_least: 2026-01-01}") == []
    assert warned(f"{{{field}, is_at_least: 1990-01-01, is_at_most: 2199-12-31}}") == []


DAYS = st.dates(date(2025, 12, 30), date(2026, 1, 3)).map(date.isoformat)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(ORDERED)), DAYS), min_size=2, max_size=2), DAYS)
def test_every_relation_of_days_is_possible(pairs: list[tuple[str, str]], real: str) -> None:
    field = "trigger.invoice.due_on"
    pair = [Condition(field=field, operator=name, value=day) for name, day in pairs]
    branches = declared_path(Names.of_trigger("payment_collected"), tuple(field.split(".")))
    told = {
        tuple(OPERATORS[one.operator][1](value, one.value) for one in pair)
        for value in possible(branches, pair)
    }
    assert tuple(OPERATORS[one.operator][1](real, one.value) for one in pair) in told


FIELDS = ("trigger.payment.amount", "trigger.invoice.memo", "trigger.payment.method", "event.test")
WORDS = st.sampled_from(["card", "5", "x", "5.5", "-3"])


@st.composite
def conditions(draw: st.DrawFn, field: str) -> Condition:
    operator = draw(st.sampled_from(sorted(OPERATORS)))
    value: object = True if operator in WITHOUT_OPERAND else draw(WORDS)
    if operator in ("is_one_of", "is_none_of"):
        value = tuple(draw(st.lists(WORDS, min_size=1, max_size=3)))
    return Condition(field=field, operator=operator, value=value)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_value_that_tells_two_conditions_apart_is_among_the_possible_ones(
    data: st.DataObject,
) -> None:
    """What is called certain is so for every value that the field can have."""
    field = data.draw(st.sampled_from(FIELDS))
    pair = [data.draw(conditions(field)) for _ in range(2)]
    branches = declared_path(Names.of_trigger("payment_collected"), tuple(field.split(".")))
    assume(can_tell(branches, pair))
    leaf = branches[-1]
    real = data.draw(_values(leaf.kind, leaf.choices))
    told = {
        tuple(OPERATORS[one.operator][1](value, one.value) for one in pair)
        for value in possible(branches, pair)
    }
    assert tuple(OPERATORS[one.operator][1](real, one.value) for one in pair) in told


def _values(kind: str, choices: tuple[object, ...]) -> st.SearchStrategy[object]:
    if choices:
        return st.sampled_from(choices)
    if kind == "flag":
        return st.booleans()
    if kind == "money":
        return st.decimals(-100, 100, places=2).map(str)
    return st.one_of(WORDS, st.text("abc5x", max_size=4))
