"""The chart of accounts as reports divide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connector.practice.books.books import Books
from connector.practice.reports.columns import Amounts
from connector.practice.reports.rows import Row, negated, nested
from connector.practice.shape import Record

INCOME, COGS, EXPENSE = "Income", "Cost of Goods Sold", "Expense"
OTHER_INCOME, OTHER_EXPENSE = "Other Income", "Other Expense"
#: Account types of the profit and loss report.
PROFIT = (INCOME, COGS, EXPENSE, OTHER_INCOME, OTHER_EXPENSE)
#: Types whose accounts grow with debits.
DEBIT = frozenset(
    {
        "Bank",
        "Accounts Receivable",
        "Other Current Asset",
        "Fixed Asset",
        "Other Asset",
        COGS,
        EXPENSE,
        OTHER_EXPENSE,
    }
)


class Chart:
    """All accounts by type."""

    def __init__(self, books: Books) -> None:
        self.accounts: dict[str, Record] = {one["Id"]: one for one in books.all("Account")}

    def ids(self, types: Iterable[str]) -> list[str]:
        """The accounts of some types."""
        wanted = set(types)
        return [key for key, one in self.accounts.items() if one["AccountType"] in wanted]

    def rows(self, kind: str, amounts: Mapping[str, Amounts]) -> list[Row]:
        """The accounts of one type that have amounts (debits above zero), each its own way."""
        accounts = [one for one in self.accounts.values() if one["AccountType"] == kind]
        own = {
            one["Id"]: amounts[one["Id"]] if kind in DEBIT else negated(amounts[one["Id"]])
            for one in accounts
            if one["Id"] in amounts
        }
        return nested(accounts, own)

    def having(self, detail: str) -> Record | None:
        """The oldest account of a subtype."""
        found = (one for one in self.accounts.values() if one.get("AccountSubType") == detail)
        return next(found, None)
