"""Aged receivables and payables: what is open, by how long it is overdue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from connector.practice.books.change import Change
from connector.practice.reports import sums
from connector.practice.reports.accounts import Chart
from connector.practice.reports.columns import Amounts
from connector.practice.reports.parameters import Ageing, Parameters
from connector.practice.reports.people import Side, named_axis, person_rows
from connector.practice.reports.render import Report, summary_report


def aged(side: Side) -> Callable[[Change, Parameters], Report]:
    """The reports `AgedReceivables` and `AgedPayables`: open debts and credits by their age.

    Debts age from the day they are due, or from their date where the preference
    CalcAgingReportFromTxnDate says so; credits age from their date. With the method `Current`
    what was paid up to today counts, and the age is that of today [U].
    """

    def make(view: Change, asked: Parameters) -> Report:
        found = _by_age(view, asked, side)
        rows = person_rows(view, side, found, asked.sort)
        axis = named_axis(*_titles(asked.ageing))
        options = {"report_date": asked.report_date.isoformat()}
        return summary_report(side.entity, axis, rows, has_basis=False, options=options)

    return make


def _by_age(view: Change, asked: Parameters, side: Side) -> dict[str, Amounts]:
    """Open cents by person and column, the last one being the sum."""
    ageing, books = asked.ageing, view.books
    until = asked.report_date.isoformat()
    as_of = max(until, view.today) if ageing.by_today else until
    accounts = Chart(books).ids((side.account_type,))
    debts = sums.open_debts(
        books.store, asked.accrual, accounts, made_until=until, paid_until=as_of
    )
    from_date = books.preference("ReportPrefs.CalcAgingReportFromTxnDate") is True
    found: dict[str, Amounts] = {}
    for debt in debts:
        row = found.setdefault(debt.name, [0] * (ageing.columns + 2))
        age = _days(as_of, debt.day if from_date else debt.due)
        for place in (_place(ageing, age), -1):
            row[place] += side.sign * debt.cents
    return found


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
