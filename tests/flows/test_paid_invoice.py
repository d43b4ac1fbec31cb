"""The main job: a signed webhook becomes a customer, an invoice and a payment, exactly once."""

from __future__ import annotations

from tests.harness import Harness, payment_event


def test_s37_a_collected_payment_becomes_a_paid_invoice(harness: Harness) -> None:
    harness.post(payment_event())
    harness.work()
    print(harness.runs(), harness.holds())
    (invoice,) = harness.records("Invoice")
    (payment,) = harness.records("Payment")
    assert invoice["Balance"] == 0
    assert invoice["DocNumber"] == "1042"
    assert payment["TotalAmt"] == 475
