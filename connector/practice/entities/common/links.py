"""Payments and what they link: paid and used, given back, seen from both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from connector.practice.books.change import Change
from connector.practice.entities.common.currency_codes import same_currency
from connector.practice.entities.common.payable import (
    PAYERS,
    Part,
    Payable,
    applied,
    link_to,
    may_pay,
    merged,
    parts_of,
    payable,
    payers_of,
    side_of,
)
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import Record

_ZERO = Decimal("0.00")


def settle(change: Change, payment: Record, old: Record | None) -> Record:
    """The payment with its UnappliedAmt; what it pays and uses changes with it.

    Credits are used for debts only, so UnappliedAmt is between 0 and TotalAmt. Raises Fault 610,
    620, 2020 or 6000.
    """
    if old is not None:
        release(change, old)
    parts = merged(applied(payment))
    found = [(part, payable(change, payment, part)) for part in parts]
    for part, one in found:
        _check(change, payment, part, one)
    debts, credits = _sums(found)
    if debts - credits > payment["TotalAmt"]:
        sentence = f"The lines come to more than the payment of {payment['TotalAmt']}."
        raise _overpaid(change, sentence)
    if credits > debts:
        raise business(f"The credits of {credits} are more than the {debts} they pay.")
    for part in parts:
        take(change, payment, part)
    return {**payment, "UnappliedAmt": payment["TotalAmt"] - debts + credits}


def _overpaid(change: Change, sentence: str) -> Fault:
    """The refusal of a payment of too much; its code is not known [U]: a switch says it."""
    code = change.switches.overpayment_code
    return business(sentence) if code == "6000" else Fault(code, sentence)


def release(change: Change, payment: Record) -> None:
    """Give back to debts and credits what a payment had paid and used."""
    for part in merged(applied(payment)):
        _give_back(change, payment, part)


def take(change: Change, payment: Record, part: Part) -> None:
    """Let a payment pay or use a part of a document."""
    record = change.find(part.kind, part.identity)
    if record is not None:
        links = [*_without_payment(record, payment), link_to(payment)]
        change.touch(part.kind, {**opened(record, -part.amount), "LinkedTxn": links})


def unpay(change: Change, kind: str, record: Record) -> None:
    """Take a document out of all payments; what that frees stays with them, unapplied.

    A payment never keeps more than its total, nor pays more: a credit that has nothing left to
    pay is given back, a debt that has lost its credit is open again.
    """
    for payment in payers_of(change, record):
        payer = PAYERS[link_to(payment)["TxnType"]]
        change.touch(payer, _without_document(change, payment, (kind, record["Id"])))


def made_of(
    record: Record, old: Record | None, kind: str, use: Callable[[str], list[Record]]
) -> list[Record]:
    """The links of a form: those of before stay, a sent one to a `kind` that is free is added.

    `use` takes the id, and gives the link where it could be taken. Raises Fault 2020 without one.
    """
    links = list((old or {}).get("LinkedTxn", ()))
    for link in record.get("LinkedTxn") or ():
        if link.get("TxnType") == kind and link not in links:
            if not link.get("TxnId"):
                raise missing("LinkedTxn.TxnId")
            links += use(link["TxnId"])
    return links


def leave(change: Change, kind: str, record: Record, form: str) -> None:
    """Take a record that is deleted out of the forms that were made of it."""
    for link in record["LinkedTxn"]:
        made = change.find(form, link["TxnId"])
        if made is not None:
            links = without(made["LinkedTxn"], kind, record["Id"])
            change.touch(form, {**made, "LinkedTxn": links})


def without(links: Iterable[Any], kind: str, identity: str) -> list[Any]:
    """The links without one of them."""
    return [link for link in links if (link["TxnType"], link["TxnId"]) != (kind, identity)]


def opened(record: Record, amount: Decimal) -> Record:
    """A document with so much more of it open; a journal entry has no balance of its own."""
    balances = [field for field in ("Balance", "RemainingCredit") if field in record]
    return {**record, **{field: record[field] + amount for field in balances}}


def _check(change: Change, payment: Record, part: Part, one: Payable) -> None:
    what = f"{part.kind} {part.identity}"
    if not may_pay(change, payment, one.party):
        raise Fault("620", f"{what} belongs to another {side_of(payment).party.lower()}.")
    if not same_currency(change.find(part.kind, part.identity) or {}, payment):
        raise Fault("620", f"{what} is in another currency.")
    if part.amount and not one.open:
        raise Fault("620", f"{what} is already paid or used up.")
    if part.amount > one.open:
        sentence = f"The amount {part.amount} is more than the open balance {one.open} of {what}."
        raise _overpaid(change, sentence)


def _sums(found: Iterable[tuple[Part, Payable]]) -> tuple[Decimal, Decimal]:
    """What is paid, and what is used for it."""
    pairs = list(found)
    debts = sum((part.amount for part, one in pairs if one.is_debt), _ZERO)
    return debts, sum((part.amount for part, one in pairs if not one.is_debt), _ZERO)


def _without_payment(record: Record, payment: Record) -> list[Any]:
    link = link_to(payment)
    return without(record.get("LinkedTxn", ()), link["TxnType"], link["TxnId"])


def _give_back(change: Change, payment: Record, part: Part) -> None:
    """Open a part of a document again."""
    record = change.find(part.kind, part.identity)
    if record is not None:
        links = _without_payment(record, payment)
        change.touch(part.kind, {**opened(record, part.amount), "LinkedTxn": links})


def _without_document(change: Change, payment: Record, document: tuple[str, str]) -> Record:
    """The payment without its lines of a document, the others as far as they still go."""
    lines = [line for line in payment["Line"] if parts_of(line)[0].document != document]
    debt = [payable(change, payment, parts_of(line)[0]).is_debt for line in lines]
    debts, credits = (_total(lines, debt, side) for side in (True, False))
    spare = {True: debts - credits - payment["TotalAmt"], False: credits - debts}
    kept = _shortened(lines, debt, spare)
    before, after = merged(applied({"Line": lines})), merged(applied({"Line": kept}))
    for part in before:
        if part not in after:
            _give_back(change, payment, part)
    for part in after:
        if part not in before:
            take(change, payment, part)
    paid, used = min(debts, credits + payment["TotalAmt"]), min(debts, credits)
    return {**payment, "Line": kept, "UnappliedAmt": payment["TotalAmt"] - paid + used}


def _total(lines: list[Record], debt: list[bool], side: bool) -> Decimal:
    pairs = zip(lines, debt, strict=True)
    return sum((parts_of(line)[0].amount for line, is_debt in pairs if is_debt is side), _ZERO)


def _shortened(lines: list[Record], debt: list[bool], spare: dict[bool, Decimal]) -> list[Record]:
    """The lines with `spare` taken off the debts and off the credits, the last ones first."""
    spare, kept = {**spare}, []
    for line, is_debt in reversed(list(zip(lines, debt, strict=True))):
        amount = parts_of(line)[0].amount
        off = max(min(spare[is_debt], amount), _ZERO)
        spare[is_debt] -= off
        if amount > off or not amount:
            kept.append({**line, "Amount": amount - off})
    return kept[::-1]
