"""What a recipe names of an installation: connections, who gives a trigger, who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from runtime.problems import Severity
from runtime.recipes import parse_recipe
from tests.runtime.recipes.recipe_kit import INSTALLED

RECIPE = """\
recipe: 1
id: a
name: A
when:
  trigger: payment_collected
do:
  - id: hand_over
    action: http.post
    with:
      connection: hook
      body:
        id: "{{ trigger.payment.id }}"
"""
CONNECTED: Mapping[str, Any] = {
    "connections": {"crm": "leadexploder", "hook": "http", "cards": "stripe"},
    "given_by": {"payment_collected": ("leadexploder",), "acme.job_done": ("acme",)},
    "triggers": ("payment_collected", "acme.job_done"),
    "recipients": ("Office", "Dana"),
}
ROWS = [
    ("name: A", "name: A", "", "", ""),
    ("collected\n", "collected\n  from: crm\n", "", "", ""),
    (
        "collected\n",
        "collected\n  from: crn\n",
        "unknown-connection",
        'there is no connection "crn"',
        'did you mean "crm"? there are: cards, crm, hook; until it is connected no event starts '
        "this recipe",
    ),
    (
        "collected\n",
        "collected\n  from: cards\n",
        "never-starts",
        'the connection "cards" never gives payment_collected',
        "it comes from: leadexploder; as it is no event starts this recipe",
    ),
    (
        "payment_collected\n",
        "acme.job_done\n",
        "never-starts",
        "nothing that gives acme.job_done is connected",
        "connect acme; until then no event starts this recipe",
    ),
    (
        "connection: hook",
        "connection: hok",
        "unknown-connection",
        'there is no connection "hok"',
        'did you mean "hook"? there are: cards, crm, hook; until it is connected runs are held at '
        "this step",
    ),
    ("connection: hook", "connection: '{{ trigger.payment.id }}'", "", "", ""),
    ("name: A\n", "name: A\nenabled: false\n", "", "", ""),
    (
        "name: A\n",
        "name: A\nowner: office\non_error:\n  notify: [owner, Dana, x@y.example]\n",
        "",
        "",
        "",
    ),
    (
        "name: A\n",
        "name: A\nowner: Ofice\n",
        "unknown-recipient",
        'there is no recipient "Ofice" in Settings, so nobody is told',
        'did you mean "Office"? there are: Dana, Office',
    ),
    (
        "name: A\n",
        "name: A\non_error:\n  notify: [owner]\n",
        "unknown-recipient",
        'this recipe has no owner, so "owner" tells nobody',
        "add owner: at the top",
    ),
]


@pytest.mark.parametrize(("old", "new", "rule", "sentence", "fix"), ROWS)
def test_what_is_connected(old: str, new: str, rule: str, sentence: str, fix: str) -> None:
    text = RECIPE.replace(old, new, 1)
    recipe, problems = parse_recipe(text, "a.yaml", replace(INSTALLED, **CONNECTED))
    assert recipe is not None
    expected = [(rule, sentence, fix)] if rule else []
    assert [(found.rule, found.sentence, found.fix) for found in problems] == expected
    assert all(found.severity is Severity.WARNING for found in problems)


def test_what_is_switched_off_may_wait_for_its_connection() -> None:
    installed = replace(INSTALLED, **{**CONNECTED, "connections": {}})
    text = RECIPE.replace("collected\n", "collected\n  from: crm\n")
    assert len(parse_recipe(text, "a.yaml", installed)[1]) == 2
    assert parse_recipe(text.replace("A\n", "A\nenabled: false\n"), "a.yaml", installed)[1] == []


def test_a_bare_check_knows_no_connections() -> None:
    text = RECIPE.replace("collected\n", "collected\n  from: anything\nowner: Anybody\n")
    assert parse_recipe(text, "a.yaml", INSTALLED)[1] == []
