"""Forms as a customer gets them: PDF and e-mail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.clients.row import Row
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
