"""What QuickBooks applies by itself: payments to open invoices, credits to charges."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.entities.common.banked import with_account
from connector.practice.entities.common.links import opened, take
from connector.practice.entities.common.payable import Part, line_of
from connector.practice.shape import Record

_ZERO = Decimal("0.00")
#: What QuickBooks writes into the payments that it makes for this.
NOTE = "Created by QB Online to link credits to charges."


def lines_for(change: Change, payment: Record) -> list[Record]:
    """The lines of a new payment that has none: with AutoApplyPayments the oldest open invoices.

    Only invoices of the customer itself are paid, not those of its sub-customers [U].
    """
    if not _is_on(change, "AutoApplyPayments"):
        return []
    invoices = _open(change, "Invoice", payment, "Balance")
    return [line_of(part) for part in _parts("Invoice", invoices, payment["TotalAmt"])]


def with_credits(change: Change, invoice: Record) -> Record:
    """A new invoice with what AutoApplyCredit applies to it: open credits, the oldest first.

    Credit memos are linked by a payment of nothing. Unapplied payments are applied themselves;
    whether they are is a switch.
    """
    if not _is_on(change, "AutoApplyCredit"):
        return invoice
    memos = _open(change, "CreditMemo", invoice, "Balance")
    parts = _parts("CreditMemo", memos, invoice["Balance"])
    if parts:
        invoice = _linked(change, "Invoice", invoice, parts)
    if change.switches.auto_credit == "all":
        for payment in _open(change, "Payment", invoice, "UnappliedAmt"):
            invoice = _paid_by(change, payment, invoice)
    return invoice


def with_charges(change: Change, memo: Record) -> Record:
    """A new credit memo that AutoApplyCredit has applied to open invoices, the oldest first."""
    if not _is_on(change, "AutoApplyCredit"):
        return memo
    parts = _parts("Invoice", _open(change, "Invoice", memo, "Balance"), memo["Balance"])
    return _linked(change, "CreditMemo", memo, parts) if parts else memo


def _is_on(change: Change, preference: str) -> bool:
    return bool(change.books.preference(f"SalesFormsPrefs.{preference}"))


def _open(change: Change, kind: str, record: Record, rest: str) -> list[Record]:
    """The customer's records of a kind of which something is left, the oldest first."""
    customer = record["CustomerRef"]["value"]
    stored = change.books.having(kind, CustomerRef=customer)
    current = [change.find(kind, one["Id"]) or one for one in stored]
    found = [one for one in current if one[rest] > 0]
    return sorted(found, key=lambda one: (one["TxnDate"], int(one["Id"])))


def _parts(kind: str, records: list[Record], amount: Decimal) -> list[Part]:
    """How an amount is divided over records, in their order."""
    found = []
    for record in records:
        share = min(amount, record["Balance"])
        if share > 0:
            found.append(Part(kind, record["Id"], "", share))
        amount -= share
    return found


def _linked(change: Change, kind: str, record: Record, parts: list[Part]) -> Record:
    """A new record after a payment of nothing has linked it to others."""
    total = sum((part.amount for part in parts), _ZERO)
    identity = change.next_id("Payment")
    dates = [(change.find(part.kind, part.identity) or record)["TxnDate"] for part in parts]
    own = Part(kind, record["Id"], "", total)
    payment: Record = {
        "TxnDate": max([record["TxnDate"], *dates]),
        "CustomerRef": record["CustomerRef"],
        "TotalAmt": _ZERO,
        "UnappliedAmt": _ZERO,
        "ProcessPayment": False,
        "PrivateNote": NOTE,
        "Line": [line_of(part) for part in (own, *parts)],
        "LinkedTxn": [],
        **{key: record[key] for key in ("CurrencyRef", "ExchangeRate") if key in record},
    }
    payment = _new(change, identity, with_account(change, payment, None))
    change.put("Payment", payment)
    for part in parts:
        take(change, payment, part)
    return _with_link(record, identity, total)


def _new(change: Change, identity: str, record: Record) -> Record:
    meta = {"CreateTime": change.stamp, "LastUpdatedTime": change.stamp}
    head = {"domain": "QBO", "sparse": False, "Id": identity, "SyncToken": "0", "MetaData": meta}
    return {**head, **record}


def _paid_by(change: Change, payment: Record, invoice: Record) -> Record:
    """A new invoice after an unapplied payment of before has paid what it can."""
    amount = min(payment["UnappliedAmt"], invoice["Balance"])
    if amount <= 0:
        return invoice
    lines = [*payment["Line"], line_of(Part("Invoice", invoice["Id"], "", amount))]
    left = payment["UnappliedAmt"] - amount
    change.touch("Payment", {**payment, "Line": lines, "UnappliedAmt": left})
    return _with_link(invoice, payment["Id"], amount)


def _with_link(record: Record, payment_id: str, amount: Decimal) -> Record:
    links = [*record["LinkedTxn"], {"TxnId": payment_id, "TxnType": "Payment"}]
    return {**opened(record, -amount), "LinkedTxn": links}
