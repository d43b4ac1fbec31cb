"""quickbooks.create_estimate: the accepted estimate stands once in QuickBooks, as accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.base import Books, Document, Done, Find, Linked, Need, Write
from connector.quickbooks import language
from connector.quickbooks.actions.invoices import check_booked
from connector.quickbooks.lookups import Part
from connector.quickbooks.sales import document_number, header, sale_of


def create_estimate(fields: Mapping[str, Any], books: Books) -> Part[Done]:
    """Make the estimate, or find the one that stands. Gives id, number, total."""
    alias = f"crm:{books.origin.connection}/{fields['crm_id']}"
    document = Document(kind="estimate", aliases=(alias,))
    linked: Linked | None = yield Need(document=document)
    if linked is None:
        linked = yield from _make(fields, document, books)
    yield from check_booked(linked, fields["check_total"], "Estimate")
    number = str(linked.facts.get("DocNumber") or linked.facts.get("number") or "")
    return Done(
        values={"id": linked.id, "number": number, "total": fields["check_total"]},
        entity="Estimate",
    )


def _make(fields: Mapping[str, Any], document: Document, books: Books) -> Part[Linked]:
    sale = yield from sale_of(fields, books)
    number = yield from document_number(fields.get("number"))
    body = header(fields, sale, books)
    body |= {
        "TxnStatus": "Accepted",
        "AcceptedDate": (fields.get("accepted_on") or fields["date"]).isoformat(),
        "EmailStatus": "NotSet",
        "PrintStatus": "NotSet",
    }
    if number:
        body["DocNumber"] = number
    if fields.get("term"):
        body["SalesTermRef"] = {"value": fields["term"].id}
    if fields.get("expires_on"):
        body["ExpirationDate"] = fields["expires_on"].isoformat()
    facts = {"number": fields.get("number") or "", "total": str(sale.total)}
    written = yield Write(
        document=document,
        operation="create",
        path="estimate",
        body=body,
        facts=facts,
        # Estimates may share a number with each other, so the number is never enough.
        find=(_find(body),),
        why={"lines": sale.why},
    )
    return Linked(kind="estimate", id=written.id, facts=written.facts)


def _find(body: Mapping[str, Any]) -> Find:
    customer = body["CustomerRef"]["value"]
    return Find(
        query=f"select * from Estimate where CustomerRef = {language.value(customer)} "
        f"and TxnDate = {language.value(body['TxnDate'])}",
        expect={"PrivateNote": body["PrivateNote"]},
    )
