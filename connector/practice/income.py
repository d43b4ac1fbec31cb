"""Revenue as the books have it: invoice line, item, account."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from connector.practice.books import Books
from connector.practice.entities.lines import DISCOUNT_LINE, ITEM_LINE
from connector.practice.shape import Record, money


def income_by_account(books: Books) -> dict[str, Decimal]:
    """What all invoices posted, by account id; liabilities that items post to are included."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for invoice in books.all("Invoice"):
        for line in invoice.get("Line", ()):
            account, amount = _posting(books, line)
            if account:
                totals[account] += amount
    return {account: money(total) for account, total in sorted(totals.items())}


def _posting(books: Books, line: Record) -> tuple[str, Decimal]:
    """The account id and amount of a line; the id is empty when it posts nothing."""
    amount = Decimal(line.get("Amount", 0))
    kind = line.get("DetailType")
    if kind == DISCOUNT_LINE:
        account = line[DISCOUNT_LINE].get("DiscountAccountRef") or {}
        return str(account.get("value", "")), -amount
    if kind != ITEM_LINE:
        return "", amount
    item = books.find("Item", line[ITEM_LINE]["ItemRef"]["value"]) or {}
    return str((item.get("IncomeAccountRef") or {}).get("value", "")), amount
