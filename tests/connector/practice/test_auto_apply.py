"""What QuickBooks applies by itself where the company prefers that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.ledger import both

NOTE = "Created by QB Online to link credits to charges."


def _payments(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.query("select * from Payment").get("Payment", [])
    return found


def _shares(payment: dict[str, Any]) -> list[tuple[str, str, float]]:
    links = [(line["LinkedTxn"][0], line["Amount"]) for line in payment["Line"]]
    return [(link["TxnType"], link["TxnId"], amount) for link, amount in links]


@pytest.fixture
def credits(r1: Any) -> Any:
    """The company applies credits by itself."""
    r1.prefer(SalesFormsPrefs__AutoApplyCredit=True)


@pytest.fixture
def sold(r1: Any, invoice: Any, line: Any) -> Any:
    """Makes an invoice of an amount and gives its id."""

    def make(amount: float, **fields: Any) -> str:
        identity: str = r1.ok("invoice", invoice(line(amount), **fields))["Id"]
        return identity

    return make


def test_nothing_is_applied_without_the_preference(
    r1: Any, sold: Any, invoice: Any, payment: Any
) -> None:
    r1.ok("creditmemo", invoice())
    r1.ok("payment", payment(50))
    assert r1.read(f"invoice/{sold(100)}")["Balance"] == 100
    assert r1.ok("payment", payment(50))["UnappliedAmt"] == 50


def test_a_payment_without_lines_pays_the_oldest_invoices(r1: Any, sold: Any, payment: Any) -> None:
    r1.prefer(SalesFormsPrefs__AutoApplyPayments=True)
    late, early = sold(100, TxnDate="2026-11-05"), sold(40, TxnDate="2026-11-02")
    sold(30, CustomerRef={"value": "14"})
    paid = r1.ok("payment", payment(60))
    assert _shares(paid) == [("Invoice", early, 40), ("Invoice", late, 20)]
    assert paid["UnappliedAmt"] == 0
    rest = r1.ok("payment", payment(100, (late, 10)))
    assert (_shares(rest), rest["UnappliedAmt"]) == ([("Invoice", late, 10)], 90)
    loose = r1.ok("payment", {**payment(75), "Line": None})
    assert (_shares(loose), loose["UnappliedAmt"]) == ([("Invoice", late, 70)], 5)
    freed = {"Id": loose["Id"], "SyncToken": "0", "sparse": True, "Line": []}
    assert r1.ok("payment", freed)["UnappliedAmt"] == 75


def test_a_new_invoice_uses_open_credits(
    r1: Any, credits: Any, invoice: Any, line: Any, sold: Any
) -> None:
    memos = [
        r1.ok("creditmemo", invoice(line(amount), TxnDate=day))["Id"]
        for amount, day in ((40, "2026-11-03"), (30, "2026-11-02"))
    ]
    made = r1.ok("invoice", invoice(line(60), TxnDate="2026-11-01"))
    [paid] = _payments(r1)
    assert made["Balance"] == 0
    assert made["LinkedTxn"] == [{"TxnId": paid["Id"], "TxnType": "Payment"}]
    assert r1.read(f"invoice/{made['Id']}") == made
    assert (paid["TotalAmt"], paid["UnappliedAmt"], paid["PrivateNote"]) == (0, 0, NOTE)
    assert paid["TxnDate"] == "2026-11-03"
    assert _shares(paid) == [
        ("Invoice", made["Id"], 60),
        ("CreditMemo", memos[1], 30),
        ("CreditMemo", memos[0], 30),
    ]
    assert r1.read(f"creditmemo/{memos[0]}")["RemainingCredit"] == 10
    assert r1.read(f"creditmemo/{memos[0]}")["LinkedTxn"] == made["LinkedTxn"]
    assert both(r1)[1] == {}
    assert r1.read(f"invoice/{sold(100, CustomerRef={'value': '14'})}")["Balance"] == 100
    assert len(_payments(r1)) == 1


def test_a_new_credit_is_used_for_open_invoices(
    r1: Any, credits: Any, invoice: Any, line: Any, sold: Any
) -> None:
    late, early = sold(100, TxnDate="2026-11-05"), sold(40, TxnDate="2026-11-02")
    memo = r1.ok("creditmemo", invoice(line(70)))
    [paid] = _payments(r1)
    assert (memo["Balance"], memo["RemainingCredit"]) == (0, 0)
    assert _shares(paid) == [
        ("CreditMemo", memo["Id"], 70),
        ("Invoice", early, 40),
        ("Invoice", late, 30),
    ]
    assert r1.read(f"invoice/{late}")["Balance"] == 70
    assert r1.read("customer/10")["Balance"] == 70


@pytest.mark.parametrize(("setting", "left"), [("all", 5), ("memos", 50)])
def test_unapplied_payments_by_switch(
    r1: Any, credits: Any, sold: Any, payment: Any, setting: str, left: float
) -> None:
    r1.control("switches", {"auto_credit": setting})
    paid = r1.ok("payment", payment(50))
    made = r1.read(f"invoice/{sold(45)}")
    [after] = _payments(r1)
    assert (after["Id"], after["TotalAmt"], after["UnappliedAmt"]) == (paid["Id"], 50, left)
    assert made["Balance"] == left - 5
    assert bool(made["LinkedTxn"]) == (setting == "all")


def test_what_was_applied_is_given_back(
    r1: Any, credits: Any, invoice: Any, line: Any, sold: Any
) -> None:
    memo = r1.ok("creditmemo", invoice(line(40)))["Id"]
    made = sold(100)
    r1.ok("invoice", {"Id": made, "SyncToken": "0"}, operation="void")
    assert r1.read(f"creditmemo/{memo}")["RemainingCredit"] == 40
    assert _shares(_payments(r1)[0]) == []


def test_an_edit_applies_nothing(r1: Any, invoice: Any, line: Any, sold: Any) -> None:
    made = sold(100)
    memo = r1.ok("creditmemo", invoice(line(40)))["Id"]
    r1.prefer(SalesFormsPrefs__AutoApplyCredit=True)
    for kind, identity in (("invoice", made), ("creditmemo", memo)):
        body = {"Id": identity, "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
        assert r1.ok(kind, body)["LinkedTxn"] == []
    assert _payments(r1) == []
