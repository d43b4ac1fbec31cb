"""Bills, vendor credits, their payments, and purchase orders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.ledger import both
from tests.connector.practice.reports import ask, group, lines

ACCOUNT = "AccountBasedExpenseLineDetail"


def spent(amount: float, account: str = "97", **detail: Any) -> dict[str, Any]:
    """A line of an account."""
    inner = {"AccountRef": {"value": account}, **detail}
    return {"Amount": amount, "DetailType": ACCOUNT, ACCOUNT: inner}


def bill(*amounts: float, **fields: Any) -> dict[str, Any]:
    """A bill of Rivera Plumbing (20); the same shape is a vendor credit or an order."""
    lines = [spent(amount) for amount in amounts or (100,)]
    return {"VendorRef": {"value": "20"}, "Line": lines, **fields}


def paid(total: float, *parts: tuple[str, str, float], **fields: Any) -> dict[str, Any]:
    """A check from Checking for parts given as (kind, id, amount)."""
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": identity, "TxnType": kind}]}
        for kind, identity, amount in parts
    ]
    way = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "92"}}}
    return {"VendorRef": {"value": "20"}, "TotalAmt": total, "Line": lines, **way, **fields}


def balance(client: Any, account: str) -> Any:
    """What the account shows."""
    return client.read(f"account/{account}")["CurrentBalance"]


def owed(client: Any, vendor: str = "20") -> Any:
    """What the vendor is owed."""
    return client.read(f"vendor/{vendor}")["Balance"]


def test_a_bill_is_owed(r1: Any) -> None:
    r1.ok("vendor", {"Id": "20", "SyncToken": "0", "sparse": True, "TermRef": {"value": "3"}})
    made = r1.ok("bill", bill(60, 40, DocNumber="B-1"))
    assert (made["TotalAmt"], made["Balance"], made["LinkedTxn"]) == (100, 100, [])
    assert made["APAccountRef"] == {"value": "98", "name": "Accounts Payable (A/P)"}
    assert (made["SalesTermRef"]["name"], made["DueDate"]) == ("Net 30", "2026-12-06")
    assert (owed(r1), balance(r1, "98")) == (100, 100)
    found = r1.query("select * from Bill where VendorRef = '20' and Balance > '0'")
    assert found["Bill"] == [made]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**bill(), "VendorRef": None}, "2020"),
        (bill(VendorRef={"value": "404"}), "2500"),
        ({**bill(), "Line": []}, "2020"),
        (bill(-5), "6000"),
        (bill(APAccountRef={"value": "92"}), "6430"),
        (bill(APAccountRef={"value": "404"}), "2500"),
        (bill(SalesTermRef={"value": "404"}), "2500"),
        (bill(TxnDate="2026-10-31"), "6210"),
        (bill(LinkedTxn=[{"TxnId": "404", "TxnType": "PurchaseOrder"}]), "2500"),
        (bill(CustomerRef={"value": "10"}), "2010"),
    ],
)
def test_refused_bills(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("bill", body)["code"] == code
    assert r1.books()["records"]["Bill"] == []


def test_a_check_pays_a_bill(r1: Any) -> None:
    made = r1.ok("bill", bill())
    check = r1.ok("billpayment", paid(30, ("Bill", made["Id"], 30)))
    assert check["CheckPayment"]["BankAccountRef"] == {"value": "92", "name": "Checking"}
    assert (check["TotalAmt"], "UnappliedAmt" in check) == (30, False)
    after = r1.read(f"bill/{made['Id']}")
    assert (after["Balance"], after["SyncToken"]) == (70, "1")
    assert after["LinkedTxn"] == [{"TxnId": check["Id"], "TxnType": "BillPaymentCheck"}]
    assert (owed(r1), balance(r1, "98"), balance(r1, "92")) == (70, 70, -30)


def test_a_card_pays_a_bill(r1: Any) -> None:
    card = r1.ok("account", {"Name": "Visa", "AccountType": "Credit Card"})["Id"]
    made = r1.ok("bill", bill())
    way = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": {"value": card}}}
    body = paid(100, ("Bill", made["Id"], 100), **way)
    done = r1.ok("billpayment", body)
    assert "CheckPayment" not in done
    link = {"TxnId": done["Id"], "TxnType": "BillPaymentCreditCard"}
    assert r1.read(f"bill/{made['Id']}")["LinkedTxn"] == [link]
    assert (owed(r1), balance(r1, card)) == (0, 100)


def test_refused_payments(r1: Any) -> None:
    open_one, settled = r1.ok("bill", bill())["Id"], r1.ok("bill", bill())["Id"]
    credit = r1.ok("vendorcredit", bill(50))["Id"]
    other = r1.ok("vendor", {"DisplayName": "Acme"})["Id"]
    foreign = r1.ok("bill", bill(VendorRef={"value": other}))["Id"]
    r1.ok("billpayment", paid(100, ("Bill", settled, 100)))
    part = ("Bill", open_one, 10)
    rows = [
        ({**paid(10, part), "VendorRef": None}, "2020"),
        ({**paid(10, part), "TotalAmt": None}, "2020"),
        ({**paid(10, part), "PayType": None}, "2020"),
        ({**paid(10, part), "CheckPayment": None}, "2020"),
        (paid(10), "2020"),
        (paid(10, part, CheckPayment={"BankAccountRef": {"value": "97"}}), "6430"),
        (paid(10, part, PayType="Cash"), "2170"),
        (paid(-10, part), "2290"),
        (paid(101, ("Bill", open_one, 101)), "6000"),
        (paid(5, part), "6000"),
        (paid(0, ("Bill", open_one, 10), ("VendorCredit", credit, 20)), "6000"),
        (paid(0, ("Bill", open_one, 60), ("VendorCredit", credit, 60)), "6000"),
        (paid(10, ("Bill", settled, 10)), "620"),
        (paid(10, ("Bill", foreign, 10)), "620"),
        (paid(10, ("Bill", "404", 10)), "610"),
        (paid(10, ("Invoice", open_one, 10)), "6000"),
        (paid(10, part, TxnDate="2026-10-31"), "6210"),
    ]
    before = r1.books()["records"]
    for body, code in rows:
        assert r1.fault("billpayment", body)["code"] == code, body
    assert r1.books()["records"] == before


def test_a_credit_pays_with_a_check(r1: Any) -> None:
    made, credit = r1.ok("bill", bill())["Id"], r1.ok("vendorcredit", bill(30))
    assert (credit["Balance"], owed(r1)) == (30, 70)
    done = r1.ok("billpayment", paid(70, ("Bill", made, 100), ("VendorCredit", credit["Id"], 30)))
    assert r1.read(f"bill/{made}")["Balance"] == 0
    assert r1.read(f"vendorcredit/{credit['Id']}")["Balance"] == 0
    assert (owed(r1), balance(r1, "92")) == (0, -70)
    r1.ok("billpayment", {"Id": done["Id"], "SyncToken": "0"}, operation="delete")
    assert r1.read(f"vendorcredit/{credit['Id']}")["Balance"] == 30
    assert (owed(r1), r1.read(f"bill/{made}")["LinkedTxn"]) == (70, [])


def test_a_voided_check_reopens_its_bill(r1: Any) -> None:
    made = r1.ok("bill", bill())["Id"]
    check = r1.ok("billpayment", paid(100, ("Bill", made, 100), PrivateNote="n"))
    body = {"Id": check["Id"], "SyncToken": "0", "sparse": True}
    void = r1.ok("billpayment", body, operation="update", include="void")
    assert (void["TotalAmt"], void["Line"], void["PrivateNote"]) == (0, [], "Voided - n")
    assert (r1.read(f"bill/{made}")["Balance"], owed(r1), balance(r1, "92")) == (100, 100, 0)


def test_a_deleted_bill_leaves_its_money_with_the_vendor(r1: Any) -> None:
    made = r1.ok("bill", bill())["Id"]
    check = r1.ok("billpayment", paid(100, ("Bill", made, 100)))["Id"]
    r1.ok("bill", {"Id": made, "SyncToken": "1"}, operation="delete")
    assert (r1.read(f"billpayment/{check}")["Line"], owed(r1)) == ([], -100)


def test_an_edit_may_not_fall_below_what_was_paid(r1: Any) -> None:
    made = r1.ok("bill", bill())
    r1.ok("billpayment", paid(60, ("Bill", made["Id"], 60)))
    other = r1.ok("vendor", {"DisplayName": "Acme"})["Id"]
    body = {"Id": made["Id"], "SyncToken": "1", "sparse": True}
    assert r1.fault("bill", {**body, "Line": [spent(59)]})["code"] == "6000"
    assert r1.fault("bill", {**body, "VendorRef": {"value": other}})["code"] == "6000"
    assert r1.ok("bill", {**body, "Line": [spent(80)]})["Balance"] == 20


def test_numbers_of_bills_clash_within_a_vendor(r1: Any) -> None:
    other = {"value": r1.ok("vendor", {"DisplayName": "Acme"})["Id"]}
    r1.ok("bill", bill(DocNumber="7"))
    r1.ok("bill", bill(DocNumber="7", VendorRef=other))
    told = r1.fault("bill", bill(DocNumber="7"))
    assert (told["code"], "TxnType=Bill" in told["Detail"]) == ("6140", True)
    r1.ok("bill", bill(DocNumber="7"), include="allowduplicatedocnum")


def test_a_journal_entry_is_paid_like_a_bill(r1: Any) -> None:
    kind = "JournalEntryLineDetail"
    name = {"Type": "Vendor", "EntityRef": {"value": "20"}}
    sides = (
        {"PostingType": "Debit", "AccountRef": {"value": "97"}},
        {"PostingType": "Credit", "AccountRef": {"value": "98"}, "Entity": name},
    )
    lines = [{"Amount": 40, "DetailType": kind, kind: side} for side in sides]
    entry = r1.ok("journalentry", {"Line": lines})
    body = paid(25, ("JournalEntry", entry["Id"], 25))
    assert r1.fault("billpayment", body)["code"] == "2020"
    body["Line"][0]["LinkedTxn"][0]["TxnLineId"] = "1"
    check = r1.ok("billpayment", body)
    assert owed(r1) == 15
    assert r1.fault("billpayment", body)["code"] == "6000"
    less = [{**line, "Amount": 30} for line in r1.read(f"journalentry/{entry['Id']}")["Line"]]
    edit = {"Id": entry["Id"], "SyncToken": "1", "sparse": True}
    assert r1.fault("journalentry", {**edit, "Line": less})["code"] == "6000"
    kept = r1.ok("journalentry", {**edit, "PrivateNote": "n"})
    assert kept["LinkedTxn"] == [{"TxnId": check["Id"], "TxnType": "BillPaymentCheck"}]
    r1.ok("journalentry", {"Id": entry["Id"], "SyncToken": "2"}, operation="delete")
    assert (r1.read(f"billpayment/{check['Id']}")["Line"], owed(r1)) == ([], -25)


def test_on_the_cash_basis_an_expense_counts_as_it_is_paid(r1: Any) -> None:
    made = r1.ok("bill", bill(60, 40))["Id"]
    credit = r1.ok("vendorcredit", bill(30))["Id"]
    assert both(r1) == ({"97": 70, "98": -70}, {})
    check = r1.ok("billpayment", paid(20, ("Bill", made, 50), ("VendorCredit", credit, 30)))
    assert both(r1) == ({"97": 70, "98": -50, "92": -20}, {"97": 20, "92": -20})
    r1.ok("billpayment", paid(50, ("Bill", made, 50)))
    assert both(r1) == ({"97": 70, "92": -70}, {"97": 70, "92": -70})
    r1.ok("billpayment", {"Id": check["Id"], "SyncToken": "0"}, operation="delete")
    assert both(r1) == ({"97": 70, "98": -20, "92": -50}, {"97": 50, "92": -50})


def test_on_the_cash_basis_money_that_pays_nothing_yet_is_an_expense(r1: Any) -> None:
    made = r1.ok("bill", bill())["Id"]
    check = r1.ok("billpayment", paid(130, ("Bill", made, 100)))["Id"]
    asked = "select * from Account where AccountSubType = 'UnappliedCashBillPaymentExpense'"
    [account] = r1.query(asked)["Account"]
    accrual, cash = both(r1)
    assert accrual == {"97": 100, "98": 30, "92": -130}
    assert cash == {"97": 100, account["Id"]: 30, "92": -130}
    r1.ok("bill", {"Id": made, "SyncToken": "1"}, operation="delete")
    accrual, cash = both(r1)
    assert (accrual["98"], cash) == (130, {account["Id"]: 130, "92": -130})
    later = r1.ok("bill", bill(130))["Id"]
    body = {"Id": check, "SyncToken": "1", "sparse": True}
    r1.ok("billpayment", {**body, "Line": paid(0, ("Bill", later, 130))["Line"]})
    assert both(r1) == ({"97": 130, "92": -130}, {"97": 130, "92": -130})


def test_on_the_cash_basis_money_from_before_the_bill_waits_for_its_date(r1: Any) -> None:
    made = r1.ok("bill", bill(100, TxnDate="2026-12-05"))
    r1.ok("billpayment", paid(100, ("Bill", made["Id"], 100), TxnDate="2026-11-20"))
    span = {"start_date": "2026-11-01", "end_date": "2026-12-31"}
    asked = {"accounting_method": "Cash", "summarize_column_by": "Month", **span}
    found = lines(ask(r1, "ProfitAndLoss", **asked))
    assert found["Merchant Fees"] == ["", "100.00", "100.00"]
    assert found["Unapplied Cash Bill Payment Expense"] == ["100.00", "-100.00", ""]
    assert group(ask(r1, "BalanceSheet", **asked), "AP") == [0, 0]


def test_an_order_posts_nothing_and_closes_with_its_bill(r1: Any) -> None:
    address = {"Line1": "1 Pipe St"}
    r1.ok("vendor", {"Id": "20", "SyncToken": "0", "sparse": True, "BillAddr": address})
    order = r1.ok("purchaseorder", bill(DocNumber="", POEmail={"Address": "o@rivera.example"}))
    assert (order["POStatus"], order["DocNumber"], order["TotalAmt"]) == ("Open", "1001", 100)
    assert (order["VendorAddr"], owed(r1)) == (address, 0)
    assert r1.fault("purchaseorder", bill(DocNumber="1001"))["code"] == "6140"
    link = [{"TxnId": order["Id"], "TxnType": "PurchaseOrder"}]
    made = r1.ok("bill", bill(LinkedTxn=link))
    assert made["LinkedTxn"] == link
    closed = r1.read(f"purchaseorder/{order['Id']}")
    assert (closed["POStatus"], closed["LinkedTxn"][0]["TxnId"]) == ("Closed", made["Id"])
    assert r1.query("select * from PurchaseOrder where POStatus = 'Open'") == {}
    assert r1.ok("bill", bill(LinkedTxn=link))["LinkedTxn"] == []
    r1.ok("bill", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert r1.read(f"purchaseorder/{order['Id']}")["POStatus"] == "Open"


def test_a_deleted_order_leaves_its_bill(r1: Any) -> None:
    order = r1.ok("purchaseorder", bill())
    link = [{"TxnId": order["Id"], "TxnType": "PurchaseOrder"}]
    made = r1.ok("bill", bill(LinkedTxn=link))["Id"]
    token = r1.read(f"purchaseorder/{order['Id']}")["SyncToken"]
    r1.ok("purchaseorder", {"Id": order["Id"], "SyncToken": token}, operation="delete")
    assert r1.read(f"bill/{made}")["LinkedTxn"] == []


def test_a_link_to_an_order_says_which(r1: Any) -> None:
    told = r1.fault("bill", bill(LinkedTxn=[{"TxnType": "PurchaseOrder"}]))
    assert (told["code"], told["element"]) == ("2020", "LinkedTxn.TxnId")


def test_an_order_of_another_vendor(r1: Any) -> None:
    other = {"value": r1.ok("vendor", {"DisplayName": "Acme"})["Id"]}
    order = r1.ok("purchaseorder", bill(VendorRef=other))
    link = [{"TxnId": order["Id"], "TxnType": "PurchaseOrder"}]
    assert r1.fault("bill", bill(LinkedTxn=link))["code"] == "6000"
