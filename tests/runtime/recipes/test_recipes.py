"""Recipes: reading a folder, every kind of mistake as prose, and the shipped files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runtime.events import triggers, validate_event
from runtime.problems import Problem
from runtime.recipes import Recipe, load_recipes, parse_recipe, two_recipes
from runtime.recipes.coercion import coerce
from runtime.recipes.conditions import Condition, holds
from runtime.recipes.mapping import render
from tests.runtime.recipes.recipe_kit import ACTIONS, INSTALLED, RECIPES, example, scope

GOOD = """\
recipe: 1
id: a
name: A
when:
  trigger: payment_collected
only_if:
  - field: event.test
    is_not: true
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      name: "{{ trigger.contact.name }}"
  - id: invoice
    action: quickbooks.create_invoice
    with:
      customer: "{{ steps.customer.id }}"
      date: "{{ trigger.payment.collected_at }}"
      check_total: "{{ trigger.invoice.total }}"
      lines:
        for_each: trigger.invoice.lines
        as: line
        make:
          amount: "{{ line.amount }}"
"""


def parse(text: str) -> tuple[Recipe | None, list[Problem]]:
    return parse_recipe(text, "recipes/a.yaml", INSTALLED)


def good(text: str = GOOD) -> Recipe:
    recipe, problems = parse(text)
    assert problems == []
    assert recipe is not None
    return recipe


def test_a_recipe() -> None:
    recipe = good()
    assert (recipe.id, recipe.name, recipe.trigger, recipe.source) == (
        "a",
        "A",
        "payment_collected",
        None,
    )
    assert recipe.conditions == (Condition(field="event.test", operator="is_not", value=True),)
    assert [step.id for step in recipe.steps] == ["customer", "invoice"]
    assert recipe.steps[1].action == "quickbooks.create_invoice"
    assert recipe.enabled
    assert (recipe.file, recipe.text) == ("recipes/a.yaml", GOOD)
    assert recipe.digest == hashlib.sha256(GOOD.encode()).hexdigest()


def test_more_of_a_recipe() -> None:
    text = GOOD.replace("trigger: payment_collected", "trigger: payment_collected\n  from: acme")
    text = text.replace("name: A\n", "name: A\nenabled: false\n")
    text = text.replace(
        "is_not: true\n",
        "is_not: true\n"
        "  - field: trigger.payment.amount\n    is_at_least: 5\n    is_less_than: 9.50\n"
        "  - field: trigger.payment.method\n    is_one_of: [card, ach]\n",
    )
    recipe = good(text)
    assert recipe.source == "acme"
    assert not recipe.enabled
    assert [(found.operator, found.value) for found in recipe.conditions] == [
        ("is_not", True),
        ("is_at_least", 5),
        ("is_less_than", Decimal("9.50")),
        ("is_one_of", ("card", "ach")),
    ]


MISTAKES = [
    (
        "trigger: payment_collected",
        "trigger: payment_colected",
        (5, 12),
        "unknown-trigger",
        'there is no trigger "payment_colected"',
        'did you mean "payment_collected"?',
    ),
    (
        "action: quickbooks.create_invoice",
        "action: quickbooks.create_invoce",
        (15, 13),
        "unknown-action",
        'there is no action "quickbooks.create_invoce"',
        'did you mean "quickbooks.create_invoice"?',
    ),
    (
        '      customer: "{{ steps.customer.id }}"\n',
        "",
        (16, 5),
        "missing-field",
        'step "invoice" needs "customer"',
        'add customer: "{{ steps.customer.id }}"',
    ),
    (
        '"{{ trigger.invoice.total }}"',
        '""',
        (19, 7),
        "missing-field",
        'step "invoice" needs "check_total"',
        "add check_total: The CRM's total; what is written must add up to it",
    ),
    (
        '          amount: "{{ line.amount }}"',
        '          name: "{{ line.name }}"',
        (23, 9),
        "missing-field",
        '"lines" needs "amount"',
        "add amount:",
    ),
    (
        "      check_total:",
        "      chekc_total: 5\n      check_total:",
        (19, 7),
        "unknown-field",
        'step "invoice" has no field "chekc_total"',
        'did you mean "check_total"?',
    ),
    (
        "          amount:",
        "          colour: blue\n          amount:",
        (24, 11),
        "unknown-field",
        '"lines" has no field "colour"',
        "it has: service_type",
    ),
    (
        "trigger.contact.name }}",
        "trigger.contact.nmae }}",
        (13, 33),
        "template",
        '"trigger.contact" has no "nmae"',
        'did you mean "name"?',
    ),
    (
        "trigger.contact.name }}",
        "trigger.contact.name | titel }}",
        (13, 40),
        "template",
        'there is no filter "titel"',
        'did you mean "title"?',
    ),
    (
        "trigger.contact.name }}",
        "contact.name }}",
        (13, 17),
        "template",
        'there is no "contact"',
        'did you mean "trigger.contact"?',
    ),
    (
        "trigger.contact.name }}",
        "trigger.invoice.lines.name }}",
        (13, 39),
        "template",
        '"trigger.invoice.lines" is a list; it has no "name"',
        "use `for_each:`",
    ),
    (
        "trigger.contact.name }}",
        "steps.invoice.id }}",
        (13, 23),
        "template",
        '"steps" has no "invoice"',
        "no step comes before this one",
    ),
    (
        "steps.customer.id }}",
        "steps.custmer.id }}",
        (17, 27),
        "template",
        '"steps" has no "custmer"',
        'did you mean "customer"?',
    ),
    (
        "steps.customer.id }}",
        "rules.net_day }}",
        (17, 27),
        "template",
        '"rules" has no "net_day"',
        'did you mean "net_days"?',
    ),
    (
        "steps.customer.id }}",
        "event.typ }}",
        (17, 27),
        "template",
        '"event" has no "typ"',
        'did you mean "type"?',
    ),
    (
        "for_each: trigger.invoice.lines",
        "for_each: trigger.invoice.line",
        (21, 35),
        "template",
        '"trigger.invoice" has no "line"',
        'did you mean "lines"?',
    ),
    (
        "{{ line.amount }}",
        "{{ line.amout }}",
        (24, 28),
        "template",
        '"line" has no "amout"',
        'did you mean "amount"?',
    ),
    (
        "{{ line.amount }}",
        "{{ lin.amount }}",
        (24, 23),
        "template",
        'there is no "lin"',
        'did you mean "line"?',
    ),
    (
        "field: event.test",
        "field: event.tets",
        (7, 18),
        "unknown-name",
        '"event" has no "tets"',
        'did you mean "test"?',
    ),
    (
        "is_not: true",
        'is_not: "{{ trigger.payment.id }}"',
        (8, 13),
        "template-in-condition",
        "a condition compares with a fixed value, not with {{ … }}",
        "write the value itself",
    ),
    (
        "is_not: true",
        'is_one_of: ["{{ trigger.payment.id }}"]',
        (8, 16),
        "template-in-condition",
        "a condition compares with a fixed value, not with {{ … }}",
        "write the value itself",
    ),
    (
        "  - id: invoice",
        "  - id: customer",
        (14, 9),
        "two-steps",
        'two steps have the id "customer"',
        "rename one of them",
    ),
    ("name: A", "nmae: A", (3, 1), "unknown-key", 'unknown setting "nmae"', 'did you mean "name"?'),
    (
        '"{{ trigger.contact.name }}"',
        "{{ trigger.contact.name }}",
        (13, 13),
        "unquoted-template",
        "put quotes around a value that starts with {{",
        'write: "{{ trigger.contact.name }}"',
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "rule", "sentence", "fix"), MISTAKES)
def test_mistakes(
    old: str, new: str, place: tuple[int, int], rule: str, sentence: str, fix: str
) -> None:
    recipe, problems = parse(GOOD.replace(old, new, 1))
    assert recipe is None
    problem = next(found for found in problems if found.rule == rule)
    assert problem.sentence == sentence
    assert fix in problem.fix
    assert (problem.line, problem.column) == place
    assert len(problems) == 1


def test_all_mistakes_come_in_one_pass_in_the_order_of_the_file() -> None:
    text = GOOD.replace("is_not", "is_nto").replace("contact.name", "contact.nmae")
    text = text.replace("line.amount", "line.amout").replace("create_invoice", "create_invoce")
    _, problems = parse(text)
    assert [(found.line, found.rule) for found in problems] == [
        (8, "unknown-key"),
        (13, "template"),
        (15, "unknown-action"),
        (24, "template"),
    ]


@pytest.mark.parametrize(
    "text", ["", "x", "- a\n", "do: 5\n", "when: x\ndo:\n  - x\n", "a: @\n", "do:\n  - id: 7\n"]
)
def test_what_is_no_recipe_at_all(text: str) -> None:
    recipe, problems = parse(text)
    assert recipe is None
    assert problems


SHAPES = [
    ("  - field: event.test\n    is_not: true\n", "  - event.test\n", "wrong-type"),
    ("    action: quickbooks.create_invoice\n", "    action: 7\n", "wrong-type"),
    ("  - id: invoice\n", "  - id: 7\n", "wrong-type"),
    ("trigger.invoice.lines\n", "'{{ trigger.invoice.lines | last }}'\n", ""),
    ("trigger.invoice.lines\n", "'{{ [1, 2] }}'\n", ""),
    ("trigger.invoice.lines\n", "'{{ x | }}'\n", "template"),
    ("trigger.invoice.lines\n", "5\n", "wrong-type"),
    ("          amount: '5'\n", "", ""),
    ("trigger.contact.name }}", "trigger.invoice.lines.0.name }}", ""),
    ("field: event.test", "field: '{{ event.test }}'", ""),
    ("field: event.test", "field: '{{ event.tst }}'", "unknown-name"),
    ('        make:\n          amount: "{{ line.amount }}"\n', "        make: x\n", "wrong-type"),
    ('name: "{{ trigger.contact.name }}"', "billing_address: {city: Boise, zip: '01234'}", ""),
    (
        'name: "{{ trigger.contact.name }}"',
        "billing_address: [a, '{{ trigger.payment.id }}']",
        "wrong-kind",
    ),
]


@pytest.mark.parametrize(("old", "new", "rule"), SHAPES)
def test_odd_shapes_are_told_by_the_schema_or_allowed(old: str, new: str, rule: str) -> None:
    _, problems = parse(GOOD.replace(old, new, 1))
    assert [found.rule for found in problems if found.rule != "missing-field"] == (
        [rule] if rule else []
    )


def test_steps_without_fields_and_lists_of_texts() -> None:
    start = GOOD.index("    with:\n      customer:")
    _, problems = parse(GOOD[:start] + "    with: x\n")
    assert [found.rule for found in problems] == ["wrong-type"]
    start = GOOD.index("      lines:")
    _, problems = parse(GOOD[:start] + "      lines: [x, y]\n")
    assert [found.rule for found in problems] == ["wrong-kind", "wrong-kind"]


def test_groups_with_declared_fields_are_checked() -> None:
    inside = {"type": "object", "properties": {"city": {"x-kind": "text"}}, "required": ["city"]}
    action = replace(
        ACTIONS["http.post"],
        schema={"properties": {"connection": {}, "body": inside}, "required": ["body"]},
    )
    text = GOOD[: GOOD.index("  - id: invoice")]
    text = text.replace("quickbooks.find_or_create_customer", "x.y")
    text = text.replace('      name: "{{ trigger.contact.name }}"', "      body: {town: Boise}")
    _, problems = parse_recipe(text, "a.yaml", replace(INSTALLED, actions={"x.y": action}))
    assert [found.sentence for found in problems] == [
        '"body" needs "city"',
        '"body" has no field "town"',
    ]


def test_fields_of_a_partners_trigger_are_not_checked() -> None:
    text = GOOD.replace("payment_collected", "acme.job_done")
    recipe, problems = parse_recipe(text, "a.yaml", replace(INSTALLED, triggers={"acme.job_done"}))
    assert problems == []
    assert recipe is not None


def test_lists_written_out_are_checked_too() -> None:
    start = GOOD.index("      lines:")
    text = (
        GOOD[:start]
        + '      lines:\n        - amount: "5"\n        - colour: blue\n'
        + "      deposits_applied:\n        - ammount: 1\n"
    )
    _, problems = parse(text)
    assert [(found.line, found.rule) for found in problems] == [
        (22, "missing-field"),
        (22, "unknown-field"),
        (24, "unknown-field"),
    ]


def load(folder: Path) -> tuple[list[Recipe], list[Problem]]:
    return load_recipes(folder, INSTALLED)


CONTACT = """\
recipe: 1
id: ID
name: N
when:
  trigger: contact_created
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      name: "{{ trigger.contact.name }}"
"""


def test_one_broken_file_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(GOOD)
    (tmp_path / "a.yaml").write_text("a: @x\n")
    (tmp_path / "c.yml").write_bytes(b"name: Zo\xeb\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "d.json").write_text('{"recipe": 1}')
    (tmp_path / "notes.txt").write_text("not a recipe")
    (tmp_path / ".hidden.yaml").write_text("x: @")
    recipes, problems = load(tmp_path)
    assert [recipe.id for recipe in recipes] == ["a"]
    assert recipes[0].file == f"{tmp_path.name}/b.yaml"
    assert {Path(problem.file).name for problem in problems} == {"a.yaml", "c.yml", "d.json"}
    assert problems == sorted(problems)


def test_recipes_of_the_folder_desktop_wait_to_be_enabled(tmp_path: Path) -> None:
    (tmp_path / "desktop").mkdir()
    (tmp_path / "a.yaml").write_text(
        CONTACT.replace("ID", "a").replace("name: N", "name: N\nenabled: false")
    )
    desktop = tmp_path / "desktop" / "b.yaml"
    desktop.write_text(CONTACT.replace("ID", "b"))
    assert [(found.id, found.enabled) for found in load(tmp_path)[0]] == [("a", False)]
    desktop.write_text(CONTACT.replace("ID", "b").replace("name: N", "name: N\nenabled: true"))
    assert [(found.id, found.enabled) for found in load(tmp_path)[0]] == [("a", False), ("b", True)]
    desktop.write_text("a: @x\n")
    assert "syntax" in {problem.rule for problem in load(tmp_path)[1]}


def test_the_same_id_twice(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(CONTACT.replace("ID", "same"))
    recipes, problems = load(tmp_path)
    assert [recipe.file for recipe in recipes] == [f"{tmp_path.name}/one.yaml"]
    assert [(found.file, found.line, found.column, found.rule) for found in problems] == [
        (f"{tmp_path.name}/two.yaml", 2, 5, "two-recipes")
    ]
    assert problems[0].sentence == f'the id "same" is also that of {tmp_path.name}/one.yaml'


def test_two_recipes_for_one_event(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(CONTACT.replace("ID", "one"))
    (tmp_path / "two.yaml").write_text(CONTACT.replace("ID", "two").replace("N\n", "Copy\n"))
    recipes, problems = load(tmp_path)
    assert [recipe.id for recipe in recipes] == ["one"]
    assert [found.rule for found in problems] == ["two-recipes"]
    assert problems[0].sentence == (
        f'"Copy" and "N" ({tmp_path.name}/one.yaml) would both handle one event; '
        "only the second runs"
    )


def variant(name: str, *conditions: tuple[str, str, Any], **changes: Any) -> Recipe:
    found = tuple(Condition(field=f, operator=o, value=v) for f, o, v in conditions)
    return replace(good(), id=name, name=name, conditions=found, **changes)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (variant("a"), variant("b"), True),
        (variant("a", ("trigger.payment.method", "is", "card")), variant("b"), True),
        (
            variant("a", ("trigger.payment.method", "is", "card")),
            variant("b", ("trigger.payment.method", "is_not", "card")),
            False,
        ),
        (
            variant("a", ("trigger.payment.method", "is_one_of", ("card", "ach"))),
            variant("b", ("trigger.payment.method", "is", "cash")),
            False,
        ),
        (variant("a", source="x"), variant("b", source="y"), False),
        (variant("a", source="x"), variant("b", source="x"), True),
        (variant("a", source="x"), variant("b"), True),
        (variant("a", enabled=False), variant("b"), False),
        (variant("a", trigger="job_closed"), variant("b"), False),
        (variant("a", trigger="job_closed"), variant("a"), True),
    ],
)
def test_rivals(one: Recipe, other: Recipe, clash: bool) -> None:
    assert bool(two_recipes(one, [other])) is clash
    assert bool(two_recipes(other, [one])) is clash


SHIPPED = {
    "contact-created-to-customer": ("contact.created", {"contacts": "immediately"}),
    "estimate-accepted-to-estimate": ("estimate.accepted", {"estimates": "estimate"}),
    "job-closed-to-invoice": ("job.closed", {"invoice_trigger": "job_closed"}),
    "payment-collected-to-paid-invoice": ("payment.collected", {}),
    "payment-confirmed-by-processor": ("payment.confirmed", {}),
}


def shipped(name: str) -> Recipe:
    path = next(RECIPES.rglob(f"{name}.yaml"))
    recipe, problems = parse_recipe(path.read_text(encoding="utf-8"), path.name, INSTALLED)
    assert problems == []
    assert recipe is not None
    return recipe


def fields_of(
    recipe: Recipe, data: Mapping[str, Any], **rules: object
) -> dict[str, dict[str, Any]]:
    """What each step's action would be given; no field may complain."""
    found = {}
    for step in recipe.steps:
        rendered = render(step.fields, scope(data, **rules))
        schema = ACTIONS[step.action].schema
        found[step.id], complaints = coerce(rendered, schema, ZoneInfo("America/Boise"))
        assert complaints == []
    return found


