"""Operations on sales, credits, payments and deposits, as a property draws them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from connector.practice.wire import load
from tests.connector.practice.conftest import Client
from tests.connector.practice.ledger import ACCRUAL, CASH, sums
from tests.connector.practice.sales_views import (
    FORMS,
    Record,
    Records,
    entry_debts,
    owed,
    seen_from_paid,
    seen_from_payers,
)

WAITING = {"Payment": 1, "SalesReceipt": 1, "RefundReceipt": -1}
AMOUNTS = tuple(Decimal(amount) for amount in ("0.01", "10", "33.33", "50", "100"))
#: Operations that take from what is there.
FLOWS = ("entry", "pay", "pay", "pay", "deposit", "deposit")
#: An operation: its name, two numbers that choose, and an amount.
Step = tuple[str, int, int, Decimal]
STEPS = st.lists(
    st.tuples(
        st.sampled_from((*FORMS, "Invoice", *FLOWS, "edit", "void", "delete")),
        st.integers(0, 7),
        st.integers(0, 7),
        st.sampled_from(AMOUNTS),
    ),
    min_size=6,
    max_size=16,
)


class Company:
    """Does operations at one practice company, whether they are accepted or refused."""

    def __init__(self, client: Client, automatic: bool) -> None:
        self.client = client
        job = {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": "10"}}
        #: Dana, her sub-customer, Dana once more, Omar.
        self.customers = ["10", client.ok("customer", job)["Id"], "10", "14"]
        account = {"value": "81"}
        item = {"Name": "Care", "Type": "Service", "IncomeAccountRef": account}
        self.items = ["1", client.ok("item", item)["Id"]]
        client.prefer(
            SalesFormsPrefs__AutoApplyCredit=automatic,
            SalesFormsPrefs__AutoApplyPayments=automatic,
            SalesFormsPrefs__AllowDeposit=True,
        )

    @property
    def records(self) -> Records:
        url = f"{self.client.running.control}/books/{self.client.realm}"
        found: Records = load(self.client.http.get(url, timeout=20).content)["records"]
        return found

    def do(self, step: Step) -> None:
        name, first, second, amount = step
        if name in FORMS:
            self.send(name, self.form(name, first, second, amount))
        elif name not in ("edit", "void", "delete"):
            getattr(self, name)(first, second, amount)
        else:
            for kind, record in self.any(first, second):
                getattr(self, name)(kind, record, second, amount)

    def send(self, kind: str, body: Record, **params: str) -> None:
        """One write; a refusal is fine, a failure is not."""
        answered = self.client.post(kind.lower(), _plain(body), **params)
        assert answered.status_code in (200, 400), answered.text

    def form(self, kind: str, first: int, second: int, amount: Decimal) -> Record:
        body: Record = {
            "CustomerRef": {"value": self.customers[first % 4]},
            "Line": [_line(amount, self.items[second % 2], "TAX"), _line(amount / 2, "1", "NON")],
        }
        if kind == "Invoice" and second > 5:
            body["Deposit"] = amount / 5
        if kind == "RefundReceipt":
            body["DepositToAccountRef"] = {"value": "90" if second % 2 else "92"}
        return body

    def pay(self, first: int, second: int, amount: Decimal) -> None:
        """Pay some open invoices and entries, use some credits, leave something over or not."""
        payer = self.customers[first % 4]
        debts = [*self.open("Invoice", payer), *self.entries(payer, "Debit")][: 1 + second % 3]
        used = [*self.open("CreditMemo", payer), *self.entries(payer, "Credit")][: amount > 20]
        lines = [_paying(one, min(one["Balance"], amount)) for one in debts]
        total = sum((line["Amount"] for line in lines), Decimal(0))
        for one in used:
            share = min(one["Balance"], total)
            total -= share
            lines.append(_paying(one, share))
        over = amount if second > 4 else Decimal(0)
        body = {"CustomerRef": {"value": payer}, "TotalAmt": total + over, "Line": lines}
        self.send("Payment", body)

    def entry(self, first: int, second: int, amount: Decimal) -> None:
        side, other = ("Debit", "Credit") if second % 2 else ("Credit", "Debit")
        kind = "JournalEntryLineDetail"
        name = {"Type": "Customer", "EntityRef": {"value": self.customers[first % 4]}}
        details: tuple[Record, ...] = (
            {"PostingType": side, "AccountRef": {"value": "99"}, "Entity": name},
            {"PostingType": other, "AccountRef": {"value": "97"}},
        )
        lines = [{"Amount": amount, "DetailType": kind, kind: detail} for detail in details]
        self.send("JournalEntry", {"Line": lines})

    def deposit(self, first: int, second: int, amount: Decimal) -> None:
        waiting = [
            (kind, one)
            for kind in WAITING
            for one in self.records[kind]
            if one["DepositToAccountRef"]["value"] == "90" and one["TotalAmt"]
        ]
        found = [*waiting[first:], *waiting[:first]][: 1 + second % 3]
        lines: list[Record] = [
            {
                "Amount": one["TotalAmt"] * WAITING[kind],
                "LinkedTxn": [{"TxnId": one["Id"], "TxnType": kind, "TxnLineId": "0"}],
            }
            for kind, one in found
        ]
        detail = {"AccountRef": {"value": "97"}}
        fee = {
            "Amount": Decimal("-0.01"),
            "DetailType": "DepositLineDetail",
            "DepositLineDetail": detail,
        }
        body = {"DepositToAccountRef": {"value": "92"}, "Line": [*lines, fee]}
        self.send("Deposit", body)

    def edit(self, kind: str, record: Record, choice: int, amount: Decimal) -> None:
        change: Record = {"PrivateNote": "x"}
        if kind in FORMS:
            change = {"Line": [_line(amount, self.items[choice % 2], "NON")]}
        elif kind == "Payment":
            change = {"TotalAmt": amount} if choice % 2 else {"Line": []}
        elif kind in ("Deposit", "JournalEntry"):
            change = {"Line": record["Line"][: 1 + choice % 2]}
        self.send(kind, {**_head(record), **change})

    def void(self, kind: str, record: Record, choice: int, amount: Decimal) -> None:
        by_update = {"operation": "update", "include": "void"}
        params = by_update if kind in ("Payment", "SalesReceipt") else {"operation": "void"}
        if kind in ("Invoice", "Payment", "SalesReceipt"):
            self.send(kind, _head(record), **params)

    def delete(self, kind: str, record: Record, choice: int, amount: Decimal) -> None:
        self.send(kind, _head(record), operation="delete")

    def any(self, first: int, second: int) -> list[tuple[str, Record]]:
        """One record, if there is any, and its kind."""
        records = self.records
        kinds = [*FORMS, "Payment", "Deposit", "JournalEntry"]
        kinds = [kind for kind in kinds if records[kind]]
        if not kinds:
            return []
        kind = kinds[first % len(kinds)]
        return [(kind, records[kind][second % len(records[kind])])]

    def open(self, kind: str, payer: str) -> list[Record]:
        """Open records of a customer and, for the parent, of the sub-customer."""
        owners = self.customers[:2] if payer == "10" else [payer]
        found = [one for one in self.records[kind] if one["CustomerRef"]["value"] in owners]
        return [{**one, "kind": kind} for one in found if one["Balance"]]

    def entries(self, payer: str, side: str) -> list[Record]:
        return [
            {**one, "kind": "JournalEntry", "Balance": left}
            for one, customer, sign, left in entry_debts(self.records)
            if customer == payer and sign == (1 if side == "Debit" else -1) and left
        ]

    def check(self) -> None:
        records = self.records
        for basis in (ACCRUAL, CASH):
            assert sum(sums(self.client, basis).values()) == 0
        for customer in records["Customer"]:
            assert customer["Balance"] == owed(records, customer["Id"])
        for kind, rest in (("Invoice", "Balance"), ("CreditMemo", "RemainingCredit")):
            assert all(0 <= one[rest] <= one["TotalAmt"] for one in records[kind])
        assert all(0 <= one["UnappliedAmt"] <= one["TotalAmt"] for one in records["Payment"])
        assert sorted(seen_from_payers(records)) == sorted(seen_from_paid(records))

    def finish(self) -> None:
        """Pay all that is open and use all that is left over."""
        self.client.prefer(
            SalesFormsPrefs__AutoApplyCredit=False, SalesFormsPrefs__AutoApplyPayments=False
        )
        for customer in dict.fromkeys(self.customers):
            self.use_what_is_left(customer)
            for one in self.own("Invoice", customer, "Balance"):
                line = _paying({**one, "kind": "Invoice"}, one["Balance"])
                body = {"TotalAmt": one["Balance"], "Line": [line], **_of(customer)}
                self.client.ok("payment", _plain(body))

    def use_what_is_left(self, customer: str) -> None:
        for memo in self.own("CreditMemo", customer, "Balance"):
            lines = [self.sold(customer, memo["Balance"]), {**memo, "kind": "CreditMemo"}]
            paying = [_paying(one, memo["Balance"]) for one in lines]
            body = {"TotalAmt": 0, "Line": paying, **_of(customer)}
            self.client.ok("payment", _plain(body))
        for payment in self.own("Payment", customer, "UnappliedAmt"):
            left = payment["UnappliedAmt"]
            line = _paying(self.sold(customer, left), left)
            body = {**_head(payment), "Line": [*payment["Line"], line]}
            self.client.ok("payment", _plain(body))

    def sold(self, customer: str, amount: Decimal) -> Record:
        body = {"Line": [_line(amount, "1", "NON")], **_of(customer)}
        return {**self.client.ok("invoice", _plain(body)), "kind": "Invoice"}

    def own(self, kind: str, customer: str, rest: str) -> list[Record]:
        found = self.records[kind]
        return [one for one in found if one["CustomerRef"]["value"] == customer and one[rest]]


def _plain(value: Any) -> Any:
    """With numbers as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return float(round(value, 2)) if isinstance(value, Decimal) else value


def _line(amount: Decimal, item: str, code: str) -> Record:
    kind = "SalesItemLineDetail"
    detail = {"ItemRef": {"value": item}, "TaxCodeRef": {"value": code}}
    return {"Amount": round(amount, 2), "DetailType": kind, kind: detail}


def _paying(record: Record, amount: Decimal) -> Record:
    link = {"TxnId": record["Id"], "TxnType": record["kind"]}
    if record["kind"] == "JournalEntry":
        link["TxnLineId"] = "0"
    return {"Amount": amount, "LinkedTxn": [link]}


def _head(record: Record) -> Record:
    return {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True}


def _of(customer: str) -> Record:
    return {"CustomerRef": {"value": customer}}
