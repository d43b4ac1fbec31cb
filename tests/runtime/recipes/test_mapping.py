"""Rendering the fields of a step: loops, nested groups, and the names of fields that fail."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from runtime.recipes.expressions.compiling import ExpressionProblem
from runtime.recipes.mapping import compile_fields, render

LINES = {
    "for_each": "trigger.lines",
    "as": "item",
    "make": {"name": "{{ item.name }}", "of": "{{ trigger.id }}", "fixed": 1},
}


def rendered(fields: dict[str, Any], trigger: dict[str, Any]) -> dict[str, Any]:
    return render(compile_fields(fields), {"trigger": trigger})


def test_constants_keep_their_types() -> None:
    fields = {
        "a": "x",
        "b": 15,
        "c": Decimal("1.10"),
        "d": True,
        "e": None,
        "f": ["{{ trigger.id }}", 2],
    }
    assert rendered(fields, {"id": "7"}) == {**fields, "f": ["7", 2]}


def test_a_loop_makes_one_value_for_each_element() -> None:
    trigger = {"id": "7", "lines": [{"name": "Mop"}, {"name": None}]}
    assert rendered({"lines": LINES}, trigger)["lines"] == [
        {"name": "Mop", "of": "7", "fixed": 1},
        {"name": None, "of": "7", "fixed": 1},
    ]


@pytest.mark.parametrize("trigger", [{}, {"lines": None}, {"lines": []}])
def test_nothing_to_go_through_makes_nothing(trigger: dict[str, Any]) -> None:
    assert rendered({"lines": LINES}, trigger) == {"lines": []}


def test_loops_inside_loops_and_groups() -> None:
    inner = {"for_each": "{{ line.parts }}", "as": "part", "make": {"n": "{{ line.id }}{{ part }}"}}
    fields = {"body": {"lines": {"for_each": "trigger.lines", "make": {"parts": inner}}}}
    found = rendered(fields, {"lines": [{"id": "a", "parts": [1, 2]}, {"id": "b"}]})
    assert found == {"body": {"lines": [{"parts": [{"n": "a1"}, {"n": "a2"}]}, {"parts": []}]}}


@pytest.mark.parametrize(
    ("fields", "trigger", "sentence"),
    [
        (
            {"lines": LINES},
            {"lines": "x"},
            '"lines": "trigger.lines" is text; `for_each` needs a list',
        ),
        (
            {"lines": LINES},
            {"id": "7", "lines": ["x"]},
            '"name" in entry 1 of "lines": "item" is text; it has no "name"',
        ),
        (
            {"a": {"b": ["x", "{{ trigger.id | money }}"]}},
            {"id": "x"},
            'entry 2 of "a.b": "x" is not a number',
        ),
    ],
)
def test_a_failure_names_its_field(
    fields: dict[str, Any], trigger: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ExpressionProblem) as caught:
        rendered(fields, trigger)
    assert caught.value.sentence == sentence


def test_data_with_braces_arrives_as_it_is() -> None:
    trigger = {"id": "{{ trigger.secret }}", "secret": "s", "lines": [{"name": "{% x %}"}]}
    found = rendered({"a": "{{ trigger.id }}", "lines": LINES}, trigger)
    assert found["a"] == "{{ trigger.secret }}"
    assert found["lines"][0] == {"name": "{% x %}", "of": "{{ trigger.secret }}", "fixed": 1}
