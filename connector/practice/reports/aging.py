"""Aged receivables: what is open, by how long it is overdue."""

from __future__ import annotations

from datetime import date

from connector.practice.books.change import Change
from connector.practice.reports import sums
from connector.practice.reports.accounts import Chart
from connector.practice.reports.columns import Amounts
from connector.practice.reports.customers import RECEIVABLE, customer_rows, named_axis
from connector.practice.reports.parameters import Ageing, Parameters
from connector.practice.reports.render import Report, summary_report


def aged_receivables(view: Change, asked: Parameters) -> Report:
    """The report `AgedReceivables`: open invoices and credits as of the report date.

    Debts age from the day they are due, or from their date where the preference
    CalcAgingReportFromTxnDate says so; credits age from their date. With the method `Current`
    what came in up to today counts, and the age is that of today [U].
    """
    ageing, books = asked.ageing, view.books
    until = asked.report_date.isoformat()
    as_of = max(until, view.today) if ageing.by_today else until
    accounts = Chart(books).ids((RECEIVABLE,))
    debts = sums.open_debts(
        books.store, asked.accrual, accounts, made_until=until, paid_until=as_of
    )
    from_date = books.preference("ReportPrefs.CalcAgingReportFromTxnDate") is True
    found: dict[str, Amounts] = {}
    for debt in debts:
        row = found.setdefault(debt.name, [0] * (ageing.columns + 2))
        age = _days(as_of, debt.day if from_date else debt.due)
        row[_place(ageing, age)] += debt.cents
        row[-1] += debt.cents
    rows = customer_rows(view, found, asked.sort)
    axis = named_axis(*_titles(ageing))
    options = {"report_date": until}
    return summary_report("Customer", axis, rows, has_basis=False, options=options)


def _days(until: str, since: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(since)).days


def _place(ageing: Ageing, age: int) -> int:
    """The column of a debt that is `age` days overdue: current, the periods, and all beyond."""
    return min(max(age + ageing.days - 1, 0) // ageing.days, ageing.columns)


def _titles(ageing: Ageing) -> list[str]:
    """Of the columns; the last period has no end."""
    days, last = ageing.days, ageing.columns - 1
    periods = [f"{one * days + 1} - {(one + 1) * days}" for one in range(last)]
    return ["Current", *periods, f"{last * days + 1} and over", "Total"]
