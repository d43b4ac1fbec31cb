"""Change data capture: what changed, what was deleted, and what cannot be asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from quickbooks.cdc import change_data_capture
from quickbooks.objects import Customer, Invoice, Payment

from tests.connector.practice.library import signed_in

NOW = "2026-11-06T10:00:00-07:00"
R1 = "9341455600000001"


def cdc(client: Any, entities: str, since: str = NOW) -> list[dict[str, Any]]:
    """The pages of an answer, one for each kind."""
    response = _get(client, entities, since)
    assert response.status_code == 200, response.text
    body = response.json()
    assert set(body) == {"CDCResponse", "time"}
    [only] = body["CDCResponse"]
    assert set(only) == {"QueryResponse"}
    return only["QueryResponse"]


def _get(client: Any, entities: str, since: str) -> Any:
    params = {"entities": entities, "changedSince": since}
    return client.http.get(f"{client.base}/cdc", params=params, timeout=20)


def test_changes_and_deletions_by_kind(r1: Any, invoice: Any, payment: Any) -> None:
    bill = r1.ok("invoice", invoice())
    gone = r1.ok("payment", payment(5))
    r1.control("clock", {"advance": 5})
    r1.ok("payment", {"Id": gone["Id"], "SyncToken": "0"}, operation="delete")
    kept = r1.ok("payment", payment(475, (bill["Id"], 475)))
    invoices, payments, estimates = cdc(r1, "Invoice,Payment,Estimate")
    assert invoices == {
        "Invoice": [r1.read(f"invoice/{bill['Id']}")],
        "startPosition": 1,
        "maxResults": 1,
    }
    deleted = {
        "domain": "QBO",
        "status": "Deleted",
        "Id": gone["Id"],
        "MetaData": {"LastUpdatedTime": "2026-11-06T10:00:05-07:00"},
    }
    assert sorted(payments["Payment"], key=lambda one: int(one["Id"])) == [deleted, kept]
    assert estimates == {}


def test_nothing_changed(r1: Any) -> None:
    assert cdc(r1, "Customer") == [{}]


def test_a_moment_counts_with_its_offset_and_from_the_second_on(r1: Any) -> None:
    r1.ok("customer", {"DisplayName": "Ira"})
    assert len(cdc(r1, "Customer", "2026-11-06T17:00:00Z")[0]["Customer"]) == 1
    assert len(cdc(r1, "Customer", "2026-11-06T10:00:00")[0]["Customer"]) == 1
    assert len(cdc(r1, "customer", "2026-11-06")[0]["Customer"]) == 1
    assert cdc(r1, "Customer", "2026-11-06T10:00:01-07:00") == [{}]


def test_who_was_made_inactive_is_shown_as_inactive(r1: Any) -> None:
    r1.ok("customer", {"Id": "12", "SyncToken": "0", "sparse": True, "Active": False})
    [page] = cdc(r1, "Customer")
    assert [(one["Id"], one["Active"]) for one in page["Customer"]] == [("12", False)]


@pytest.mark.parametrize(
    ("entities", "since", "expected"),
    [
        ("TaxCode", NOW, "500"),
        ("Customer,TaxRate", NOW, "500"),
        ("TaxAgency", NOW, "500"),
        ("TimeActivity", NOW, "500"),
        ("JournalCode", NOW, "500"),
        ("Colour", NOW, "4001"),
        ("Customer,", NOW, "4001"),
        ("", NOW, "2020"),
        ("Customer", "", "2020"),
        ("Customer", "yesterday", "2070"),
        ("Customer", "9999-12-31T23:59:59-12:00", "2070"),
        ("Customer", "0001-01-01T00:00:00+14:00", "2070"),
        ("Customer", "2026-10-07T09:59:59-07:00", "500"),
    ],
)
def test_what_cannot_be_asked(r1: Any, entities: str, since: str, expected: str) -> None:
    response = _get(r1, entities, since)
    assert response.status_code == 400
    fault = response.json()["Fault"]
    assert (fault["Error"][0]["code"], fault["type"]) == (expected, "ValidationFault")


def test_thirty_days_back_are_allowed(r1: Any) -> None:
    assert cdc(r1, "Customer", "2026-10-07T10:00:00-07:00") == [{}]


def test_a_thousand_objects_at_most(r1: Any) -> None:
    books = r1.running.state.companies[R1]
    meta = {"MetaData": {"CreateTime": NOW, "LastUpdatedTime": NOW}}
    with books.store.transaction():
        for number in range(1001):
            books.store.put("Term", {"Id": str(100 + number), "Name": f"T{number}", **meta})
    r1.ok("customer", {"DisplayName": "Ira"})
    customers, terms, methods = cdc(r1, "Customer,Term,PaymentMethod")
    assert (customers["maxResults"], terms["maxResults"], methods) == (1, 999, {})
    assert terms["Term"][0]["Id"] == "100"


def test_a_read_is_metered(r1: Any) -> None:
    cdc(r1, "Customer")
    assert r1.control("metering", method="GET") == {"2026-11": {R1: 1}}


def test_the_public_client(
    r1: Any, invoice: Any, payment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = r1.ok("invoice", invoice())
    gone = r1.ok("payment", payment(5))
    r1.ok("payment", {"Id": gone["Id"], "SyncToken": "0"}, operation="delete")
    since = datetime.fromisoformat("2026-11-06T00:00:00-07:00")
    with signed_in(r1, monkeypatch) as qb:
        seen = change_data_capture([Invoice, Payment, Customer], since, qb=qb)
    assert [one.Id for one in seen.Invoice] == [bill["Id"]]
    assert [(one.Id, one.status) for one in seen.Payment] == [(gone["Id"], "Deleted")]
    assert not hasattr(seen, "Customer")
