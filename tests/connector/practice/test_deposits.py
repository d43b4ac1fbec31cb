"""Bank deposits: what they take, what they forbid, and what they give back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.ledger import both

VOID = {"operation": "update", "include": "void"}


def _link(kind: str, identity: str, line: str = "0") -> dict[str, str]:
    return {"TxnId": identity, "TxnType": kind, "TxnLineId": line}


def _taken(kind: str, identity: str, amount: float, line: str = "0") -> dict[str, Any]:
    return {"Amount": amount, "LinkedTxn": [_link(kind, identity, line)]}


def _other(amount: float, account: str = "97", **detail: Any) -> dict[str, Any]:
    inner = {"AccountRef": {"value": account}, **detail}
    kind = "DepositLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: inner}


def _deposit(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"DepositToAccountRef": {"value": "92"}, "Line": [*lines], **fields}


def _head(record: dict[str, Any], token: str = "") -> dict[str, Any]:
    return {"Id": record["Id"], "SyncToken": token or record["SyncToken"], "sparse": True}


@pytest.fixture
def paid(r1: Any, payment: Any) -> Any:
    """A payment of 100 that waits in Undeposited Funds."""
    return r1.ok("payment", payment(100))


@pytest.fixture
def entry(r1: Any) -> Any:
    """A journal entry that puts 30 into Undeposited Funds (line 0)."""
    kind = "JournalEntryLineDetail"
    sides = (("Debit", "90"), ("Credit", "79"))
    lines = [
        {
            "Amount": 30,
            "DetailType": kind,
            kind: {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in sides
    ]
    return r1.ok("journalentry", {"Line": lines})


def test_a_deposit_takes_payments_and_pays_a_fee(r1: Any, paid: Any, invoice: Any) -> None:
    sold = r1.ok("salesreceipt", invoice())
    lines = (_taken("Payment", paid["Id"], 100), _taken("SalesReceipt", sold["Id"], 475))
    made = r1.ok("deposit", _deposit(*lines, {**_other(-17.5), "Description": "Stripe fee"}))
    assert (made["TotalAmt"], made["TxnDate"]) == (557.5, "2026-11-06")
    assert [line["LineNum"] for line in made["Line"]] == [1, 2, 3]
    assert made["Line"][0] == {"Id": "1", "LineNum": 1, **lines[0]}
    assert made["Line"][2]["DepositLineDetail"]["AccountRef"]["name"] == "Merchant Fees"
    assert r1.read(f"deposit/{made['Id']}") == made
    back = [{"TxnId": made["Id"], "TxnType": "Deposit"}]
    assert r1.read(f"payment/{paid['Id']}")["LinkedTxn"] == back
    assert r1.read(f"salesreceipt/{sold['Id']}")["LinkedTxn"] == back
    accrual, _ = both(r1)
    assert accrual == {"92": 557.5, "97": 17.5, "79": -475, "99": -100}


def test_an_entry_is_deposited_by_its_line(r1: Any, entry: Any) -> None:
    for line in ("1", "2"):
        told = r1.fault("deposit", _deposit(_taken("JournalEntry", entry["Id"], -30, line)))
        assert told["code"] == "620"
    made = r1.ok("deposit", _deposit(_taken("JournalEntry", entry["Id"], 30)))
    after = r1.read(f"journalentry/{entry['Id']}")
    link = {"TxnId": made["Id"], "TxnType": "Deposit", "TxnLineId": "0"}
    assert after["LinkedTxn"] == [link]
    assert both(r1)[0] == {"92": 30, "79": -30}
    smaller = [{**line, "Amount": 20} for line in after["Line"]]
    assert r1.fault("journalentry", {**_head(after), "Line": smaller})["code"] == "6540"
    assert r1.fault("journalentry", _head(after), operation="delete")["code"] == "6540"
    noted = r1.ok("journalentry", {**_head(after), "PrivateNote": "x"})
    assert noted["LinkedTxn"] == [link]
    r1.ok("deposit", _head(made), operation="delete")
    freed = r1.read(f"journalentry/{entry['Id']}")
    assert freed["LinkedTxn"] == []
    r1.ok("journalentry", _head(freed), operation="delete")
    assert both(r1) == ({}, {})


@pytest.mark.parametrize("allowed", [True, False])
def test_a_refund_in_a_deposit_by_switch(r1: Any, paid: Any, invoice: Any, allowed: bool) -> None:
    r1.control("switches", {"refund_in_deposit": allowed})
    back = r1.ok("refundreceipt", invoice(DepositToAccountRef={"value": "90"}))["Id"]
    body = _deposit(_taken("Payment", paid["Id"], 100), _taken("RefundReceipt", back, -475))
    if not allowed:
        assert r1.fault("deposit", body)["code"] == "620"
        return
    assert r1.fault("deposit", body)["code"] == "6000"
    body["Line"].append(_other(400, "79"))
    made = r1.ok("deposit", body)
    assert made["TotalAmt"] == 25
    refund = r1.read(f"refundreceipt/{back}")
    assert r1.fault("refundreceipt", _head(refund), operation="delete")["code"] == "6540"
    assert both(r1)[0] == {"92": 25, "79": 75, "99": -100}


def test_money_kept_back(r1: Any, paid: Any) -> None:
    cash = {"AccountRef": {"value": "91"}, "Amount": 40, "Memo": "till"}
    made = r1.ok("deposit", _deposit(_taken("Payment", paid["Id"], 100), CashBack=cash))
    assert made["TotalAmt"] == 60
    assert made["CashBack"]["AccountRef"] == {"value": "91", "name": "Stripe Clearing"}
    assert both(r1)[0] == {"92": 60, "91": 40, "99": -100}
    rows = (
        ({"AccountRef": None}, "2020"),
        ({"Amount": None}, "2020"),
        ({"Amount": -1}, "2290"),
        ({"Amount": 101}, "6000"),
        ({"AccountRef": {"value": "404"}}, "2500"),
    )
    for change, code in rows:
        told = r1.fault("deposit", {**_head(made), "CashBack": {**cash, **change}})
        assert told["code"] == code, change


def test_details_of_other_lines(r1: Any) -> None:
    detail = {
        "Entity": {"value": "20", "type": "Vendor"},
        "PaymentMethodRef": {"value": "2"},
        "CheckNum": "1001",
    }
    made = r1.ok("deposit", _deposit(_other(50, "79", **detail), _other(5, "97")))
    shown = made["Line"][0]["DepositLineDetail"]
    assert shown["Entity"] == {"value": "20", "name": "Rivera Plumbing", "type": "VENDOR"}
    assert shown["PaymentMethodRef"] == {"value": "2", "name": "Check"}
    found = r1.ok("deposit", _deposit(_other(5, "99", Entity={"value": "10"})))
    entity = found["Line"][0]["DepositLineDetail"]["Entity"]
    assert entity == {"value": "10", "name": "Dana Whitfield", "type": "CUSTOMER"}
    assert r1.read("customer/10")["Balance"] == -5


def test_what_every_transaction_and_line_may_have(r1: Any) -> None:
    body = _deposit({**_other(5), "CustomField": [], "LineNum": 0}, DocNumber="D-1")
    assert r1.ok("deposit", body)["DocNumber"] == "D-1"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"Amount": 5}, "2020"),
        ({"Amount": 5, "DetailType": "DepositLineDetail"}, "2020"),
        ({**_other(5), "Amount": None}, "2020"),
        ({**_other(5), "LinkedTxn": [_link("Payment", "{paid}")]}, "2020"),
        (_other(5, "404"), "2500"),
        (_other(5, "70"), "610"),
        (_other(5, "99"), "6000"),
        (_other(5, "99", Entity={"value": "20", "type": "VENDOR"}), "6000"),
        (_other(5, "79", Entity={"value": "404"}), "2500"),
        (_other(5, "79", Entity={"type": "CUSTOMER"}), "2020"),
        (_other(5, "79", PaymentMethodRef={"value": "404"}), "2500"),
        (_other(-5), "6000"),
        (_taken("Payment", "{paid}", 99.99), "6000"),
        (_taken("Payment", "404", 100), "2500"),
        (_taken("Payment", "{bank}", 100), "620"),
        (_taken("Payment", "{taken}", 100), "620"),
        (_taken("Payment", "{void}", 0), "620"),
        (_taken("Invoice", "{paid}", 100), "620"),
        ({"Amount": 100, "LinkedTxn": [{"TxnId": "{paid}", "TxnType": "Payment"}]}, "2020"),
        ({"Amount": 100, "LinkedTxn": [{"TxnId": "{paid}", "TxnLineId": "0"}]}, "2020"),
        ({"Amount": 200, "LinkedTxn": [_link("Payment", "{paid}")] * 2}, "2020"),
    ],
)
def test_refused_lines(r1: Any, paid: Any, payment: Any, line: Any, code: str) -> None:
    ids = {"{paid}": paid["Id"]}
    ids["{bank}"] = r1.ok("payment", payment(100, DepositToAccountRef={"value": "92"}))["Id"]
    ids["{taken}"] = r1.ok("payment", payment(100))["Id"]
    r1.ok("deposit", _deposit(_taken("Payment", ids["{taken}"], 100)))
    void = r1.ok("payment", payment(100))
    ids["{void}"] = r1.ok("payment", _head(void), **VOID)["Id"]
    links = [
        {key: ids.get(value, value) for key, value in link.items()}
        for link in line.get("LinkedTxn", ())
    ]
    before = r1.books()["records"]
    told = r1.fault("deposit", _deposit({**line, **({"LinkedTxn": links} if links else {})}))
    assert told["code"] == code
    assert r1.books()["records"] == before


def test_a_line_of_a_payment_has_no_detail(r1: Any, paid: Any) -> None:
    line = {**_taken("Payment", paid["Id"], 100), "DetailType": "DepositLineDetail"}
    told = r1.fault("deposit", _deposit(line))
    assert (told["code"], told["element"]) == ("2020", "Line.DepositLineDetail.AccountRef")


def test_refused(r1: Any, paid: Any) -> None:
    twice = _deposit(*(_taken("Payment", paid["Id"], 100) for _ in range(2)))
    rows = [
        (twice, "620"),
        (_deposit(), "2020"),
        ({"Line": [_other(5)]}, "2020"),
        (_deposit(_other(5), DepositToAccountRef={"value": "79"}), "6430"),
        (_deposit(_other(5), TxnDate="2026-10-31"), "6210"),
        (_deposit(_other(5), Colour="red"), "2010"),
    ]
    for body, code in rows:
        assert r1.fault("deposit", body)["code"] == code, body


def test_a_payment_is_the_same_whatever_line_of_it_is_named(r1: Any, paid: Any) -> None:
    lines = [_taken("Payment", paid["Id"], 100, line) for line in ("0", "1")]
    assert r1.fault("deposit", _deposit(*lines))["code"] == "620"
    made = r1.ok("deposit", _deposit(lines[0]))
    after = r1.ok("deposit", {**_head(made), "Line": [lines[1]]})
    assert after["Line"][0]["LinkedTxn"] == lines[0]["LinkedTxn"]
    assert len(r1.read(f"payment/{paid['Id']}")["LinkedTxn"]) == 1
    assert r1.fault("payment", _head(paid, "1"), **VOID)["code"] == "6540"


def test_a_deposited_payment_stands(r1: Any, paid: Any, invoice: Any, payment: Any) -> None:
    r1.ok("deposit", _deposit(_taken("Payment", paid["Id"], 100)))
    head = _head(paid, "1")
    for change in ({"TotalAmt": 99}, {"DepositToAccountRef": {"value": "92"}}):
        assert r1.fault("payment", {**head, **change})["code"] == "6540"
    assert r1.fault("payment", head, **VOID)["code"] == "6540"
    assert r1.fault("payment", head, operation="delete")["code"] == "6540"
    sold = r1.ok("invoice", invoice())["Id"]
    lines = payment(0, (sold, 100))["Line"]
    noted = r1.ok("payment", {**head, "PrivateNote": "x", "Line": lines})
    assert (noted["UnappliedAmt"], noted["LinkedTxn"][0]["TxnType"]) == (0, "Deposit")
    assert r1.read(f"invoice/{sold}")["Balance"] == 375


def test_a_deposited_receipt_stands(r1: Any, invoice: Any, line: Any) -> None:
    sold = r1.ok("salesreceipt", invoice())
    made = r1.ok("deposit", _deposit(_taken("SalesReceipt", sold["Id"], 475)))
    head = _head(sold, "1")
    assert r1.fault("salesreceipt", {**head, "Line": [line(474)]})["code"] == "6540"
    assert r1.fault("salesreceipt", head, **VOID)["code"] == "6540"
    assert r1.fault("salesreceipt", head, operation="delete")["code"] == "6540"
    memo = r1.ok("salesreceipt", {**head, "CustomerMemo": {"value": "Thanks"}})
    assert memo["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Deposit"}]


def test_a_deleted_deposit_frees_its_payments(r1: Any, paid: Any) -> None:
    made = r1.ok("deposit", _deposit(_taken("Payment", paid["Id"], 100)))
    assert r1.post("deposit", _head(made), operation="void").status_code == 500
    r1.ok("deposit", _head(made), operation="delete")
    freed = r1.read(f"payment/{paid['Id']}")
    assert freed["LinkedTxn"] == []
    assert both(r1)[0] == {"90": 100, "99": -100}
    assert r1.ok("payment", {**_head(freed), "TotalAmt": 90})["TotalAmt"] == 90


def test_an_edited_deposit_takes_other_payments(r1: Any, paid: Any, payment: Any) -> None:
    other = r1.ok("payment", payment(60))["Id"]
    made = r1.ok("deposit", _deposit(_taken("Payment", paid["Id"], 100), _other(-2)))
    lines = [_taken("Payment", other, 60), made["Line"][1]]
    after = r1.ok("deposit", {**_head(made), "Line": lines})
    assert (after["TotalAmt"], [one["Id"] for one in after["Line"]]) == (58, ["3", "2"])
    assert r1.read(f"payment/{paid['Id']}")["LinkedTxn"] == []
    assert len(r1.read(f"payment/{other}")["LinkedTxn"]) == 1
    assert both(r1)[0] == {"90": 100, "92": 58, "97": 2, "99": -160}


def test_deposits_are_found(r1: Any, paid: Any) -> None:
    made = r1.ok("deposit", _deposit(_taken("Payment", paid["Id"], 100)))
    where = "TxnDate = '2026-11-06' and TotalAmt = '100' and DepositToAccountRef = '92'"
    assert r1.query(f"select * from Deposit where {where}")["Deposit"] == [made]


def test_a_settled_payment_cannot_be_voided(r1: Any, paid: Any) -> None:
    charge = {"CreditChargeResponse": {"Status": "Completed"}}
    settled = {**paid, "CreditCardPayment": charge}
    r1.control("records", {"realm": r1.realm, "entity": "Payment", "record": settled})
    assert r1.fault("payment", _head(paid), **VOID)["code"] == "6450"


def test_a_payment_in_another_currency(r1: Any, payment: Any) -> None:
    r1.prefer(CurrencyPrefs__MultiCurrencyEnabled=True)
    r1.ok("companycurrency", {"Code": "CAD"})
    cad, usd = ({"CurrencyRef": {"value": code}} for code in ("CAD", "USD"))
    maple = r1.ok("customer", {"DisplayName": "Maple", **cad})["Id"]
    body = {"CustomerRef": {"value": maple}, "ExchangeRate": 0.75, **cad}
    paid = r1.ok("payment", {**payment(60), **body})
    line = _taken("Payment", paid["Id"], 60)
    assert r1.fault("deposit", _deposit(line, **usd))["code"] == "620"
    made = r1.ok("deposit", _deposit(line, ExchangeRate=0.75, **cad))
    assert (made["TotalAmt"], made["HomeTotalAmt"]) == (60, 45)
    accrual, _ = both(r1)
    assert (accrual["92"], "90" in accrual) == (45, False)
