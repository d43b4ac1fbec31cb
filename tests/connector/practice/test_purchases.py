"""Purchases, transfers and payments of credit cards: money that leaves or moves at once."""

from __future__ import annotations

from typing import Any

import pytest

ACCOUNT, ITEM = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"


def spent(amount: float, account: str = "97", **detail: Any) -> dict[str, Any]:
    """A line of an account."""
    inner = {"AccountRef": {"value": account}, **detail}
    return {"Amount": amount, "DetailType": ACCOUNT, ACCOUNT: inner}


def bought(amount: float, item: str, **detail: Any) -> dict[str, Any]:
    """A line of an item."""
    return {"Amount": amount, "DetailType": ITEM, ITEM: {"ItemRef": {"value": item}, **detail}}


def purchase(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A purchase in cash from Checking."""
    head = {"PaymentType": "Cash", "AccountRef": {"value": "92"}}
    return {**head, "Line": [*lines] or [spent(20)], **fields}


def balance(client: Any, account: str) -> Any:
    """What the account shows."""
    return client.read(f"account/{account}")["CurrentBalance"]


@pytest.fixture
def card(r1: Any) -> str:
    """The id of a credit card account."""
    return str(r1.ok("account", {"Name": "Visa", "AccountType": "Credit Card"})["Id"])


def test_a_purchase_takes_the_money_at_once(r1: Any) -> None:
    vendor = {"value": "20", "type": "Vendor"}
    made = r1.ok("purchase", purchase(spent(20), spent(5.25), EntityRef=vendor, DocNumber="8"))
    assert (made["TotalAmt"], made["TxnDate"]) == (25.25, "2026-11-06")
    assert made["EntityRef"] == {**vendor, "name": "Rivera Plumbing"}
    assert made["AccountRef"]["name"] == "Checking"
    assert "Credit" not in made
    detail = made["Line"][0][ACCOUNT]
    assert (detail["BillableStatus"], detail["TaxCodeRef"]) == ("NotBillable", {"value": "NON"})
    assert [line["Id"] for line in made["Line"]] == ["1", "2"]
    assert balance(r1, "92") == -25.25
    assert r1.query("select * from Purchase where PaymentType = 'Cash'")["Purchase"] == [made]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**purchase(), "PaymentType": None}, "2020"),
        ({**purchase(), "AccountRef": None}, "2020"),
        ({**purchase(), "Line": []}, "2020"),
        (purchase(PaymentType="Barter"), "2170"),
        (purchase(AccountRef={"value": "97"}), "6430"),
        (purchase(PaymentType="CreditCard"), "6430"),
        (purchase(PaymentType="Check", AccountRef={"value": "90"}), "6430"),
        (purchase(AccountRef={"value": "404"}), "2500"),
        (purchase(spent(5, "404")), "2500"),
        (purchase(spent(5, "70")), "610"),
        (purchase(spent(-5)), "6000"),
        (purchase({"Amount": 5, "DetailType": ACCOUNT}), "2020"),
        (purchase({"Amount": 5}), "2020"),
        (purchase({"DetailType": ACCOUNT, ACCOUNT: {"AccountRef": {"value": "97"}}}), "2020"),
        (purchase({"Amount": 5, "DetailType": ITEM}), "2020"),
        (purchase(bought(5, "1")), "6000"),
        (purchase(bought(5, "404")), "2500"),
        (purchase(spent(5, BillableStatus="Billable")), "6000"),
        (purchase(spent(5, CustomerRef={"value": "11"})), "610"),
        (purchase(EntityRef={"value": "404"}), "2500"),
        (purchase(EntityRef={"value": "20", "type": "Customer"}), "2500"),
        (purchase(EntityRef={"value": "20", "type": "Bank"}), "2170"),
        (purchase(TxnDate="2026-10-31"), "6210"),
        (purchase(DueDate="2026-12-31"), "2010"),
    ],
)
def test_refused(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("purchase", body)["code"] == code
    assert r1.books()["records"]["Purchase"] == []


def test_an_item_goes_to_its_expense_account(r1: Any) -> None:
    accounts = {"IncomeAccountRef": {"value": "80"}, "ExpenseAccountRef": {"value": "97"}}
    item = r1.ok("item", {"Name": "Filter", "Type": "NonInventory", **accounts})["Id"]
    assert r1.fault("purchase", purchase(bought(10, item, Qty=3, UnitPrice=3)))["code"] == "6070"
    made = r1.ok("purchase", purchase(bought(9, item, Qty=3, UnitPrice=3)))
    assert made["Line"][0][ITEM]["ItemAccountRef"] == {"value": "97", "name": "Merchant Fees"}
    assert balance(r1, "92") == -9


def test_a_card_owes_and_a_credit_gives_back(r1: Any, card: str) -> None:
    charge = purchase(PaymentType="CreditCard", AccountRef={"value": card})
    assert r1.ok("purchase", charge)["Credit"] is False
    assert balance(r1, card) == 20
    back = r1.ok("purchase", {**charge, "Credit": True, "Line": [spent(8)]})
    assert (back["Credit"], balance(r1, card)) == (True, 12)
    found = r1.query("select * from Purchase where Credit = true")["Purchase"]
    assert [one["Id"] for one in found] == [back["Id"]]


def test_cash_cannot_be_credited(r1: Any) -> None:
    made = r1.ok("purchase", purchase(Credit=True))
    assert ("Credit" in made, balance(r1, "92")) == (False, -20)


def test_payees_of_every_kind(r1: Any) -> None:
    worker = r1.ok("employee", {"GivenName": "Mia"})["Id"]
    for sent, kind in (("20", "Vendor"), ("10", "Customer"), (worker, "Employee")):
        made = r1.ok("purchase", purchase(EntityRef={"value": sent}))
        assert made["EntityRef"]["type"] == kind
    assert "EntityRef" not in r1.ok("purchase", purchase(EntityRef={"type": "Vendor"}))


def test_a_billable_expense(r1: Any) -> None:
    detail = {"CustomerRef": {"value": "14"}, "BillableStatus": "Billable"}
    made = r1.ok("purchase", purchase(spent(5, **detail)))
    assert made["Line"][0][ACCOUNT]["CustomerRef"]["name"] == "Omar Haddad"
    r1.ok("customer", {"Id": "14", "SyncToken": "0", "sparse": True, "Active": False})
    after = r1.ok("purchase", {**made, "PrivateNote": "n"})
    assert (after["PrivateNote"], after["SyncToken"]) == ("n", "1")


def test_update_and_delete(r1: Any) -> None:
    made = r1.ok("purchase", purchase(PrivateNote="n", EntityRef={"value": "20"}))
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    after = r1.ok("purchase", {**body, "Line": [{**made["Line"][0], "Amount": 30}]})
    assert (after["TotalAmt"], after["PrivateNote"], after["Line"][0]["Id"]) == (30, "n", "1")
    assert balance(r1, "92") == -30
    other = {**body, "SyncToken": "1", "PaymentType": "Check"}
    assert r1.fault("purchase", other)["code"] == "6000"
    r1.ok("purchase", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert balance(r1, "92") == 0


def test_a_line_of_text_and_a_class(r1: Any) -> None:
    words = {"DetailType": "DescriptionOnly", "Description": "For the office"}
    there = {"value": r1.ok("class", {"Name": "Repairs"})["Id"]}
    made = r1.ok("purchase", purchase(words, spent(5, ClassRef=there)))
    assert made["Line"][0] == {"Id": "1", "LineNum": 1, **words}
    assert made["Line"][1][ACCOUNT]["ClassRef"]["name"] == "Repairs"


def transfer(amount: float = 40, **fields: Any) -> dict[str, Any]:
    """From Checking to Stripe Clearing."""
    ends = {"FromAccountRef": {"value": "92"}, "ToAccountRef": {"value": "91"}}
    return {**ends, "Amount": amount, **fields}


def test_a_transfer_moves_money(r1: Any) -> None:
    made = r1.ok("transfer", transfer(PrivateNote="sweep"))
    assert made["ToAccountRef"] == {"value": "91", "name": "Stripe Clearing"}
    assert (made["Amount"], balance(r1, "92"), balance(r1, "91")) == (40, -40, 40)
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Amount": 15}
    assert r1.ok("transfer", body)["PrivateNote"] == "sweep"
    assert (balance(r1, "92"), balance(r1, "91")) == (-15, 15)
    assert r1.query("select * from Transfer where TxnDate = '2026-11-06'")["maxResults"] == 1
    r1.ok("transfer", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert (balance(r1, "92"), balance(r1, "91")) == (0, 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (transfer(Amount=None), "2020"),
        (transfer(-1), "2290"),
        (transfer(FromAccountRef=None), "2020"),
        (transfer(ToAccountRef={"value": "92"}), "6000"),
        (transfer(ToAccountRef={"value": "97"}), "6430"),
        (transfer(ToAccountRef={"value": "99"}), "6430"),
        (transfer(ToAccountRef={"value": "404"}), "2500"),
        (transfer(TxnDate="2026-10-31"), "6210"),
        (transfer(Line=[]), "2010"),
    ],
)
def test_refused_transfers(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("transfer", body)["code"] == code


def test_a_card_is_paid_from_the_bank(r1: Any, card: str) -> None:
    r1.ok("purchase", purchase(PaymentType="CreditCard", AccountRef={"value": card}))
    ends = {"BankAccountRef": {"value": "92"}, "CreditCardAccountRef": {"value": card}}
    response = r1.post("creditcardpayment", {**ends, "Amount": 20, "VendorRef": {"value": "20"}})
    made = response.json()["CreditCardPaymentTxn"]
    assert made["CreditCardAccountRef"] == {"value": card, "name": "Visa"}
    assert (balance(r1, card), balance(r1, "92")) == (0, -20)
    found = r1.query("select * from creditcardpayment")
    assert found["CreditCardPaymentTxn"] == [made]
    assert r1.read(f"creditcardpayment/{made['Id']}") == made
    swapped = {"BankAccountRef": {"value": card}, "CreditCardAccountRef": {"value": "92"}}
    assert r1.fault("creditcardpayment", {**swapped, "Amount": 1})["code"] == "6430"
    r1.ok("creditcardpayment", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert balance(r1, card) == 20
