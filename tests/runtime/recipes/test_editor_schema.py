"""The schema for editors: it is fresh, says something of everything, and refuses nothing good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from runtime.documents import read_file
from runtime.problems import errors
from runtime.recipes import parse_recipe
from runtime.recipes.editor.paths import readable
from runtime.recipes.editor.schema import editor_schema
from runtime.recipes.files import recipe_files
from tests.editor import shipped
from tests.runtime.recipes.recipe_kit import RECIPES

MADE = json.loads(shipped.text())
VALIDATORS = (Draft7Validator(MADE), Draft202012Validator(MADE))
FILES = list(recipe_files(RECIPES))


def refused(recipe: object) -> bool:
    """Both drafts must say the same."""
    found = {validator.is_valid(recipe) for validator in VALIDATORS}
    assert len(found) == 1
    return not found.pop()


def values_of(name: str) -> dict[str, Any]:
    path = next(path for path in FILES if path.name == name)
    document, _ = read_file(path, name)
    assert document is not None
    found: dict[str, Any] = document.value
    return found


def test_the_shipped_file_is_fresh() -> None:
    fresh = shipped.SHIPPED.read_text(encoding="utf-8") == shipped.text()
    assert fresh, "schemas/recipe.schema.json is stale: run python -m tests.editor.shipped"


def test_it_is_a_schema_of_both_drafts() -> None:
    for validator in VALIDATORS:
        validator.check_schema(MADE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_shipped_recipe_is_accepted(path: Any) -> None:
    assert not refused(values_of(path.name))


@pytest.mark.parametrize("recipe", MADE["examples"], ids=lambda recipe: recipe["id"])
def test_examples_are_accepted(recipe: dict[str, Any]) -> None:
    assert not refused(recipe)


@pytest.mark.parametrize("anti", MADE["antiExamples"], ids=lambda anti: anti["reason"][:40])
def test_anti_examples_are_refused(anti: dict[str, Any]) -> None:
    assert refused(anti["value"])


def described(node: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    """Every field of the schema that an editor names, and whether it is explained."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from described(item, f"{path}/{number}")
    if not isinstance(node, dict):
        return
    for name, field in node.get("properties", {}).items():
        hidden = field.get("doNotSuggest") or "const" in field
        if not hidden and "if" not in path.split("/")[-1:]:
            target = MADE["definitions"].get(field.get("$ref", "").rpartition("/")[2], field)
            yield f"{path}/{name}", bool(target.get("description"))
    for key, below in node.items():
        if key not in ("if", "defaultSnippets", "enum"):
            yield from described(below, f"{path}/{key}")


def test_every_field_is_explained() -> None:
    found = dict(described(MADE))
    assert len(found) > 100
    assert [path for path, about in found.items() if not about] == []


def test_triggers_and_actions_are_explained() -> None:
    for field in (
        MADE["properties"]["when"]["properties"]["trigger"],
        MADE["properties"]["do"]["items"]["properties"]["action"],
    ):
        assert len(field["enum"]) == len(field["markdownEnumDescriptions"])
        assert all(len(about.split("\n\n")) > 1 for about in field["markdownEnumDescriptions"])
    trigger = MADE["properties"]["when"]["properties"]["trigger"]
    about = trigger["markdownEnumDescriptions"][trigger["enum"].index("payment_collected")]
    assert about.startswith("**Payment collected**")
    assert "leadexploder" in about


def test_connections_are_open_until_they_are_known() -> None:
    open_ = MADE["properties"]["when"]["properties"]["from"]
    assert "enum" not in open_
    known = replace(shipped.everything(), connections={"crm": "leadexploder", "cards": "stripe"})
    made = editor_schema(known, {})["properties"]["when"]["properties"]["from"]
    assert made["enum"] == ["cards", "crm"]
    assert made["markdownEnumDescriptions"][0] == "A connection to stripe."


def test_every_name_of_a_trigger_is_explained() -> None:
    names = readable("payment_collected")
    paths = {one.path: one for group in names.groups.values() for one in group}
    assert paths["trigger.payment.amount"].about
    assert paths["trigger.contact.billing_address.city"].about
    assert "card" in paths["trigger.payment.method"].choices
    assert {one.path for one in names.lists} >= {"trigger.invoice.lines"}
    assert {one.path for one in names.elements} >= {"line.amount", "line.service_type"}


def test_a_trigger_that_declares_nothing_offers_only_what_all_have() -> None:
    assert set(readable("acme.something").groups) == {"event", "rules"}


PAID = values_of("payment-collected-to-paid-invoice.yaml")


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in entries:
        yield (*path, key)
        if isinstance(below, dict | list):
            yield from paths_in(below, (*path, key))


ODD = st.sampled_from(
    [None, True, 0, 15, -1, "", "x", "475.00", "2026-11-06", "{{ trigger.payment.id }}", [], {}]
)
KEYS = st.sampled_from(["amount", "lines", "for_each", "customer", "is", "from", "owner", "use"])


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(list(paths_in(PAID))), odd=ODD, key=st.none() | KEYS)
def test_what_check_accepts_the_editor_accepts(
    path: tuple[Any, ...], odd: object, key: str | None
) -> None:
    """A red line in the editor under a recipe that is right would teach people to pass over it."""
    recipe = json.loads(json.dumps(PAID))
    place = recipe
    for step in path[:-1]:
        place = place[step]
    place[path[-1] if key is None or isinstance(place, list) else key] = odd
    _, problems = parse_recipe(json.dumps(recipe), "a.json", shipped.everything())
    if not errors(problems):
        assert not refused(recipe)
