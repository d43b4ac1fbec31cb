"""What sales forms and payments post: both sides, on the accrual and on the cash basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Basis, Posting
from connector.practice.entities.common.currency_codes import currency_of
from connector.practice.entities.common.lines import DISCOUNT_LINE, ITEM_LINE, SHIPPING
from connector.practice.entities.common.payable import (
    Side,
    applied,
    debtor,
    is_debt,
    payers_of,
    side_of,
    side_of_document,
)
from connector.practice.entities.common.stock import cost_postings
from connector.practice.entities.common.system import system_account, tax_account
from connector.practice.shape import Record, money

_NOTHING = Decimal("0.00")


def customer_key(record: Record) -> str:
    """How the ledger names the customer of a record; empty where it has none."""
    customer = (record.get("CustomerRef") or {}).get("value")
    return f"Customer:{customer}" if customer else ""


def owed_posting(change: Change, record: Record, amount: Decimal) -> Posting:
    """What a record adds to the customer's debt, or takes off it when below zero."""
    account = (record.get("ARAccountRef") or {}).get("value")
    return Posting(
        account=account or system_account(change, "AccountsReceivable", currency_of(record)),
        amount=amount,
        part="owed",
        owed=True,
        name=customer_key(record),
        due=record.get("DueDate") or "",
    )


def settling_postings(change: Change, payment: Record, owed: Posting) -> list[Posting]:
    """What a payment takes off the customer's or the company's debt, divided by what it pays.

    A credit that it uses is used up, and what is left over is a credit of its own.
    """
    side = side_of(payment)
    parts = [
        replace(
            owed,
            amount=part.amount * (side.sign if is_debt(change, part) else -side.sign),
            debt=":".join(part.document),
            name=f"{side.party}:{debtor(change, part)}",
        )
        for part in applied(payment)
    ]
    left = owed.amount - sum((one.amount for one in parts), _NOTHING)
    return [*parts, replace(owed, amount=left)]


def unapplied_postings(change: Change, side: Side, debt: Posting) -> list[Posting]:
    """On the cash basis: money that pays nothing yet is no debt, but income or expense of its own.

    `debt` is what has to be taken out of the debts: above zero for a customer's money.
    """
    if not debt.amount:
        return []
    subtype, part = side.unapplied
    account = system_account(change, subtype)
    debt = replace(debt, basis=Basis.CASH)
    other = replace(debt, account=account, amount=-debt.amount, part=part, owed=False, due="")
    return [debt, other]


def sale_postings(change: Change, kind: str, record: Record) -> list[Posting]:
    """The lines and the tax of a sales form as credits; together minus its total.

    Beside them, the cost of inventory that is sold.
    """
    found = list(_lines(change, record))
    found += tax_postings(change, record)
    rest = -money(record.get("TotalAmt", 0)) - sum((one.amount for one in found), _NOTHING)
    if rest:
        # Only in records that were put past the rules.
        account = system_account(change, "OpeningBalanceEquity")
        found.append(Posting(account=account, amount=rest, part="other"))
    found += cost_postings(change, kind, record)
    name = customer_key(record)
    return [replace(one, name=name) for one in found]


def reversed_postings(postings: list[Posting]) -> list[Posting]:
    """The same the other way round, as a refund posts what a sale has posted."""
    return [
        replace(
            one,
            amount=-one.amount,
            original=None if one.original is None else -one.original,
            stock=None if one.stock is None else one.stock.reversed(),
        )
        for one in postings
    ]


def debt_postings(
    change: Change, record: Record, kind: str, sale: list[Posting], owed: Posting
) -> list[Posting]:
    """A form that is paid later: at once on the accrual basis, on the cash basis as it is paid."""
    if not owed.amount:
        return [owed, *sale]
    accrual = [replace(one, basis=Basis.ACCRUAL) for one in (owed, *sale)]
    return [*accrual, *_cash(change, record, kind, (sale, owed))]


