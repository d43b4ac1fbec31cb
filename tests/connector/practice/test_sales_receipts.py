"""Sales receipts: sold and paid at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.ledger import both


@pytest.fixture
def receipt(invoice: Any) -> Any:
    """Makes a sales receipt body for Dana (10)."""
    return invoice


def _void(client: Any, made: dict[str, Any]) -> dict[str, Any]:
    body = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True}
    voided: dict[str, Any] = client.ok("salesreceipt", body, operation="update", include="void")
    return voided


def test_a_sale_paid_at_once(r1: Any, receipt: Any, line: Any) -> None:
    body = receipt(line(100, code="TAX"), line(20), PaymentRefNum="ch_1", DocNumber="S-1")
    made = r1.ok("salesreceipt", body)
    assert (made["TotalAmt"], made["Balance"], made["LinkedTxn"]) == (126, 0, [])
    assert made["DepositToAccountRef"] == {"value": "90", "name": "Undeposited Funds"}
    assert made["Line"][-1] == {
        "Amount": 120,
        "DetailType": "SubTotalLineDetail",
        "SubTotalLineDetail": {},
    }
    assert r1.read(f"salesreceipt/{made['Id']}") == made
    assert r1.read("customer/10")["Balance"] == 0
    accrual, cash = both(r1)
    assert accrual == cash
    assert (accrual.pop("90"), accrual.pop("79")) == (126, -120)
    assert list(accrual.values()) == [-6]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Line": []}, "2020"),
        ({"PaymentRefNum": "x" * 22}, "2050"),
        ({"DocNumber": "x" * 22}, "2050"),
        ({"DocNumber": "S-1"}, "6140"),
        ({"TxnDate": "2026-10-31"}, "6210"),
        ({"DepositToAccountRef": {"value": "82"}}, "6430"),
        ({"DepositToAccountRef": {"value": "404"}}, "2500"),
        ({"PaymentMethodRef": {"value": "404"}}, "2500"),
        ({"CustomerRef": {"value": "404"}}, "2500"),
        ({"CustomerRef": {"value": "11"}}, "610"),
        ({"UnappliedAmt": 1}, "2010"),
    ],
)
def test_refused(r1: Any, receipt: Any, fields: dict[str, Any], code: str) -> None:
    r1.ok("salesreceipt", receipt(DocNumber="S-1"))
    assert r1.fault("salesreceipt", receipt(**fields))["code"] == code


def test_numbers_are_given_and_shared_with_no_other_kind(r2: Any, line: Any) -> None:
    r2.prefer(SalesFormsPrefs__CustomTxnNumbers=False)
    customer = {"value": r2.ok("customer", {"DisplayName": "Ines Park"})["Id"]}
    body = {"CustomerRef": customer, "Line": [line(5)]}
    assert [r2.ok("salesreceipt", body)["DocNumber"] for _ in range(2)] == ["1001", "1002"]
    assert r2.ok("invoice", body)["DocNumber"] == "1001"


def test_a_customer_is_needed_by_switch(r1: Any, line: Any) -> None:
    body = {"Line": [line(5)]}
    assert "CustomerRef" not in r1.ok("salesreceipt", body)
    r1.control("switches", {"sales_receipt_needs_customer": True})
    told = r1.fault("salesreceipt", body)
    assert (told["code"], told["element"]) == ("2020", "CustomerRef")


def test_updates_are_full_or_sparse(r1: Any, receipt: Any, line: Any) -> None:
    made = r1.ok("salesreceipt", receipt(PrivateNote="n", PaymentRefNum="7"))
    head = {"Id": made["Id"], "SyncToken": "0"}
    sparse = r1.ok("salesreceipt", {**head, "sparse": True, "Line": [line(80)]})
    assert (sparse["TotalAmt"], sparse["PrivateNote"], sparse["SyncToken"]) == (80, "n", "1")
    full = r1.ok("salesreceipt", {**receipt(line(70)), **head, "SyncToken": "1"})
    assert (full["TotalAmt"], "PrivateNote" in full, "PaymentRefNum" in full) == (70, False, False)
    assert both(r1) == ({"90": 70, "79": -70},) * 2


def test_a_voided_receipt_is_worth_nothing(r1: Any, receipt: Any, line: Any) -> None:
    made = r1.ok("salesreceipt", receipt(line(100, code="TAX", Qty=2, UnitPrice=50)))
    assert r1.post("salesreceipt", made, operation="void").status_code == 500
    void = _void(r1, made)
    assert (void["TotalAmt"], void["TxnTaxDetail"], void["SyncToken"]) == (0, {"TotalTax": 0}, "1")
    assert void["PrivateNote"] == "Voided"
    assert void["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert both(r1) == ({}, {})


def test_a_deleted_receipt_is_gone(r1: Any, receipt: Any) -> None:
    made = r1.ok("salesreceipt", receipt())
    gone = r1.ok("salesreceipt", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert gone["status"] == "Deleted"
    assert "SalesReceipt" not in r1.query("select * from SalesReceipt")
    assert both(r1) == ({}, {})


def test_receipts_are_found(r1: Any, receipt: Any, line: Any) -> None:
    for number, amount in (("S-1", 10), ("S-2", 20)):
        r1.ok("salesreceipt", receipt(line(amount), DocNumber=number))
    wheres = (
        "DocNumber = 'S-2'",
        "TotalAmt > '15'",
        "CustomerRef = '10' and Balance = '0' orderby TxnDate desc, DocNumber desc maxresults 1",
    )
    for where in wheres:
        found = r1.query(f"select * from SalesReceipt where {where}")["SalesReceipt"]
        assert [one["DocNumber"] for one in found] == ["S-2"], where
    assert r1.query_fault("select * from SalesReceipt where DueDate > '2026-01-01'")["code"] == (
        "4001"
    )


_SHIPPING = {"value": "SHIPPING_ITEM_ID"}


def test_a_line_for_shipping_has_an_item_of_its_own(r1: Any, invoice: Any, line: Any) -> None:
    body = invoice(line(100), line(7, "SHIPPING_ITEM_ID"))
    assert r1.fault("salesreceipt", body)["code"] == "6000"
    r1.prefer(SalesFormsPrefs__AllowShipping=True)
    made = r1.ok("salesreceipt", body)
    detail = made["Line"][1]["SalesItemLineDetail"]
    assert (detail["ItemRef"], made["TotalAmt"]) == (_SHIPPING, 107)
    assert detail["ItemAccountRef"]["name"] == "Shipping Income"
    account = r1.read(f"account/{detail['ItemAccountRef']['value']}")
    assert (account["AccountType"], account["Classification"]) == ("Income", "Revenue")
    r1.prefer(SalesFormsPrefs__DefaultShippingAccount="82")
    again = r1.ok("salesreceipt", body)["Line"][1]["SalesItemLineDetail"]
    assert again["ItemAccountRef"] == {"value": "82", "name": "Residential Cleaning"}
    changed = {**made, "sparse": True, "PrivateNote": "sent", "MetaData": None}
    assert r1.ok("salesreceipt", changed)["TotalAmt"] == 107
    report = r1.http.get(
        f"{r1.base}/reports/ProfitAndLoss",
        params={"summarize_column_by": "ProductsAndServices", "date_macro": "All"},
        timeout=20,
    )
    columns = [one["ColTitle"] for one in report.json()["Columns"]["Column"]]
    [net] = [one for one in report.json()["Rows"]["Row"] if one.get("group") == "NetIncome"]
    earned = [one["value"] for one in net["Summary"]["ColData"]]
    assert columns == ["", "Services", "Not Specified", "Total"]
    assert earned == ["Net Income", "200.00", "14.00", "214.00"]
