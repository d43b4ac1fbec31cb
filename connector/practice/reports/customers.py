"""What customers owe, and what was earned with them."""

from __future__ import annotations

from collections.abc import Mapping

from connector.practice.books.change import Change
from connector.practice.reports import sums
from connector.practice.reports.accounts import (
    COGS,
    EXPENSE,
    INCOME,
    OTHER_EXPENSE,
    OTHER_INCOME,
    Chart,
)
from connector.practice.reports.columns import Amounts, Axis, Column
from connector.practice.reports.parameters import Parameters
from connector.practice.reports.render import Report, summary_report
from connector.practice.reports.rows import Row, added, arranged, nested

RECEIVABLE = "Accounts Receivable"
_PREFIX = "Customer:"
_COSTS = (COGS, EXPENSE, OTHER_EXPENSE)


def customer_balance(view: Change, asked: Parameters) -> Report:
    """The report `CustomerBalance`: what each customer owes on the report date.

    Always on the accrual basis, as nobody owes anything on the other one.
    """
    accounts = Chart(view.books).ids((RECEIVABLE,))
    until = asked.report_date.isoformat()
    found = sums.by_name(view.books.store, asked.accrual, accounts, until=until)
    owed = {name: [cents] for name, cents in found.items() if cents}
    rows = customer_rows(view, owed, asked.sort)
    return summary_report("Customer", named_axis("Total"), rows, has_basis=False)


def customer_income(view: Change, asked: Parameters) -> Report:
    """The report `CustomerIncome`: income, expenses and what is left, by customer."""
    chart, store = Chart(view.books), view.books.store
    period = {
        "since": asked.period.start.isoformat(),
        "until": asked.period.end.isoformat(),
    }
    income, costs = (
        sums.by_name(store, asked.scope, chart.ids(types), **period)
        for types in ((INCOME, OTHER_INCOME), _COSTS)
    )
    rows: dict[str, Amounts] = {}
    for name in {*income, *costs}:
        gained, spent = -income.get(name, 0), costs.get(name, 0)
        key = name if name.startswith(_PREFIX) else ""
        rows[key] = added(rows.get(key, [0, 0, 0]), [gained, spent, gained - spent])
    axis = named_axis("Income", "Expenses", "Net Income")
    return summary_report("Customer", axis, customer_rows(view, rows, asked.sort))


def named_axis(*titles: str) -> Axis:
    """Columns of their own kind."""
    columns = tuple(Column(title=one, key=one.lower().replace(" ", "_")) for one in titles)
    return Axis(columns=columns, periods=(), key="", places={}, additive=False)


def customer_rows(view: Change, found: Mapping[str, Amounts], sort: str) -> list[Row]:
    """Rows by customer, sub-customers below their parents, and the sum of all.

    What belongs to nobody, or not to a customer, has a row of its own.
    """
    customers = view.books.all("Customer")
    known = {f"{_PREFIX}{one['Id']}" for one in customers}
    amounts = {key.removeprefix(_PREFIX): found[key] for key in found if key in known}
    rows = nested(customers, amounts)
    others = [cents for key, cents in found.items() if key not in known]
    if others:
        rows.append(Row(title="Not Specified", amounts=added(*others)))
    if not rows:
        return []
    total = added(*(row.total for row in rows))
    end = Row(group="GrandTotal", amounts=total, summary="TOTAL")
    return [*arranged(rows, sort), end]