def payments_of(change: Change, record: Record, kind: str) -> list[tuple[str, Decimal]]:
    """(date, amount) of what was paid with a form or applied to it, in order of the dates."""
    deposit = money(record.get("Deposit") or 0)
    found = [(record["TxnDate"], 0, deposit)] if deposit else []
    for payment in payers_of(change, record):
        for line in payment["Line"]:
            for paid in line["LinkedTxn"]:
                if (paid["TxnType"], paid["TxnId"]) == (kind, record["Id"]):
                    found.append((payment["TxnDate"], int(payment["Id"]), money(line["Amount"])))
    return [(day, amount) for day, _, amount in sorted(found)]


def _lines(change: Change, record: Record) -> Iterator[Posting]:
    for line in record.get("Line", ()):
        kind = line.get("DetailType")
        if kind not in (ITEM_LINE, DISCOUNT_LINE):
            continue
        detail, amount = line[kind], money(line["Amount"])
        item = kind == ITEM_LINE
        account = _income_account(change, detail) if item else detail.get("DiscountAccountRef")
        yield Posting(
            account=_value(account) or system_account(change, "OpeningBalanceEquity"),
            amount=-amount if item else amount,
            part="sale" if item else "discount",
            item=_sold(detail) if item else "",
            klass=_tag(detail, "ClassRef") or _tag(record, "ClassRef"),
            department=_tag(record, "DepartmentRef"),
            memo=line.get("Description", ""),
        )


def _sold(detail: Record) -> str:
    """The item of a line; empty for shipping, which reports know as none."""
    return "" if detail["ItemRef"]["value"] == SHIPPING else str(detail["ItemRef"]["value"])


def tax_postings(change: Change, record: Record) -> Iterator[Posting]:
    """The tax of each rate as a credit on its agency's account."""
    detail = record.get("TxnTaxDetail") or {}
    rest = money(detail.get("TotalTax") or 0)
    for line in detail.get("TaxLine", ()):
        amount = money(line["Amount"])
        account = tax_account(change, line["TaxLineDetail"]["TaxRateRef"]["value"])
        yield Posting(account=account, amount=-amount, part="tax")
        rest -= amount
    if rest:
        # Only in records that were put past the rules.
        yield Posting(account=system_account(change, "SalesTaxPayable"), amount=-rest, part="tax")


def _income_account(change: Change, detail: Record) -> Record:
    """Where the revenue of a line goes: where it went when it was saved, or, by switch, now."""
    item = change.find("Item", detail["ItemRef"]["value"]) or {}
    now = item.get("IncomeAccountRef") if change.switches.repointed_item_moves_past else None
    return now or detail.get("ItemAccountRef") or {}


def _tag(record: Record, field: str) -> str:
    return _value(record.get(field))


def _value(ref: Record | None) -> str:
    return str((ref or {}).get("value", ""))


def _cash(
    change: Change, record: Record, kind: str, sides: tuple[list[Posting], Posting]
) -> Iterator[Posting]:
    """What each payment lets count: its share of every line, exact when all is paid."""
    sale, owed = sides
    before = [_NOTHING for _ in sale]
    paid = _NOTHING
    for day, amount in payments_of(change, record, kind):
        paid += amount
        until = _shares(sale, paid / abs(owed.amount))
        shares = [new - old for new, old in zip(until, before, strict=True)]
        before = until
        earned = max(day, record["TxnDate"])
        for one, share in zip(sale, shares, strict=True):
            yield replace(one, amount=share, basis=Basis.CASH, day=earned)
        debt = replace(owed, amount=-sum(shares, _NOTHING), basis=Basis.CASH, day=day)
        yield debt
        if earned > day and debt.amount:
            # Money from before the form counts as unapplied [C], until the date of the form [S].
            _, unapplied = unapplied_postings(change, side_of_document(kind), debt)
            yield unapplied
            yield replace(unapplied, amount=debt.amount, day=earned)


def _shares(postings: list[Posting], share: Decimal) -> list[Decimal]:
    """Each posting's part, rounded so that the parts come to the rounded part of the sum."""
    found, whole, given = [], _NOTHING, _NOTHING
    for one in postings:
        whole += one.amount
        until = money(whole * share)
        found.append(until - given)
        given = until
    return found
