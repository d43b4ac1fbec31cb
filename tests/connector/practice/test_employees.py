"""Employees: one space of names with customers and vendors, and a number that is never shown."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "6080"),
        ({"EmployeeNumber": "7"}, "6080"),
        ({"DisplayName": "Rivera Plumbing"}, "6240"),
        ({"GivenName": "ann", "FamilyName": "LEE"}, "6240"),
        ({"GivenName": "A:B"}, "2040"),
        ({"GivenName": "x" * 101}, "2050"),
        ({"GivenName": "Mia", "Gender": "Unknown"}, "2170"),
        ({"GivenName": "Mia", "HiredDate": "soon"}, "2070"),
        ({"GivenName": "Mia", "BillRate": "much"}, "2060"),
        ({"GivenName": "Mia", "BillAddr": {"City": "Boise"}}, "2010"),
    ],
)
def test_refused(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("employee", body)["code"] == code
    assert r1.books()["records"]["Employee"] == []


def test_an_employee_comes_back_with_defaults(r1: Any) -> None:
    address = {"Line1": "1 Main St", "City": "Boise"}
    body = {"GivenName": "Mia", "FamilyName": "Stone", "PrimaryAddr": address, "BillRate": 40}
    made = r1.ok("employee", {**body, "HiredDate": "2026-03-02"})
    assert made["DisplayName"] == made["PrintOnCheckName"] == "Mia Stone"
    assert (made["Id"], made["Active"], made["BillableTime"]) == ("1", True, False)
    assert (made["PrimaryAddr"], made["BillRate"]) == (address, 40)
    assert "FullyQualifiedName" not in made
    assert r1.read("employee/1") == made
    assert r1.query("select * from Employee where FamilyName = 'stone'")["Employee"] == [made]


def test_its_name_clashes_with_customers_and_vendors(r1: Any) -> None:
    r1.ok("employee", {"GivenName": "Mia", "FamilyName": "Stone"})
    assert r1.fault("customer", {"DisplayName": "mia stone"})["code"] == "6240"
    assert r1.fault("vendor", {"DisplayName": "Mia Stone "})["code"] == "6240"


def test_the_social_security_number_is_masked(r1: Any) -> None:
    made = r1.ok("employee", {"GivenName": "Mia", "SSN": "123-45-6789"})
    assert made["SSN"] == "XXX-XX-XXXX"
    assert "6789" not in str(r1.books())
    kept = r1.ok("employee", {**made, "Title": "Ms"})
    assert (kept["SSN"], kept["Title"]) == ("XXX-XX-XXXX", "Ms")
    cleared = r1.ok("employee", {"Id": "1", "SyncToken": "1", "sparse": True, "SSN": ""})
    assert "SSN" not in cleared


def test_the_mask_alone_is_no_number(r1: Any) -> None:
    assert "SSN" not in r1.ok("employee", {"GivenName": "Mia", "SSN": "XXX-XX-XXXX"})


def test_an_inactive_employee_gives_its_name_free(r1: Any) -> None:
    r1.ok("employee", {"GivenName": "Mia"})
    gone = r1.ok("employee", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})
    assert gone["DisplayName"] == "Mia (deleted)"
    assert r1.ok("vendor", {"DisplayName": "Mia"})["DisplayName"] == "Mia"
    assert r1.query("select * from Employee") == {}
    assert r1.post("employee", {"Id": "1", "SyncToken": "1"}, operation="delete").status_code == 500
