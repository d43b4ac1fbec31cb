"""quickbooks.create_invoice: one invoice per CRM invoice (or job and visit), right to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from connector.base import (
    Books,
    Chosen,
    Document,
    Done,
    Find,
    Link,
    Linked,
    Need,
    Read,
    Record,
    Write,
)
from connector.errors import Hold, Rejected
from connector.quickbooks import language, names
from connector.quickbooks.faults import rival
from connector.quickbooks.lookups import Part, days_of, term_of
from connector.quickbooks.sales import Sale, deposits_of, document_number, header, sale_of

#: How many numbers are tried when one is taken.
_SUFFIXES = 9


def create_invoice(fields: Mapping[str, Any], books: Books) -> Part[Done]:
    """Make the invoice, or find the one that stands. Gives id, number, total."""
    document = document_of(fields, books)
    linked: Linked | None = yield Need(document=document)
    if linked is None:
        linked = yield from _same_job(fields, document, books)
    if linked is None:
        linked = yield from _make(fields, document, books)
    expected = fields["check_total"] - deposits_of(fields)
    yield from check_booked(linked, expected, "Invoice")
    number = str(linked.facts.get("DocNumber") or linked.facts.get("number") or "")
    return Done(
        values={"id": linked.id, "number": number, "total": expected},
        entity="Invoice",
    )


def document_of(fields: Mapping[str, Any], books: Books) -> Document:
    """The invoice by its names. Raises Hold when the event names neither invoice nor job."""
    connection = books.origin.connection
    job = _job_alias(fields, connection)
    if fields.get("crm_id"):
        own = f"crm:{connection}/{fields['crm_id']}"
        return Document(kind="invoice", aliases=(own,), also=(job,) if job else ())
    if job:
        return Document(kind="invoice", aliases=(job,))
    raise Hold(
        "no-document",
        "The event names neither an invoice nor a job, so it cannot be told whether it is booked "
        "already. Nothing was booked.",
        fix="Let the CRM send the invoice's id or the job's id, then skip this one.",
    )


def _job_alias(fields: Mapping[str, Any], connection: str) -> str | None:
    if not fields.get("job"):
        return None
    return f"job:{connection}/{fields['job']}/{fields.get('visit') or ''}"


def _same_job(fields: Mapping[str, Any], document: Document, books: Books) -> Part[Linked | None]:
    """The invoice that an event without invoice id made for the same job and visit."""
    if not document.also:
        return None
    by_job = Document(kind="invoice", aliases=document.also)
    other = yield Need(document=by_job)
    if other is None or other.facts.get("crm_id"):
        return None
    facts = {**other.facts, "crm_id": fields["crm_id"]}
    known = Linked(kind="invoice", id=other.id, facts=facts)
    linked: Linked = yield Link(document=document, linked=known, why="the same job and visit")
    return linked


def _make(fields: Mapping[str, Any], document: Document, books: Books) -> Part[Linked]:
    sale = yield from sale_of(fields, books)
    number = yield from document_number(fields.get("number"))
    due = yield from _due(fields)
    body = yield from _body(fields, sale, books, due)
    facts = _facts(fields, sale)
    why = {"due": due.why, "lines": sale.why}
    for n in range(1, _SUFFIXES + 1):
        tried = number if n == 1 or number is None else f"{number[: names.DOC_NUMBER - 2]}-{n}"
        try:
            written = yield replace(_creation(document, body, tried, facts), why=why)
        except Rejected as refusal:
            if refusal.code != "6140" or tried is None or number is None:
                raise
            other = yield from _rival_of(refusal, tried)
        else:
            return Linked(kind="invoice", id=written.id, facts=written.facts)
        if other is not None and _is_ours(other, body, sale.total):
            found = Linked(kind="invoice", id=str(other["Id"]), facts={**facts, **_seen(other)})
            why_same = f"the same number {tried}, customer and total"
            linked: Linked = yield Link(document=document, linked=found, why=why_same)
            return linked
    raise Hold(
        "number-taken",
        f"QuickBooks has other documents with the numbers {number} to {tried}. Nothing was booked.",
        fix="Give the invoice another number in the CRM and send it again, then skip this one.",
    )


def _body(fields: Mapping[str, Any], sale: Sale, books: Books, due: Due) -> Part[dict[str, Any]]:
    body = header(fields, sale, books)
    if due.on:
        body["DueDate"] = due.on.isoformat()
    if due.term:
        body["SalesTermRef"] = {"value": due.term}
    body |= {
        "EmailStatus": "NotSet",
        "PrintStatus": "NotSet",
        "AllowOnlineCreditCardPayment": False,
        "AllowOnlineACHPayment": False,
    }
    if fields.get("estimate"):
        alias = f"crm:{books.origin.connection}/{fields['estimate']}"
        estimate = yield Need(document=Document(kind="estimate", aliases=(alias,)))
        if estimate is not None:
            body["LinkedTxn"] = [{"TxnId": estimate.id, "TxnType": "Estimate"}]
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When an invoice is due."""

    #: None: QuickBooks works it out of the term, which depends on the day of the month.
    on: date | None
    #: Id of the term.
    term: str | None
    #: What decided it, for people.
    why: str


