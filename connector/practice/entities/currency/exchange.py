"""Transactions in a foreign currency, posted in the home currency to the cent.

Amounts are converted at the rate of the transaction; a debt that is paid is taken off at the rate
it was made at, and what lies between is exchange gain or loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import Basis, Posting
from connector.practice.entities.common.currency_codes import currency_of, home_code
from connector.practice.entities.common.kind import Entity
from connector.practice.entities.common.posting import payments_of
from connector.practice.entities.common.system import system_account
from connector.practice.entities.currency.currencies import multicurrency, with_home_amounts
from connector.practice.shape import Record, money

_NOTHING = Decimal("0.00")
Post = Callable[[Change, Record], list[Posting]]


def at_home(entity: Entity) -> Entity:
    """A kind of transaction whose postings and shown amounts are in the home currency too."""
    rule = entity.post
    if "HomeTotalAmt" in entity.fields:
        entity = replace(entity, present=_presenting(entity.present), verbatim=_verbatim(entity))
    return entity if rule is None else replace(entity, post=_posting(entity.name, rule))


def _verbatim(entity: Entity) -> Callable[[Books], bool]:
    """Where there is one currency, home amounts add nothing to what is stored."""
    return lambda books: entity.is_verbatim(books) and not multicurrency(books)


def _presenting(present: Callable[[Books, Record], Record]) -> Callable[[Books, Record], Record]:
    def shown(books: Books, record: Record) -> Record:
        return with_home_amounts(books, present(books, record))

    return shown


def _posting(kind: str, rule: Post) -> Post:
    def post(change: Change, record: Record) -> list[Posting]:
        postings = rule(change, record)
        home = home_code(change.books)
        if (currency_of(record) or home) == home:
            return postings
        return [*_converted(change, record, postings), *_residue(change, record, kind, postings)]

    return post


def _converted(change: Change, record: Record, postings: list[Posting]) -> Iterator[Posting]:
    """The postings in the home currency, rounded so that they balance where the originals do."""
    rate = _rate(record)
    reached: dict[Basis, Decimal] = {}
    ordered = sorted(postings, key=lambda one: one.basis)
    for one in ordered:
        if one.original is not None:
            yield one
            continue
        before = reached.get(one.basis, reached.get(Basis.BOTH, _NOTHING))
        after = before + one.amount
        reached[one.basis] = after
        amount = money(after * rate) - money(before * rate)
        booked = money(one.amount * _debt_rate(change, one, rate)) if one.debt else amount
        yield replace(one, amount=booked, original=one.amount)
        if booked != amount:
            yield _gain(change, one, amount - booked)


def _gain(change: Change, beside: Posting, amount: Decimal) -> Posting:
    """What an exchange rate has cost (above zero) or brought."""
    account = system_account(change, "ExchangeGainOrLoss")
    return Posting(
        account=account,
        amount=amount,
        original=_NOTHING,
        basis=beside.basis,
        part="exchange",
        day=beside.day,
        name=beside.name,
    )


def _residue(
    change: Change, record: Record, kind: str, postings: list[Posting]
) -> Iterator[Posting]:
    """What rounding leaves of a debt that is settled, part by part, to the last cent."""
    owed = next((one for one in postings if one.owed and not one.debt), None)
    paid = payments_of(change, record, kind)
    if owed is None or sum((amount for _, amount in paid), _NOTHING) != abs(owed.amount):
        return
    rate, sign = _rate(record), Decimal(1).copy_sign(owed.amount)
    left = money(owed.amount * rate) - sign * sum(
        (money(amount * rate) for _, amount in paid), _NOTHING
    )
    if left:
        last = replace(owed, basis=Basis.ACCRUAL, original=_NOTHING, day=paid[-1][0])
        yield replace(last, amount=-left)
        yield _gain(change, last, left)


def _rate(record: Record) -> Decimal:
    return Decimal(record.get("ExchangeRate") or 1)


def _debt_rate(change: Change, one: Posting, rate: Decimal) -> Decimal:
    """The rate of the record whose debt a posting pays; `rate` where it is gone."""
    record = change.find(*one.debt.split(":", 1))
    return rate if record is None else _rate(record)
