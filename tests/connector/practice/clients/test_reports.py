"""Reports as python-quickbooks gets them: plain JSON, from the books that its own writes made."""

from __future__ import annotations

from typing import Any

import pytest
from quickbooks.exceptions import QuickbooksException

from tests.connector.practice.clients.money import journal_entry
from tests.connector.practice.clients.purchases import bill
from tests.connector.practice.clients.sales import invoice, payment

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


def _groups(report: dict[str, Any]) -> dict[str, str]:
    """The last figure of each group's summary."""
    rows = report["Rows"]["Row"]
    return {row["group"]: row["Summary"]["ColData"][-1]["value"] for row in rows if "group" in row}


@pytest.mark.parametrize(("method", "income"), [("Accrual", "207.90"), ("Cash", "100.25")])
def test_profit_and_loss(method: str, income: str, qb: Any) -> None:
    payment(qb).save(qb=qb)
    asked = {**YEAR, "accounting_method": method, "summarize_column_by": "Month"}
    report = qb.get_report("ProfitAndLoss", asked)
    assert report["Header"]["ReportBasis"] == method
    assert len(report["Columns"]["Column"]) == 14
    assert _groups(report)["NetIncome"] == income


def test_the_balance_sheet_balances(qb: Any) -> None:
    invoice(qb).save(qb=qb)
    bill(qb).save(qb=qb)
    journal_entry(qb).save(qb=qb)
    groups = _groups(qb.get_report("BalanceSheet", YEAR))
    assert groups["TotalAssets"] == groups["TotalLiabilitiesAndEquity"] != ""


@pytest.mark.parametrize(
    "name", ["CustomerBalance", "TransactionList", "AgedReceivables", "BalanceSheet"]
)
def test_a_report_has_its_name_and_rows(name: str, qb: Any) -> None:
    invoice(qb).save(qb=qb)
    report = qb.get_report(name, {})
    assert report["Header"]["ReportName"] == name
    assert report["Rows"]["Row"]
    assert report["Columns"]["Column"]


def test_an_empty_company_reports_that_there_is_nothing(qb: Any) -> None:
    options = qb.get_report("ProfitAndLoss")["Header"]["Option"]
    assert {"Name": "NoReportData", "Value": "true"} in options


def test_a_report_that_does_not_exist(qb: Any) -> None:
    with pytest.raises(QuickbooksException):
        qb.get_report("WeatherForecast")
