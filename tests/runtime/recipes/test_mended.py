"""A recipe with a slip of the pen is checked to its end, and not blamed for what the slip hides."""

from __future__ import annotations

import re

import pytest

from runtime.recipes import parse_recipe
from tests.runtime.recipes.recipe_kit import INSTALLED

RECIPE = """\
recipe: 1
id: paid
name: Paid
when:
  trigger: payment_collected
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      name: "{{ trigger.contact.nmae }}"
  - id: payment
    action: quickbooks.record_payment
    with:
      crm_id: "{{ trigger.payment.id }}"
      customer: "{{ steps.customer.id }}"
      invoice: "7"
      amount: "{{ trigger.payment.amount }}"
      method: card
      date: "{{ trigger.payment.collected_at }}"
      refrence: x
"""
#: What is wrong with it in any case.
ALWAYS = [(10, "template"), (20, "unknown-field")]

SLIPS = [
    ("name: Paid", "name: @Paid", (3, "syntax")),
    ("when:\n  trigger", "when\n  trigger", (4, "syntax")),
    ("do:\n", "do\n", (6, "syntax")),
    ("  - id: customer\n", "  - id customer\n", (7, "syntax")),
    ("  - id: customer\n", '  - id: "customer\n', (7, "syntax")),
    ("  - id: customer\n", "  \u2013 id: customer\n", (7, "look-alike")),
    ("  - id: customer\n", "  -\u00a0id: customer\n", (7, "invisible-blank")),
    (
        'customer: "{{ steps.customer.id }}"',
        "customer: {{ steps.customer.id }}",
        (15, "unquoted-template"),
    ),
    ('customer: "{{ steps.customer.id }}"', 'customer: "{{ steps.customer.id }}', (15, "syntax")),
    ("      amount: ", "     amount: ", (17, "syntax")),
    ("      amount: ", "       amount: ", (17, "syntax")),
    ("      amount: ", "\tamount: ", (17, "tab")),
    ("      amount: ", "      amount\uff1a ", (17, "look-alike")),
    ("      method: card", "      method: [card", (18, "syntax")),
    ("      method: card", "      method: card: x", (18, "syntax")),
    ("      method: card", "      method card", (18, "syntax")),
    (
        "      method: card\n",
        "<<<<<<< HEAD\n      method: card\n=======\n>>>>>>> x\n",
        (18, "conflict-marker"),
    ),
]


def found(text: str) -> list[tuple[int, str]]:
    recipe, problems = parse_recipe(text, "recipes/a.yaml", INSTALLED)
    assert recipe is None
    return [(problem.line, problem.rule) for problem in problems]


def test_what_is_wrong_in_any_case() -> None:
    assert found(RECIPE) == ALWAYS


@pytest.mark.parametrize(("old", "new", "slip"), SLIPS)
def test_one_slip_hides_nothing_and_adds_nothing(old: str, new: str, slip: tuple[int, str]) -> None:
    assert old in RECIPE
    more = new.count("\n") - old.count("\n")
    later = [(line + more * (line > slip[0]), rule) for line, rule in ALWAYS]
    told = found(RECIPE.replace(old, new, 1))
    assert slip in told
    assert [one for one in told if one != slip] == later


def test_a_file_that_ends_inside_a_value_may_be_saved_only_half() -> None:
    for quote in re.finditer(r'"\{\{[^"]*', RECIPE):
        for at in range(quote.start() + 1, quote.end()):
            recipe, problems = parse_recipe(RECIPE[:at], "recipes/a.yaml", INSTALLED)
            assert recipe is None
            assert [one.line for one in problems if "saved only half" in one.fix] == [
                1 + RECIPE.count("\n", 0, at)
            ]
