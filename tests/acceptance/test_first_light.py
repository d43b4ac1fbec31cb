"""The main lines of the promises that the first release keeps, by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.events import DANA, NEW, contact_created, estimate_accepted, job_closed, line, payment
from tests.harness import Harness, payment_event, sample


@pytest.fixture(autouse=True)
def _nothing_is_sent_to_customers(harness: Harness) -> Iterator[None]:
    """Every test here also asserts that nothing was e-mailed, printed or offered for payment."""
    yield
    for record in [*harness.records("Invoice"), *harness.records("Estimate")]:
        assert record["EmailStatus"] == "NotSet"
        assert record["PrintStatus"] == "NotSet"
        assert not record.get("AllowOnlineCreditCardPayment")
        assert not record.get("AllowOnlineACHPayment")


def states(harness: Harness) -> list[str]:
    return [run["state"] for run in harness.runs()]


def accounts_of(harness: Harness, invoice: dict[str, Any]) -> list[str]:
    """Line -> item -> income account, as an accountant follows it."""
    items = {item["Id"]: item for item in harness.records("Item")}
    return [
        items[each["SalesItemLineDetail"]["ItemRef"]["value"]]["IncomeAccountRef"]["value"]
        for each in invoice["Line"]
        if each["DetailType"] == "SalesItemLineDetail"
    ]


def only(records: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(records) == 1
    return records[0]


def test_s01_closed_job_becomes_an_open_invoice(harness: Harness) -> None:
    harness.setup({"rules": {"invoice_trigger": "job_closed"}})
    harness.post(job_closed())
    harness.work()
    invoice = only(harness.records("Invoice"))
    assert (invoice["Balance"], invoice["TxnDate"]) == (475, "2026-11-05")
    assert harness.records("Payment") == []


def test_s01_by_default_a_closed_job_waits_for_its_payment(harness: Harness) -> None:
    harness.post(job_closed())
    harness.work()
    assert harness.records("Invoice") == []
    (run,) = harness.runs()
    assert run["state"] == "skipped"
    assert "waits for its payment" in run["error"]


def test_s01_job_closed_and_paid_is_one_invoice_in_either_order(
    make_harness: Callable[..., Harness],
) -> None:
    for name, events in {
        "closed_first": [job_closed(), payment()],
        "paid_first": [payment(), job_closed()],
    }.items():
        harness = make_harness(name)
        harness.control("reset", {})
        harness.setup({"rules": {"invoice_trigger": "job_closed"}})
        for event in events:
            harness.post(event)
            harness.settle()
        assert only(harness.records("Invoice"))["Balance"] == 0
        assert only(harness.records("Payment"))["TotalAmt"] == 475


def test_s05_three_lines_arrive_as_three_lines(harness: Harness) -> None:
    lines = [
        line("475.00", quantity="2"),
        line("90.00", "plumbing", quantity="3"),
        line("1200.00", "water_heater"),
    ]
    harness.post(payment("3107", lines))
    harness.work()
    invoice = only(harness.records("Invoice"))
    sold = [each for each in invoice["Line"] if each["DetailType"] == "SalesItemLineDetail"]
    assert [each["Amount"] for each in sold] == [475, 90, 1200]
    assert [each["SalesItemLineDetail"]["Qty"] for each in sold] == [2, 3, 1]
    assert [each["SalesItemLineDetail"]["UnitPrice"] for each in sold] == [237.5, 30, 1200]
    assert invoice["DocNumber"] == "3107"
    assert invoice["TotalAmt"] == 1765


def test_s05_a_number_that_is_taken_gets_a_suffix_and_both_are_kept(harness: Harness) -> None:
    harness.post(payment("77", contact=DANA), identity="a")
    harness.work()
    other = payment("77", contact=NEW, invoice={"id": "inv_other", "job_id": "job_other"})
    other["data"]["payment"] |= {"id": "pay_other", "processor_ref": "pi_other_one"}
    harness.post(other, identity="b")
    harness.work()
    assert sorted(i["DocNumber"] for i in harness.records("Invoice")) == ["77", "77-2"]
    assert states(harness) == ["succeeded", "succeeded"]


def test_s06_contact_becomes_a_customer_when_the_rule_says_immediately(harness: Harness) -> None:
    harness.setup({"rules": {"contacts": "immediately"}})
    before = len(harness.records("Customer"))
    harness.post(contact_created())
    harness.work()
    customers = harness.records("Customer")
    assert len(customers) == before + 1
    made = next(c for c in customers if c["DisplayName"] == "Robin Vale")
    assert made["GivenName"] == "Robin"
    assert made["PrimaryEmailAddr"]["Address"] == "robin.vale@example.com"
    assert made["BillAddr"]["CountrySubDivisionCode"] == "ID"


def test_s09_and_s37_collected_payment_is_a_paid_invoice(harness: Harness) -> None:
    before = len(harness.records("Customer"))
    harness.post(payment_event())
    harness.work()
    invoice, paid = only(harness.records("Invoice")), only(harness.records("Payment"))
    assert invoice["TotalAmt"] == 475
    assert invoice["Balance"] == 0
    assert invoice["DocNumber"] == "1042"
    assert invoice["CustomerRef"]["value"] == "10"
    assert accounts_of(harness, invoice) == ["82"]
    assert invoice["TxnDate"] == paid["TxnDate"] == "2026-11-06"
    assert paid["Line"][0]["LinkedTxn"] == [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
    assert paid["PaymentRefNum"] == "pi_3QExampleSparrow475"[-21:]
    assert paid["DepositToAccountRef"]["value"] == "90"
    assert len(harness.records("Customer")) == before
    assert "msg_1" in invoice["PrivateNote"]


@pytest.mark.parametrize("first", ["leadexploder", "stripe"])
def test_s37_crm_and_stripe_meet_in_either_order(harness: Harness, first: str) -> None:
    told = {
        "leadexploder": payment_event(),
        "stripe": sample("stripe/samples/stripe_payment_intent_succeeded.json"),
    }
    for connection in [first, *(set(told) - {first})]:
        harness.post(told[connection], connection=connection)
        harness.work()
    assert states(harness) == ["succeeded", "succeeded"]
    assert only(harness.records("Invoice"))["DocNumber"] == "1042"
    assert only(harness.records("Payment"))["TotalAmt"] == 475


def test_s10_the_service_type_chooses_the_account(harness: Harness) -> None:
    for number, service in (("1", "residential_cleaning"), ("2", "plumbing"), ("3", "plumbing")):
        harness.post(payment(number, [line("100.00", service)]))
    harness.work()
    by_number = {i["DocNumber"]: i for i in harness.records("Invoice")}
    assert [accounts_of(harness, by_number[n]) for n in "123"] == [["82"], ["83"], ["83"]]
    ours = [i for i in harness.records("Item") if i["Name"] in ("Plumbing",)]
    assert len(ours) == 1


def test_s10_an_item_with_another_account_is_never_repointed(harness: Harness) -> None:
    theirs = {
        "Name": "Plumbing",
        "Type": "Service",
        "IncomeAccountRef": {"value": "79"},
        "Active": True,
    }
    harness.control("records", {"realm": "9341455600000001", "entity": "Item", "record": theirs})
    harness.post(payment("1", [line("100.00", "plumbing")]))
    harness.work()
    assert accounts_of(harness, only(harness.records("Invoice"))) == ["83"]
    kept = next(i for i in harness.records("Item") if i["Name"] == "Plumbing")
    assert kept["IncomeAccountRef"]["value"] == "79"


def test_s10_an_inactive_account_holds_and_is_released_by_the_fix(harness: Harness) -> None:
    row = {"match": {"service_type": "residential_cleaning"}, "income_account": "Old Sales"}
    harness.setup({"account_mapping": [row]})
    harness.post(payment())
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "account-unset"
    assert "Old Sales" in hold["sentence"]
    assert harness.records("Invoice") == []
    harness.setup()
    harness.tick()
    harness.work()
    assert harness.holds() == []
    assert only(harness.records("Invoice"))["Balance"] == 0


def test_s12_on_payment_a_contact_alone_makes_no_customer(harness: Harness) -> None:
    before = len(harness.records("Customer"))
    harness.post(contact_created())
    harness.work()
    assert len(harness.records("Customer")) == before
    assert states(harness) == ["skipped"]


def test_s12_a_contact_twice_in_the_crm_is_one_customer_with_two_links(harness: Harness) -> None:
    harness.setup({"rules": {"contacts": "immediately"}})
    before = len(harness.records("Customer"))
    harness.post(contact_created(NEW))
    harness.post(contact_created({**NEW, "id": "c_901", "name": "Robin  VALE"}))
    harness.work()
    assert len(harness.records("Customer")) == before + 1
    assert states(harness) == ["succeeded", "succeeded"]


def test_s13_accepted_estimate_becomes_an_accepted_estimate(harness: Harness) -> None:
    harness.post(estimate_accepted())
    harness.work()
    made = only(harness.records("Estimate"))
    assert (made["TotalAmt"], made["TxnStatus"], made["DocNumber"]) == (320, "Accepted", "E-7")
    assert made["AcceptedDate"] == "2026-11-04"
    assert harness.records("Invoice") == []


def test_s14_the_paid_invoice_closes_its_estimate(harness: Harness) -> None:
    harness.post(estimate_accepted())
    harness.post(payment("55", [line("320.00", "plumbing")], invoice={"estimate_id": "est_E-7"}))
    harness.work()
    made, invoice = only(harness.records("Estimate")), only(harness.records("Invoice"))
    assert {"TxnId": made["Id"], "TxnType": "Estimate"} in invoice["LinkedTxn"]
    assert made["TxnStatus"] == "Closed"
    assert invoice["Balance"] == 0


def test_s18_two_partial_payments_are_one_invoice(harness: Harness) -> None:
    first = payment(amount="100.00", paid={"id": "p1", "processor_ref": "pi_first_part_of_it"})
    second = payment(amount="375.00", paid={"id": "p2", "processor_ref": "pi_second_part_of"})
    harness.post(first)
    harness.work()
    assert only(harness.records("Invoice"))["Balance"] == 375
    harness.post(second)
    harness.work()
    assert only(harness.records("Invoice"))["Balance"] == 0
    assert sorted(p["TotalAmt"] for p in harness.records("Payment")) == [100, 375]


def test_s18_an_invoice_that_is_only_sent_books_nothing(harness: Harness) -> None:
    event = payment()
    for kind in ("invoice.created", "invoice.sent"):
        told = harness.post({**event, "type": kind})
        assert told["status"] == "stored"
    harness.work()
    assert harness.records("Invoice") == []


def test_s18_an_overpayment_is_held_with_nothing_left_unapplied(harness: Harness) -> None:
    harness.post(payment(amount="500.00"))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "overpaid"
    assert harness.records("Payment") == []


def test_s44_later_invoices_go_to_the_same_customer_even_with_another_email(
    harness: Harness,
) -> None:
    harness.post(payment("1"))
    harness.work()
    harness.post(payment("2", contact={**NEW, "email": "new.address@example.com"}))
    harness.work()
    customers = {i["CustomerRef"]["value"] for i in harness.records("Invoice")}
    assert len(customers) == 1


def test_s54_s55_the_customer_is_looked_for_by_email_before_one_is_created(
    harness: Harness,
) -> None:
    before = harness.records("Customer")
    harness.post(payment("1", contact={**DANA, "email": " Dana.Whitfield@EXAMPLE.com "}))
    harness.work()
    assert harness.records("Customer") == before
    assert only(harness.records("Invoice"))["CustomerRef"]["value"] == "10"
    asked = [call for call in harness.calls() if "Customer" in (call["query"] or "")]
    assert asked
    assert not any(
        call["method"] == "POST" and call["entity"] == "Customer" for call in harness.calls()
    )


def test_s54_a_second_address_in_one_field_is_found(harness: Harness) -> None:
    pat = {**NEW, "id": "c_15", "name": "Pat Kim", "email": "pat@kim.example"}
    harness.post(payment("1", contact=pat))
    harness.work()
    assert only(harness.records("Invoice"))["CustomerRef"]["value"] == "15"


def test_s54_two_customers_with_the_address_are_held(harness: Harness) -> None:
    ann = {**NEW, "id": "c_12", "name": "Ann Lee", "email": "ann.lee@example.com"}
    harness.post(payment("1", contact=ann))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "several-customers"
    assert harness.records("Invoice") == []


def test_s56_a_new_customer_is_created_just_before_its_first_invoice(harness: Harness) -> None:
    harness.post(payment())
    harness.work()
    posts = [c["entity"] for c in harness.calls() if c["method"] == "POST"]
    assert posts == ["Customer", "Item", "Invoice", "Payment"]


def test_s56_a_name_that_a_vendor_has_gets_a_suffix(harness: Harness) -> None:
    rivera = {**NEW, "id": "c_20", "name": "Rivera Plumbing", "email": "rivera@example.com"}
    harness.post(payment("1", contact=rivera))
    harness.work()
    assert states(harness) == ["succeeded"]
    assert "Rivera Plumbing (2)" in [c["DisplayName"] for c in harness.records("Customer")]


def test_s56_or_is_held_by_rule(harness: Harness) -> None:
    harness.setup({"rules": {"name_taken": "hold"}})
    rivera = {**NEW, "id": "c_20", "name": "Rivera Plumbing", "email": "rivera@example.com"}
    harness.post(payment("1", contact=rivera))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "name-taken"
    assert harness.records("Invoice") == []