def test_the_shipped_recipes_have_no_problems() -> None:
    recipes, problems = load(RECIPES)
    assert problems == []
    assert {recipe.id for recipe in recipes} == set(SHIPPED)
    assert all(recipe.enabled for recipe in recipes)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_runs_its_events_example(name: str) -> None:
    event_type, rules = SHIPPED[name]
    data = example(event_type)
    assert validate_event(event_type, data) == []
    recipe = shipped(name)
    assert triggers()[recipe.trigger] == event_type
    assert holds(recipe.conditions, scope(data, **rules)) == (True, "")
    assert fields_of(recipe, data, **rules)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_never_books_test_messages_or_against_its_rule(name: str) -> None:
    event_type, rules = SHIPPED[name]
    tested = scope(example(event_type), **rules)
    tested["event"]["test"] = True
    assert not holds(shipped(name).conditions, tested)[0]
    for rule in rules:
        assert not holds(shipped(name).conditions, scope(example(event_type), **{rule: "other"}))[0]


def test_a_paid_invoice() -> None:
    found = fields_of(shipped("payment-collected-to-paid-invoice"), example("payment.collected"))
    assert found["customer"]["crm_id"] == "c_501"
    assert "company" not in found["customer"]
    assert found["invoice"] == {
        "crm_id": "inv_1042",
        "job": "job_889",
        "customer": "5",
        "number": "1042",
        "date": date(2026, 11, 6),
        "net_days": Decimal("0"),
        "private_note": "LeadExploder job job_889",
        "lines": [
            {
                "service_type": "residential_cleaning",
                "kind": "service",
                "description": "Post-construction clean",
                "quantity": Decimal("1"),
                "unit_price": Decimal("475.00"),
                "amount": Decimal("475.00"),
                "taxable": False,
            }
        ],
        "discount": Decimal("0.00"),
        "tax": Decimal("0.00"),
        "tip": Decimal("0.00"),
        "check_total": Decimal("475.00"),
    }
    assert found["payment"] == {
        "crm_id": "pay_7741",
        "customer": "5",
        "invoice": "9",
        "amount": Decimal("475.00"),
        "method": "card",
        "date": date(2026, 11, 6),
        "reference": "pi_3QExampleSparrow475",
    }


