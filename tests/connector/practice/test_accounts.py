"""Accounts: their places in the chart, their numbers, and those that QuickBooks needs itself."""

from __future__ import annotations

from typing import Any

import pytest


def moved(client: Any, amount: float, source: str, target: str) -> None:
    """Move money between accounts."""
    ends = {"FromAccountRef": {"value": source}, "ToAccountRef": {"value": target}}
    client.ok("transfer", {**ends, "Amount": amount})


def child(client: Any, name: str, parent: str, kind: str = "Bank") -> str:
    """The id of a new account below another."""
    body = {"Name": name, "AccountType": kind, "ParentRef": {"value": parent}}
    made = client.ok("account", body)
    assert made["SubAccount"] is True
    return str(made["Id"])


def test_balances_of_subaccounts_add_up(r1: Any) -> None:
    payroll = child(r1, "Payroll", "92")
    taxes = child(r1, "Payroll Taxes", payroll)
    assert r1.read(f"account/{taxes}")["FullyQualifiedName"] == "Checking:Payroll:Payroll Taxes"
    moved(r1, 30, "91", payroll)
    moved(r1, 12, payroll, taxes)
    moved(r1, 5, taxes, "92")
    found = [r1.read(f"account/{one}") for one in ("92", payroll, taxes)]
    assert [one["CurrentBalance"] for one in found] == [5, 18, 7]
    assert [one["CurrentBalanceWithSubAccounts"] for one in found] == [30, 25, 7]


def test_a_subaccount_has_the_type_of_its_parent(r1: Any) -> None:
    body = {"Name": "Cash box", "AccountType": "Income", "ParentRef": {"value": "92"}}
    assert r1.fault("account", body)["code"] == "6000"
    lost = {**body, "AccountType": "Bank", "ParentRef": {"value": "404"}}
    assert r1.fault("account", lost)["code"] == "2500"


def test_numbers_differ_where_they_are_used(r1: Any) -> None:
    first = r1.ok("account", {"Name": "Savings", "AccountType": "Bank", "AcctNum": "1010"})
    again = {"AccountType": "Bank", "AcctNum": "1010"}
    r1.ok("account", {**again, "Name": "Reserve"})
    r1.prefer(AccountingInfoPrefs__UseAccountNumbers=True)
    assert r1.fault("account", {**again, "Name": "Spare"})["code"] == "6000"
    r1.ok("account", {**again, "Name": "Spare", "AcctNum": "1011"})
    assert r1.fault("account", {**first, "Description": "n"})["code"] == "6000"


@pytest.mark.parametrize("identity", ["90", "98", "99"])
def test_what_quickbooks_posts_to_stays_active(r1: Any, identity: str) -> None:
    gone = {"Id": identity, "SyncToken": "0", "sparse": True, "Active": False}
    assert r1.fault("account", gone)["code"] == "6000"
    assert r1.read(f"account/{identity}")["Active"] is True


def test_a_second_receivable_may_become_inactive(r1: Any) -> None:
    made = r1.ok("account", {"Name": "Old debts", "AccountType": "Accounts Receivable"})
    gone = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    assert r1.ok("account", gone)["Name"] == "Old debts (deleted)"


def test_an_account_with_a_balance_stays_active(r1: Any) -> None:
    moved(r1, 5, "92", "91")
    gone = {"Id": "91", "SyncToken": "0", "sparse": True, "Active": False}
    assert r1.fault("account", gone)["code"] == "6220"
    moved(r1, 5, "91", "92")
    assert r1.ok("account", gone)["Active"] is False
