"""Every schema that people write against shows what it accepts, what it refuses, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runtime.documents import schema
from runtime.problems import errors
from runtime.recipes import parse_recipe
from tests.editor.shipped import everything
from tests.runtime.recipes.recipe_kit import ACTIONS

#: Triggers whose events the examples of an action read.
TRIGGERS = {
    "quickbooks.create_estimate": "estimate_accepted",
    "quickbooks.confirm_payment": "payment_confirmed",
}
WRITTEN = sorted(path for path in schema.FOLDER.rglob("*.json") if not path.name.startswith("_"))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_it_has_examples_and_reasons(path: Any) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["examples"]
    reasons = [anti["reason"] for anti in found["antiExamples"]]
    assert reasons
    assert all(reason.endswith(".") for reason in reasons)


def test_the_examples_of_recipes_show_every_key() -> None:
    found = schema.load("recipe-format")
    shown = {key for example in found["examples"] for key in example}
    assert shown == set(found["properties"])


def mistakes(action: str, fields: object) -> list[str]:
    """What `check` says of a recipe whose one step has these fields."""
    recipe = {
        "recipe": 1,
        "id": "a",
        "name": "A",
        "when": {"trigger": TRIGGERS.get(action, "payment_collected")},
        "do": [{"id": "a", "action": action, "with": fields}],
    }
    _, problems = parse_recipe(json.dumps(recipe), "a.json", everything())
    return [problem.sentence for problem in errors(problems)]


@pytest.mark.parametrize(
    ("action", "fields"),
    [(name, fields) for name in ACTIONS for fields in ACTIONS[name].schema["examples"]],
)
def test_examples_of_actions_are_accepted(action: str, fields: dict[str, Any]) -> None:
    assert mistakes(action, fields) == []


@pytest.mark.parametrize(
    ("action", "anti"),
    [(name, anti) for name in ACTIONS for anti in ACTIONS[name].schema["antiExamples"]],
    ids=lambda value: value if isinstance(value, str) else value["reason"][:40],
)
def test_anti_examples_of_actions_are_refused_for_one_reason(
    action: str, anti: dict[str, Any]
) -> None:
    assert len(mistakes(action, anti["value"])) == 1