@pytest.mark.parametrize(
    ("payment", "reference"),
    [
        ({"processor_ref": None, "check_number": "1001"}, "1001"),
        ({"processor_ref": "", "check_number": None}, "pay_7741"),
        ({"processor_ref": "pi_1", "check_number": "1001"}, "pi_1"),
    ],
)
def test_the_reference_of_a_payment(payment: dict[str, str | None], reference: str) -> None:
    data = example("payment.collected")
    data["payment"] |= payment
    found = fields_of(shipped("payment-collected-to-paid-invoice"), data)
    assert found["payment"]["reference"] == reference


def test_visit_service_address_and_deposits_are_handed_on() -> None:
    data = example("payment.collected")
    data["invoice"] |= {
        "visit_id": "v_2",
        "service_address": {"line1": "1 Elm", "line2": None},
        "deposits_applied": [{"payment_id": "pay_1", "amount": "100"}],
    }
    invoice = fields_of(shipped("payment-collected-to-paid-invoice"), data)["invoice"]
    assert invoice["visit"] == "v_2"
    assert invoice["service_address"] == {"line1": "1 Elm"}
    assert invoice["deposits_applied"] == [{"payment_id": "pay_1", "amount": Decimal("100.00")}]


def test_an_estimate_without_days_is_dated_by_its_event() -> None:
    data = example("estimate.accepted")
    data["estimate"] |= {"issued_on": None, "accepted_at": None}
    estimate = fields_of(shipped("estimate-accepted-to-estimate"), data)["estimate"]
    assert estimate["date"] == estimate["accepted_on"] == date(2026, 11, 6)


