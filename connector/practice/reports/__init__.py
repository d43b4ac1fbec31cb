"""QuickBooks' reports, each computed as sums over the ledger.

Every report is a function (view, parameters) -> Report in a module of its own; a new one is that
function and a line in REPORTS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.practice.books.change import Change
from connector.practice.faults import Fault
from connector.practice.reports.aging import aged
from connector.practice.reports.balance import balance_sheet, trial_balance
from connector.practice.reports.parameters import Parameters, read
from connector.practice.reports.people import (
    CUSTOMERS,
    VENDORS,
    balance_of,
    customer_income,
    vendor_expenses,
)
from connector.practice.reports.profit import profit_and_loss
from connector.practice.reports.render import Report, document
from connector.practice.reports.transactions import (
    general_ledger,
    profit_and_loss_detail,
    transaction_list,
)

_YEAR = "this calendar year-to-date"


@dataclass(frozen=True, slots=True)
class Kind:
    """One report."""

    make: Callable[[Change, Parameters], Report]
    #: The period where none is asked for, as Intuit's samples show it [S].
    macro: str = _YEAR


#: By the name in the address.
REPORTS: Mapping[str, Kind] = {
    "ProfitAndLoss": Kind(profit_and_loss),
    "ProfitAndLossDetail": Kind(profit_and_loss_detail),
    "BalanceSheet": Kind(balance_sheet),
    "TrialBalance": Kind(trial_balance),
    "GeneralLedger": Kind(general_ledger),
    "TransactionList": Kind(transaction_list, "this month-to-date"),
    "CustomerBalance": Kind(balance_of(CUSTOMERS), "all"),
    "CustomerIncome": Kind(customer_income),
    "AgedReceivables": Kind(aged(CUSTOMERS), "today"),
    "VendorBalance": Kind(balance_of(VENDORS), "all"),
    "VendorExpenses": Kind(vendor_expenses),
    "AgedPayables": Kind(aged(VENDORS), "today"),
}


def report(view: Change, name: str, sent: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a request for a report; `sent` holds its query parameters.

    Raises Fault 500 for an unknown report, 10100 for one of too many cells, else those of `read`.
    """
    kind = REPORTS.get(name)
    if kind is None:
        raise Fault("500", f"Operation Report {name} is not supported.", status=500)
    with view.books.lock:
        asked = read(sent, view, default_macro=kind.macro)
        made = kind.make(view, asked)
        asked.check_room(made.cells)
        return document(name, view, asked, made)
