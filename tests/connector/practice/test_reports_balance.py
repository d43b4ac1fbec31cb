"""The balance sheet and the trial balance, over the end of a year, on both bases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.reports import ask, group, lines, rows, titles, values

TAX = "Idaho State Tax Commission Payable"


@pytest.fixture
def books(r1: Any, line: Any, invoice: Any, payment: Any) -> Any:
    """100.00 earned in December, paid in January; then a taxed sale and a deposit, both unpaid."""
    r1.prefer(AccountingInfoPrefs__BookCloseDate=None)
    deposit = {"Name": "Deposit", "Type": "Service", "IncomeAccountRef": {"value": "95"}}
    item = r1.ok("item", deposit)["Id"]
    first = r1.ok("invoice", invoice(line(100), TxnDate="2025-12-20"))["Id"]
    bank = {"DepositToAccountRef": {"value": "92"}}
    r1.ok("payment", payment(100, (first, 100), TxnDate="2026-01-10", **bank))
    r1.ok("invoice", invoice(line(300, code="TAX"), TxnDate="2026-02-01"))
    omar = {"CustomerRef": {"value": "14"}}
    r1.ok("invoice", invoice(line(50, item=item), TxnDate="2026-02-01", **omar))
    return r1


def _until(client: Any, day: str, **more: str) -> dict[str, Any]:
    return ask(client, "BalanceSheet", end_date=day, **more)


def _amounts(report: dict[str, Any]) -> dict[str, list[str]]:
    """The data rows that are not empty."""
    data = (values(row["ColData"]) for row in rows(report) if row["type"] == "Data")
    return {title: amounts for title, *amounts in data if any(amounts)}


def test_profit_becomes_retained_earnings_with_the_new_year(books: Any) -> None:
    assert _amounts(_until(books, "2025-12-31")) == {
        "Accounts Receivable (A/R)": ["100.00"],
        "Net Income": ["100.00"],
    }
    assert _amounts(_until(books, "2026-01-31")) == {
        "Checking": ["100.00"],
        "Retained Earnings": ["100.00"],
    }
    assert _amounts(_until(books, "2026-02-28")) == {
        "Checking": ["100.00"],
        "Accounts Receivable (A/R)": ["368.00"],
        "Customer Deposits": ["50.00"],
        TAX: ["18.00"],
        "Retained Earnings": ["100.00"],
        "Net Income": ["300.00"],
    }


def test_on_the_cash_basis_nobody_owes_anything(books: Any) -> None:
    report = _until(books, "2026-02-28", accounting_method="Cash")
    assert _amounts(report) == {"Checking": ["100.00"], "Net Income": ["100.00"]}
    assert _until(books, "2025-12-31", accounting_method="Cash")["Rows"] == {}


def test_the_sections(books: Any) -> None:
    report = _until(books, "2026-02-28")

    def tree(holder: dict[str, Any]) -> dict[str, Any]:
        inner = [row for row in holder.get("Row", []) if "group" in row]
        return {row["group"]: tree(row.get("Rows", {})) for row in inner}

    assert tree(report["Rows"]) == {
        "TotalAssets": {"CurrentAssets": {"BankAccounts": {}, "AR": {}}},
        "TotalLiabilitiesAndEquity": {
            "Liabilities": {"CurrentLiabilities": {"OtherCurrentLiabilities": {}}},
            "Equity": {"NetIncome": {}},
        },
    }
    sums = [values(row["Summary"]["ColData"]) for row in rows(report) if "Summary" in row]
    assert sums == [
        ["TOTAL ASSETS", "468.00"],
        ["Total Current Assets", "468.00"],
        ["Total Bank Accounts", "100.00"],
        ["Total Accounts Receivable", "368.00"],
        ["TOTAL LIABILITIES AND EQUITY", "468.00"],
        ["Total Liabilities", "68.00"],
        ["Total Current Liabilities", "68.00"],
        ["Total Other Current Liabilities", "68.00"],
        ["Total Equity", "400.00"],
    ]


def test_columns_show_what_stands_at_their_end(books: Any) -> None:
    report = ask(
        books,
        "BalanceSheet",
        start_date="2025-12-01",
        end_date="2026-02-28",
        summarize_column_by="Month",
    )
    assert titles(report) == ["Dec 2025", "Jan 2026", "Feb 2026"]
    assert _amounts(report) == {
        "Checking": ["", "100.00", "100.00"],
        "Accounts Receivable (A/R)": ["100.00", "", "368.00"],
        "Customer Deposits": ["", "", "50.00"],
        TAX: ["", "", "18.00"],
        "Retained Earnings": ["", "100.00", "100.00"],
        "Net Income": ["100.00", "", "300.00"],
    }


def test_what_stands_by_customer(books: Any) -> None:
    report = _until(books, "2026-02-28", start_date="2026-02-28", summarize_column_by="Customers")
    assert titles(report) == ["Dana Whitfield", "Omar Haddad", "Total"]
    assert _amounts(report)["Accounts Receivable (A/R)"] == ["318.00", "50.00", "368.00"]
    assert _amounts(report)["Retained Earnings"] == ["100.00", "", "100.00"]
    assert group(report, "TotalAssets") == group(report, "TotalLiabilitiesAndEquity")


def test_a_fiscal_year_from_february(books: Any) -> None:
    company = books.running.state.companies[books.realm]
    with company.store.transaction():
        company.store.put("CompanyInfo", {**company.info, "FiscalYearStartMonth": "February"})
    assert _amounts(_until(books, "2026-01-31"))["Net Income"] == ["100.00"]
    later = _amounts(_until(books, "2026-02-01"))
    assert (later["Retained Earnings"], later["Net Income"]) == (["100.00"], ["300.00"])


def test_an_account_of_retained_earnings_takes_the_profit_in(books: Any) -> None:
    kept = {"Name": "Kept", "AccountType": "Equity", "AccountSubType": "RetainedEarnings"}
    identity = books.ok("account", kept)["Id"]
    report = _until(books, "2026-02-28")
    [row] = [one for one in rows(report) if one.get("ColData", [{}])[0].get("id") == identity]
    assert row["ColData"] == [{"value": "Kept", "id": identity}, {"value": "100.00"}]
    assert "Retained Earnings" not in lines(report)


def test_trial_balance(books: Any) -> None:
    report = ask(books, "TrialBalance", end_date="2026-02-28")
    assert titles(report) == ["Debit", "Credit"]
    assert list(lines(report).items()) == [
        ("Checking", ["100.00", ""]),
        ("Accounts Receivable (A/R)", ["368.00", ""]),
        ("Customer Deposits", ["", "50.00"]),
        (TAX, ["", "18.00"]),
        ("Retained Earnings", ["", "100.00"]),
        ("Service Revenue", ["", "300.00"]),
    ]
    assert group(report, "GrandTotal") == [468, 468]
    assert ask(books, "TrialBalance", end_date="2025-01-31")["Rows"] == {}
