"""Transaction list, general ledger and profit and loss in detail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.reports import ask, rows, values

TAX = "Idaho State Tax Commission Payable"
NOVEMBER = {"start_date": "2026-11-01", "end_date": "2026-11-30"}


@pytest.fixture
def books(r1: Any, line: Any, invoice: Any, payment: Any) -> Any:
    """An invoice of October, paid in November; one of two lines; an unapplied payment."""
    r1.prefer(AccountingInfoPrefs__BookCloseDate=None)
    old = r1.ok("invoice", invoice(line(100), TxnDate="2026-10-20", DocNumber="A-1"))["Id"]
    paid = payment(100, (old, 100), TxnDate="2026-11-02", PaymentRefNum="ch_1")
    r1.ok("payment", paid)
    two = (line(60), {**line(40, code="TAX"), "Description": "Hours of work"})
    r1.ok("invoice", invoice(*two, TxnDate="2026-11-02", DocNumber="A-2", PrivateNote="crm"))
    return r1


def _data(report: dict[str, Any]) -> list[list[str]]:
    return [values(row["ColData"]) for row in rows(report) if row["type"] == "Data"]


def test_transactions(books: Any) -> None:
    report = ask(books, "TransactionList", **NOVEMBER)
    keys = [one["MetaData"][0]["Value"] for one in report["Columns"]["Column"]]
    assert keys == [
        "tx_date",
        "txn_type",
        "doc_num",
        "is_no_post",
        "name",
        "memo",
        "account_name",
        "other_account",
        "subt_nat_amount",
    ]
    dana, funds, owed = "Dana Whitfield", "Undeposited Funds", "Accounts Receivable (A/R)"
    listed = [
        ["2026-11-02", "Payment", "ch_1", "Yes", dana, "", funds, owed, "100.00"],
        ["2026-11-02", "Invoice", "A-2", "Yes", dana, "crm", owed, "-Split-", "102.40"],
    ]
    assert _data(report) == listed
    first = report["Rows"]["Row"][0]["ColData"]
    assert [cell.get("id") for cell in first] == [
        *(None, "102", None, None, "10", None, "90", "99", None)
    ]
    descending = ask(books, "TransactionList", sort_order="descend", **NOVEMBER)
    assert _data(descending) == listed[::-1]


def test_a_filter_finds_whole_transactions(books: Any) -> None:
    for filters, kinds in (
        ({"account": "79"}, ["Invoice", "Invoice"]),
        ({"account": "90"}, ["Payment"]),
        ({"item": "1", "customer": "10"}, ["Invoice", "Invoice"]),
        ({"customer": "14"}, []),
    ):
        report = ask(books, "TransactionList", date_macro="All", **filters)
        assert [row[1] for row in _data(report)] == kinds, filters
    [row] = _data(ask(books, "TransactionList", account="90", date_macro="All"))
    assert row[7] == "Accounts Receivable (A/R)"


def test_names_of_transactions(r1: Any, line: Any, invoice: Any) -> None:
    r1.ok("salesreceipt", invoice(line(10)))
    r1.ok("creditmemo", invoice(line(20)))
    refund = {"DepositToAccountRef": {"value": "92"}}
    r1.ok("refundreceipt", invoice(line(5), **refund))
    listed = [(row[1], row[-1]) for row in _data(ask(r1, "TransactionList"))]
    assert listed == [("Sales Receipt", "10.00"), ("Credit Memo", "-20.00"), ("Refund", "-5.00")]


def test_voided_forms_are_not_in_the_ledger(books: Any, invoice: Any) -> None:
    made = books.ok("invoice", invoice(TxnDate="2026-11-03"))
    assert len(_data(ask(books, "TransactionList", **NOVEMBER))) == 3
    books.ok("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    assert len(_data(ask(books, "TransactionList", **NOVEMBER))) == 2


def test_the_general_ledger_begins_with_what_there_was(books: Any) -> None:
    report = ask(books, "GeneralLedger", account="99,79", **NOVEMBER)
    owed, revenue = report["Rows"]["Row"]
    assert owed["Header"]["ColData"][0] == {"value": "Accounts Receivable (A/R)", "id": "99"}
    dana = "Dana Whitfield"
    assert [values(row["ColData"]) for row in owed["Rows"]["Row"]] == [
        ["Beginning Balance", "", "", "", "", "", "", "100.00"],
        ["2026-11-02", "Payment", "ch_1", dana, "", "Undeposited Funds", "-100.00", ""],
        ["2026-11-02", "Invoice", "A-2", dana, "crm", "-Split-", "102.40", "102.40"],
    ]
    assert values(owed["Summary"]["ColData"])[-2:] == ["2.40", ""]
    balances = [values(row["ColData"])[-1] for row in revenue["Rows"]["Row"]]
    assert balances == ["100.00", "160.00", "200.00"]


def test_income_begins_anew_with_the_fiscal_year(books: Any) -> None:
    january = {"start_date": "2027-01-01", "end_date": "2027-01-31"}
    report = ask(books, "GeneralLedger", **january)
    titles = [row["Header"]["ColData"][0]["value"] for row in report["Rows"]["Row"]]
    assert titles == ["Accounts Receivable (A/R)", "Undeposited Funds", TAX]
    [row] = report["Rows"]["Row"][2]["Rows"]["Row"]
    assert values(row["ColData"])[-1] == "2.40"


def test_profit_in_detail(books: Any) -> None:
    report = ask(books, "ProfitAndLossDetail", **NOVEMBER)
    [section] = report["Rows"]["Row"]
    assert section["Header"]["ColData"][0] == {"value": "Service Revenue", "id": "79"}
    dana = "Dana Whitfield"
    assert _data(report) == [
        ["2026-11-02", "Invoice", "A-2", dana, "crm", "-Split-", "60.00", "60.00"],
        ["2026-11-02", "Invoice", "A-2", dana, "Hours of work", "-Split-", "40.00", "100.00"],
    ]
    assert values(section["Summary"]["ColData"])[-2:] == ["100.00", ""]
    cash = ask(books, "ProfitAndLossDetail", accounting_method="Cash", **NOVEMBER)
    assert [(row[0], row[-2]) for row in _data(cash)] == [("2026-11-02", "100.00")]
    assert _data(cash)[0][2] == "A-1"


def test_nothing_to_list(r1: Any) -> None:
    for name in ("TransactionList", "GeneralLedger", "ProfitAndLossDetail"):
        assert ask(r1, name)["Rows"] == {}
