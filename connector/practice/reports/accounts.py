"""The chart of accounts as reports divide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connector.practice.books.books import Books
from connector.practice.entities.lists.accounts import TYPES
from connector.practice.reports.columns import Amounts
from connector.practice.reports.rows import Row, age_of, negated, nested
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


_PLACES = {kind: place for place, kind in enumerate(TYPES)}


def type_of(account: Record) -> str:
    """The account type; empty in a record that was put past the rules."""
    return str(account.get("AccountType", ""))


class Chart:
    """All accounts, in the order of their types and names."""

    def __init__(self, books: Books) -> None:
        ordered = sorted(
            books.all("Account"),
            key=lambda one: (
                _PLACES.get(type_of(one), len(_PLACES)),
                one["FullyQualifiedName"].casefold(),
            ),
        )
        self.accounts: dict[str, Record] = {one["Id"]: one for one in ordered}

    def ids(self, types: Iterable[str]) -> list[str]:
        """The accounts of some types."""
        wanted = set(types)
        return [key for key, one in self.accounts.items() if type_of(one) in wanted]

    def rows(self, kind: str, amounts: Mapping[str, Amounts]) -> list[Row]:
        """The accounts of one type that have amounts (debits above zero), each its own way."""
        accounts = [one for one in self.accounts.values() if type_of(one) == kind]
        own = {
            one["Id"]: amounts[one["Id"]] if kind in DEBIT else negated(amounts[one["Id"]])
            for one in accounts
            if one["Id"] in amounts
        }
        return nested(accounts, own)

    def having(self, detail: str) -> Record | None:
        """The oldest account of a subtype."""
        found = [one for one in self.accounts.values() if one.get("AccountSubType") == detail]
        return min(found, key=lambda one: age_of(one["Id"]), default=None)
