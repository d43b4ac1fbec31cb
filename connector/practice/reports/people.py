"""What customers owe and vendors are owed, and what was earned with them or spent on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
from connector.practice.reports.parameters import FOR_CUSTOMER, Parameters
from connector.practice.reports.render import Report, summary_report
from connector.practice.reports.rows import Row, added, arranged, nested

_COSTS = (COGS, EXPENSE, OTHER_EXPENSE)


@dataclass(frozen=True, slots=True)
class Side:
    """Those who owe, or those who are owed."""

    #: Customer or Vendor.
    entity: str
    #: The type of the accounts that hold the debts.
    account_type: str
    #: 1 where a debt is a debit, -1 where it is a credit.
    sign: int


CUSTOMERS = Side("Customer", "Accounts Receivable", 1)
VENDORS = Side("Vendor", "Accounts Payable", -1)


def balance_of(side: Side) -> Callable[[Change, Parameters], Report]:
    """The reports `CustomerBalance` and `VendorBalance`: what is open on the report date.

    Always on the accrual basis, as nobody owes anything on the other one.
    """

    def make(view: Change, asked: Parameters) -> Report:
        accounts = Chart(view.books).ids((side.account_type,))
        until = asked.report_date.isoformat()
        found = sums.by_name(view.books.store, asked.accrual, accounts, until=until)
        owed = {name: [side.sign * cents] for name, cents in found.items() if cents}
        rows = person_rows(view, side, owed, asked.sort)
        return summary_report(side.entity, named_axis("Total"), rows, has_basis=False)

    return make


def customer_income(view: Change, asked: Parameters) -> Report:
    """The report `CustomerIncome`: income, expenses and what is left, by customer."""
    income, costs = (
        _by_person(view, asked, types, key=FOR_CUSTOMER)
        for types in ((INCOME, OTHER_INCOME), _COSTS)
    )
    rows: dict[str, Amounts] = {}
    for name in {*income, *costs}:
        gained, spent = -income.get(name, 0), costs.get(name, 0)
        rows[name] = [gained, spent, gained - spent]
    axis = named_axis("Income", "Expenses", "Net Income")
    shown = person_rows(view, CUSTOMERS, rows, asked.sort)
    return summary_report(CUSTOMERS.entity, axis, shown)


def vendor_expenses(view: Change, asked: Parameters) -> Report:
    """The report `VendorExpenses`: what was spent on each vendor."""
    spent = _by_person(view, asked, _COSTS, key="name")
    rows = person_rows(view, VENDORS, {name: [spent[name]] for name in spent}, asked.sort)
    return summary_report(VENDORS.entity, named_axis("Total"), rows)


def named_axis(*titles: str) -> Axis:
    """Columns of their own kind."""
    columns = tuple(Column(title=one, key=one.lower().replace(" ", "_")) for one in titles)
    return Axis(columns=columns, periods=(), key="", places={}, additive=False)


def person_rows(view: Change, side: Side, found: Mapping[str, Amounts], sort: str) -> list[Row]:
    """Rows by customer or vendor, sub-customers below their parents, and the sum of all.

    What belongs to nobody of this kind has a row of its own.
    """
    people, prefix = view.books.all(side.entity), f"{side.entity}:"
    known = {f"{prefix}{one['Id']}" for one in people}
    amounts = {key.removeprefix(prefix): found[key] for key in found if key in known}
    rows = nested(people, amounts)
    others = [cents for key, cents in found.items() if key not in known]
    if others:
        rows.append(Row(title="Not Specified", amounts=added(*others)))
    if not rows:
        return []
    total = added(*(row.total for row in rows))
    end = Row(group="GrandTotal", amounts=total, summary="TOTAL")
    return [*arranged(rows, sort), end]


def _by_person(
    view: Change, asked: Parameters, types: tuple[str, ...], *, key: str
) -> dict[str, int]:
    period = {
        "since": asked.period.start.isoformat(),
        "until": asked.period.end.isoformat(),
    }
    accounts = Chart(view.books).ids(types)
    return sums.by_name(view.books.store, asked.scope, accounts, key=key, **period)
