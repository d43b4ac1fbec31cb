"""Money between invoices and payments: applied, released, and seen from both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connector.practice.books.change import Change
from connector.practice.faults import Fault, business
from connector.practice.shape import Record, money


def apply(change: Change, payment: Record, invoice_id: str, amount: Decimal) -> None:
    """Apply part of a payment to an invoice; raises Fault 610, 620 or 6000."""
    invoice = change.find("Invoice", invoice_id)
    if invoice is None:
        raise Fault("610", f"Object Not Found : Invoice {invoice_id} does not exist.")
    if not _may_pay(change, payment["CustomerRef"]["value"], invoice["CustomerRef"]["value"]):
        raise Fault("620", f"Invoice {invoice_id} belongs to another customer.")
    if amount and not invoice["Balance"]:
        raise Fault("620", f"Invoice {invoice_id} is already paid.")
    if amount > invoice["Balance"]:
        raise business(
            f"The amount {amount} is more than the open balance {invoice['Balance']}"
            f" of invoice {invoice_id}."
        )
    links = [*without(invoice["LinkedTxn"], "Payment", payment["Id"])]
    links.append({"TxnId": payment["Id"], "TxnType": "Payment"})
    change.touch("Invoice", {**invoice, "Balance": invoice["Balance"] - amount, "LinkedTxn": links})


def release(change: Change, payment: Record) -> None:
    """Give back to the invoices what a payment had paid."""
    for invoice_id, amount in applied(payment):
        invoice = change.find("Invoice", invoice_id)
        if invoice is not None:
            links = without(invoice["LinkedTxn"], "Payment", payment["Id"])
            balance = invoice["Balance"] + amount
            change.touch("Invoice", {**invoice, "Balance": balance, "LinkedTxn": links})


def applied(payment: Record) -> list[tuple[str, Decimal]]:
    """(invoice id, amount) of each line of a payment."""
    return [
        (link["TxnId"], money(line["Amount"]))
        for line in payment.get("Line", ())
        for link in line["LinkedTxn"]
    ]


def unpay(change: Change, invoice: Record) -> None:
    """Return what was paid on an invoice to its payments, as unapplied money."""
    for link in invoice["LinkedTxn"]:
        payment = change.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        if payment is not None:
            change.touch("Payment", _unapplied(payment, invoice["Id"]))


def _unapplied(payment: Record, invoice_id: str) -> Record:
    freed = sum((amount for one, amount in applied(payment) if one == invoice_id), Decimal(0))
    lines = [line for line in payment["Line"] if line["LinkedTxn"][0]["TxnId"] != invoice_id]
    return {**payment, "Line": lines, "UnappliedAmt": payment["UnappliedAmt"] + freed}


def without(links: list[Any], kind: str, identity: str) -> list[Any]:
    """The links without one of them."""
    return [link for link in links if (link["TxnType"], link["TxnId"]) != (kind, identity)]


def _may_pay(change: Change, payer: str, debtor: str) -> bool:
    """A customer pays for itself and for its sub-customers."""
    while debtor != payer:
        parent = (change.find("Customer", debtor) or {}).get("ParentRef")
        if not parent:
            return False
        debtor = parent["value"]
    return True
