"""`bookrelay try`: what would become of an event, in words and requests, with nothing written."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import simplejson
from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from tests.events import DANA, NEW, contact_created, line, payment
from tests.flows.tagging import Tags, recipe_with, release
from tests.harness import REALM, Harness, payment_event

PAID = "payment-collected-to-paid-invoice"
SHIPPED = sorted(Path("recipes").rglob("[a-z]*[a-z].yaml"))
#: Tables in which a look at QuickBooks may leave what it learned: its sign-in, and its lists.
_LEARNED = ("secrets", "lists", "leases")


def call(harness: Harness, recipe: object, *words: object) -> Result:
    """Run `bookrelay try` beside the harness."""
    given = [str(word) for word in ("try", recipe, *words, "--data", harness.data)]
    clock = harness.data / "clock"
    clock.write_text(str((harness.clock.now() - datetime.now(UTC)).total_seconds()))
    environment = {"BOOKRELAY_TEST_CLOCK": str(clock)}
    return CliRunner(env=environment).invoke(bookrelay, given, obj=Composition())


def tried(
    harness: Harness, event: Mapping[str, Any], *words: str, recipe: object = PAID
) -> dict[str, Any]:
    """The rehearsal of an event, as JSON."""
    sample = harness.data / "sample.json"
    sample.write_text(json.dumps(event))
    result = call(harness, recipe, "--sample", sample, "--json", *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    found: dict[str, Any] = simplejson.loads(result.stdout, use_decimal=True)
    assert (result.exit_code == 0) == (found["outcome"] == "done")
    return found


def step(rehearsal: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One step of a rehearsal."""
    return next(each for each in rehearsal["steps"] if each["id"] == name)


def rows(harness: Harness) -> dict[str, list[Any]]:
    """Every row of every table."""
    with sqlite3.connect(harness.data / "bookrelay.sqlite") as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
            for (name,) in names.fetchall()
        }


def writes(harness: Harness) -> list[Any]:
    return [call["path"] for call in harness.calls() if call["method"] == "POST"]


