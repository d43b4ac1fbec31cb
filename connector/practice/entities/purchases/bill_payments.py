"""Bill payments: money paid to a vendor by check or card, for bills and with vendor credits."""

from __future__ import annotations

from dataclasses import replace

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common import links
from connector.practice.entities.common.kind import (
    ADDRESS,
    TRANSACTION_IDS,
    Entity,
    link_names,
    named,
)
from connector.practice.entities.common.lines import LINKED, PAYING_LINES
from connector.practice.entities.common.parts import TRANSACTION
from connector.practice.entities.common.payable import VENDORS
from connector.practice.entities.common.posting import settling_postings, unapplied_postings
from connector.practice.entities.currency.transactions import (
    ZERO,
    check_account,
    payable_posting,
    payables_account,
    positive_amount,
    settle,
    vendor_of,
)
from connector.practice.entities.purchases.purchases import CHARGE, CHECK, PRINT_STATUS
from connector.practice.entities.sales.forms import voided_note
from connector.practice.entities.sales.payments import paying_line
from connector.practice.faults import missing
from connector.practice.shape import (
    Record,
    alike,
    money,
    number,
    obj,
    one_of,
    read_only,
    reference,
    text,
)

#: By PayType: where the account stands, and which accounts may pay.
_PAID_FROM = {
    "Check": ("CheckPayment", "BankAccountRef", "Bank"),
    "CreditCard": ("CreditCardPayment", "CCAccountRef", "Credit Card"),
}


def _bill_payment(change: Change, record: Record, old: Record | None) -> Record:
    vendor = vendor_of(change, record, old)
    total = positive_amount(record, "TotalAmt")
    if old is None and not record.get("Line"):
        raise missing("Line")
    record = settle(change, _with_account(change, record, old), old, {})
    record = payables_account(change, record, old)
    record = {
        **record,
        "VendorRef": named(vendor),
        "TotalAmt": total,
        "Line": [paying_line(line) for line in record.get("Line") or ()],
    }
    return links.settle(change, record, old)


def _with_account(change: Change, record: Record, old: Record | None) -> Record:
    """The record with the account that pays, and none of the other way of paying."""
    if not record.get("PayType"):
        raise missing("PayType")
    part, field, kind = _PAID_FROM[record["PayType"]]
    inner = record.get(part) or {}
    check_account(change, inner, field, kind)
    found = link_names(change, inner, (old or {}).get(part), {field: "Account"})
    others = [other for other, _, _ in _PAID_FROM.values() if other != part]
    kept = {key: value for key, value in record.items() if key not in others}
    status = {"PrintStatus": "NotSet"} if part == "CheckPayment" else {}
    return {**kept, part: {**status, **found}}


def _release(change: Change, payment: Record) -> None:
    links.release(change, payment)


def _void(change: Change, payment: Record) -> Record:
    links.release(change, payment)
    zero = {"TotalAmt": ZERO, "UnappliedAmt": ZERO}
    return {**payment, **zero, "Line": [], "PrivateNote": voided_note(payment)}


def _post(change: Change, payment: Record) -> list[Posting]:
    """Debt and money down; on the cash basis what pays nothing yet is an expense of its own."""
    part, field, _ = _PAID_FROM[payment["PayType"]]
    total, left = money(payment["TotalAmt"]), money(payment.get("UnappliedAmt", 0))
    debt = payable_posting(change, payment, total)
    out = Posting(
        account=payment[part][field]["value"], amount=-total, part="money", name=debt.name
    )
    found = [out, *settling_postings(change, payment, debt)]
    return [*found, *unapplied_postings(change, VENDORS, replace(debt, amount=-left))]


def _show(books: Books, payment: Record) -> Record:
    """QuickBooks does not tell what a bill payment leaves over."""
    return {key: value for key, value in payment.items() if key != "UnappliedAmt"}


BILL_PAYMENT = Entity(
    name="BillPayment",
    fields={
        **TRANSACTION,
        "DocNumber": text(21),
        **alike(reference, "VendorRef", "APAccountRef"),
        "VendorAddr": ADDRESS,
        "PayType": one_of(*_PAID_FROM),
        "CheckPayment": obj(
            BankAccountRef=reference,
            PrintStatus=PRINT_STATUS,
            CheckDetail=CHECK,
            PayeeAddr=ADDRESS,
        ),
        "CreditCardPayment": obj(CCAccountRef=reference, CCDetail=CHARGE),
        "TotalAmt": number,
        "Line": PAYING_LINES,
        "LinkedTxn": read_only(LINKED),
    },
    filters={
        "DocNumber": "text",
        "TxnDate": "day",
        "VendorRef": "ref",
        "PayType": "text",
        "TotalAmt": "number",
    },
    sequence=TRANSACTION_IDS,
    complete=_bill_payment,
    present=_show,
    remove=_release,
    void=_void,
    post=_post,
    posting=True,
)
