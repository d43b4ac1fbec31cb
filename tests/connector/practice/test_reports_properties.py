"""Whatever is sold, bought, paid and voided: every way of adding it up comes to the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.practice.server import Running
from tests.connector.practice.conftest import R2, Client
from tests.connector.practice.firm import ENTRY, KINDS, Firm, Step
from tests.connector.practice.reports import ask, group

FIRST = date(2026, 10, 1)
ALL = {"start_date": "2026-01-01", "end_date": "2027-12-31"}
BASES = ("Accrual", "Cash")
#: Group of the balance sheet, and the reports of what it holds.
SIDES = (
    ("AR", "CustomerBalance", "AgedReceivables"),
    ("AP", "VendorBalance", "AgedPayables"),
)

days = st.integers(0, 180).map(lambda step: (FIRST + timedelta(days=step)).isoformat())
cents = st.integers(1, 99_999).map(lambda number: number / 100)
#: What happens, as `Firm.take` reads it.
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 2), days, cents, st.integers(0, 1000)),
    min_size=1,
    max_size=15,
)


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[Client]:
    made = Client(running, R2)
    yield made
    made.http.close()


def filled(client: Client, happened: list[Step]) -> Firm:
    client.running.state.reset()
    client.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    client.http.headers["Authorization"] = f"Bearer {client.running.access_token()}"
    firm = Firm(client)
    for step in happened:
        firm.take(step)
    return firm


some = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@some
@given(happened=steps)
def test_profit_is_the_same_whatever_it_is_divided_by(client: Client, happened: Any) -> None:
    filled(client, happened)
    for basis in BASES:
        asked = {"accounting_method": basis, **ALL}
        [profit] = group(ask(client, "ProfitAndLoss", **asked), "NetIncome")
        for by in ("Month", "FiscalYear", "Customers", "Classes", "ProductsAndServices"):
            report = ask(client, "ProfitAndLoss", summarize_column_by=by, **asked)
            *parts, total = group(report, "NetIncome")
            assert sum(parts) == total == profit, (basis, by)
        assert group(ask(client, "CustomerIncome", **asked), "GrandTotal")[-1] == profit


@some
@given(happened=steps, day=days)
def test_balance_sheets_balance(client: Client, happened: Any, day: str) -> None:
    filled(client, happened)
    for basis in BASES:
        asked = {"accounting_method": basis, "start_date": "2026-10-01", "end_date": day}
        for by in ("Total", "Week", "Customers"):
            report = ask(client, "BalanceSheet", summarize_column_by=by, **asked)
            assets = group(report, "TotalAssets")
            if by != "Customers":
                assert assets == group(report, "TotalLiabilitiesAndEquity"), (basis, by)
            else:
                assert assets[-1:] == group(report, "TotalLiabilitiesAndEquity")[-1:]
        debit, credit = group(ask(client, "TrialBalance", **asked), "GrandTotal")
        assert debit == credit


@some
@given(happened=steps, day=days)
def test_what_is_owed_is_the_receivable_and_the_payable(
    client: Client, happened: Any, day: str
) -> None:
    firm = filled(client, happened)
    for until in (day, ALL["end_date"]):
        period = {"start_date": "2026-01-01", "end_date": until}
        sheet = ask(client, "BalanceSheet", accounting_method="Accrual", **period)
        for account, balance, aged in SIDES:
            [owed] = group(sheet, account)
            assert group(ask(client, balance, **period), "GrandTotal") == [owed]
            *parts, total = group(ask(client, aged, report_date=until), "GrandTotal")
            assert (sum(parts), total) == (owed, owed)
    left = [Decimal(str(one["Balance"])) for one in firm.open("Invoice")]
    credits = [Decimal(str(one["RemainingCredit"])) for one in firm.open("CreditMemo")]
    loose = [Decimal(str(one["UnappliedAmt"])) for one in firm.all("Payment")]
    by_hand = sum(
        Decimal(str(line["Amount"])) * (1 if line[ENTRY]["PostingType"] == "Debit" else -1)
        for entry in firm.all("JournalEntry")
        for line in entry["Line"]
        if line[ENTRY]["AccountRef"]["value"] == "99"
    )
    assert [sum(left) - sum(credits) - sum(loose) + by_hand] == group(sheet, "AR")
