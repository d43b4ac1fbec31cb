"""Recipes name classes, terms, items and accounts as users see them; names are pinned to ids."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from runtime.store import notices, pins
from tests.events import estimate_accepted, line, payment
from tests.flows.tagging import Tags, named, recipe_with, release
from tests.harness import Harness


@pytest.fixture
def tags(harness: Harness) -> Tags:
    """Two classes, one below the other, a location and two odd items."""
    return Tags(harness)


def booked(harness: Harness, **event: Any) -> dict[str, Any]:
    """The invoice of a payment that must be booked."""
    harness.post(payment(**event))
    harness.work()
    assert [run["error"] for run in harness.runs() if run["state"] != "succeeded"] == []
    return harness.records("Invoice")[-1]


def held(harness: Harness, **event: Any) -> dict[str, Any]:
    harness.post(payment(**event))
    harness.work()
    return harness.holds()[-1]


def details(invoice: dict[str, Any]) -> list[dict[str, Any]]:
    lines = [row for row in invoice["Line"] if row["DetailType"] == "SalesItemLineDetail"]
    return [row["SalesItemLineDetail"] for row in lines]


def test_names_reach_the_invoice_and_its_payment(harness: Harness, tags: Tags) -> None:
    recipe_with(
        harness,
        invoice={"class": " north ", "location": "Boise", "term": "net 15"},
        payment={"deposit_to": "Checking", "payment_method": "ACH"},
        line={"item": "Hours"},
    )
    invoice = booked(harness)
    (detail,) = details(invoice)
    assert detail["ClassRef"]["value"] == tags.north
    assert detail["ItemRef"]["value"] == "2"
    assert invoice["DepartmentRef"]["value"] == tags.boise
    assert invoice["SalesTermRef"]["value"] == "2"
    assert invoice["DueDate"] == "2026-11-21"
    (paid,) = harness.records("Payment")
    assert paid["DepositToAccountRef"]["value"] == "92"
    assert paid["PaymentMethodRef"]["value"] == "4"


def test_names_reach_an_estimate(harness: Harness, tags: Tags) -> None:
    recipe_with(
        harness,
        "estimate-accepted-to-estimate",
        estimate={"class": "North", "location": "Boise", "term": "Net 30"},
    )
    harness.post(estimate_accepted())
    harness.work()
    (estimate,) = harness.records("Estimate")
    assert details(estimate)[0]["ClassRef"]["value"] == tags.north
    assert estimate["DepartmentRef"]["value"] == tags.boise
    assert estimate["SalesTermRef"]["value"] == "3"


def test_a_line_has_its_own_class_and_the_document_gives_it_to_the_rest(
    harness: Harness, tags: Tags
) -> None:
    worked_out = "{{ 'North:Depot' if line.service_type == 'plumbing' else '' }}"
    recipe_with(harness, invoice={"class": "North"}, line={"class": worked_out})
    invoice = booked(harness, lines=[line("60.00", "plumbing"), line("40.00")])
    found = [detail["ClassRef"]["value"] for detail in details(invoice)]
    assert found == [tags.depot, tags.north]


def test_the_class_of_a_mapping_row_reaches_its_lines(harness: Harness, tags: Tags) -> None:
    row = {
        "match": {"service_type": "plumbing"},
        "income_account": "Plumbing Revenue",
        "class": "North:Depot",
        "location": "Boise",
    }
    harness.setup({"account_mapping": [row]})
    invoice = booked(harness, lines=[line("60.00", "plumbing")])
    assert details(invoice)[0]["ClassRef"]["value"] == tags.depot
    assert invoice["DepartmentRef"]["value"] == tags.boise


def test_where_classes_are_of_whole_transactions_the_class_is_in_the_header(
    harness: Harness, tags: Tags
) -> None:
    tags.prefer(ClassTrackingPerTxn=True, ClassTrackingPerTxnLine=False)
    recipe_with(harness, invoice={"class": "North"})
    invoice = booked(harness)
    assert invoice["ClassRef"]["value"] == tags.north
    assert "ClassRef" not in details(invoice)[0]


def test_a_due_date_of_the_crm_stays_beside_the_named_term(harness: Harness, tags: Tags) -> None:
    recipe_with(harness, invoice={"term": "Net 15"})
    invoice = booked(harness, invoice={"due_on": "2026-12-01"})
    assert invoice["DueDate"] == "2026-12-01"
    assert invoice["SalesTermRef"]["value"] == "2"


@pytest.mark.parametrize(
    ("fields", "reason", "says", "fix"),
    [
        (
            {"invoice": {"class": "Nrth"}},
            "reference-unknown",
            'Step "invoice" (field "class") names the class "Nrth" in the QuickBooks of Sparrow '
            "Home Services LLC, which is none of its classes. Nothing was booked by this step. "
            "Already there: Customer ",
            'Did you mean "North"? There are: East, East:Depot, North, North:Depot. '
            "Correct the name in the recipe, or create the class in QuickBooks; then release.",
        ),
        (
            {"invoice": {"class": "Depot"}},
            "reference-several",
            'Step "invoice" (field "class") names the class "Depot" in the QuickBooks of Sparrow '
            "Home Services LLC, and 2 classes have it: ",
            "Write the whole name, with its parents and colons, in the recipe; then release.",
        ),
        (
            {"invoice": {"class": "Old"}},
            "reference-inactive",
            'Step "invoice" (field "class") names the class "Old" in the QuickBooks of Sparrow '
            "Home Services LLC, which is inactive.",
            "Make it active again in QuickBooks, or name another class; then release.",
        ),
        (
            {"payment": {"deposit_to": "Plumbing Revenue"}},
            "reference-unfit",
            'Step "payment" (field "deposit_to") names the account "Plumbing Revenue" in the '
            "QuickBooks of Sparrow Home Services LLC, which is of the type Income; it must be of "
            "Bank or Other Current Asset. Nothing was booked by this step. Already there: ",
            "Name another account in the recipe, then release.",
        ),
        (
            {"line": {"item": "Deposits taken"}},
            "reference-unfit",
            'Step "invoice" (field "item" of entry 1 of lines) names the item "Deposits taken" in '
            "the QuickBooks of Sparrow Home Services LLC, which is booked to",
            "Name another item in the recipe, then release.",
        ),
        (
            {"line": {"item": "Tools"}},
            "reference-unfit",
            'Step "invoice" (field "item" of entry 1 of lines) names the item "Tools" in the '
            "QuickBooks of Sparrow Home Services LLC, which is of the type Category, which no",
            "Name another item in the recipe, then release.",
        ),
    ],
)
def test_a_name_that_cannot_be_used_is_held(
    harness: Harness, tags: Tags, fields: dict[str, Any], reason: str, says: str, fix: str
) -> None:
    recipe_with(harness, **fields)
    hold = held(harness)
    assert hold["reason"] == reason
    assert hold["sentence"].startswith(says)
    assert hold["fix"] == fix
    assert harness.relay.database.read(pins.every) == []


def test_what_is_created_later_lets_the_run_go_on(harness: Harness, tags: Tags) -> None:
    recipe_with(harness, invoice={"class": "West"})
    assert held(harness)["reason"] == "reference-unknown"
    west = tags.put("Class", Name="West", FullyQualifiedName="West")
    harness.clock.move(61)
    release(harness)
    assert details(harness.records("Invoice")[0])[0]["ClassRef"]["value"] == west


@pytest.mark.parametrize(
    ("fields", "switched"),
    [
        ({"class": "North"}, {"ClassTrackingPerTxnLine": False}),
        ({"location": "Boise"}, {"TrackDepartments": False}),
    ],
)
def test_what_the_company_does_not_track_is_held_until_it_does(
    harness: Harness, tags: Tags, fields: dict[str, str], switched: dict[str, bool]
) -> None:
    tags.prefer(**switched)
    recipe_with(harness, invoice=fields)
    assert held(harness)["reason"] == "tracking-off"
    tags.prefer(**dict.fromkeys(switched, True))
    harness.clock.move(61)
    release(harness)
    assert len(harness.records("Invoice")) == 1


def test_a_pinned_name_outlives_a_renaming_and_needs_no_read(harness: Harness, tags: Tags) -> None:
    recipe_with(harness, invoice={"class": "North", "term": "Net 15"})
    booked(harness)
    tags.put("Class", Id=tags.north, Name="Northern", FullyQualifiedName="Northern")
    before = len(harness.calls())
    harness.again()
    invoice = booked(harness, number="2002")
    assert details(invoice)[0]["ClassRef"]["value"] == tags.north
    assert [call["method"] for call in harness.calls()[before:]] == ["POST", "POST"]


def test_the_night_tells_of_what_was_renamed_or_went_away(harness: Harness, tags: Tags) -> None:
    recipe_with(harness, invoice={"class": "North", "location": "Boise"})
    booked(harness)
    tags.put("Class", Id=tags.north, Name="Northern", FullyQualifiedName="Northern")
    tags.put("Department", Id=tags.boise, Name="Boise (deleted)", Active=False)
    before = len(harness.calls())
    harness.heart.look_at_pins()
    assert len(harness.calls()) == before
    harness.clock.move(timedelta(days=1).total_seconds())
    for _ in range(2):
        harness.heart.look_at_pins()
    asked = [call for call in harness.calls()[before:] if "query" in call["path"]]
    assert len(asked) == 2
    renamed, inactive = harness.relay.database.read(notices.lasting, "pinned")
    assert renamed.sentence == (
        'The class "North" in the QuickBooks of Sparrow Home Services LLC, which recipes name, is '
        'called "Northern" now. Recipes go on using it.'
    )
    assert renamed.fix == (
        'Write the new name in the recipe and run `bookrelay pins forget class "north"`.'
    )
    assert 'location "Boise"' in inactive.sentence
    assert "made inactive" in inactive.sentence
    tags.put("Class", Id=tags.north, Name="North", FullyQualifiedName="North")
    harness.clock.move(timedelta(days=1).total_seconds())
    harness.heart.look_at_pins()
    assert [each.id for each in harness.relay.database.read(notices.lasting)] == [inactive.id]


def test_a_night_without_answer_is_tried_again(harness: Harness, tags: Tags) -> None:
    recipe_with(harness, invoice={"term": "Net 15"})
    booked(harness)
    harness.clock.move(timedelta(days=1).total_seconds())
    rule = {"match": {"method": "GET", "path": "/query"}, "kind": "status", "status": 503}
    harness.control("faults", {**rule, "times": 1})
    before = len(harness.calls())
    for _ in range(2):
        harness.heart.look_at_pins()
    assert len(harness.calls()) == before + 1
    harness.clock.move(3600)
    harness.heart.look_at_pins()
    (pinned,) = harness.relay.database.read(pins.every)
    assert pinned.checked_at == harness.clock.now()


def test_pins_are_listed_and_forgotten(harness: Harness, tags: Tags, tmp_path: Path) -> None:
    recipe_with(harness, invoice={"class": "North"})
    booked(harness)
    (pinned,) = named(harness, "list", "--json")
    assert (pinned["kind"], pinned["name"], pinned["label"]) == ("class", "north", "North")
    assert (pinned["quickbooks_id"], pinned["state"]) == (tags.north, "ok")
    assert "looked up anew" in named(harness, "forget", "class", "North")
    assert named(harness, "list", "--json") == []
    assert 'No class is pinned as "North"' in named(harness, "forget", "class", "North")


def test_an_item_on_an_account_made_today_is_used(harness: Harness, tags: Tags) -> None:
    booked(harness)
    account = tags.put(
        "Account",
        Name="Gutters",
        FullyQualifiedName="Gutters",
        AccountType="Income",
        Classification="Revenue",
    )
    reference = {"value": account, "name": "Gutters"}
    item = tags.put("Item", Name="Guard", Type="Service", IncomeAccountRef=reference)
    recipe_with(harness, line={"item": "Guard"})
    harness.clock.move(120)
    (detail,) = details(booked(harness, number="2"))
    assert detail["ItemRef"]["value"] == item


def test_an_item_of_the_mapping_is_found_as_soon_as_it_is_made(
    harness: Harness, tags: Tags
) -> None:
    row = {
        "match": {"service_type": "plumbing"},
        "income_account": "Plumbing Revenue",
        "item": "Pipes",
    }
    harness.setup({"account_mapping": [row]})
    hold = held(harness, lines=[line("60.00", "plumbing")])
    assert hold["reason"] == "account-unset"
    (account,) = [each for each in harness.records("Account") if each["Name"] == "Plumbing Revenue"]
    reference = {"value": account["Id"], "name": "Plumbing Revenue"}
    item = tags.put("Item", Name="Pipes", Type="Service", IncomeAccountRef=reference)
    harness.clock.move(120)
    release(harness)
    (detail,) = details(harness.records("Invoice")[-1])
    assert detail["ItemRef"]["value"] == item
