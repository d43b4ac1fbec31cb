"""Standard events: their schemas' own examples, their sentences, their declared fields."""

from __future__ import annotations

import time
from typing import Any

import pytest

from runtime.documents import schema
from runtime.events import Branch, Tree, declared, trigger_of, triggers, types, validate_event
from tests.runtime.recipes.recipe_kit import example

CONTRACT = {
    "contact": ["created", "updated", "deleted", "merged"],
    "estimate": ["sent", "accepted", "declined", "updated", "expired"],
    "job": ["closed", "reopened", "cancelled"],
    "invoice": ["created", "sent", "updated", "voided", "deleted"],
    "payment": ["collected", "refunded", "reversed", "confirmed"],
    "deposit": ["collected", "forfeited"],
}


def rows(key: str) -> list[Any]:
    return [
        pytest.param(event_type, row, id=f"{event_type}-{number}")
        for event_type in types()
        for number, row in enumerate(schema.load(f"events/{event_type}")[key])
    ]


@pytest.mark.parametrize(("event_type", "data"), rows("examples"))
def test_examples_are_valid(event_type: str, data: dict[str, Any]) -> None:
    assert validate_event(event_type, data) == []


@pytest.mark.parametrize(("event_type", "anti"), rows("antiExamples"))
def test_anti_examples_are_invalid_for_one_reason(event_type: str, anti: dict[str, Any]) -> None:
    assert anti["reason"].endswith(".")
    sentences = validate_event(event_type, anti["value"])
    assert len(sentences) == 1
    assert sentences[0].endswith(".")


def test_the_types_are_those_of_the_contract() -> None:
    assert set(types()) == {
        f"{about}.{verb}" for about, verbs in CONTRACT.items() for verb in verbs
    }
    assert triggers()["payment_collected"] == "payment.collected"
    assert trigger_of("contact.created") == "contact_created"


def test_every_schema_is_a_schema_and_shows_both_kinds_of_examples() -> None:
    for event_type in types():
        found = schema.load(f"events/{event_type}")
        schema.Draft202012Validator.check_schema(found)
        assert found["title"]
        assert found["description"]
        assert found["examples"]
        assert found["antiExamples"]


def test_unknown_events_and_further_fields_are_let_through() -> None:
    assert validate_event("lead.scored", {"anything": 1}) == []
    data = example("payment.collected")
    data["extra"] = data["payment"]["extra"] = {"x": 1}
    data["invoice"]["lines"][0]["colour"] = "blue"
    assert validate_event("payment.collected", data) == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (
            ("payment", "amount"),
            "475,00",
            '"payment.amount" cannot be "475,00"; write an amount such as "475.00", without '
            "currency sign or thousands separator.",
        ),
        (("payment", "id"), None, '"payment.id" is empty; it must be text; fill it in.'),
        (
            ("payment", "id"),
            7741,
            '"payment.id" must be text, not 7741; put quotes around it: "7741".',
        ),
        (("payment", "amount"), None, '"payment.amount" must not be empty; fill it in.'),
        (
            ("payment", "method"),
            "venmo",
            '"payment.method" cannot be "venmo"; it can be: card, ach, cash, check, financing, '
            "gift_card, membership, other.",
        ),
        (
            ("invoice", "lines", 0, "amount"),
            None,
            '"amount" in entry 1 of "invoice.lines" is empty; it must be text or a number; '
            "fill it in.",
        ),
        (("invoice",), None, '"invoice" must not be empty; fill it in.'),
        (
            ("contact",),
            "Dana",
            '"contact" must be a group of `name: value` lines, not "Dana".',
        ),
    ],
)
def test_sentences(path: tuple[str | int, ...], value: object, sentence: str) -> None:
    data: Any = example("payment.collected")
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert validate_event("payment.collected", data) == [sentence]


def test_a_missing_field_is_named() -> None:
    data = example("payment.collected")
    del data["payment"]["collected_at"]
    assert validate_event("payment.collected", data) == [
        '"payment" needs "collected_at"; add collected_at.'
    ]
    assert validate_event("contact.created", {}) == [
        'The event contact.created needs "contact"; add contact: a person or company of the CRM.'
    ]


def test_what_is_no_group_at_all() -> None:
    for value in (None, [], "x", 5):
        assert len(validate_event("payment.collected", value)) == 1


def below(tree: Tree, *names: str) -> Branch:
    branch = Branch(tree, is_list=False)
    for name in names:
        assert branch.below is not None
        branch = branch.below[name]
    return branch


def test_declared_fields() -> None:
    tree = declared("payment_collected")
    assert below(tree, "invoice", "lines").is_list
    assert below(tree, "invoice", "lines", "service_type").below == {}
    assert below(tree, "contact", "custom").below is None
    assert below(tree, "payment", "check_number").below == {}
    assert below(declared("payment_confirmed"), "metadata").below is None
    assert declared("acme.job_done") is None


def test_a_paid_invoice_is_checked_in_well_under_a_millisecond() -> None:
    data = example("payment.collected")
    validate_event("payment.collected", data)
    best = 1.0
    for _ in range(50):
        began = time.perf_counter()
        validate_event("payment.collected", data)
        best = min(best, time.perf_counter() - began)
    assert best < 0.001
