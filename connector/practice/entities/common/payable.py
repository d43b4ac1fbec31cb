"""What a payment can pay or use: forms that are paid later, credits, lines of journal entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import Record, money

_ZERO = Decimal("0.00")
_JOURNAL_LINE = "JournalEntryLineDetail"
#: How links name each kind of payment.
PAYERS = {
    "Payment": "Payment",
    "BillPaymentCheck": "BillPayment",
    "BillPaymentCreditCard": "BillPayment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Who pays whom: customers the company, or the company its vendors."""

    #: Customer or Vendor.
    party: str
    #: How the lines of journal entries call it.
    named: tuple[str, ...]
    #: The kinds that can be paid and used, journal entries beside them.
    documents: tuple[str, str]
    #: The type of the accounts that hold these debts.
    accounts: str
    #: Of a journal entry's line: on which side of the account a debt stands.
    debt: str
    #: What a payment does to the account: 1 is a debit.
    sign: int
    #: On the cash basis: the subtype of the account, and the part, of money that pays nothing yet.
    unapplied: tuple[str, str]


CUSTOMERS = Side(
    party="Customer",
    named=("Customer", "Job"),
    documents=("Invoice", "CreditMemo"),
    accounts="Accounts Receivable",
    debt="Debit",
    sign=-1,
    unapplied=("UnappliedCashPaymentIncome", "sale"),
)
VENDORS = Side(
    party="Vendor",
    named=("Vendor",),
    documents=("Bill", "VendorCredit"),
    accounts="Accounts Payable",
    debt="Credit",
    sign=1,
    unapplied=("UnappliedCashBillPaymentExpense", "expense"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """What a payment pays or uses of one document."""

    #: Invoice, CreditMemo, Bill, VendorCredit or JournalEntry, and its id.
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
    #: The id of the customer or vendor.
    party: str


def side_of(payment: Record) -> Side:
    """Who pays with this payment."""
    return VENDORS if "VendorRef" in payment else CUSTOMERS


def side_of_document(kind: str) -> Side:
    """Whose debts and credits are of this kind."""
    return VENDORS if kind in VENDORS.documents else CUSTOMERS


def link_to(payment: Record) -> Record:
    """The link to a payment as the documents that it pays have it."""
    kind = f"BillPayment{payment['PayType']}" if "PayType" in payment else "Payment"
    return {"TxnId": payment["Id"], "TxnType": kind}


def applied(payment: Record) -> list[Part]:
    """What each line of a payment pays or uses."""
    return [part for line in payment.get("Line", ()) for part in parts_of(line)]


def parts_of(line: Record) -> list[Part]:
    """What one line of a payment pays or uses."""
    return [
        Part(link["TxnType"], link["TxnId"], _line_id(link), money(line["Amount"]))
        for link in line["LinkedTxn"]
    ]


def line_of(part: Part) -> Record:
    """The line of a payment that pays or uses a document."""
    link = {"TxnId": part.identity, "TxnType": part.kind}
    return linking_line(part.amount, link)


def linking_line(amount: Decimal, link: Record) -> Record:
    """A line of a payment as QuickBooks stores it, with what it hangs on it."""
    said = {"Name": "txnId", "Value": link["TxnId"]}
    extra = {"any": [{"name": "NameValue", "value": said}]}
    return {"Amount": amount, "LinkedTxn": [link], "LineEx": extra}


def merged(parts: list[Part]) -> list[Part]:
    """One part for each document, or line of a journal entry, in the order of the first."""
    totals: dict[Part, Decimal] = {}
    for part in parts:
        key = replace(part, amount=_ZERO)
        totals[key] = totals.get(key, _ZERO) + part.amount
    return [replace(key, amount=total) for key, total in totals.items()]


def payable(change: Change, payment: Record, part: Part) -> Payable:
    """What a line links to, before this payment; raises Fault 610, 620, 2020 or 6000."""
    if part.kind not in (*side_of(payment).documents, "JournalEntry"):
        raise business(f"A payment cannot be linked to {part.kind}.")
    record = change.find(part.kind, part.identity)
    if record is None:
        raise Fault("610", f"Object Not Found : {part.kind} {part.identity} does not exist.")
    journal = part.kind == "JournalEntry"
    left = _open_line(change, payment, part, record) if journal else record["Balance"]
    return Payable(is_debt=is_debt(change, part), open=left, party=debtor(change, part))


def is_debt(change: Change, part: Part) -> bool:
    """Whether a payment pays this; else it uses it."""
    if part.kind == "JournalEntry":
        detail = _journal_line(change, part)
        side = VENDORS if _account_type(change, detail) == VENDORS.accounts else CUSTOMERS
        return bool(detail.get("PostingType") == side.debt)
    return part.kind in (CUSTOMERS.documents[0], VENDORS.documents[0])


def debtor(change: Change, part: Part) -> str:
    """The id of the customer or vendor whose debt or credit this is."""
    if part.kind == "JournalEntry":
        entity = _journal_line(change, part).get("Entity") or {}
        return str((entity.get("EntityRef") or {}).get("value", ""))
    record = change.find(part.kind, part.identity) or {}
    return str((record.get("CustomerRef") or record.get("VendorRef") or {}).get("value", ""))


def may_pay(change: Change, payment: Record, debtor: str) -> bool:
    """A customer pays for itself and for its sub-customers, the company each vendor alone."""
    side = side_of(payment)
    payer = payment[f"{side.party}Ref"]["value"]
    while debtor != payer:
        if side is VENDORS:
            return False
        parent = (change.find("Customer", debtor) or {}).get("ParentRef")
        if not parent:
            return False
        debtor = parent["value"]
    return True


def _open_line(change: Change, payment: Record, part: Part, record: Record) -> Decimal:
    """What other payments leave open of a line that is a debt or a credit."""
    if not part.line:
        raise missing("Line.LinkedTxn.TxnLineId")
    detail = _journal_line(change, part)
    side = side_of(payment)
    named = (detail.get("Entity") or {}).get("Type") in side.named
    if _account_type(change, detail) != side.accounts or not named:
        where = f"Line {part.line} of JournalEntry {part.identity}"
        raise Fault("620", f"{where} is no debt of a {side.party.lower()}.")
    [line] = [one for one in record["Line"] if one.get("Id") == part.line]
    others = [one for one in payers_of(change, record) if one["Id"] != payment["Id"]]
    return money(line["Amount"]) - sum((_used(other, part) for other in others), _ZERO)


def _account_type(change: Change, detail: Record) -> str:
    account = change.find("Account", (detail.get("AccountRef") or {}).get("value", "")) or {}
    return str(account.get("AccountType", ""))


def _journal_line(change: Change, part: Part) -> Record:
    """The detail of the line that a part names, empty where there is none."""
    record = change.find(part.kind, part.identity) or {}
    lines = [line for line in record.get("Line", ()) if line.get("Id") == part.line]
    detail: Record = lines[0].get(_JOURNAL_LINE) or {} if lines else {}
    return detail


def payers_of(change: Change, record: Record) -> list[Record]:
    """The payments that pay or use a document."""
    found = (
        change.find(PAYERS[link["TxnType"]], link["TxnId"])
        for link in record.get("LinkedTxn", ())
        if link["TxnType"] in PAYERS
    )
    return [one for one in found if one is not None]


def _used(payment: Record, part: Part) -> Decimal:
    """What another payment pays or uses of the same line."""
    same = (one.amount for one in applied(payment) if replace(one, amount=part.amount) == part)
    return sum(same, _ZERO)


def _line_id(link: Record) -> str:
    return str(link.get("TxnLineId", "")) if link["TxnType"] == "JournalEntry" else ""