def test_the_catch_hook_hands_over_flat_fields() -> None:
    recipe = shipped("payment-collected-to-catch-hook")
    assert not recipe.enabled
    found = fields_of(recipe, example("payment.collected"))["hand_over"]
    assert found["connection"] == "desktop_hook"
    body = found["body"]
    assert body["customer_name"] == "Dana Whitfield"
    assert (body["invoice_number"], body["invoice_total"], body["invoice_tax"]) == (
        "1042",
        "475.00",
        "0.00",
    )
    assert (body["payment_amount"], body["payment_method"]) == ("475.00", "card")
    assert body["payment_reference"] == "pi_3QExampleSparrow475"
    assert [line["amount"] for line in body["lines"]] == ["475.00"]


def test_shipped_files_use_block_style_and_their_own_names() -> None:
    for path in RECIPES.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema=")
        assert path.parent.name == "templates" or shipped(path.stem).id == path.stem
        lines = [
            line.split(": ", 1)[-1]
            for line in text.splitlines()
            if not line.strip().startswith("#")
        ]
        assert not [line for line in lines if line.startswith(("{", "[", "&", "*"))]


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (
            "field: '{{ event.test | lower }}'",
            '"field" in entry 1 of "only_if" cannot be "{{ event.test | lower }}"',
        ),
        (
            "field: trigger.payment.collected_at\n    is_more_than: 2026-02-30",
            '"2026-02-30" is no day: there is no such day in the calendar',
        ),
    ],
)
def test_conditions_of_the_wrong_form(new: str, sentence: str) -> None:
    _, problems = parse(GOOD.replace("field: event.test", new, 1))
    assert [found.sentence for found in problems if found.rule == "wrong-form"] == [sentence]


def test_a_field_in_braces_is_the_same_condition() -> None:
    bare, _ = parse(GOOD)
    braced, problems = parse(GOOD.replace("field: event.test", 'field: "{{ event.test }}"', 1))
    assert bare is not None
    assert braced is not None
    assert problems == []
    assert braced.conditions == bare.conditions
