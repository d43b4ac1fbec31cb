"""The double-entry ledger behind the transactions: balanced postings, and sums over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Any

from connector.practice.books.stock import Stock, keep
from connector.practice.books.store import Store
from connector.practice.shape import money

#: Fields of a posting that are text, in the order in which they are read.
_WORDS = ("day", "account", "part", "name", "item", "klass", "department", "memo")


class Basis(IntEnum):
    """In which books a posting counts."""

    BOTH = 0
    ACCRUAL = 1
    CASH = 2


class Unbalanced(Exception):
    """Debits and credits of a transaction differ: a mistake in the practice company itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One side of a transaction's entry."""

    #: The id of the account.
    account: str
    #: Home currency; a debit is above zero, a credit below.
    amount: Decimal
    #: In the currency of the transaction; None = the same as `amount`.
    original: Decimal | None = None
    basis: Basis = Basis.BOTH
    #: What it stands for: sale, discount, tax, owed, money, expense, ...
    part: str = ""
    #: Whether this is a debt of the customer, or to the vendor, in `name`.
    owed: bool = False
    #: The record whose debt it is or pays, `Invoice:101`; empty = the transaction itself.
    debt: str = ""
    #: When the debt is due; empty = on its date.
    due: str = ""
    #: `Customer:10`, `Vendor:20`, or empty.
    name: str = ""
    #: The customer whom an expense is for, `Customer:10`; empty where that is nobody but `name`.
    customer: str = ""
    item: str = ""
    klass: str = ""
    department: str = ""
    memo: str = ""
    #: The date; empty = that of the transaction.
    day: str = ""
    #: What it does to the quantity of `item`; counted once, whatever the basis.
    stock: Stock | None = None


def post(store: Store, entity: str, identity: str, day: str, postings: list[Posting]) -> None:
    """Put a transaction's postings in place of those it had; raises Unbalanced."""
    _check(entity, identity, postings)
    store.run("DELETE FROM posting WHERE entity = ? AND id = ?", (entity, identity))
    moves = [
        (one.item, one.day or day, one.stock)
        for one in postings
        if one.stock is not None and one.basis != Basis.CASH
    ]
    keep(store, entity, identity, moves)
    rows = [_row(entity, identity, day, one) for one in postings if one.amount or one.original]
    store.run_many(f"INSERT INTO posting VALUES ({', '.join('?' * 17)})", rows)


def owed_by(store: Store, name: str) -> Decimal:
    """What a customer owes (above zero), in the customer's currency; for a vendor below zero."""
    [(total,)] = store.run("SELECT coalesce(sum(original), 0) FROM balance WHERE name = ?", (name,))
    return _decimal(total)


def balance_of(store: Store, account: str, *, own: bool = False) -> Decimal:
    """Debits less credits of an account on the accrual basis.

    In the home currency, or, with `own`, in that of its transactions.
    """
    amount = "original" if own else "amount"
    [(total,)] = store.run(
        f"SELECT coalesce(sum({amount}), 0) FROM balance WHERE account = ?", (account,)
    )
    return _decimal(total)


def postings_of(store: Store, entity: str, identity: str) -> list[Posting]:
    """What a transaction posted, accrual rows first."""
    rows = store.run(
        "SELECT basis, amount, original, owed, day, account, part, name, item, class, department,"
        " memo FROM posting WHERE entity = ? AND id = ? ORDER BY basis, day, rowid",
        (entity, identity),
    )
    return [_posting(*row) for row in rows]


def income_by_account(store: Store) -> dict[str, Decimal]:
    """What sales posted, by account id; liabilities that items post to are included."""
    rows = store.run(
        "SELECT account, -sum(amount) FROM posting WHERE basis < 2 AND part IN ('sale', 'discount')"
        " GROUP BY account ORDER BY account"
    )
    return {account: _decimal(total) for account, total in rows}


def move(store: Store, item: str, old: str, new: str) -> None:
    """Let all that an item has posted to one account count on another."""
    store.run(
        "UPDATE posting SET account = ? WHERE item = ? AND account = ? AND part = 'sale'",
        (new, item, old),
    )


def _check(entity: str, identity: str, postings: Iterable[Posting]) -> None:
    found = list(postings)
    for left_out in (Basis.CASH, Basis.ACCRUAL):
        total = sum(_cents(one.amount) for one in found if one.basis != left_out)
        if total:
            raise Unbalanced(f"{entity} {identity} is out of balance by {total} cents")


def _row(entity: str, identity: str, day: str, one: Posting) -> tuple[str | int, ...]:
    original = one.amount if one.original is None else one.original
    return (
        entity,
        identity,
        int(one.basis),
        one.day or day,
        one.account,
        _cents(one.amount),
        _cents(original),
        one.part,
        int(one.owed),
        one.name,
        one.item,
        one.klass,
        one.department,
        one.memo,
        one.debt,
        one.due,
        one.customer,
    )


def _posting(basis: int, amount: int, original: int, owed: int, *words: str) -> Posting:
    named: dict[str, Any] = dict(zip(_WORDS, words, strict=True))
    return Posting(
        **named,
        basis=Basis(basis),
        amount=_decimal(amount),
        original=_decimal(original),
        owed=bool(owed),
    )


def _cents(amount: Decimal) -> int:
    return int(money(amount) * 100)


def _decimal(cents: int) -> Decimal:
    return Decimal(cents) / 100 + Decimal("0.00")
