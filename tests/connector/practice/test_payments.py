"""Payments: applied, unapplied, refused, voided; both sides always agree."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_payment_pays_an_invoice(r1: Any, invoice: Any, payment: Any) -> None:
    made = r1.ok("invoice", invoice())
    paid = r1.ok("payment", payment(475, (made["Id"], 475), PaymentRefNum="ch_1"))
    assert (paid["UnappliedAmt"], paid["TotalAmt"]) == (0, 475)
    assert paid["DepositToAccountRef"] == {"value": "90", "name": "Undeposited Funds"}
    assert paid["Line"][0]["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Invoice"}]
    after = r1.read(f"invoice/{made['Id']}")
    assert (after["Balance"], after["SyncToken"]) == (0, "1")
    assert after["LinkedTxn"] == [{"TxnId": paid["Id"], "TxnType": "Payment"}]
    assert r1.read("customer/10")["Balance"] == 0


def test_two_parts_and_an_excess(r1: Any, invoice: Any, payment: Any) -> None:
    made = r1.ok("invoice", invoice())
    r1.ok("payment", payment(100, (made["Id"], 100)))
    assert r1.read(f"invoice/{made['Id']}")["Balance"] == 375
    over = r1.ok("payment", payment(400, (made["Id"], 375)))
    assert over["UnappliedAmt"] == 25
    assert r1.read("customer/10")["Balance"] == -25


def test_one_check_over_two_invoices(r1: Any, invoice: Any, payment: Any, line: Any) -> None:
    a, b = (r1.ok("invoice", invoice(line(amount)))["Id"] for amount in (100, 50))
    r1.ok("payment", payment(150, (a, 100), (b, 50)))
    assert [one["Balance"] for one in r1.query("select * from Invoice")["Invoice"]] == [0, 0]


def test_refused(r1: Any, invoice: Any, payment: Any) -> None:
    open_one, paid_one = r1.ok("invoice", invoice())["Id"], r1.ok("invoice", invoice())["Id"]
    other = r1.ok("invoice", invoice(CustomerRef={"value": "14"}))["Id"]
    r1.ok("payment", payment(475, (paid_one, 475)))
    before = r1.books()["records"]
    rows = [
        ({"CustomerRef": {"value": "10"}}, "2020"),
        ({"TotalAmt": 5}, "2020"),
        (payment(-5), "2290"),
        (payment(500, (open_one, 476)), "6000"),
        (payment(100, (open_one, 200)), "6000"),
        (payment(900, (open_one, 300), (open_one, 300)), "6000"),
        (payment(475, (paid_one, 475)), "620"),
        (payment(475, (other, 475)), "620"),
        (payment(475, ("404", 475)), "610"),
        (payment(5, PaymentRefNum="x" * 22), "2050"),
        (payment(5, TxnDate="2026-10-31"), "6210"),
        (payment(5, DepositToAccountRef={"value": "82"}), "6430"),
        (payment(5, DepositToAccountRef={"value": "404"}), "2500"),
        (payment(5, PaymentMethodRef={"value": "404"}), "2500"),
        (payment(5, DocNumber="1"), "2010"),
        ({**payment(5), "Line": [{"Amount": 5}]}, "2020"),
        ({**payment(5), "Line": [{"LinkedTxn": [{"TxnId": "1", "TxnType": "Invoice"}]}]}, "2020"),
    ]
    for body, code in rows:
        assert r1.fault("payment", body)["code"] == code, body
    assert r1.books()["records"] == before


def test_every_reference_is_looked_up(r1: Any, payment: Any) -> None:
    for field in ("ARAccountRef", "DepartmentRef", "PaymentMethodRef", "DepositToAccountRef"):
        assert r1.fault("payment", payment(5, **{field: {"value": "999"}}))["code"] == "2500"
    assert r1.fault("payment", payment(5, ARAccountRef={"value": "79"}))["code"] == "6430"
    place = r1.ok("department", {"Name": "North"})["Id"]
    kept = r1.ok("payment", payment(5, DepartmentRef={"value": place}))
    assert kept["DepartmentRef"] == {"value": place, "name": "North"}
    r1.prefer(AccountingInfoPrefs__TrackDepartments=False)
    assert r1.fault("payment", payment(5, DepartmentRef={"value": place}))["code"] == "6000"


def test_the_parent_pays_for_its_sub_customer(r1: Any, invoice: Any, payment: Any) -> None:
    sub = r1.ok("customer", {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}})
    made = r1.ok("invoice", invoice(CustomerRef={"value": sub["Id"]}))
    r1.ok("payment", payment(475, (made["Id"], 475)))
    assert r1.read(f"invoice/{made['Id']}")["Balance"] == 0


def test_a_voided_payment_reopens_its_invoice(r1: Any, invoice: Any, payment: Any) -> None:
    made = r1.ok("invoice", invoice())
    paid = r1.ok("payment", payment(475, (made["Id"], 475), PrivateNote="n"))
    body = {"Id": paid["Id"], "SyncToken": "0", "sparse": True}
    void = r1.ok("payment", body, operation="update", include="void")
    assert (void["TotalAmt"], void["UnappliedAmt"], void["Line"]) == (0, 0, [])
    assert void["PrivateNote"] == "Voided - n"
    after = r1.read(f"invoice/{made['Id']}")
    assert (after["Balance"], after["LinkedTxn"]) == (475, [])


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_an_ended_invoice_leaves_its_money_unapplied(
    r1: Any, invoice: Any, payment: Any, operation: str
) -> None:
    made = r1.ok("invoice", invoice())
    paid = r1.ok("payment", payment(475, (made["Id"], 475)))
    r1.ok("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation=operation)
    after = r1.read(f"payment/{paid['Id']}")
    assert (after["UnappliedAmt"], after["Line"], after["SyncToken"]) == (475, [], "1")
    assert r1.read("customer/10")["Balance"] == -475


def test_a_payment_is_linked_later_and_moved(r1: Any, invoice: Any, payment: Any) -> None:
    a, b = r1.ok("invoice", invoice())["Id"], r1.ok("invoice", invoice())["Id"]
    loose = r1.ok("payment", payment(475))
    assert loose["UnappliedAmt"] == 475
    body = {"Id": loose["Id"], "SyncToken": "0", "sparse": True}
    linked = r1.ok("payment", {**body, "Line": payment(0, (a, 475))["Line"]})
    assert linked["UnappliedAmt"] == 0
    r1.ok("payment", {**body, "SyncToken": "1", "Line": payment(0, (b, 475))["Line"]})
    balances = {one["Id"]: one["Balance"] for one in r1.query("select * from Invoice")["Invoice"]}
    assert balances == {a: 475, b: 0}


def test_a_deleted_payment_reopens_its_invoice(r1: Any, invoice: Any, payment: Any) -> None:
    made = r1.ok("invoice", invoice())
    paid = r1.ok("payment", payment(475, (made["Id"], 475)))
    r1.ok("payment", {"Id": paid["Id"], "SyncToken": "0"}, operation="delete")
    assert r1.read(f"invoice/{made['Id']}")["Balance"] == 475


def test_an_edit_may_not_fall_below_what_was_paid(r1: Any, invoice: Any, payment: Any) -> None:
    made = r1.ok("invoice", invoice())
    r1.ok("payment", payment(475, (made["Id"], 475)))
    body = {"Id": made["Id"], "SyncToken": "1", "sparse": True}
    smaller = {**body, "Line": [{**made["Line"][0], "Amount": 400}]}
    assert r1.fault("invoice", smaller)["code"] == "6000"
    assert r1.fault("invoice", {**body, "CustomerRef": {"value": "14"}})["code"] == "6000"
    assert r1.ok("invoice", {**body, "PrivateNote": "x"})["Balance"] == 0


def test_links_leave_the_token_alone_by_switch(r1: Any, invoice: Any, payment: Any) -> None:
    r1.control("switches", {"links_touch_token": False})
    made = r1.ok("invoice", invoice())
    r1.ok("payment", payment(475, (made["Id"], 475)))
    assert r1.read(f"invoice/{made['Id']}")["SyncToken"] == "0"


def test_only_invoices_can_be_paid_here(r1: Any, payment: Any) -> None:
    link = {"TxnId": "1", "TxnType": "Expense"}
    told = r1.fault("payment", {**payment(5), "Line": [{"Amount": 5, "LinkedTxn": [link]}]})
    assert told["code"] == "6000"
    link["TxnType"] = "Invoice"
    less = {**payment(5), "Line": [{"Amount": -5, "LinkedTxn": [link]}]}
    assert r1.fault("payment", less)["code"] == "2290"


def test_without_an_account_for_undeposited_funds(r1: Any, payment: Any) -> None:
    gone = {**r1.read("account/90"), "Active": False}
    r1.control("records", {"realm": r1.realm, "entity": "Account", "record": gone})
    assert r1.fault("payment", payment(5))["code"] == "6000"
    bank = {"value": "92"}
    assert r1.ok("payment", payment(5, DepositToAccountRef=bank))["TotalAmt"] == 5


def test_each_kind_is_voided_in_its_own_way(r1: Any, invoice: Any, payment: Any) -> None:
    bill, paid = r1.ok("invoice", invoice()), r1.ok("payment", payment(5))
    keys = [{"Id": one["Id"], "SyncToken": "0", "sparse": True} for one in (bill, paid)]
    by_update = {"operation": "update", "include": "void"}
    assert r1.post("invoice", keys[0], **by_update).status_code == 500
    assert r1.post("payment", keys[1], operation="void").status_code == 500
    assert r1.read(f"invoice/{bill['Id']}") == bill
    assert r1.read(f"payment/{paid['Id']}") == paid
    assert r1.ok("invoice", keys[0], operation="void")["TotalAmt"] == 0
    assert r1.ok("payment", keys[1], **by_update)["TotalAmt"] == 0
