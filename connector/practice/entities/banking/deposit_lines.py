"""The lines of a bank deposit: of a payment, or with an account of their own."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.banking.depositable import depositable
from connector.practice.entities.common.kind import named
from connector.practice.entities.common.lines import class_of
from connector.practice.entities.common.parts import detailed
from connector.practice.entities.purchases.expenses import LINE_HEAD
from connector.practice.faults import business, missing
from connector.practice.shape import (
    Record,
    alike,
    many,
    money,
    obj,
    one_of,
    read_only,
    reference,
    text,
)

DETAIL = "DepositLineDetail"
#: The types of names in a line, in the order in which one without type is looked for.
NAMES = {"CUSTOMER": "Customer", "VENDOR": "Vendor", "EMPLOYEE": "Employee"}
#: The accounts of debts, and who must be named with them.
DEBTS = {"Accounts Receivable": "CUSTOMER", "Accounts Payable": "VENDOR"}
_ACCOUNT = f"Line.{DETAIL}.AccountRef"


def deposit_line(change: Change, deposit: Record, line: Record, known: frozenset[str]) -> Record:
    """A line as stored; `known` ids may be inactive. Raises Fault 2020, 2500, 610, 620 or 6000."""
    if line.get("Amount") is None:
        raise missing("Line.Amount")
    line = {**line, "Amount": money(line["Amount"])}
    if line.get("LinkedTxn"):
        return _linked(change, deposit, line)
    if not line.get("DetailType"):
        raise missing("Line.DetailType")
    detail = line.get(DETAIL) or {}
    if not detail.get("AccountRef"):
        raise missing(_ACCOUNT)
    return {**line, DETAIL: _detail(change, detail, known)}


def _linked(change: Change, deposit: Record, line: Record) -> Record:
    """A line of a payment: all of it, and without a detail of its own."""
    if line.get("DetailType"):
        raise missing(_ACCOUNT)
    if len(line["LinkedTxn"]) != 1:
        raise missing("Line.LinkedTxn")
    [link] = line["LinkedTxn"]
    found = depositable(change, deposit, link)
    if line["Amount"] != found.amount:
        raise business(f"The line is over {line['Amount']}, its transaction over {found.amount}.")
    # Only an entry has lines to choose from; what is one transaction must look like one.
    whole = {} if link["TxnType"] == "JournalEntry" else {"TxnLineId": "0"}
    return {**line, "LinkedTxn": [{**link, **whole}]}


def _detail(change: Change, detail: Record, known: frozenset[str]) -> Record:
    account = change.refer("Account", detail["AccountRef"]["value"], known=known)
    found = {**detail, "AccountRef": named(account)}
    if detail.get("PaymentMethodRef"):
        method = change.refer("PaymentMethod", detail["PaymentMethodRef"]["value"], known=known)
        found["PaymentMethodRef"] = named(method)
    if detail.get("ClassRef"):
        found["ClassRef"] = class_of(change, detail["ClassRef"], known)
    if detail.get("Entity"):
        found["Entity"] = _entity(change, detail["Entity"], known)
    needed = DEBTS.get(account["AccountType"])
    if needed and (found.get("Entity") or {}).get("type") != needed:
        raise business(f"A line on {account['Name']} needs a {needed.lower()} as its entity.")
    return found


def _entity(change: Change, sent: Record, known: frozenset[str]) -> Record:
    """The customer, vendor or employee, with the type that is sent or found."""
    if not sent.get("value"):
        raise missing(f"Line.{DETAIL}.Entity.value")
    types = [sent["type"].upper()] if sent.get("type") else list(NAMES)
    found = [one for one in types if change.find(NAMES[one], sent["value"])]
    kind = (found or types)[0]
    return {**named(change.refer(NAMES[kind], sent["value"], known=known)), "type": kind}


DEPOSIT_LINES = many(
    detailed(
        obj(
            **LINE_HEAD,
            DetailType=one_of(DETAIL),
            DepositLineDetail=obj(
                Entity=obj(
                    value=text(50),
                    name=read_only(text()),
                    type=one_of(*NAMES, *NAMES.values()),
                ),
                **alike(reference, "AccountRef", "ClassRef", "PaymentMethodRef", "TaxCodeRef"),
                CheckNum=text(21),
                TxnType=text(50),
                TaxApplicableOn=one_of("Purchase", "Sales"),
            ),
        )
    )
)
