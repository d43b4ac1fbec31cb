"""What vendors are owed and were paid, and expenses that are for a customer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.reports import ask, group, lines, titles

KIND = "AccountBasedExpenseLineDetail"
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


def bill(amount: float, **fields: Any) -> dict[str, Any]:
    """A bill of Rivera Plumbing (20), half of it for Dana (10)."""
    details = [{"CustomerRef": {"value": "10"}}, {}]
    spent = [
        {"Amount": amount / 2, "DetailType": KIND, KIND: {"AccountRef": {"value": "97"}, **one}}
        for one in details
    ]
    return {"VendorRef": {"value": "20"}, "Line": spent, **fields}


@pytest.fixture
def books(r1: Any, line: Any, invoice: Any) -> Any:
    """300 billed in November, of which 100 are paid in December; a sale of 500 to Dana."""
    made = r1.ok("bill", bill(300, TxnDate="2026-11-02", DueDate="2026-11-05"))
    paid = {"VendorRef": {"value": "20"}, "TotalAmt": 100, "TxnDate": "2026-12-01"}
    link = [{"TxnId": made["Id"], "TxnType": "Bill"}]
    way = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "92"}}}
    r1.ok("billpayment", {**paid, **way, "Line": [{"Amount": 100, "LinkedTxn": link}]})
    r1.ok("invoice", invoice(line(500)))
    return r1


def test_an_expense_counts_for_its_customer_and_its_vendor(books: Any) -> None:
    by_customer = ask(books, "ProfitAndLoss", summarize_column_by="Customers", **YEAR)
    assert titles(by_customer) == ["Dana Whitfield", "Not Specified", "Total"]
    assert lines(by_customer)["Merchant Fees"] == ["150.00", "150.00", "300.00"]
    by_vendor = ask(books, "ProfitAndLoss", summarize_column_by="Vendors", **YEAR)
    assert titles(by_vendor) == ["Rivera Plumbing", "Not Specified", "Total"]
    assert group(by_vendor, "NetIncome") == [-300, 500, 200]
    for filters, net in (
        ({"customer": "10"}, 350),
        ({"vendor": "20"}, -300),
        ({"customer": "10", "vendor": "20"}, -150),
    ):
        assert group(ask(books, "ProfitAndLoss", **filters, **YEAR), "NetIncome") == [net]


def test_income_less_expenses_by_customer(books: Any) -> None:
    report = ask(books, "CustomerIncome", **YEAR)
    assert lines(report) == {
        "Dana Whitfield": ["500.00", "150.00", "350.00"],
        "Not Specified": ["", "150.00", "-150.00"],
    }
    cash = ask(books, "CustomerIncome", accounting_method="Cash", **YEAR)
    assert lines(cash) == {
        "Dana Whitfield": ["", "50.00", "-50.00"],
        "Not Specified": ["", "50.00", "-50.00"],
    }


def test_what_vendors_are_owed(books: Any) -> None:
    for day, owed in (("2026-11-06", "300.00"), ("2026-12-31", "200.00")):
        assert lines(ask(books, "VendorBalance", end_date=day)) == {"Rivera Plumbing": [owed]}
    aged = ask(books, "AgedPayables", report_date="2026-11-06")
    assert lines(aged) == {"Rivera Plumbing": ["", "300.00", "", "", "", "300.00"]}
    later = ask(books, "AgedPayables", report_date="2026-12-31")
    assert lines(later) == {"Rivera Plumbing": ["", "", "200.00", "", "", "200.00"]}
    assert later["Columns"]["Column"][0]["ColType"] == "Vendor"


def test_what_was_spent_on_vendors(books: Any) -> None:
    assert lines(ask(books, "VendorExpenses", **YEAR)) == {"Rivera Plumbing": ["300.00"]}
    cash = ask(books, "VendorExpenses", accounting_method="Cash", **YEAR)
    assert group(cash, "GrandTotal") == [100]
