"""Items, accounts, terms, payment methods, classes, locations, tax codes."""

from __future__ import annotations

from typing import Any

import pytest

_ITEM = {"Name": "Cleaning", "Type": "Service", "IncomeAccountRef": {"value": "82"}}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("item", {"Name": "X", "Type": "Service"}, "2020"),
        ("item", {"Type": "Service", "IncomeAccountRef": {"value": "82"}}, "2020"),
        ("item", {**_ITEM, "Name": "hours"}, "6240"),
        ("item", {**_ITEM, "Name": "A:B"}, "2040"),
        ("item", {**_ITEM, "IncomeAccountRef": {"value": "999"}}, "2500"),
        ("item", {**_ITEM, "IncomeAccountRef": {"value": "70"}}, "610"),
        ("item", {**_ITEM, "IncomeAccountRef": {"value": "92"}}, "6430"),
        ("item", {**_ITEM, "Type": "Inventory"}, "2020"),
        ("item", {**_ITEM, "Type": "Idea"}, "2170"),
        ("account", {"Name": "X"}, "6430"),
        ("account", {"Name": "X", "AccountType": "Piggy Bank"}, "6430"),
        ("account", {"Name": "X", "AccountSubType": "Nothing"}, "6430"),
        ("account", {"Name": "X", "AccountType": "Income", "AccountSubType": "Checking"}, "6010"),
        ("account", {"Name": 'A "B"', "AccountType": "Income"}, "2040"),
        ("account", {"Name": "laser", "AccountType": "Income"}, "6240"),
        ("term", {"Name": "Net 15"}, "6240"),
        ("term", {"Name": "x" * 32}, "2050"),
        ("term", {"Name": "Long", "DueDays": 1000}, "6000"),
        ("term", {"Name": "Half", "DueDays": 1.5}, "2060"),
        ("paymentmethod", {"Type": "CREDIT_CARD"}, "2020"),
        ("class", {"Name": ""}, "2020"),
    ],
)
def test_refused(r1: Any, path: str, body: Any, code: str) -> None:
    assert r1.fault(path, body)["code"] == code


def test_the_missing_account_is_named(r1: Any) -> None:
    told = r1.fault("item", {**_ITEM, "IncomeAccountRef": {"value": "999"}})
    assert told["Detail"] == "Invalid Reference Id : Accounts element id 999 not found"


def test_an_item_names_its_account(r1: Any) -> None:
    made = r1.ok("item", _ITEM)
    assert made["IncomeAccountRef"] == {"value": "82", "name": "Residential Cleaning"}
    assert made["Id"] == "3"


def test_items_on_liability_accounts_by_switch(r1: Any) -> None:
    body = {**_ITEM, "Name": "Deposit", "IncomeAccountRef": {"value": "95"}}
    r1.control("switches", {"item_on_liability": False})
    assert r1.fault("item", body)["code"] == "6430"
    r1.control("switches", {"item_on_liability": True})
    assert r1.ok("item", body)["IncomeAccountRef"]["name"] == "Customer Deposits"


def test_an_account_by_its_subtype(r1: Any) -> None:
    made = r1.ok("account", {"Name": "Tips", "AccountSubType": "OtherCurrentLiabilities"})
    assert made["AccountType"] == "Other Current Liability"
    assert made["Classification"] == "Liability"


def test_a_sub_account_has_a_path(r1: Any) -> None:
    body = {"Name": "Mini splits", "AccountType": "Income", "ParentRef": {"value": "79"}}
    made = r1.ok("account", body)
    assert made["FullyQualifiedName"] == "Service Revenue:Mini splits"
    assert made["SubAccount"] is True
    top = r1.ok("account", {"Name": "Mini splits", "AccountType": "Income"})
    assert top["FullyQualifiedName"] == "Mini splits"


def test_small_lists(r1: Any) -> None:
    assert r1.ok("term", {"Name": "Net 7", "DueDays": 7})["Type"] == "STANDARD"
    assert r1.ok("term", {"Name": "20th", "DayOfMonthDue": 20})["Type"] == "DATE_DRIVEN"
    assert r1.ok("paymentmethod", {"Name": "Wire"})["Id"] == "5"
    north = r1.ok("class", {"Name": "North"})
    below = r1.ok("class", {"Name": "Eagle", "ParentRef": {"value": north["Id"]}})
    assert below["FullyQualifiedName"] == "North:Eagle"
    assert below["SubClass"] is True
    assert r1.ok("department", {"Name": "Boise"})["FullyQualifiedName"] == "Boise"


def test_tax_codes_are_read_only(r1: Any) -> None:
    assert {one["Id"] for one in r1.query("select * from TaxCode")["TaxCode"]} == {
        "TAX",
        "NON",
        "2",
    }
    assert r1.post("taxcode", {"Name": "X"}).status_code == 500


def test_the_fixture_lists(r1: Any, r2: Any) -> None:
    for company in (r1, r2):
        accounts = company.query("select * from Account where Active in (true, false)")["Account"]
        assert " ".join(one["Id"] for one in accounts) == (
            "70 79 80 81 82 83 84 85 86 87 88 90 91 92 95 96 97 98 99"
        )
        terms = company.query("select * from Term")["Term"]
        assert [(one["Id"], one["DueDays"]) for one in terms] == [("1", 0), ("2", 15), ("3", 30)]
    customers = r1.query("select * from Customer where Active in (true, false)")["Customer"]
    assert [one["Id"] for one in customers] == ["10", "11", "12", "13", "14", "15"]
    assert r1.query("select * from Vendor")["Vendor"][0]["Id"] == "20"
    preferences = r1.read("preferences")
    assert preferences["SalesFormsPrefs"]["DefaultTerms"] == {"value": "3"}
    assert preferences["AccountingInfoPrefs"]["BookCloseDate"] == "2026-10-31"
    assert r1.read(f"companyinfo/{r1.realm}")["CompanyName"] == "Sparrow Home Services LLC"