@pytest.mark.parametrize("recipe", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("words", [(), ("--offline",)])
def test_every_shipped_recipe_is_tried_with_its_samples_and_nothing_is_written(
    harness: Harness, recipe: Path, words: tuple[str, ...]
) -> None:
    before, books = rows(harness), harness.books()["records"]
    result = call(harness, recipe, "--json", *words)
    found = json.loads(result.stdout)
    assert found
    for each in found:
        assert each["outcome"] in ("done", "skipped", "held", "waits")
        assert (each["stopped"] is None) == (each["outcome"] == "done")
    after = rows(harness)
    assert [name for name in after if after[name] != before[name] and name not in _LEARNED] == []
    assert writes(harness) == []
    assert harness.books()["records"] == books
    text = call(harness, recipe, *words)
    assert text.stdout.endswith("Nothing was written.\n")
    assert rows(harness) == after  # what was learned is used again
    if words:
        assert after == before
        assert harness.calls() == []


def test_a_rehearsal_needs_no_read_that_the_server_has_made(harness: Harness) -> None:
    harness.post(payment(contact=DANA))
    harness.work()
    before = len(harness.calls())
    found = tried(harness, payment("7", contact=DANA), "--offline")
    assert found["outcome"] == "done"
    assert found["not_looked_up"] == ["invoices"]
    assert {each["list"] for each in found["lists"]} >= {"accounts", "preferences"}
    assert len(harness.calls()) == before
    for each in found["lists"]:
        age = harness.clock.now() - datetime.fromisoformat(each["read_at"])
        assert abs(age) < timedelta(seconds=30)


def test_the_age_of_lists_is_told_in_the_companys_time(harness: Harness) -> None:
    harness.post(payment(contact=DANA))
    harness.work()
    harness.clock.move(60)
    text = call(harness, PAID, "--offline").stdout
    assert re.search("accounts as of (17:00|16:59)[,.]", text)
    harness.clock.move(12 * 3600)
    assert re.search("accounts as of 2026-11-06 1[67]:", call(harness, PAID, "--offline").stdout)


def _summary(found: Mapping[str, Any], name: str) -> list[str]:
    return list(step(found, name)["summary"])


ANN = {**NEW, "id": "c_3", "name": "Ann Lee", "email": "ann.lee@example.com"}
RIVERA = {**NEW, "id": "c_4", "name": "Rivera Plumbing", "email": "r@rivera.example"}
TIP = {"tip": "25.00", "total": "500.00"}


@pytest.mark.parametrize(
    ("event", "outcome", "reason", "says"),
    [
        (payment(), "done", None, 'Customer "Robin Vale" (robin.vale@example.com, +12085550177)'),
        (payment(contact=DANA), "done", None, "found by the e-mail address dana.whitfield@exam"),
        (payment(contact=ANN), "held", "several-customers", "QuickBooks has 2 customers"),
        (payment(contact=RIVERA), "done", None, '"Rivera Plumbing (2)"'),
        (payment(lines=[line("60.00", "gutters")]), "held", "unmapped", "gutters"),
        (payment(invoice={"total": "475.10"}), "held", "totals-differ", "475.10"),
        (payment(invoice=TIP, amount="500.00"), "done", None, "Line 25.00 Tip goes to"),
        (payment(paid={"currency": "EUR"}), "held", "currency", "The money is in EUR"),
        (payment(test=True), "skipped", None, "event.test is true"),
        (payment(at="2026-10-20T10:00:00-06:00"), "held", "rejected", "closed on this date"),
        (payment(amount="500.00"), "held", "overpaid", "more than invoice 2001 over 475.00"),
    ],
)
def test_situations(
    harness: Harness, event: Mapping[str, Any], outcome: str, reason: str | None, says: str
) -> None:
    vendor = {"Id": "16", "DisplayName": "Rivera Plumbing", "FullyQualifiedName": "Rivera Plumbing"}
    harness.control(
        "records", {"realm": REALM, "entity": "Customer", "record": {**vendor, **_OTHER_MAIL}}
    )
    found = tried(harness, event)
    assert (found["outcome"], found["reason"]) == (outcome, reason)
    assert says in json.dumps(found, default=str, ensure_ascii=False).replace('\\"', '"')
    assert (found["fix"] is None) == (outcome != "held")


_OTHER_MAIL = {"PrimaryEmailAddr": {"Address": "other@rivera.example"}}


def test_the_summary_says_what_would_be_booked_and_why(harness: Harness) -> None:
    tags = Tags(harness)
    recipe_with(
        harness,
        invoice={"class": "North", "term": "Net 15"},
        payment={"deposit_to": "Checking"},
    )
    found = tried(harness, payment(contact=DANA))
    assert _summary(found, "customer") == [
        'Customer "Dana Whitfield" (id 10) would be used: found by the e-mail address '
        "dana.whitfield@example.com."
    ]
    assert _summary(found, "invoice") == [
        'Item "Residential Cleaning" would be created, on the account "Residential Cleaning".',
        "Invoice 2001 of 2026-11-06 for Dana Whitfield would be created.",
        'Line 475.00 Residential cleaning goes to "Residential Cleaning" on "Residential '
        "Cleaning\", class North: the account mapping's row for service_type "
        "residential_cleaning.",
        'Due 2026-11-21, term "Net 15": the recipe\'s term "Net 15".',
        "Total 475.00.",
        "It adds up to the CRM's total.",
    ]
    assert _summary(found, "payment") == [
        "Payment of 475.00 on 2026-11-06 for invoice 2001 would be recorded into "
        '"Checking", method "Credit Card", reference pi_3QExampleOf2001.'
    ]
    (invoice,) = step(found, "invoice")["details"]["invoice"]
    assert invoice["total"] == invoice["check_total"] == Decimal("475.00")
    assert invoice["adds_up"] is True
    body = step(found, "invoice")["requests"][1]["body"]
    assert body["Line"][0]["SalesItemLineDetail"]["ClassRef"] == {"value": tags.north}
    assert (
        harness.relay.database.read(lambda tx: tx.exec_driver_sql("select * from pins").all()) == []
    )


def test_what_is_tried_is_what_is_booked(harness: Harness) -> None:
    event = payment_event()
    found = tried(harness, event)
    harness.post(event)
    harness.work()
    (invoice,) = harness.records("Invoice")
    body = step(found, "invoice")["requests"][-1]["body"]
    assert body["PrivateNote"].replace("sample", "msg_1") == invoice["PrivateNote"]
    for field in ("TxnDate", "DueDate", "DocNumber"):
        assert body[field] == invoice[field]
    assert sum(each["Amount"] for each in body["Line"]) == Decimal(str(invoice["TotalAmt"]))


def test_deposits_applied_are_told(harness: Harness) -> None:
    applied = {"deposits_applied": [{"payment_id": "pay_1", "amount": "100.00"}]}
    found = tried(harness, payment(invoice=applied, amount="375.00"))
    assert "Total 475.00, of which deposits paid 100.00: 375.00 is still due." in _summary(
        found, "invoice"
    )


def test_a_step_whose_condition_does_not_hold_is_left_out(harness: Harness) -> None:
    path = harness.data / "recipes" / f"{PAID}.yaml"
    condition = "    only_if:\n      - field: trigger.payment.method\n        is: cash\n"
    action = "    action: quickbooks.record_payment\n"
    path.write_text(path.read_text().replace(action, condition + action))
    found = tried(harness, payment())
    left_out = step(found, "payment")
    assert (found["outcome"], left_out["state"]) == ("done", "left_out")
    assert left_out["why"].startswith('trigger.payment.method is "card"')
    assert "is left out: trigger.payment.method" in call(harness, PAID).stdout


def test_a_number_that_is_taken_gets_its_suffix(harness: Harness) -> None:
    harness.post(payment("2001", contact=DANA))
    harness.work()
    other = payment("9", contact=NEW, invoice={"number": "2001"})
    (invoice,) = step(tried(harness, other), "invoice")["details"]["invoice"]
    assert invoice["number"] == "2001-2"


def test_a_stored_event_is_tried_and_one_that_is_booked_would_write_nothing(
    harness: Harness,
) -> None:
    harness.post(payment("1", [line("60.00", "gutters")]))
    harness.post(payment("2"))
    harness.work()
    held = call(harness, PAID, "--event", 1, "--json")
    assert json.loads(held.stdout)["reason"] == "unmapped"
    booked = json.loads(call(harness, PAID, "--event", 2, "--json").stdout)
    assert booked["event"]["id"] == "2"
    assert booked["outcome"] == "done"
    assert {each["operation"] for each in booked["writes"]} == {"use"}
    assert _summary(booked, "invoice")[0].endswith("would be used: it is known already.")
    assert "There is no event 9" in call(harness, PAID, "--event", 9).stderr
    wrong = call(harness, "contact-created-to-customer", "--event", 1)
    assert "listens to contact_created" in wrong.stderr


def test_an_event_whose_document_is_under_way_would_wait(harness: Harness) -> None:
    rule = {"match": {"method": "POST", "path": "/invoice"}, "kind": "status", "status": 500}
    harness.control("faults", {**rule, "times": 1})
    harness.post(payment("1"))
    harness.work()
    found = tried(harness, payment("1"))
    assert found["outcome"] == "waits"
    assert "Run 1 is making the same invoice" in found["stopped"]


def test_without_a_company_it_says_what_could_not_be_looked_up(
    make_harness: Callable[..., Harness],
) -> None:
    harness = make_harness("bare")
    found = tried(harness, payment())
    assert (found["outcome"], found["reason"], found["company"]) == ("held", "no-company", None)
    assert set(found["not_looked_up"]) >= {"customers", "accounts", "items", "preferences"}
    assert step(found, "payment")["state"] == "done"
    text = call(harness, PAID).stdout
    assert "Not looked up, and taken for granted here: customers, preferences, accounts" in text


def test_a_company_that_cannot_be_asked_is_told(harness: Harness) -> None:
    rule = {"match": {"method": "GET", "path": "/"}, "kind": "status", "status": 503}
    harness.control("faults", {**rule, "times": 99})
    found = tried(harness, payment(contact=DANA))
    assert found["outcome"] == "done"
    assert found["why_not"]
    assert "customers" in found["not_looked_up"]
    assert len(harness.calls()) == 1
    assert "QuickBooks could not be asked: " in call(harness, PAID).stdout


def test_names_that_cannot_be_looked_up_are_taken_for_granted(harness: Harness) -> None:
    recipe_with(harness, invoice={"class": "Nowhere", "term": "Net 15"}, line={"item": "Hours"})
    found = tried(harness, payment(), "--offline")
    assert found["outcome"] == "done"
    assert set(found["not_looked_up"]) >= {"classes", "terms", "items"}
    online = tried(harness, payment())
    assert (online["outcome"], online["reason"]) == ("held", "reference-unknown")
    release(harness)


def test_wrong_use_is_told(harness: Harness) -> None:
    assert call(harness, "no-such-recipe").exit_code == 1
    assert "neither a file nor a recipe" in call(harness, "no-such-recipe").stderr
    sample = harness.data / "sample.json"
    sample.write_text(json.dumps(contact_created()))
    assert call(harness, PAID, "--sample", sample, "--event", 1).exit_code == 2
    sample.write_text("{")
    assert "cannot be read as an event" in call(harness, PAID, "--sample", sample).stderr


def test_a_sample_that_is_no_json_is_told_in_plain_words(harness: Harness) -> None:
    sample = harness.data / "half.json"
    for text, words in (("{", "broken at line 1, column 2."), (b"\xff", "it is no JSON text.")):
        sample.write_bytes(text.encode() if isinstance(text, str) else text)
        result = call(harness, PAID, "--sample", sample)
        assert result.exit_code == 1
        assert words in result.stderr
        assert "Expecting" not in result.stderr
        assert "codec" not in result.stderr


def test_a_step_that_is_left_out_says_what_its_own_condition_limits(harness: Harness) -> None:
    path = harness.data / "recipes" / f"{PAID}.yaml"
    text = path.read_text().replace(
        "    action: quickbooks.record_payment\n",
        "    action: quickbooks.record_payment\n"
        "    only_if:\n      - field: trigger.payment.method\n        is: cash\n",
    )
    path.write_text(text)
    left = step(tried(harness, payment_event(), recipe=path), "payment")
    assert left["state"] == "left_out"
    assert 'but the step is only done when it is "cash".' in left["why"]
