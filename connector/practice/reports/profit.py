"""Profit and loss: what came in and what went out in a period."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.reports.accounts import (
    COGS,
    EXPENSE,
    INCOME,
    OTHER_EXPENSE,
    OTHER_INCOME,
    PROFIT,
    Chart,
)
from connector.practice.reports.columns import Amounts, amounts, axis
from connector.practice.reports.parameters import Parameters
from connector.practice.reports.render import Report, summary_report
from connector.practice.reports.rows import Row, added, arranged, negated, section, sum_row

#: Account type: the group of its section, and its title.
_SECTIONS = {
    INCOME: ("Income", "Income"),
    COGS: ("COGS", "Cost of Goods Sold"),
    EXPENSE: ("Expenses", "Expenses"),
    OTHER_INCOME: ("OtherIncome", "Other Income"),
    OTHER_EXPENSE: ("OtherExpenses", "Other Expenses"),
}


def profit_and_loss(view: Change, asked: Parameters) -> Report:
    """The report `ProfitAndLoss`."""
    chart = Chart(view.books)
    wanted = set(chart.ids(PROFIT))
    made = axis(view.books, asked, wanted, by=asked.by)
    spans = [(one.start, one.end) for one in made.periods]
    found = amounts(view.books, asked, made, spans)
    own = {account: cents for account, cents in found.items() if account in wanted}
    rows = _rows(chart, own, len(made.columns)) if own else []
    return summary_report("Account", made, arranged(rows, asked.sort))


def _rows(chart: Chart, found: dict[str, Amounts], width: int) -> list[Row]:
    parts = {
        kind: section(group, title, chart.rows(kind, found), width=width)
        for kind, (group, title) in _SECTIONS.items()
    }
    income, cogs, expense, more, other = (parts[kind] for kind in PROFIT)
    gross = added(income.total, negated(cogs.total))
    operating = added(gross, negated(expense.total))
    beside = added(more.total, negated(other.total))
    rows = [
        income,
        cogs,
        sum_row("GrossProfit", "Gross Profit", gross),
        expense,
        sum_row("NetOperatingIncome", "Net Operating Income", operating),
        more,
        other,
    ]
    if more.rows or other.rows:
        rows.append(sum_row("NetOtherIncome", "Net Other Income", beside))
    rows.append(sum_row("NetIncome", "Net Income", added(operating, beside)))
    return [row for row in rows if row.rows or not row.title]
