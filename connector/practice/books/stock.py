"""How many of each inventory item there are, and what one cost: kept beside the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.practice.books.store import Store

#: Quantities are kept as whole numbers of this part.
_PART = Decimal("0.00001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What a posting on an inventory account does to the quantity on hand."""

    #: Above zero for what comes in.
    quantity: Decimal
    #: Of one, home currency.
    cost: Decimal

    def reversed(self) -> Stock:
        """The same the other way round."""
        return replace(self, quantity=-self.quantity)


def keep(store: Store, entity: str, identity: str, moves: Iterable[tuple[str, str, Stock]]) -> None:
    """Put the moves (item, date, stock) of a transaction in place of those it had."""
    store.run("DELETE FROM stock WHERE entity = ? AND id = ?", (entity, identity))
    rows = [
        (entity, identity, item, day, int(one.quantity / _PART), str(one.cost))
        for item, day, one in moves
    ]
    store.run_many("INSERT INTO stock VALUES (?, ?, ?, ?, ?, ?)", rows)


def on_hand(store: Store, item: str) -> Decimal:
    """The quantity of an item that there is; below zero when more was sold than came in."""
    [(total,)] = store.run("SELECT coalesce(sum(quantity), 0) FROM stock WHERE item = ?", (item,))
    quantity: Decimal = (total * _PART).normalize()
    return quantity + Decimal(0)


def cost_in(store: Store, entity: str, identity: str, item: str) -> Decimal | None:
    """What one of an item cost when a transaction moved it before; None where it did not."""
    found = store.run(
        "SELECT cost FROM stock WHERE entity = ? AND id = ? AND item = ?", (entity, identity, item)
    )
    return Decimal(found[0][0]) if found else None
