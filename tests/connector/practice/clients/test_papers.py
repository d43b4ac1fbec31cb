"""Forms as a customer gets them: PDF and e-mail."""

from __future__ import annotations

from typing import Any

import pytest
from quickbooks.exceptions import ObjectNotFoundException, QuickbooksException
from quickbooks.objects import Invoice

from tests.connector.practice.clients.row import Row
from tests.connector.practice.clients.sales import invoice
from tests.connector.practice.clients.table import doing


@pytest.mark.parametrize("row", doing("create", "pdf"))
def test_pdf(row: Row, qb: Any) -> None:
    assert row.stored(qb).download_pdf(qb=qb).startswith(b"%PDF-")


@pytest.mark.parametrize("row", doing("create", "send"))
def test_send(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    sent = row.kind.from_json(made.send(qb=qb, send_to="boss+1@neil.example")[row.envelope])
    assert sent.to_dict() == row.kind.get(made.Id, qb=qb).to_dict()
    assert sent.EmailStatus == "EmailSent"


@pytest.mark.parametrize("row", doing("create", "send"))
def test_sent_to_the_address_it_has(row: Row, qb: Any) -> None:
    made = row.stored(qb)
    sent = row.kind.from_json(made.send(qb=qb)[row.envelope])
    assert (sent.EmailStatus, sent.Id) == ("EmailSent", made.Id)


@pytest.mark.parametrize(("address", "code"), [(None, 6420), ("nobody", 2210)])
def test_what_cannot_be_sent(address: str | None, code: int, qb: Any) -> None:
    form = invoice(qb)
    form.BillEmail = None
    made = form.save(qb=qb)
    with pytest.raises(QuickbooksException) as refused:
        made.send(qb=qb, send_to=address)
    assert refused.value.error_code == code
    assert not Invoice.get(made.Id, qb=qb).email_sent


def test_nothing_is_printed_of_what_is_gone(qb: Any) -> None:
    made = invoice(qb).save(qb=qb)
    made.delete(qb=qb)
    with pytest.raises(ObjectNotFoundException):
        made.download_pdf(qb=qb)
