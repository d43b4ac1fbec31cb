"""Credit memos and what payments link beside invoices; both sides always agree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.connector.practice.ledger import both


@pytest.fixture
def memo(invoice: Any) -> Any:
    """Makes a credit memo body for Dana (10)."""
    return invoice


@pytest.fixture
def using() -> Any:
    """Makes a payment body for Dana (10) of (kind, id, amount) lines."""

    def make(total: float, *parts: tuple[str, str, float], **fields: Any) -> dict[str, Any]:
        lines = [
            {"Amount": amount, "LinkedTxn": [{"TxnId": identity, "TxnType": kind}]}
            for kind, identity, amount in parts
        ]
        return {"CustomerRef": {"value": "10"}, "TotalAmt": total, "Line": lines, **fields}

    return make


def _open(client: Any, kind: str, identity: str) -> Decimal:
    found = client.read(f"{kind.lower()}/{identity}")
    if kind == "CreditMemo":
        assert found["RemainingCredit"] == found["Balance"]
    return Decimal(str(found["Balance"]))


def test_a_credit_memo_stands_open(r1: Any, memo: Any, line: Any) -> None:
    made = r1.ok("creditmemo", memo(line(100, code="TAX"), DocNumber="C-1"))
    assert (made["TotalAmt"], made["Balance"], made["RemainingCredit"]) == (106, 106, 106)
    assert r1.read("customer/10")["Balance"] == -106
    accrual, cash = both(r1)
    assert (accrual["99"], accrual["79"], cash) == (-106, 100, {})
    where = "DocNumber = 'C-1' and Balance > '0' and TotalAmt = '106' and CustomerRef = '10'"
    assert r1.query(f"select * from CreditMemo where {where}")["CreditMemo"] == [made]


def test_a_payment_of_nothing_uses_a_credit(
    r1: Any, invoice: Any, memo: Any, using: Any, line: Any
) -> None:
    sold = r1.ok("invoice", invoice(line(100)))["Id"]
    credit = r1.ok("creditmemo", memo(line(40)))["Id"]
    paid = r1.ok("payment", using(0, ("Invoice", sold, 30), ("CreditMemo", credit, 30)))
    assert (paid["TotalAmt"], paid["UnappliedAmt"]) == (0, 0)
    assert (_open(r1, "Invoice", sold), _open(r1, "CreditMemo", credit)) == (70, 10)
    link = [{"TxnId": paid["Id"], "TxnType": "Payment"}]
    assert r1.read(f"invoice/{sold}")["LinkedTxn"] == link
    assert r1.read(f"creditmemo/{credit}")["LinkedTxn"] == link
    assert r1.read("customer/10")["Balance"] == 60
    accrual, cash = both(r1)
    assert accrual == {"99": 60, "79": -60}
    assert cash == {}


def test_cash_and_credit_together(r1: Any, invoice: Any, memo: Any, using: Any, line: Any) -> None:
    a, b = (r1.ok("invoice", invoice(line(amount)))["Id"] for amount in (100, 50))
    credit = r1.ok("creditmemo", memo(line(40)))["Id"]
    parts = (("Invoice", a, 100), ("Invoice", b, 50), ("CreditMemo", credit, 40))
    told = r1.fault("payment", using(109.99, *parts))
    assert told["code"] == "6000"
    paid = r1.ok("payment", using(115, *parts))
    assert paid["UnappliedAmt"] == 5
    assert r1.read("customer/10")["Balance"] == -5
    accrual, cash = both(r1)
    assert accrual == {"90": 115, "99": -5, "79": -110}
    assert sum(cash.values()) == 0
    assert (cash["90"], cash["79"], "99" in cash) == (115, -110, False)


def test_income_of_a_credit_counts_on_cash_when_it_is_used(
    r1: Any, invoice: Any, memo: Any, using: Any, line: Any
) -> None:
    item = {"Name": "Care", "Type": "Service", "IncomeAccountRef": {"value": "81"}}
    care = r1.ok("item", item)["Id"]
    sold = r1.ok("invoice", invoice(line(100)))["Id"]
    credit = r1.ok("creditmemo", memo(line(60, care)))["Id"]
    assert both(r1)[1] == {}
    r1.ok("payment", using(0, ("Invoice", sold, 45), ("CreditMemo", credit, 45)))
    assert both(r1)[1] == {"79": -45, "81": 45}


def test_refused(r1: Any, invoice: Any, memo: Any, using: Any, line: Any) -> None:
    sold = r1.ok("invoice", invoice(line(100)))["Id"]
    credit, gone = (r1.ok("creditmemo", memo(line(40)))["Id"] for _ in range(2))
    other = r1.ok("creditmemo", memo(line(40), CustomerRef={"value": "14"}))["Id"]
    full = r1.ok("invoice", invoice(line(40)))["Id"]
    r1.ok("payment", using(0, ("Invoice", full, 40), ("CreditMemo", gone, 40)))
    before = r1.books()["records"]
    rows = [
        ((0, ("Invoice", sold, 50), ("CreditMemo", credit, 50)), "6000"),
        ((0, ("Invoice", sold, 41), ("CreditMemo", credit, 40)), "6000"),
        ((0, ("Invoice", sold, 30), ("CreditMemo", credit, 40)), "6000"),
        ((0, ("CreditMemo", credit, 40)), "6000"),
        ((50, ("Invoice", sold, 10), ("Transfer", "1", 10)), "6000"),
        ((0, ("Invoice", sold, 40), ("CreditMemo", gone, 40)), "620"),
        ((0, ("Invoice", sold, 40), ("CreditMemo", other, 40)), "620"),
        ((0, ("Invoice", sold, 40), ("CreditMemo", "404", 40)), "610"),
        ((0, ("Invoice", sold, 40), ("CreditMemo", credit, -40)), "2290"),
    ]
    for row, code in rows:
        assert r1.fault("payment", using(*row))["code"] == code, row
    assert r1.books()["records"] == before


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_an_ended_invoice_gives_its_credit_back(
    r1: Any, invoice: Any, memo: Any, using: Any, line: Any, operation: str
) -> None:
    kept, ended = (r1.ok("invoice", invoice(line(100)))["Id"] for _ in range(2))
    credit = r1.ok("creditmemo", memo(line(40)))["Id"]
    parts = (("Invoice", kept, 15), ("Invoice", ended, 100), ("CreditMemo", credit, 40))
    paid = r1.ok("payment", using(80, *parts))["Id"]
    r1.ok("invoice", {"Id": ended, "SyncToken": "1"}, operation=operation)
    after = r1.read(f"payment/{paid}")
    assert [one["Amount"] for one in after["Line"]] == [15, 15]
    assert (after["UnappliedAmt"], _open(r1, "CreditMemo", credit)) == (80, 25)
    assert r1.read("customer/10")["Balance"] == 85 - 80 - 25


def test_a_deleted_credit_reopens_what_it_paid(
    r1: Any, invoice: Any, memo: Any, using: Any, line: Any
) -> None:
    a, b = (r1.ok("invoice", invoice(line(100)))["Id"] for _ in range(2))
    credit = r1.ok("creditmemo", memo(line(40)))
    parts = (("Invoice", a, 100), ("Invoice", b, 10), ("CreditMemo", credit["Id"], 40))
    paid = r1.ok("payment", using(75, *parts))["Id"]
    body = {"Id": credit["Id"], "SyncToken": "1"}
    assert r1.post("creditmemo", body, operation="void").status_code == 500
    r1.ok("creditmemo", body, operation="delete")
    after = r1.read(f"payment/{paid}")
    assert (after["UnappliedAmt"], [one["Amount"] for one in after["Line"]]) == (0, [75])
    assert (_open(r1, "Invoice", a), _open(r1, "Invoice", b)) == (25, 100)
    assert r1.read(f"invoice/{b}")["LinkedTxn"] == []
    assert r1.read("customer/10")["Balance"] == 125


@pytest.mark.parametrize(
    "params", [{"operation": "update", "include": "void"}, {"operation": "delete"}]
)
def test_an_ended_payment_gives_credit_and_debt_back(
    r1: Any, invoice: Any, memo: Any, using: Any, line: Any, params: dict[str, str]
) -> None:
    sold = r1.ok("invoice", invoice(line(100)))["Id"]
    credit = r1.ok("creditmemo", memo(line(40)))["Id"]
    paid = r1.ok("payment", using(0, ("Invoice", sold, 40), ("CreditMemo", credit, 40)))
    r1.ok("payment", {"Id": paid["Id"], "SyncToken": "0"}, **params)
    assert (_open(r1, "Invoice", sold), _open(r1, "CreditMemo", credit)) == (100, 40)
    assert r1.read(f"creditmemo/{credit}")["LinkedTxn"] == []
    assert both(r1)[1] == {}


def test_an_edit_may_not_fall_below_what_is_used(
    r1: Any, invoice: Any, memo: Any, using: Any, line: Any
) -> None:
    sold = r1.ok("invoice", invoice(line(100)))["Id"]
    credit = r1.ok("creditmemo", memo(line(40)))["Id"]
    r1.ok("payment", using(0, ("Invoice", sold, 30), ("CreditMemo", credit, 30)))
    body = {"Id": credit, "SyncToken": "1", "sparse": True}
    assert r1.fault("creditmemo", {**body, "Line": [line(29.99)]})["code"] == "6000"
    assert r1.fault("creditmemo", {**body, "CustomerRef": {"value": "14"}})["code"] == "6000"
    assert r1.ok("creditmemo", {**body, "Line": [line(35)]})["RemainingCredit"] == 5


def test_the_invoice_a_credit_names(r1: Any, invoice: Any, memo: Any) -> None:
    sold = r1.ok("invoice", invoice())["Id"]
    made = r1.ok("creditmemo", memo(InvoiceRef={"value": sold}))
    assert made["InvoiceRef"] == {"value": sold}
    assert r1.fault("creditmemo", memo(InvoiceRef={"value": "404"}))["code"] == "2500"


def test_a_credit_outlives_the_invoice_it_names(r1: Any, invoice: Any, memo: Any) -> None:
    sold = r1.ok("invoice", invoice())["Id"]
    made = r1.ok("creditmemo", memo(InvoiceRef={"value": sold}))
    r1.ok("invoice", {"Id": sold, "SyncToken": "0"}, operation="delete")
    note = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert r1.ok("creditmemo", note)["PrivateNote"] == "x"
    wrong = {**note, "SyncToken": "1", "InvoiceRef": {"value": "999"}}
    assert r1.fault("creditmemo", wrong)["code"] == "2500"


def test_the_parent_uses_the_credit_of_its_sub_customer(
    r1: Any, invoice: Any, memo: Any, using: Any, line: Any
) -> None:
    sub = r1.ok("customer", {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}})
    sold = r1.ok("invoice", invoice(line(40)))["Id"]
    credit = r1.ok("creditmemo", memo(line(40), CustomerRef={"value": sub["Id"]}))["Id"]
    r1.ok("payment", using(0, ("Invoice", sold, 40), ("CreditMemo", credit, 40)))
    assert (_open(r1, "Invoice", sold), _open(r1, "CreditMemo", credit)) == (0, 0)


@pytest.fixture
def entry(r1: Any) -> Any:
    """Makes a journal entry of one receivable line of a customer, against Merchant Fees (97)."""

    def make(amount: float, side: str, customer: str = "10", kind: str = "Customer") -> Any:
        detail = "JournalEntryLineDetail"
        other = "Credit" if side == "Debit" else "Debit"
        name = {"Type": kind, "EntityRef": {"value": customer}}
        sides = (
            {"PostingType": side, "AccountRef": {"value": "99"}, "Entity": name},
            {"PostingType": other, "AccountRef": {"value": "97"}},
        )
        lines = [{"Amount": amount, "DetailType": detail, detail: one} for one in sides]
        return r1.ok("journalentry", {"Line": lines})

    return make


def _entry_line(identity: str, amount: float, line: str = "0") -> dict[str, Any]:
    link = {"TxnId": identity, "TxnType": "JournalEntry", "TxnLineId": line}
    return {"Amount": amount, "LinkedTxn": [link]}


def test_a_payment_pays_an_entry(r1: Any, entry: Any, payment: Any) -> None:
    debt = entry(50, "Debit")["Id"]
    assert r1.read("customer/10")["Balance"] == 50
    first = r1.ok("payment", {**payment(30), "Line": [_entry_line(debt, 30)]})
    assert first["UnappliedAmt"] == 0
    after = r1.read(f"journalentry/{debt}")
    assert after["LinkedTxn"] == [{"TxnId": first["Id"], "TxnType": "Payment"}]
    assert r1.read("customer/10")["Balance"] == 20
    told = r1.fault("payment", {**payment(30), "Line": [_entry_line(debt, 20.01)]})
    assert told["code"] == "6000"
    r1.ok("payment", {**payment(20), "Line": [_entry_line(debt, 5), _entry_line(debt, 15)]})
    told = r1.fault("payment", {**payment(30), "Line": [_entry_line(debt, 0.01)]})
    assert told["code"] == "620"
    accrual, cash = both(r1)
    assert accrual == cash == {"90": 50, "97": -50}
    again = {**payment(25), "Id": first["Id"], "SyncToken": "0", "Line": [_entry_line(debt, 25)]}
    assert r1.ok("payment", again)["UnappliedAmt"] == 0


def test_an_entry_is_a_credit(r1: Any, entry: Any, invoice: Any, payment: Any) -> None:
    sold = r1.ok("invoice", invoice())["Id"]
    credit = entry(75, "Credit")["Id"]
    lines = [*payment(0, (sold, 75))["Line"], _entry_line(credit, 75)]
    paid = r1.ok("payment", {**payment(0), "Line": lines})
    assert (paid["UnappliedAmt"], r1.read(f"invoice/{sold}")["Balance"]) == (0, 400)
    assert r1.read("customer/10")["Balance"] == 400
    assert both(r1)[1] == {"79": -75, "97": 75}
    body = {"Id": credit, "SyncToken": "1"}
    r1.ok("journalentry", body, operation="delete")
    after = r1.read(f"payment/{paid['Id']}")
    assert (after["Line"], after["UnappliedAmt"]) == ([], 0)
    assert r1.read(f"invoice/{sold}")["Balance"] == 475
    assert both(r1)[1] == {}


def test_a_linked_line_of_an_entry_stands(r1: Any, entry: Any, payment: Any) -> None:
    debt = entry(50, "Debit")
    r1.ok("payment", {**payment(30), "Line": [_entry_line(debt["Id"], 30)]})
    body = {"Id": debt["Id"], "SyncToken": "1", "sparse": True}
    smaller = [{**line, "Amount": 40} for line in debt["Line"]]
    assert r1.fault("journalentry", {**body, "Line": smaller})["code"] == "6000"
    fresh = [{**line, "Id": None} for line in debt["Line"]]
    assert r1.fault("journalentry", {**body, "Line": fresh})["code"] == "6000"
    noted = r1.ok("journalentry", {**body, "PrivateNote": "n"})
    assert len(noted["LinkedTxn"]) == 1


def test_a_line_id_that_is_sent_twice_is_paid_once(r1: Any, entry: Any, payment: Any) -> None:
    made = entry(50, "Debit")
    lines = [{**one, "Id": "0"} for one in made["Line"]]
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Line": lines}
    assert [one["Id"] for one in r1.ok("journalentry", sent)["Line"]] == ["0", "2"]
    paid = r1.ok("payment", {**payment(50), "Line": [_entry_line(made["Id"], 50)]})
    assert paid["UnappliedAmt"] == 0


def test_the_parent_pays_the_entry_of_its_sub_customer(r1: Any, entry: Any, payment: Any) -> None:
    sub = r1.ok("customer", {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}})
    debt = entry(50, "Debit", sub["Id"], "Job")["Id"]
    r1.ok("payment", {**payment(50), "Line": [_entry_line(debt, 50)]})
    balances = [r1.read(f"customer/{one}")["Balance"] for one in ("10", sub["Id"])]
    assert balances == [0, 0]


@pytest.mark.parametrize(
    ("line", "code"), [("", "2020"), ("1", "620"), ("7", "620"), ("other", "620")]
)
def test_lines_of_entries_that_cannot_be_paid(
    r1: Any, entry: Any, payment: Any, line: str, code: str
) -> None:
    debt = entry(50, "Debit", "14" if line == "other" else "10")["Id"]
    told = _entry_line(debt, 50, "0" if line == "other" else line)
    assert r1.fault("payment", {**payment(50), "Line": [told]})["code"] == code
