"""Which debt a payment pays is told by the ledger itself, under the name of the debtor."""

from __future__ import annotations

from typing import Any


def owed(client: Any, kind: str) -> list[tuple[Any, ...]]:
    """(debt, due, name, cents) of what the transactions of one kind add to debts."""
    store = client.running.state.companies[client.realm].store
    return store.run(
        "SELECT debt, due, name, amount FROM posting"
        " WHERE entity = ? AND owed AND basis < 2 ORDER BY rowid",
        (kind,),
    )


def test_each_part_of_a_payment_names_its_debt(r1: Any, invoice: Any, payment: Any) -> None:
    a, b = (r1.ok("invoice", invoice(DueDate="2026-12-01"))["Id"] for _ in "ab")
    paid = r1.ok("payment", payment(700, (a, 475), (b, 200)))
    assert owed(r1, "Invoice") == [("", "2026-12-01", "Customer:10", 47500)] * 2
    assert owed(r1, "Payment") == [
        (f"Invoice:{a}", "", "Customer:10", -47500),
        (f"Invoice:{b}", "", "Customer:10", -20000),
        ("", "", "Customer:10", -2500),
    ]
    r1.ok("invoice", {"Id": a, "SyncToken": "1"}, operation="void")
    assert owed(r1, "Payment") == [
        (f"Invoice:{b}", "", "Customer:10", -20000),
        ("", "", "Customer:10", -50000),
    ]
    r1.ok("payment", {"Id": paid["Id"], "SyncToken": "1"}, operation="delete")
    assert owed(r1, "Payment") == []


def test_what_a_parent_pays_is_taken_off_the_debt_of_the_sub_customer(
    r1: Any, invoice: Any, payment: Any
) -> None:
    job = {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}}
    sub = r1.ok("customer", job)["Id"]
    made = r1.ok("invoice", invoice(CustomerRef={"value": sub}))
    r1.ok("payment", payment(500, (made["Id"], 475)))
    assert [row[2:] for row in owed(r1, "Payment")] == [
        (f"Customer:{sub}", -47500),
        ("Customer:10", -2500),
    ]
    assert r1.read(f"customer/{sub}")["Balance"] == 0
    assert r1.read("customer/10")["Balance"] == -25
