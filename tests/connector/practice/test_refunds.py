"""Refund receipts: income falls and money goes out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.ledger import both


@pytest.fixture
def refund(invoice: Any) -> Any:
    """Makes a refund receipt body for Dana (10), paid from Checking (92)."""

    def make(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        body: dict[str, Any] = invoice(*lines)
        return {**body, "DepositToAccountRef": {"value": "92"}, **fields}

    return make


def test_a_refund_takes_income_and_money(r1: Any, refund: Any, line: Any, payment: Any) -> None:
    sold = r1.ok("invoice", {**refund(line(100, code="TAX")), "DepositToAccountRef": None})
    r1.ok("payment", payment(106, (sold["Id"], 106), DepositToAccountRef={"value": "92"}))
    made = r1.ok("refundreceipt", refund(line(100, code="TAX"), DocNumber="R-1"))
    assert (made["TotalAmt"], made["Balance"], made["LinkedTxn"]) == (106, 0, [])
    assert made["DepositToAccountRef"] == {"value": "92", "name": "Checking"}
    assert both(r1) == ({}, {})
    assert r1.read("customer/10")["Balance"] == 0
    after = r1.read(f"invoice/{sold['Id']}")
    assert (after["Balance"], len(after["LinkedTxn"])) == (0, 1)


def test_a_refund_without_a_customer(r1: Any, refund: Any) -> None:
    made = r1.ok("refundreceipt", refund(CustomerRef=None))
    assert "CustomerRef" not in made
    assert both(r1) == ({"79": 475, "92": -475},) * 2


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, "To Print"),
        ({"PaymentRefNum": "re_1", "PrintStatus": "NeedToPrint"}, "To Print"),
        ({"PaymentRefNum": "r" * 100, "PrintStatus": "NotSet"}, "r" * 100),
        ({"PaymentRefNum": "1007", "PrintStatus": "PrintComplete"}, "1007"),
        ({"PrintStatus": "NotSet"}, None),
    ],
)
def test_the_number_of_a_check(r1: Any, refund: Any, fields: dict[str, Any], kept: str) -> None:
    assert r1.ok("refundreceipt", refund(**fields)).get("PaymentRefNum") == kept


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"DepositToAccountRef": None}, "2020"),
        ({"Line": []}, "2020"),
        ({"PrintStatus": "PrintComplete"}, "2020"),
        ({"PaymentRefNum": "r" * 101}, "2050"),
        ({"DepositToAccountRef": {"value": "82"}}, "6430"),
        ({"TxnDate": "2026-10-31"}, "6210"),
        ({"DocNumber": "R-1"}, "6140"),
    ],
)
def test_refused(r1: Any, refund: Any, fields: dict[str, Any], code: str) -> None:
    r1.ok("refundreceipt", refund(DocNumber="R-1"))
    assert r1.fault("refundreceipt", refund(**fields))["code"] == code


def test_a_refund_is_deleted_but_never_voided(r1: Any, refund: Any) -> None:
    made = r1.ok("refundreceipt", refund())
    body = {"Id": made["Id"], "SyncToken": "0"}
    for how in ({"operation": "void"}, {"operation": "update", "include": "void"}):
        assert r1.post("refundreceipt", body, **how).status_code == 500
    r1.ok("refundreceipt", body, operation="delete")
    assert both(r1) == ({}, {})


def test_refunds_are_found(r1: Any, refund: Any) -> None:
    made = r1.ok("refundreceipt", refund(DocNumber="R-1"))
    where = "DocNumber = 'R-1' and CustomerRef = '10' and TotalAmt = '475' and Balance = '0'"
    assert r1.query(f"select * from RefundReceipt where {where}")["RefundReceipt"] == [made]
