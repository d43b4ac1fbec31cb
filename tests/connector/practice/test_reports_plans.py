"""Sums are found by index, and right over many postings."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.practice.books.ledger import Posting, post
from tests.connector.practice.reports import ask, group

SALES = 5_000
PERIOD = {"start_date": "2025-01-01", "end_date": "2026-12-31"}


def _store(client: Any) -> Any:
    return client.running.state.companies[client.realm].store


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("ProfitAndLoss", "Month"),
        ("ProfitAndLoss", "Customers"),
        ("BalanceSheet", "Total"),
        ("CustomerBalance", "Total"),
        ("CustomerIncome", "Total"),
        ("AgedReceivables", "Total"),
        ("TransactionList", "Total"),
        ("GeneralLedger", "Total"),
    ],
)
def test_postings_are_found_by_day_or_account(
    r1: Any, monkeypatch: pytest.MonkeyPatch, name: str, by: str
) -> None:
    store, plans = _store(r1), []
    run = store.run

    def watched(statement: str, values: Any = ()) -> Any:
        if "FROM posting" in statement and "SELECT min(day)" not in statement:
            plans.append(run(f"EXPLAIN QUERY PLAN {statement}", values))
        return run(statement, values)

    monkeypatch.setattr(store, "run", watched)
    ask(r1, name, summarize_column_by=by, **PERIOD)
    assert plans
    for plan in plans:
        steps = [step[-1] for step in plan if " posting" in step[-1]]
        assert steps
        assert all("INDEX posting_" in step for step in steps), steps


def test_ten_thousand_postings(r1: Any) -> None:
    store, first = _store(r1), date(2025, 1, 1)
    with store.transaction():
        for number in range(SALES):
            day = (first + timedelta(days=number % 730)).isoformat()
            amount = Decimal(number % 997 + 1)
            income = str(79 + number % 5)
            pair = [
                Posting(account="99", amount=amount, owed=True, name="Customer:10"),
                Posting(account=income, amount=-amount, part="sale", name="Customer:10"),
            ]
            post(store, "Invoice", str(1000 + number), day, pair)
    report = ask(r1, "ProfitAndLoss", summarize_column_by="Month", **PERIOD)
    *months, total = group(report, "NetIncome")
    assert sum(months) == total == sum(number % 997 + 1 for number in range(SALES))
