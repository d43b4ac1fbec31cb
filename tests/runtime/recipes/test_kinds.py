"""What kind of value an expression gives, known without any data, and which fields take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from runtime.events import declared
from runtime.recipes import parse_recipe
from runtime.recipes.expressions.compiling import as_keys
from runtime.recipes.expressions.filters import FILTERS
from runtime.recipes.expressions.kinds import Kind, fits, infer, kind_named
from tests.runtime.recipes.recipe_kit import ACTIONS, INSTALLED, RECIPES

PATHS = {
    "trigger.amount": Kind.MONEY,
    "trigger.tip": Kind.MONEY,
    "trigger.hours": Kind.NUMBER,
    "trigger.name": Kind.TEXT,
    "trigger.paid_at": Kind.TIME,
    "trigger.due_on": Kind.DATE,
    "trigger.taxable": Kind.FLAG,
    "trigger.lines": Kind.LIST,
    "trigger.address": Kind.GROUP,
    "trigger.lines.0.name": Kind.TEXT,
}


def kind_of(path: str) -> Kind:
    return PATHS.get(path, Kind.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{{ trigger.amount }}", Kind.MONEY),
        ("{{ trigger['amount'] }}", Kind.MONEY),
        ("{{ trigger.lines.0.name }}", Kind.TEXT),
        ("{{ trigger.custom.rate }}", Kind.UNKNOWN),
        ("{{ (trigger.lines | first).name }}", Kind.UNKNOWN),
        ("475.00", Kind.NUMBER),
        ("2026-11-06", Kind.DATE),
        ("yes", Kind.FLAG),
        ("net 30", Kind.TEXT),
        ("", Kind.UNKNOWN),
        ("{{ 5 }}", Kind.NUMBER),
        ("{{ 5.5 }}", Kind.NUMBER),
        ("{{ true }}", Kind.FLAG),
        ("{{ none }}", Kind.UNKNOWN),
        ("{{ 'x' }}", Kind.TEXT),
        ("{{ ['x'] }}", Kind.LIST),
        ("{{ trigger.name | upper }}", Kind.TEXT),
        ("{{ trigger.name | money }}", Kind.MONEY),
        ("{{ trigger.paid_at | date }}", Kind.DATE),
        ("{{ trigger.name | digits }}", Kind.UNKNOWN),
        ("{{ trigger.amount | trim }}", Kind.MONEY),
        ("{{ trigger.amount | default(trigger.tip) }}", Kind.MONEY),
        ("{{ trigger.amount | default('') }}", Kind.MONEY),
        ("{{ trigger.amount | default(0) }}", Kind.NUMBER),
        ("{{ trigger.amount | default('none') }}", Kind.UNKNOWN),
        ("{{ trigger.absent | first_present(trigger.name) }}", Kind.UNKNOWN),
        ("{{ trigger.paid_at | first_present(trigger.due_on) }}", Kind.DATE),
        ("{{ '' | default('') }}", Kind.UNKNOWN),
        ("{{ trigger.amount + trigger.tip }}", Kind.MONEY),
        ("{{ trigger.amount * trigger.hours }}", Kind.NUMBER),
        ("{{ -trigger.amount }}", Kind.NUMBER),
        ("{{ trigger.amount if trigger.taxable else trigger.tip }}", Kind.MONEY),
        ("{{ trigger.amount if trigger.taxable }}", Kind.MONEY),
        ("{{ trigger.amount if trigger.taxable else trigger.name }}", Kind.UNKNOWN),
        ("{{ trigger.amount or trigger.tip }}", Kind.MONEY),
        ("{{ trigger.name is empty }}", Kind.FLAG),
        ("{{ not trigger.name }}", Kind.FLAG),
        ("{{ trigger.amount > 5 }}", Kind.FLAG),
        ("{{ trigger.name ~ trigger.name }}", Kind.TEXT),
        ("Job {{ trigger.hours }}", Kind.TEXT),
        ("{{ trigger.hours }}.{{ trigger.hours }}", Kind.UNKNOWN),
        ("{{ trigger.name | nonsense }}", Kind.UNKNOWN),
        ("{{ trigger.name", Kind.UNKNOWN),
    ],
)
def test_kinds(text: str, kind: Kind) -> None:
    assert infer(text, kind_of) is kind


@pytest.mark.parametrize(
    ("wanted", "fitting"),
    [
        ("text", {"text", "number", "money", "date", "time", "flag"}),
        ("ref", {"text", "number", "money", "date", "time", "flag"}),
        ("money", {"money", "number"}),
        ("number", {"money", "number"}),
        ("date", {"date", "time"}),
        ("flag", {"flag"}),
        ("object", {"group"}),
        ("list", {"list"}),
        ("lines", {"list"}),
        ("a kind of tomorrow", set(Kind)),
    ],
)
def test_what_fits(wanted: str, fitting: set[str]) -> None:
    assert {kind for kind in Kind if fits(kind, wanted)} == {*fitting, "unknown"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("money", Kind.MONEY), ("ref", Kind.TEXT), ("lines", Kind.LIST), ("object", Kind.GROUP)],
)
def test_kinds_by_the_names_of_schemas(name: str, kind: Kind) -> None:
    assert kind_named(name) is kind
    assert kind_named("") is Kind.UNKNOWN


def test_the_kinds_of_filters_are_true() -> None:
    for found in FILTERS.values():
        fixed = infer(found.example, kind_of)
        assert found.gives in (None, fixed)


def _declared(trigger: str, path: str) -> Kind:
    below, kind = declared(trigger), ""
    for key in as_keys(path)[1:]:
        branch = (below or {}).get(str(key))
        if branch is None:
            return Kind.UNKNOWN
        below, kind = branch.below, branch.kind
    return kind_named(kind)


def test_amounts_and_days_of_events_are_declared_as_such() -> None:
    paths = {
        "trigger.payment.amount": Kind.MONEY,
        "trigger.payment.collected_at": Kind.TIME,
        "trigger.invoice.due_on": Kind.DATE,
        "trigger.invoice.lines": Kind.LIST,
        "trigger.contact.name": Kind.TEXT,
        "trigger.contact.billing_address": Kind.GROUP,
    }
    assert {path: _declared("payment_collected", path) for path in paths} == paths


def _texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if hasattr(value, "source"):
            yield name, value.source


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_recipes_fit_their_fields(path: Any) -> None:
    recipe, _ = parse_recipe(path.read_text(), path.name, INSTALLED)
    assert recipe is not None
    for step in recipe.steps:
        fields = ACTIONS[step.action].schema["properties"]
        for name, text in _texts(step.fields):
            kind = infer(text, lambda read: _declared(recipe.trigger, read))
            assert fits(kind, fields[name].get("x-kind", "")), (name, text, kind)
