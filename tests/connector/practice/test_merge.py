"""Two customers or vendors become one: documents, balances, the ledger, what others are told."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connector.practice.ledger import both
from tests.connector.practice.receiver import receiving
from tests.connector.practice.test_cdc import cdc
from tests.connector.practice.test_journal import entry, row
from tests.connector.practice.test_journal import named as named_on_line
from tests.connector.practice.test_purchases import purchase, spent

ANN, EAGLE = {"value": "12"}, {"value": "13", "name": "Ann Lee (Eagle)"}


def merge(client: Any, kind: str, loser: str, winner: str) -> Any:
    told = {"realm": client.realm, "entity": kind, "from": loser, "into": winner}
    return client.control("merge", told)


def refused(client: Any, kind: str, loser: str, winner: str) -> str:
    told = {"realm": client.realm, "entity": kind, "from": loser, "into": winner}
    response = requests.post(f"{client.running.control}/merge", json=told, timeout=20)
    assert response.status_code == 400
    return response.json()["error"]


def under_name(client: Any, name: str) -> list[Any]:
    store = client.running.state.companies[client.realm].store
    return store.run("SELECT * FROM posting WHERE name = ?", (name,))


def test_documents_and_balances_move(r1: Any, invoice: Any, payment: Any) -> None:
    bill = r1.ok("invoice", {**invoice(), "CustomerRef": ANN})
    paid = r1.ok("payment", {**payment(100, (bill["Id"], 100)), "CustomerRef": ANN})
    r1.ok("invoice", {**invoice(), "CustomerRef": EAGLE})
    before = both(r1)
    winner = merge(r1, "Customer", "12", "13")
    assert (winner["Id"], winner["DisplayName"], winner["Balance"]) == ("13", EAGLE["name"], 850)
    moved = r1.read(f"invoice/{bill['Id']}")
    assert (moved["CustomerRef"], moved["Balance"]) == (EAGLE, 375)
    assert r1.read(f"payment/{paid['Id']}")["CustomerRef"] == EAGLE
    found = r1.query("select * from Invoice where CustomerRef = '13'")["Invoice"]
    assert len(found) == 2
    assert both(r1) == before
    assert under_name(r1, "Customer:12") == []


def test_the_loser_is_gone_and_its_name_is_free(r1: Any) -> None:
    merge(r1, "Customer", "12", "13")
    gone = r1.http.get(f"{r1.base}/customer/12", timeout=20)
    assert gone.json()["Fault"]["Error"][0]["code"] == "610"
    [page] = cdc(r1, "Customer")
    told = {one["Id"]: one.get("status") for one in page["Customer"]}
    assert told == {"12": "Deleted", "13": None}
    assert r1.ok("customer", {"DisplayName": "Ann Lee"})["Id"] == "16"


def test_renaming_to_a_name_that_is_taken_does_not_merge(r1: Any) -> None:
    body = {"Id": "12", "SyncToken": "0", "sparse": True, "DisplayName": "Ann Lee (Eagle)"}
    assert r1.fault("customer", body)["code"] == "6240"


def test_names_in_lines_and_on_notes_move_too(r1: Any) -> None:
    receivable = row("Debit", "99", 20, **named_on_line("Customer", "12"))
    journal = r1.ok("journalentry", entry(receivable, row("Credit", "79", 20)))
    billed = r1.ok("purchase", purchase(spent(20, CustomerRef=ANN, BillableStatus="Billable")))
    ref = {"EntityRef": {"type": "Customer", "value": "12"}}
    other = {"EntityRef": {"type": "Item", "value": "2"}}
    note = r1.ok("attachable", {"Note": "x", "AttachableRef": [ref, other]})
    assert merge(r1, "Customer", "12", "13")["Balance"] == 20
    for path in (f"journalentry/{journal['Id']}", f"purchase/{billed['Id']}"):
        assert '"13"' in json.dumps(r1.read(path))
        assert '"12"' not in json.dumps(r1.read(path))
    refs = r1.read(f"attachable/{note['Id']}")["AttachableRef"]
    assert [one["EntityRef"]["value"] for one in refs] == ["13", "2"]


def test_another_kind_with_the_same_id_stays(r1: Any) -> None:
    vendor = r1.ok("vendor", {"DisplayName": "Zed"})
    note = {"Note": "x", "AttachableRef": [{"EntityRef": {"type": "Vendor", "value": "20"}}]}
    made = r1.ok("attachable", note)
    r1.control(
        "records",
        {"realm": r1.realm, "entity": "Customer", "record": {"Id": "20", "DisplayName": "Z"}},
    )
    merge(r1, "Customer", "20", "13")
    assert r1.read(f"attachable/{made['Id']}")["AttachableRef"] == made["AttachableRef"]
    assert r1.read("vendor/20")["Id"] == "20" != vendor["Id"]


def test_vendors_merge_too(r1: Any) -> None:
    other = r1.ok("vendor", {"DisplayName": "Rivera Plumbing Inc"})["Id"]
    payee = {"EntityRef": {"value": "20", "type": "Vendor"}}
    spending = r1.ok("purchase", purchase(**payee))
    before = both(r1)
    assert merge(r1, "Vendor", "20", other)["DisplayName"] == "Rivera Plumbing Inc"
    assert r1.read(f"purchase/{spending['Id']}")["EntityRef"] == {
        "value": other,
        "name": "Rivera Plumbing Inc",
        "type": "Vendor",
    }
    assert both(r1) == before
    assert under_name(r1, "Vendor:20") == []


def test_a_payment_by_the_parent_follows_the_debt(r1: Any, invoice: Any, payment: Any) -> None:
    jobs = [
        r1.ok("customer", {"DisplayName": name, "Job": True, "ParentRef": {"value": "10"}})["Id"]
        for name in ("Kitchen", "Bath")
    ]
    bill = r1.ok("invoice", {**invoice(), "CustomerRef": {"value": jobs[0]}})
    r1.ok("payment", payment(475, (bill["Id"], 475)))
    before = both(r1)
    merge(r1, "Customer", jobs[0], jobs[1])
    assert under_name(r1, f"Customer:{jobs[0]}") == []
    assert both(r1) == before
    assert r1.read(f"invoice/{bill['Id']}")["Balance"] == 0


@pytest.mark.parametrize("touches", [True, False])
def test_whether_documents_count_as_changed(r1: Any, invoice: Any, touches: bool) -> None:
    bill = r1.ok("invoice", {**invoice(), "CustomerRef": ANN})
    r1.control("switches", {"merge_touches": touches})
    r1.control("clock", {"advance": 5})
    with receiving() as receiver:
        r1.control("webhooks", {"url": receiver.url, "verifier": "v"}, method="PUT")
        merge(r1, "Customer", "12", "13")
        r1.control("webhooks/deliver")
        events = receiver.all()[0].events
    *updated, merged = events
    assert merged["type"] == "qbo.customer.merged.v1"
    assert (merged["intuitentityid"], merged["data"]) == ("13", {"deletedid": "12"})
    types = [(one["type"], one["intuitentityid"]) for one in updated]
    assert types == ([("qbo.invoice.updated.v1", bill["Id"])] if touches else [])
    now = r1.read(f"invoice/{bill['Id']}")
    assert now["SyncToken"] == ("1" if touches else "0")
    assert (now["MetaData"] == bill["MetaData"]) is not touches
    changed = cdc(r1, "Invoice", "2026-11-06T10:00:05-07:00")
    assert bool(changed[0]) is touches


def test_what_cannot_be_merged(r1: Any) -> None:
    r1.ok("customer", {"DisplayName": "Job", "Job": True, "ParentRef": {"value": "10"}})
    before = r1.books()
    for told, sentence in (
        (("Item", "1", "2"), "Only Customer and Vendor can be merged, not Item."),
        (("Customer", "12", "12"), "Customer 12 cannot be merged into itself."),
        (("Customer", "99", "12"), "There is no Customer 99."),
        (("Customer", "12", "99"), "There is no Customer 99."),
        (("Customer", "12", "11"), "Customer 11 is inactive."),
        (("Customer", "10", "12"), "Customer 10 has others below it; move them first."),
    ):
        assert refused(r1, *told) == sentence
    told = {"realm": "1", "entity": "Customer", "from": "12", "into": "13"}
    answer = requests.post(f"{r1.running.control}/merge", json=told, timeout=20)
    assert answer.json() == {"error": "There is no company 1."}
    assert r1.books() == before


def test_currencies_must_agree(r1: Any) -> None:
    record = {"Id": "40", "DisplayName": "Zoé", "CurrencyRef": {"value": "CAD"}}
    r1.control("records", {"realm": r1.realm, "entity": "Customer", "record": record})
    assert refused(r1, "Customer", "40", "12") == "Both must have the same currency."


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sales=st.lists(
        st.tuples(st.sampled_from(["10", "12", "13"]), st.integers(1, 99), st.integers(0, 99)),
        max_size=5,
    )
)
def test_a_merge_moves_debts_and_nothing_else(
    r1: Any, invoice: Any, payment: Any, line: Any, sales: list[tuple[str, int, int]]
) -> None:
    r1.control("reset")
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    for customer, total, paid in sales:
        ref = {"CustomerRef": {"value": customer}}
        bill = r1.ok("invoice", {**invoice(line(total)), **ref})
        if paid:
            parts = [(bill["Id"], min(paid, total))]
            r1.ok("payment", {**payment(paid, *parts), **ref})
    owed = {one: Decimal(str(r1.read(f"customer/{one}")["Balance"])) for one in ("10", "12", "13")}
    before = both(r1)
    merge(r1, "Customer", "12", "13")
    assert both(r1) == before
    assert Decimal(str(r1.read("customer/13")["Balance"])) == owed["12"] + owed["13"]
    assert Decimal(str(r1.read("customer/10")["Balance"])) == owed["10"]
