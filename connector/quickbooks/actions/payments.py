"""quickbooks.record_payment and confirm_payment: each collected payment once, on its invoice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from connector.base import Books, Chosen, Document, Done, Find, Linked, Need, Write
from connector.errors import Awaiting, Hold
from connector.quickbooks import language, names
from connector.quickbooks.lookups import Part, deposit_account, payment_method
from connector.quickbooks.sales import check_currency, note_of

#: How long a processor's confirmation waits for the CRM to tell of the payment.
_PATIENCE = timedelta(hours=24)
#: Seconds between looks; whoever links the payment ends the wait at once.
_LOOK_AGAIN = 60.0
#: Methods whose reference names one payment in the whole world; check numbers do not.
_UNIQUE_REFERENCES = ("card", "ach", "financing")


def record_payment(fields: Mapping[str, Any], books: Books) -> Part[Done]:
    """Record a payment against its invoice. Gives id and amount."""
    document = _document(fields, books)
    linked: Linked | None = yield Need(document=document)
    if linked is None:
        yield from check_currency(books)
        yield from _check_invoice(fields)
        linked = yield from _make(fields, document, books)
    _check_same(linked, fields["amount"])
    _check_applied(linked)
    return Done(values={"id": linked.id, "amount": fields["amount"]}, entity="Payment")


def confirm_payment(fields: Mapping[str, Any], books: Books) -> Part[Done]:
    """Meet the payment that the CRM told; wait for it where it has not yet. Books nothing."""
    alias = f"ref:{fields['reference']}"
    linked: Linked | None = yield Need(document=Document(kind="payment", aliases=(alias,)))
    if linked is None:
        sentence = (
            f"The processor confirmed {fields['amount']} ({fields['reference']}), but the CRM has "
            "not told of this payment yet. Nothing was booked."
        )
        if books.now - books.origin.received_at < _PATIENCE:
            raise Awaiting(sentence, names=(f"payment:{alias}",), look_again=_LOOK_AGAIN)
        raise Hold(
            "unconfirmed-by-crm",
            sentence,
            fix="Record the payment in the CRM; then release. If it is none of the CRM's, skip.",
        )
    _check_same(linked, fields["amount"])
    return Done(values={"id": linked.id, "amount": fields["amount"]}, entity="Payment")


def _document(fields: Mapping[str, Any], books: Books) -> Document:
    own = f"crm:{books.origin.connection}/{fields['crm_id']}/{fields['invoice']}"
    reference = fields.get("reference")
    unique = fields.get("method") in _UNIQUE_REFERENCES and reference != fields["crm_id"]
    also = (f"ref:{reference}",) if reference and unique else ()
    return Document(kind="payment", aliases=(own,), also=also)


def _check_invoice(fields: Mapping[str, Any]) -> Part[None]:
    """Hold what the invoice cannot take; QuickBooks would leave the excess unapplied."""
    if fields["amount"] <= 0:
        raise Hold(
            "totals-differ",
            f"The payment is over {fields['amount']}; only money that came in can be recorded. "
            "The invoice stands, the payment was not booked.",
            fix="Look at the payment in the CRM; refunds come with an event of their own.",
        )
    by_id = Document(kind="invoice", aliases=(f"qbo:{fields['invoice']}",))
    invoice = yield Need(document=by_id)
    if invoice is None:
        return
    total = Decimal(str(invoice.facts.get("TotalAmt", invoice.facts.get("total", "0"))))
    number = invoice.facts.get("DocNumber") or invoice.facts.get("number") or invoice.id
    if fields["amount"] > total:
        raise Hold(
            "overpaid",
            f"The payment of {fields['amount']} is more than invoice {number} over {total}. "
            "The invoice stands, the payment was not booked.",
            fix="Say what the excess is (tip, surcharge, deposit or refund due) and record it in "
            "QuickBooks by hand, then skip; or correct the CRM and release.",
        )
    owed = Decimal(str(invoice.facts.get("Balance", total)))
    if total and owed == 0:
        raise Hold(
            "already-paid",
            f"Invoice {number} over {total} was already paid in QuickBooks when it was found. "
            f"The payment of {fields['amount']} was not booked.",
            fix="If it is the same money, skip; else record it in QuickBooks by hand.",
        )
    if fields["amount"] > owed:
        raise Hold(
            "overpaid",
            f"The payment of {fields['amount']} is more than the {owed} still owed on invoice "
            f"{number} when it was found. The invoice stands, the payment was not booked.",
            fix="If part of it is in QuickBooks already, record the rest there by hand, then skip.",
        )


def _make(fields: Mapping[str, Any], document: Document, books: Books) -> Part[Linked]:
    method = fields.get("method") or "other"
    deposit_to = yield from _deposit_to(fields, method, books)
    paid_by = yield from _paid_by(fields, method)
    reference = str(fields.get("reference") or "")
    text = "; ".join(filter(None, (fields.get("private_note"), reference)))
    body: dict[str, Any] = {
        "CustomerRef": {"value": fields["customer"]},
        "TotalAmt": fields["amount"],
        "TxnDate": fields["date"].isoformat(),
        "PrivateNote": note_of(text, books),
        "Line": [
            {
                "Amount": fields["amount"],
                "LinkedTxn": [{"TxnId": fields["invoice"], "TxnType": "Invoice"}],
            }
        ],
    }
    if reference:
        body["PaymentRefNum"] = reference[-names.REFERENCE :]
    if deposit_to:
        body["DepositToAccountRef"] = {"value": deposit_to}
    if paid_by:
        body["PaymentMethodRef"] = {"value": paid_by}
    written = yield Write(
        document=document,
        operation="create",
        path="payment",
        body=body,
        facts={"amount": str(fields["amount"]), "invoice": fields["invoice"]},
        find=(_find(body),),
    )
    return Linked(kind="payment", id=written.id, facts=written.facts)


def _deposit_to(fields: Mapping[str, Any], method: str, books: Books) -> Part[str | None]:
    named: Chosen | None = fields.get("deposit_to")
    return named.id if named else (yield from deposit_account(books.deposit_to, method))


def _paid_by(fields: Mapping[str, Any], method: str) -> Part[str | None]:
    named: Chosen | None = fields.get("payment_method")
    return named.id if named else (yield from payment_method(method))


def _find(body: Mapping[str, Any]) -> Find:
    return Find(
        query=f"select * from Payment where CustomerRef = "
        f"{language.value(body['CustomerRef']['value'])} "
        f"and TxnDate = {language.value(body['TxnDate'])}",
        expect={
            "PrivateNote": body["PrivateNote"],
            "TotalAmt": str(body["TotalAmt"]),
            "Line.LinkedTxn.TxnId": body["Line"][0]["LinkedTxn"][0]["TxnId"],
        },
    )


def _check_same(linked: Linked, amount: Decimal) -> None:
    booked = linked.facts.get("amount")
    if booked is not None and Decimal(str(booked)) != amount:
        raise Hold(
            "booked-differs",
            f"Payment {linked.id} stands in QuickBooks over {booked}, but this event says "
            f"{amount}. Nothing more was booked.",
            fix="Look which is right; correct it in QuickBooks or the CRM, then skip.",
        )


def _check_applied(linked: Linked) -> None:
    unapplied = Decimal(str(linked.facts.get("UnappliedAmt") or 0))
    if unapplied:
        raise Hold(
            "booked-differs",
            f"Payment {linked.id} is booked, but {unapplied} of it is not applied to the invoice.",
            fix="Apply it in QuickBooks (Receive payment), then skip.",
        )
