"""Conditions decide over money: what they cannot tell holds the run, and edits ask them anew."""

from __future__ import annotations

import pytest

from runtime.commands import records
from tests.events import payment
from tests.flows.paid import edit
from tests.flows.tagging import command
from tests.harness import Harness

CUSTOMER = "action: quickbooks.find_or_create_customer\n"
NO_MORE = "    is_not: true\n"


def test_a_step_left_out_by_a_wrong_condition_is_done_by_the_revision_that_mends_it(
    harness: Harness,
) -> None:
    wrong = f"{CUSTOMER}    only_if:\n      - {{field: trigger.payment.method, is: cheque}}\n"
    edit(harness, CUSTOMER, wrong)
    harness.post(payment())
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "missing-field"
    edit(harness, wrong, CUSTOMER)
    harness.work()
    assert [(run["state"], run["revision"]) for run in harness.runs()] == [("succeeded", 3)]
    assert (len(harness.records("Invoice")), len(harness.records("Payment"))) == (1, 1)


def test_an_amount_that_no_condition_can_read_is_held_and_not_left_out(harness: Harness) -> None:
    bound = f"{NO_MORE}  - field: trigger.invoice.po_number\n    is_more_than: 1000\n"
    edit(harness, NO_MORE, bound)
    harness.post(payment("1", invoice={"po_number": "1,234.50"}))
    harness.post(payment("2", invoice={"po_number": "1234.50"}))
    harness.post(payment("3", invoice={"po_number": "999"}))
    harness.work()
    (hold,) = harness.holds()
    assert hold["sentence"] == (
        "A field of the recipe cannot be worked out for this event: trigger.invoice.po_number is "
        '"1,234.50", which is no plain number, so it cannot be compared with 1000. Nothing more '
        "was booked."
    )
    assert hold["fix"] == (
        "Correct the event in the CRM or the condition in the recipe, then release."
    )
    assert sorted(run["state"] for run in harness.runs()) == ["held", "skipped", "succeeded"]


def test_a_run_that_went_on_meanwhile_is_given_no_other_revision(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.control("faults", {"match": {"path": "/invoice"}, "kind": "throttle", "times": 1})
    harness.post(payment())
    harness.work()
    edit(harness, 'message_to_customer: ""', 'message_to_customer: "Later"')

    def meanwhile(*_: object) -> int:
        harness.settle(400)
        return 2

    monkeypatch.setattr(records, "_newest", meanwhile)
    result = command("runs", "replay", "1", "--current", "--data", str(harness.data))
    assert result.exit_code == 1
    assert [(run["state"], run["revision"]) for run in harness.runs()] == [("succeeded", 1)]
