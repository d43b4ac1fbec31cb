"""What a payment can pay or use: invoices, credit memos, receivable lines of journal entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import Record, money

_ZERO = Decimal("0.00")
_JOURNAL_LINE = "JournalEntryLineDetail"


@dataclass(frozen=True, slots=True)
class Part:
    """What a payment pays or uses of one document."""

    #: Invoice, CreditMemo or JournalEntry, and its id.
    kind: str
    identity: str
    #: The line of a journal entry, else empty.
    line: str
    #: Above zero on both sides, in the currency of the payment.
    amount: Decimal

    @property
    def document(self) -> tuple[str, str]:
        """Kind and id."""
        return self.kind, self.identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """One document as a payment sees it."""

    #: True: it is paid; False: it is a credit that pays.
    is_debt: bool
    open: Decimal
    customer: str


def applied(payment: Record) -> list[Part]:
    """What each line of a payment pays or uses."""
    return [part for line in payment.get("Line", ()) for part in parts_of(line)]


def parts_of(line: Record) -> list[Part]:
    """What one line of a payment pays or uses."""
    return [
        Part(link["TxnType"], link["TxnId"], _line_id(link), money(line["Amount"]))
        for link in line["LinkedTxn"]
    ]


def merged(parts: list[Part]) -> list[Part]:
    """One part for each document, or line of a journal entry, in the order of the first."""
    totals: dict[Part, Decimal] = {}
    for part in parts:
        key = replace(part, amount=_ZERO)
        totals[key] = totals.get(key, _ZERO) + part.amount
    return [replace(key, amount=total) for key, total in totals.items()]


def payable(change: Change, payment: Record, part: Part) -> Payable:
    """What a line links to, before this payment; raises Fault 610, 620, 2020 or 6000."""
    if part.kind not in ("Invoice", "CreditMemo", "JournalEntry"):
        raise business(f"A payment cannot be linked to {part.kind}.")
    record = change.find(part.kind, part.identity)
    if record is None:
        raise Fault("610", f"Object Not Found : {part.kind} {part.identity} does not exist.")
    journal = part.kind == "JournalEntry"
    left = _open_line(change, payment, part, record) if journal else record["Balance"]
    return Payable(is_debt=is_debt(change, part), open=left, customer=debtor(change, part))


def is_debt(change: Change, part: Part) -> bool:
    """Whether a payment pays this; else it uses it."""
    if part.kind == "JournalEntry":
        return _journal_line(change, part).get("PostingType") == "Debit"
    return part.kind != "CreditMemo"


def debtor(change: Change, part: Part) -> str:
    """The id of the customer whose debt or credit this is."""
    if part.kind == "JournalEntry":
        entity = _journal_line(change, part).get("Entity") or {}
        return str((entity.get("EntityRef") or {}).get("value", ""))
    record = change.find(part.kind, part.identity) or {}
    return str((record.get("CustomerRef") or {}).get("value", ""))


def may_pay(change: Change, payer: str, debtor: str) -> bool:
    """A customer pays for itself and for its sub-customers."""
    while debtor != payer:
        parent = (change.find("Customer", debtor) or {}).get("ParentRef")
        if not parent:
            return False
        debtor = parent["value"]
    return True


def _open_line(change: Change, payment: Record, part: Part, record: Record) -> Decimal:
    """What other payments leave open of a receivable line."""
    if not part.line:
        raise missing("Line.LinkedTxn.TxnLineId")
    detail = _journal_line(change, part)
    account = change.find("Account", (detail.get("AccountRef") or {}).get("value", "")) or {}
    of_customer = (detail.get("Entity") or {}).get("Type") in ("Customer", "Job")
    if account.get("AccountType") != "Accounts Receivable" or not of_customer:
        raise Fault("620", f"Line {part.line} of JournalEntry {part.identity} is no receivable.")
    [line] = [one for one in record["Line"] if one.get("Id") == part.line]
    others = [id_ for id_ in _payments(record) if id_ != payment["Id"]]
    return money(line["Amount"]) - sum((_used(change, other, part) for other in others), _ZERO)


def _journal_line(change: Change, part: Part) -> Record:
    """The detail of the line that a part names, empty where there is none."""
    record = change.find(part.kind, part.identity) or {}
    lines = [line for line in record.get("Line", ()) if line.get("Id") == part.line]
    detail: Record = lines[0].get(_JOURNAL_LINE) or {} if lines else {}
    return detail


def _payments(record: Record) -> list[str]:
    return [link["TxnId"] for link in record.get("LinkedTxn", ()) if link["TxnType"] == "Payment"]


def _used(change: Change, payment_id: str, part: Part) -> Decimal:
    """What another payment pays or uses of the same line."""
    payment = change.find("Payment", payment_id) or {}
    same = (one.amount for one in applied(payment) if replace(one, amount=part.amount) == part)
    return sum(same, _ZERO)


def _line_id(link: Record) -> str:
    return str(link.get("TxnLineId", "")) if link["TxnType"] == "JournalEntry" else ""
