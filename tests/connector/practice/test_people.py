"""Customers and vendors: names, uniqueness, e-mail, inactive ones, updates."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "6080"),
        ({"CompanyName": "Only a company"}, "6080"),
        ({"DisplayName": "Rivera Plumbing"}, "6240"),
        ({"DisplayName": " rivera PLUMBING "}, "6240"),
        ({"DisplayName": "Rob:Barnett"}, "2040"),
        ({"DisplayName": "Rob\tBarnett"}, "2040"),
        ({"GivenName": "Rob\nBarnett"}, "2040"),
        ({"GivenName": "x" * 101}, "2050"),
        ({"DisplayName": "A", "PrimaryPhone": {"FreeFormNumber": "1" * 31}}, "2050"),
        ({"DisplayName": "A", "PrimaryEmailAddr": {"Address": "no-at.example"}}, "2210"),
        ({"DisplayName": "A", "PrimaryEmailAddr": {"Address": "a@b.example, nope"}}, "2210"),
        ({"DisplayName": "A", "DisplayNam": "typo"}, "2010"),
        ({"DisplayName": "A", "BillAddr": {"Lin1": "typo"}}, "2010"),
        ({"DisplayName": "A", "Active": "perhaps"}, "2080"),
        ({"DisplayName": "A", "PreferredDeliveryMethod": "Pigeon"}, "2170"),
        ({"DisplayName": "A", "SalesTermRef": {"value": "99"}}, "2500"),
        ({"DisplayName": "A", "CurrencyRef": {"value": "EUR"}}, "6000"),
        ([], "2010"),
    ],
)
def test_a_refused_customer_leaves_no_trace(r1: Any, body: Any, code: str) -> None:
    before = r1.books()["records"]["Customer"]
    assert r1.fault("customer", body)["code"] == code
    assert r1.books()["records"]["Customer"] == before


def test_a_length_fault_says_how_long_it_was(r1: Any) -> None:
    told = r1.fault("customer", {"DisplayName": "A", "Notes": "x" * 2001})
    assert told["Detail"] == "Min:0 Max:2,000 supported. Supplied length:2,001"


def test_a_customer_comes_back_with_defaults(r1: Any) -> None:
    made = r1.ok("customer", {"GivenName": "José", "FamilyName": "O'Neil"})
    assert made["DisplayName"] == made["FullyQualifiedName"] == "José O'Neil"
    assert (made["Id"], made["SyncToken"], made["Active"], made["Balance"]) == ("16", "0", True, 0)
    assert made["MetaData"]["CreateTime"] == "2026-11-06T10:00:00-07:00"
    assert r1.read("customer/16") == made


def test_a_sparse_update_changes_only_what_it_sends(r1: Any) -> None:
    before = r1.read("customer/14")
    sent = {"Id": "14", "SyncToken": "0", "sparse": True, "Mobile": {"FreeFormNumber": "1"}}
    after = r1.ok("customer", sent)
    assert after["SyncToken"] == "1"
    assert after["Mobile"] == {"FreeFormNumber": "1"}
    changed = {"SyncToken", "MetaData", "Mobile"}
    assert {k: v for k, v in after.items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }


def test_a_full_update_clears_what_it_leaves_out(r1: Any) -> None:
    after = r1.ok("customer", {"Id": "14", "SyncToken": "0", "DisplayName": "Omar Haddad"})
    assert "PrimaryPhone" not in after


def test_a_blank_clears_a_field(r1: Any) -> None:
    sent = {"Id": "14", "SyncToken": "0", "sparse": True, "GivenName": "", "DisplayName": ""}
    after = r1.ok("customer", sent)
    assert "GivenName" not in after
    assert after["DisplayName"] == "Omar Haddad"


def test_an_old_sync_token_is_stale(r1: Any) -> None:
    r1.ok("customer", {"Id": "14", "SyncToken": "0", "sparse": True, "Notes": "a"})
    late = {"Id": "14", "SyncToken": "0", "sparse": True, "Notes": "b"}
    assert r1.fault("customer", late)["code"] == "5010"
    assert r1.fault("customer", {"Id": "14", "sparse": True})["code"] == "2020"
    assert r1.fault("customer", {"Id": "999", "SyncToken": "0"})["code"] == "610"


def test_an_inactive_customer_gives_its_name_free_and_gets_it_back(r1: Any) -> None:
    gone = r1.ok("customer", {"Id": "14", "SyncToken": "0", "sparse": True, "Active": False})
    assert gone["DisplayName"] == "Omar Haddad (deleted)"
    back = r1.ok("customer", {"Id": "14", "SyncToken": "1", "sparse": True, "Active": True})
    assert back["DisplayName"] == "Omar Haddad"


def test_a_freed_name_clashes_where_the_switch_says_so(r1: Any) -> None:
    r1.ok("customer", {"Id": "14", "SyncToken": "0", "sparse": True, "Active": False})
    r1.control("switches", {"inactive_names_clash": True})
    assert r1.fault("customer", {"DisplayName": "omar haddad"})["code"] == "6240"
    r1.control("switches", {"inactive_names_clash": False})
    r1.ok("customer", {"DisplayName": "omar haddad"})
    back = {"Id": "14", "SyncToken": "1", "sparse": True, "Active": True}
    assert r1.fault("customer", back)["code"] == "6240"


def test_who_owes_money_cannot_be_made_inactive(r1: Any, invoice: Any) -> None:
    r1.ok("invoice", invoice())
    assert r1.read("customer/10")["Balance"] == 475
    sent = {"Id": "10", "SyncToken": "0", "sparse": True, "Active": False}
    assert r1.fault("customer", sent)["code"] == "6220"


def test_sub_customers(r1: Any) -> None:
    sub = r1.ok("customer", {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}})
    assert sub["FullyQualifiedName"] == "Dana Whitfield:Cabin"
    assert sub["Level"] == 1
    loop = {"Id": "10", "SyncToken": "0", "sparse": True, "ParentRef": {"value": sub["Id"]}}
    assert r1.fault("customer", loop)["code"] == "6000"


def test_balances_of_sub_customers_add_up(r1: Any, invoice: Any) -> None:
    sub = r1.ok("customer", {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}})
    below = {"DisplayName": "Roof", "Job": True, "ParentRef": {"value": sub["Id"]}}
    lowest = r1.ok("customer", {**below, "BillWithParent": True})
    assert (lowest["Level"], lowest["BillWithParent"]) == (2, True)
    for identity in ("10", sub["Id"], lowest["Id"]):
        r1.ok("invoice", invoice(CustomerRef={"value": identity}))
    found = [r1.read(f"customer/{one}") for one in ("10", sub["Id"], lowest["Id"])]
    assert [one["Balance"] for one in found] == [475, 475, 475]
    assert [one["BalanceWithJobs"] for one in found] == [1425, 950, 475]


def test_who_has_no_parent(r1: Any) -> None:
    assert r1.fault("customer", {"DisplayName": "Cabin", "Job": True})["code"] == "2020"
    made = r1.ok("customer", {"DisplayName": "Cabin", "BillWithParent": True})
    assert made["BillWithParent"] is False


def test_customers_cannot_be_deleted(r1: Any) -> None:
    response = r1.post("customer", {"Id": "14", "SyncToken": "0"}, operation="delete")
    assert response.status_code == 500
    assert response.json()["Fault"]["type"] == "SystemFault"


def test_vendors_share_the_names(r1: Any) -> None:
    assert r1.fault("vendor", {"DisplayName": "Dana whitfield"})["code"] == "6240"
    assert r1.ok("vendor", {"DisplayName": "Acme Pipes"})["Id"] == "21"


def test_companies_do_not_share_anything(r1: Any, r2: Any) -> None:
    assert r2.ok("customer", {"DisplayName": "Rivera Plumbing"})["Id"] == "1"
    assert r2.query("select * from Vendor") == {}


def test_a_second_inactive_of_one_name_gets_its_own(r1: Any) -> None:
    gone = r1.ok("customer", {"Id": "10", "SyncToken": "0", "sparse": True, "Active": False})
    assert gone["DisplayName"] == "Dana Whitfield (deleted-1)"
