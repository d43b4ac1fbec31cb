"""What selling and buying inventory does: its cost goes out of the inventory account or into it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from connector.practice.books import stock
from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.books.stock import Stock
from connector.practice.entities.common.lines import ITEM_LINE
from connector.practice.entities.common.system import system_account
from connector.practice.faults import business
from connector.practice.shape import Record, money

_NOTHING = Decimal("0.00")


def cost_postings(change: Change, kind: str, form: Record) -> Iterator[Posting]:
    """Of a sales form: the cost of what is sold, out of the inventory account; together 0.

    One costs the item's PurchaseCost, and a form that is posted again keeps the cost it had. A
    line without Qty moves nothing: what QuickBooks does with one is not known.
    """
    for line in form.get("Line", ()):
        detail = line.get(ITEM_LINE) or {}
        item = _inventory(change, (detail.get("ItemRef") or {}).get("value", ""))
        if item is None or not detail.get("Qty"):
            continue
        cost = _unit_cost(change, (kind, form["Id"]), form["TxnDate"], item)
        moved = Stock(quantity=-detail["Qty"], cost=cost)
        amount = money(detail["Qty"] * cost)
        tags = {"item": item["Id"], "memo": line.get("Description", "")}
        # What something cost is in the home currency, whatever it is sold in.
        yield Posting(
            account=item["ExpenseAccountRef"]["value"],
            amount=amount,
            original=_NOTHING,
            part="cogs",
            **tags,
        )
        yield Posting(
            account=item["AssetAccountRef"]["value"],
            amount=-amount,
            original=_NOTHING,
            part="stock",
            stock=moved,
            **tags,
        )


def bought(change: Change, line: Record, detail: Record) -> Stock | None:
    """What a line of a purchase brings in; None where it is no inventory or has no quantity."""
    item = _inventory(change, (detail.get("ItemRef") or {}).get("value", ""))
    if item is None or not detail.get("Qty"):
        return None
    return Stock(quantity=detail["Qty"], cost=money(line["Amount"]) / detail["Qty"])


def opening_postings(change: Change, item: Record) -> list[Posting]:
    """What an inventory item begins with, against Opening Balance Equity."""
    if item.get("Type") != "Inventory" or not item.get("QtyOnHand"):
        return []
    before = stock.cost_in(change.books.store, "Item", item["Id"], item["Id"])
    cost = Decimal(item.get("PurchaseCost") or 0) if before is None else before
    start = Stock(quantity=Decimal(item["QtyOnHand"]), cost=cost)
    amount = money(start.quantity * cost)
    tags = {"item": item["Id"], "part": "stock", "day": item["InvStartDate"]}
    equity = system_account(change, "OpeningBalanceEquity")
    asset = item["AssetAccountRef"]["value"]
    return [
        Posting(account=asset, amount=amount, stock=start, **tags),
        Posting(account=equity, amount=-amount, **tags),
    ]


def _inventory(change: Change, identity: str) -> Record | None:
    item = change.find("Item", identity) if identity else None
    return item if item is not None and item.get("Type") == "Inventory" else None


def _unit_cost(change: Change, document: tuple[str, str], day: str, item: Record) -> Decimal:
    """What one costs; raises Fault 6000 for a sale before the item's first day [S]."""
    before = stock.cost_in(change.books.store, *document, item["Id"])
    if before is not None:
        return before
    if day < item["InvStartDate"]:
        raise business(
            f"Transaction date is prior to start date for inventory item {item['Name']}."
        )
    return Decimal(item.get("PurchaseCost") or 0)