def _due(fields: Mapping[str, Any]) -> Part[Due]:
    """Due date and term: the CRM's date, else the recipe's term, else the adopted customer's term,
    else net_days. A term that the recipe names is always the document's."""
    issued: date = fields["date"]
    named: Chosen | None = fields.get("term")
    if fields.get("due_date"):
        due: date = max(fields["due_date"], issued)
        term = named.id if named else (yield from term_of((due - issued).days))
        late = due > fields["due_date"]
        why = "never before the invoice's own date" if late else "the CRM's due date"
        return Due(on=due, term=term, why=why)
    if named:
        days = yield from days_of(named.id)
        on = None if days is None else issued + timedelta(days=days)
        return Due(on=on, term=named.id, why=f'the recipe\'s term "{named.name}"')
    by_id = Document(kind="customer", aliases=(f"qbo:{fields['customer']}",))
    customer = yield Need(document=by_id)
    own = customer.facts.get("term") if customer is not None else None
    days = (yield from days_of(own)) if own else None
    if days is not None:
        return Due(on=issued + timedelta(days=days), term=own, why="the customer's own term")
    net = int(fields.get("net_days") or 0)
    term = yield from term_of(net)
    return Due(on=issued + timedelta(days=net), term=term, why=f"net_days {net} of the rules")


def _facts(fields: Mapping[str, Any], sale: Sale) -> dict[str, Any]:
    return {
        "crm_id": fields.get("crm_id") or "",
        "number": fields.get("number") or "",
        "customer": fields["customer"],
        "total": str(sale.total),
    }


def _creation(
    document: Document, body: Mapping[str, Any], number: str | None, facts: Mapping[str, Any]
) -> Write:
    numbered = {**body, "DocNumber": number} if number else body
    by_day = (
        f"CustomerRef = {language.value(body['CustomerRef']['value'])} "
        f"and TxnDate = {language.value(body['TxnDate'])}"
    )
    where = language.equals("DocNumber", number) if number else by_day
    return Write(
        document=document,
        operation="create",
        path="invoice",
        body=numbered,
        facts=facts,
        find=(
            Find(
                query=f"select * from Invoice where {where}",
                expect={
                    "CustomerRef.value": body["CustomerRef"]["value"],
                    "PrivateNote": body["PrivateNote"],
                },
            ),
        ),
    )


def _rival_of(refusal: Rejected, number: str) -> Part[Record | None]:
    """The invoice that has our number already; None when another kind of document has it."""
    named = rival(refusal)
    if named is not None and named[0] != "Invoice":
        return None
    where = f"Id = {language.value(named[1])}" if named else language.equals("DocNumber", number)
    found = yield Read(query=f"select * from Invoice where {where}")
    # A number with a dash is searched by pattern, which finds others too.
    return next((each for each in found if named or each.get("DocNumber") == number), None)


def _is_ours(other: Record, body: Mapping[str, Any], total: Decimal) -> bool:
    """Whether the invoice with our number is this one. Raises Hold when it is the same customer's
    with another total: that is the CRM's invoice, changed on one side."""
    if other.get("PrivateNote") == body["PrivateNote"]:
        return True
    if str((other.get("CustomerRef") or {}).get("value")) != body["CustomerRef"]["value"]:
        return False
    if Decimal(other.get("TotalAmt", 0)) == total:
        return True
    raise Hold(
        "booked-differs",
        f"QuickBooks already has invoice {other.get('DocNumber')} for the same customer over "
        f"{other.get('TotalAmt')}; the CRM says {total}. Nothing was booked.",
        fix="Correct the invoice in QuickBooks or in the CRM so that both agree, then release.",
    )


def check_booked(linked: Linked, expected: Decimal, entity: str) -> Part[None]:
    """Hold when what stands in QuickBooks has another total than it should; it is read once
    more before that is said, because a person may have corrected it."""
    if _total(linked.facts) in (None, expected):
        return
    path = f"select * from {entity} where Id = {language.value(linked.id)}"
    found = yield Read(query=path)
    stands = _total(found[0]) if found else None
    if stands == expected:
        return
    raise Hold(
        "booked-differs",
        f"{entity} {linked.facts.get('DocNumber') or linked.id} stands in QuickBooks over "
        f"{stands if found else 'nothing'}, but the CRM's total is {expected}. "
        "No payment was posted for it.",
        fix="Correct the document in QuickBooks to that total, or void it there; then release.",
    )


def _total(facts: Mapping[str, Any]) -> Decimal | None:
    total = facts.get("TotalAmt", facts.get("total"))
    return None if total is None else Decimal(str(total))


def _seen(record: Record) -> dict[str, Any]:
    return {key: record[key] for key in ("DocNumber", "TotalAmt", "Balance") if key in record}
