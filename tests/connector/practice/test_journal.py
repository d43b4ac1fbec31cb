"""Journal entries: balanced, with names where debts are, and counted in what they touch."""

from __future__ import annotations

from typing import Any

import pytest

KIND = "JournalEntryLineDetail"


def row(side: str, account: str, amount: float, **detail: Any) -> dict[str, Any]:
    """A line of an entry."""
    inner = {"PostingType": side, "AccountRef": {"value": account}, **detail}
    return {"Amount": amount, "DetailType": KIND, KIND: inner}


def named(kind: str, identity: str) -> dict[str, Any]:
    """The name on a line."""
    return {"Entity": {"Type": kind, "EntityRef": {"value": identity}}}


def entry(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An entry; of fees paid by the bank where no line is given."""
    usual = [row("Debit", "97", 12.5), row("Credit", "92", 12.5)]
    return {"Line": [*lines] or usual, **fields}


def balance(client: Any, account: str) -> Any:
    """What the account shows."""
    return client.read(f"account/{account}")["CurrentBalance"]


def test_an_entry_posts_what_it_says(r1: Any) -> None:
    made = r1.ok("journalentry", entry(DocNumber="J-1", PrivateNote="fees"))
    assert (made["TotalAmt"], made["Adjustment"], made["TxnDate"]) == (12.5, False, "2026-11-06")
    assert [line["Id"] for line in made["Line"]] == ["0", "1"]
    assert made["Line"][0][KIND]["AccountRef"] == {"value": "97", "name": "Merchant Fees"}
    assert balance(r1, "92") == -12.5
    found = r1.query("select * from JournalEntry where DocNumber = 'j-1'")
    assert found["JournalEntry"] == [made]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "2020"),
        (entry(row("Debit", "97", 5), row("Credit", "92", 4)), "6000"),
        (entry(row("Debit", "97", 5)), "6000"),
        (entry(row("Debit", "97", -5), row("Credit", "92", -5)), "2290"),
        (entry(row("Debit", "404", 5), row("Credit", "92", 5)), "2500"),
        (entry(row("Debit", "70", 5), row("Credit", "92", 5)), "610"),
        (entry(row("Up", "97", 5), row("Credit", "92", 5)), "2170"),
        (entry({"Amount": 5, "DetailType": KIND}), "2020"),
        (entry({"DetailType": KIND, KIND: {"PostingType": "Debit"}}), "2020"),
        (entry({"Amount": 5, "DetailType": KIND, KIND: {"PostingType": "Debit"}}), "2020"),
        (entry(row("Debit", "99", 5), row("Credit", "79", 5)), "6000"),
        (entry(row("Debit", "99", 5, **named("Vendor", "20")), row("Credit", "79", 5)), "6000"),
        (entry(row("Debit", "97", 5), row("Credit", "98", 5)), "6000"),
        (entry(row("Debit", "97", 5), row("Credit", "98", 5, **named("Customer", "10"))), "6000"),
        (entry(row("Debit", "99", 5, **named("Customer", "404")), row("Credit", "79", 5)), "2500"),
        (entry(row("Debit", "99", 5, **named("Customer", "11")), row("Credit", "79", 5)), "610"),
        (entry(row("Debit", "97", 5, **named("Other", "1")), row("Credit", "79", 5)), "6000"),
        (entry(row("Debit", "97", 5, Entity={"Type": "Vendor"}), row("Credit", "79", 5)), "2020"),
        (entry(TxnDate="2026-10-31"), "6210"),
        (entry(DocNumber="x" * 22), "2050"),
        (entry(CurrencyRef={"value": "EUR"}), "6000"),
    ],
)
def test_refused(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("journalentry", body)["code"] == code
    assert r1.books()["records"]["JournalEntry"] == []


def test_the_sentences_of_debts(r1: Any) -> None:
    told = r1.fault("journalentry", entry(row("Debit", "99", 5), row("Credit", "79", 5)))
    assert told["Detail"].endswith("you must choose a customer in the Name field.")
    told = r1.fault("journalentry", entry(row("Debit", "97", 5), row("Credit", "98", 5)))
    assert told["Detail"].endswith("you must choose a vendor in the Name field.")


def test_debts_count_for_customers_and_vendors(r1: Any) -> None:
    owes = entry(row("Debit", "99", 80, **named("Customer", "10")), row("Credit", "79", 80))
    made = r1.ok("journalentry", owes)
    owed = entry(row("Debit", "97", 30), row("Credit", "98", 30, **named("Vendor", "20")))
    r1.ok("journalentry", owed)
    assert (r1.read("customer/10")["Balance"], r1.read("vendor/20")["Balance"]) == (80, 30)
    assert (balance(r1, "99"), balance(r1, "98")) == (80, 30)
    found = r1.query("select * from Vendor where Balance > '29'")["Vendor"]
    assert [one["Id"] for one in found] == ["20"]
    r1.ok("journalentry", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert (r1.read("customer/10")["Balance"], balance(r1, "99")) == (0, 0)


def test_a_job_is_a_customer(r1: Any) -> None:
    sub = r1.ok("customer", {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}})
    debt = row("Debit", "99", 8, **named("Job", sub["Id"]))
    made = r1.ok("journalentry", entry(debt, row("Credit", "79", 8)))
    assert made["Line"][0][KIND]["Entity"]["EntityRef"]["name"] == "Dana Whitfield:Cabin"
    assert r1.read(f"customer/{sub['Id']}")["Balance"] == 8


def test_a_vendor_who_is_owed_money_cannot_be_made_inactive(r1: Any) -> None:
    owed = entry(row("Debit", "97", 30), row("Credit", "98", 30, **named("Vendor", "20")))
    r1.ok("journalentry", owed)
    gone = {"Id": "20", "SyncToken": "0", "sparse": True, "Active": False}
    assert r1.fault("vendor", gone)["code"] == "6220"


def test_an_update_replaces_the_lines(r1: Any) -> None:
    made = r1.ok("journalentry", entry(PrivateNote="n"))
    lines = [{**made["Line"][0], "Amount": 20}, row("Credit", "91", 20)]
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Line": lines}
    after = r1.ok("journalentry", body)
    assert [line["Id"] for line in after["Line"]] == ["0", "2"]
    assert (after["PrivateNote"], after["TotalAmt"]) == ("n", 20)
    assert (balance(r1, "92"), balance(r1, "91")) == (0, -20)


def test_names_and_accounts_that_became_inactive_stay(r1: Any) -> None:
    debt = entry(row("Debit", "97", 5, **named("Customer", "14")), row("Credit", "91", 5))
    made = r1.ok("journalentry", debt)
    for path, identity in (("customer", "14"), ("account", "97")):
        gone = {"Id": identity, "SyncToken": "0", "sparse": True, "Active": False}
        r1.ok(path, gone)
    after = r1.ok("journalentry", {**made, "PrivateNote": "n"})
    assert after["PrivateNote"] == "n"


def test_numbers(r1: Any) -> None:
    assert "DocNumber" not in r1.ok("journalentry", entry())
    r1.ok("journalentry", entry(DocNumber="7"))
    told = r1.fault("journalentry", entry(DocNumber="7"))
    assert (told["code"], "TxnType=JournalEntry" in told["Detail"]) == ("6140", True)
    r1.ok("journalentry", entry(DocNumber="7"), include="allowduplicatedocnum")
    r1.prefer(AccountingInfoPrefs__AutoJournalEntryNumber=True)
    made = r1.ok("journalentry", entry())
    assert made["DocNumber"] == "1001"
    r1.ok("journalentry", entry(DocNumber="1002"))
    assert r1.ok("journalentry", entry())["DocNumber"] == "1002"
    kept = r1.ok("journalentry", {"Id": made["Id"], "SyncToken": "0", **entry()})
    assert kept["DocNumber"] == "1001"


def test_classes_and_locations(r1: Any) -> None:
    there = {"ClassRef": {"value": r1.ok("class", {"Name": "Repairs"})["Id"]}}
    there["DepartmentRef"] = {"value": r1.ok("department", {"Name": "Boise"})["Id"]}
    body = entry(row("Debit", "97", 5, **there), row("Credit", "92", 5))
    detail = r1.ok("journalentry", body)["Line"][0][KIND]
    assert (detail["ClassRef"]["name"], detail["DepartmentRef"]["name"]) == ("Repairs", "Boise")
    r1.prefer(AccountingInfoPrefs__TrackDepartments=False)
    assert r1.fault("journalentry", body)["code"] == "6000"
    r1.prefer(AccountingInfoPrefs__ClassTrackingPerTxnLine=False)
    assert r1.fault("journalentry", body)["code"] == "6000"


def test_one_debt_by_switch(r1: Any) -> None:
    two = [row("Debit", "99", 4, **named("Customer", one)) for one in ("10", "14")]
    body = entry(*two, row("Credit", "79", 8))
    assert r1.ok("journalentry", body)["TotalAmt"] == 8
    r1.control("switches", {"journal_one_debt_line": True})
    assert r1.fault("journalentry", body)["code"] == "6000"
    assert r1.ok("journalentry", entry(two[0], row("Credit", "79", 4)))["TotalAmt"] == 4


def test_a_line_of_text(r1: Any) -> None:
    words = {"DetailType": "DescriptionOnly", "Description": "Month end"}
    made = r1.ok("journalentry", entry(words, *entry()["Line"]))
    assert made["Line"][0] == {"Id": "0", **words}


def test_an_entry_cannot_be_voided(r1: Any) -> None:
    made = r1.ok("journalentry", entry())
    response = r1.post("journalentry", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    assert response.status_code == 500
