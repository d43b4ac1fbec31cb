"""Payments: money received from a customer, applied to invoices or not yet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.banked import (
    check_not_deposited,
    money_posting,
    with_account,
)
from connector.practice.entities.common.kind import TRANSACTION_IDS, Entity, link_names, named
from connector.practice.entities.common.lines import LINKED, PAYING_LINES
from connector.practice.entities.common.links import release, settle
from connector.practice.entities.common.parts import MONEY_IN, TRANSACTION
from connector.practice.entities.common.payable import CUSTOMERS, linking_line
from connector.practice.entities.common.posting import (
    owed_posting,
    settling_postings,
    unapplied_postings,
)
from connector.practice.entities.currency.currencies import with_currency
from connector.practice.entities.currency.transactions import check_department, receivables_account
from connector.practice.entities.sales.auto_apply import lines_for
from connector.practice.entities.sales.forms import customer_of, voided_note
from connector.practice.entities.tax.forms import TAX_DETAIL
from connector.practice.faults import Fault, missing
from connector.practice.shape import (
    Record,
    check_length,
    flag,
    money,
    number,
    one_of,
    read_only,
    reference,
    text,
)


def _payment(change: Change, record: Record, old: Record | None) -> Record:
    customer = customer_of(change, record, old)
    length = change.switches.payment_ref_length
    check_length(len(record.get("PaymentRefNum") or ""), length, "PaymentRefNum")
    if record.get("TotalAmt") is None:
        raise missing("TotalAmt")
    if record["TotalAmt"] < 0:
        raise Fault("2290", "TotalAmt cannot be negative.")
    record = _with_references(change, {**record, "TotalAmt": money(record["TotalAmt"])}, old)
    record = {
        "TxnDate": change.today,
        "ProcessPayment": False,
        **record,
        "CustomerRef": named(customer),
        "Line": [paying_line(line) for line in record.get("Line") or ()],
        "LinkedTxn": (old or {}).get("LinkedTxn", []),
    }
    record = with_currency(change, record, old, customer)
    if old is None and not record["Line"]:
        record["Line"] = lines_for(change, record)
    return settle(change, record, old)


def _with_references(change: Change, record: Record, old: Record | None) -> Record:
    check_department(change, record)
    record = link_names(change, record, old, {"DepartmentRef": "Department"})
    return with_account(change, receivables_account(change, record, old), old)


def paying_line(line: Record) -> Record:
    """A line that pays or uses one document; raises Fault 2020 or 2290."""
    if line.get("Amount") is None:
        raise missing("Line.Amount")
    if line["Amount"] < 0:
        raise Fault("2290", "Line.Amount cannot be negative.")
    links = line.get("LinkedTxn") or []
    if len(links) != 1 or not links[0].get("TxnId") or not links[0].get("TxnType"):
        raise missing("Line.LinkedTxn")
    return linking_line(money(line["Amount"]), links[0])


def _remove(change: Change, payment: Record) -> None:
    check_not_deposited(payment)
    release(change, payment)


def _check_not_settled(payment: Record) -> None:
    """Raise Fault 6450 for money that QuickBooks Payments has already paid out."""
    charge = (payment.get("CreditCardPayment") or {}).get("CreditChargeResponse") or {}
    if charge.get("Status") == "Completed":
        raise Fault("6450", "A settled payment cannot be voided; refund it.")


def _void(change: Change, payment: Record) -> Record:
    _check_not_settled(payment)
    _remove(change, payment)
    zero: dict[str, Any] = {"TotalAmt": Decimal("0.00"), "UnappliedAmt": Decimal("0.00")}
    return {**payment, **zero, "Line": [], "PrivateNote": voided_note(payment)}


def _post(change: Change, payment: Record) -> list[Posting]:
    """Money in, debt down; on the cash basis what is not applied counts as income of its own."""
    total, left = money(payment["TotalAmt"]), money(payment.get("UnappliedAmt", 0))
    debt = owed_posting(change, payment, -total)
    found = [money_posting(change, payment), *settling_postings(change, payment, debt)]
    return [*found, *unapplied_postings(change, CUSTOMERS, replace(debt, amount=left))]


PAYMENT = Entity(
    name="Payment",
    fields={
        **TRANSACTION,
        **MONEY_IN,
        "PaymentRefNum": text(),
        "CustomerRef": reference,
        "TotalAmt": number,
        "UnappliedAmt": read_only(number),
        "Line": PAYING_LINES,
        "LinkedTxn": read_only(LINKED),
        "ProcessPayment": flag,
        "TxnTaxDetail": read_only(TAX_DETAIL),
        "PaymentExtendedType": read_only(one_of("Prepayment")),
    },
    filters={
        "TxnDate": "day",
        "CustomerRef": "ref",
        "TotalAmt": "number",
        "PaymentMethodRef": "ref",
        "PaymentRefNum": "text",
    },
    sequence=TRANSACTION_IDS,
    complete=_payment,
    remove=_remove,
    void=_void,
    post=_post,
    posting=True,
)
