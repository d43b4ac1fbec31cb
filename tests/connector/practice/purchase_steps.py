"""Operations on purchases, bills, their payments, entries and stock, as a property draws them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from connector.practice.wire import dump, load
from tests.connector.practice.conftest import Client
from tests.connector.practice.ledger import ACCRUAL, CASH, sums
from tests.connector.practice.purchase_views import (
    KINDS,
    Record,
    Records,
    accounts,
    entry_open,
    left_of,
    linked,
    on_hand,
    owed,
    paid_links,
)

AMOUNTS = tuple(Decimal(amount) for amount in ("0.01", "10", "33.33", "50", "100"))
MADE = ("Bill", "Bill", "VendorCredit", "Purchase", "Transfer", "JournalEntry", "SalesReceipt")
#: An operation: its name, two numbers that choose, and an amount.
Step = tuple[str, int, int, Decimal]
STEPS = st.lists(
    st.tuples(
        st.sampled_from((*MADE, "pay", "pay", "pay", "edit", "void", "delete", "cost")),
        st.integers(0, 7),
        st.integers(0, 7),
        st.sampled_from(AMOUNTS),
    ),
    min_size=6,
    max_size=16,
)
ACCOUNT, ITEM = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
JOURNAL, SALE = "JournalEntryLineDetail", "SalesItemLineDetail"


class Company:
    """Does operations at one practice company, whether they are accepted or refused."""

    def __init__(self, client: Client) -> None:
        self.client = client
        #: Rivera Plumbing and another vendor.
        self.vendors = ["20", client.ok("vendor", {"DisplayName": "Acme"})["Id"]]
        self.card = self.account("Visa", "Credit Card", "CreditCard")
        self.asset = self.account("Inventory Asset", "Other Current Asset", "Inventory")
        self.cogs = self.account("Pumps sold", "Cost of Goods Sold", "SuppliesMaterialsCogs")
        refs = (("Income", "80"), ("Asset", self.asset), ("Expense", self.cogs))
        item = {
            "Name": "Pump",
            "Type": "Inventory",
            "PurchaseCost": 4,
            "TrackQtyOnHand": True,
            "QtyOnHand": 10,
            "InvStartDate": "2026-11-01",
            **{f"{name}AccountRef": {"value": account} for name, account in refs},
        }
        self.item = client.ok("item", item)["Id"]

    def account(self, name: str, kind: str, detail: str) -> str:
        body = {"Name": name, "AccountType": kind, "AccountSubType": detail}
        return str(self.client.ok("account", body)["Id"])

    @property
    def records(self) -> Records:
        url = f"{self.client.running.control}/books/{self.client.realm}"
        found: Records = load(self.client.http.get(url, timeout=20).content)["records"]
        return found

    def do(self, step: Step) -> None:
        name, first, second, amount = step
        if name in MADE:
            self.send(name, getattr(self, name.lower())(first, second, amount))
        elif name in ("pay", "cost"):
            getattr(self, name)(first, second, amount)
        else:
            for kind, record in self.any(first, second):
                getattr(self, name)(kind, record, second, amount)

    def send(self, kind: str, body: Record, **params: str) -> None:
        """One write; a refusal is fine, a failure is not."""
        url = f"{self.client.base}/{kind.lower()}"
        answered = self.client.http.post(url, data=dump(body), params=params, timeout=20)
        assert answered.status_code in (200, 400), answered.text

    def bill(self, first: int, second: int, amount: Decimal) -> Record:
        vendor = {"VendorRef": {"value": self.vendors[first % 2]}}
        return {**vendor, "Line": self.lines(second, amount)}

    vendorcredit = bill

    def purchase(self, first: int, second: int, amount: Decimal) -> Record:
        kind, account = (("Cash", "92"), ("CreditCard", self.card))[first % 2]
        head = {"PaymentType": kind, "AccountRef": {"value": account}, "Credit": first > 5}
        return {**head, "Line": self.lines(second, amount)}

    def transfer(self, first: int, second: int, amount: Decimal) -> Record:
        ends = ("92", "91", self.card)
        source, target = ends[first % 3], ends[second % 3]
        refs = {"FromAccountRef": {"value": source}, "ToAccountRef": {"value": target}}
        return {**refs, "Amount": amount}

    def journalentry(self, first: int, second: int, amount: Decimal) -> Record:
        side, other = ("Debit", "Credit") if second % 2 else ("Credit", "Debit")
        name = {"Type": "Vendor", "EntityRef": {"value": self.vendors[first % 2]}}
        details: tuple[Record, ...] = (
            {"PostingType": side, "AccountRef": {"value": "98"}, "Entity": name},
            {"PostingType": other, "AccountRef": {"value": "97"}},
        )
        return {
            "Line": [
                {"Amount": amount, "DetailType": JOURNAL, JOURNAL: detail} for detail in details
            ]
        }

    def salesreceipt(self, first: int, second: int, amount: Decimal) -> Record:
        detail = {"ItemRef": {"value": self.item}, "Qty": first, "TaxCodeRef": {"value": "NON"}}
        line = {"Amount": amount, "DetailType": SALE, SALE: detail}
        return {
            "CustomerRef": {"value": "10"},
            "DepositToAccountRef": {"value": "92"},
            "Line": [line],
        }

    def lines(self, choice: int, amount: Decimal) -> list[Record]:
        """An expense, and every other time something for the stock."""
        expense = {"AccountRef": {"value": "97"}}
        found: list[Record] = [{"Amount": amount, "DetailType": ACCOUNT, ACCOUNT: expense}]
        if choice % 2:
            detail = {"ItemRef": {"value": self.item}, "Qty": choice}
            found.append({"Amount": amount + choice, "DetailType": ITEM, ITEM: detail})
        return found

    def pay(self, first: int, second: int, amount: Decimal) -> None:
        """Pay some open bills and entries, use some credits, leave something over or not."""
        vendor, records = self.vendors[first % 2], self.records
        debts = [*self.open(records, "Bill", vendor), *self.entries(records, vendor, 1)]
        used = [*self.open(records, "VendorCredit", vendor), *self.entries(records, vendor, -1)]
        paid = [(one, min(left, amount)) for one, left in debts[: 1 + second % 3]]
        total = sum((share for _, share in paid), Decimal(0))
        for one, left in used[: amount > 20]:
            share = min(left, total)
            total -= share
            paid.append((one, share))
        over = amount if second > 4 else Decimal(0)
        self.send("BillPayment", self.payment(vendor, total + over, paid, card=bool(first > 3)))

    def payment(
        self, vendor: str, total: Decimal, parts: list[tuple[Record, Decimal]], *, card: bool
    ) -> Record:
        way: Record = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "92"}}}
        if card:
            inner = {"CCAccountRef": {"value": self.card}}
            way = {"PayType": "CreditCard", "CreditCardPayment": inner}
        lines = [{"Amount": share, "LinkedTxn": [link]} for link, share in parts]
        return {"VendorRef": {"value": vendor}, "TotalAmt": total, "Line": lines, **way}

    def cost(self, first: int, second: int, amount: Decimal) -> None:
        """What is bought costs something else from now on; what was sold keeps its cost."""
        head = _head(self.client.read(f"item/{self.item}"))
        self.send("Item", {**head, "PurchaseCost": amount})

    def edit(self, kind: str, record: Record, choice: int, amount: Decimal) -> None:
        change: Record = {"PrivateNote": "x"}
        if kind in ("Bill", "VendorCredit", "Purchase"):
            change = {"Line": self.lines(choice, amount)}
        elif kind == "BillPayment":
            change = {"TotalAmt": amount} if choice % 2 else {"Line": record["Line"][1:]}
        elif kind == "Transfer":
            change = {"Amount": amount}
        self.send(kind, {**_head(record), **change})

    def void(self, kind: str, record: Record, choice: int, amount: Decimal) -> None:
        if kind in ("BillPayment", "SalesReceipt"):
            self.send(kind, _head(record), operation="update", include="void")

    def delete(self, kind: str, record: Record, choice: int, amount: Decimal) -> None:
        self.send(kind, _head(record), operation="delete")

    def any(self, first: int, second: int) -> list[tuple[str, Record]]:
        """One record, if there is any, and its kind."""
        records = self.records
        kinds = [kind for kind in KINDS if records[kind]]
        if not kinds:
            return []
        kind = kinds[first % len(kinds)]
        return [(kind, records[kind][second % len(records[kind])])]

    def open(self, records: Records, kind: str, vendor: str) -> list[tuple[Record, Decimal]]:
        return [
            ({"TxnId": one["Id"], "TxnType": kind}, one["Balance"])
            for one in records[kind]
            if one["VendorRef"]["value"] == vendor and one["Balance"]
        ]

    def entries(self, records: Records, vendor: str, sign: int) -> list[tuple[Record, Decimal]]:
        return [
            ({"TxnId": one["Id"], "TxnType": "JournalEntry", "TxnLineId": "0"}, left)
            for one, whose, side, left in entry_open(records)
            if whose == vendor and side == sign and left
        ]

    def check(self) -> None:
        records = self.records
        seen = sums(self.client, ACCRUAL)
        assert sum(seen.values()) == sum(sums(self.client, CASH).values()) == 0
        costs = {account: seen.pop(account, Decimal(0)) for account in (self.asset, self.cogs)}
        expected = accounts(records, self.card)
        sold = expected.pop("stock")
        assert {one: total for one, total in expected.items() if total} == seen
        assert sum(costs.values(), Decimal(0)) == sold
        for vendor in records["Vendor"]:
            assert vendor["Balance"] == owed(records, vendor["Id"])
        for kind in ("Bill", "VendorCredit"):
            assert all(0 <= one["Balance"] <= one["TotalAmt"] for one in records[kind])
        assert all(left_of(records, one) >= 0 for one in records["BillPayment"])
        assert sorted(linked(records)) == sorted(paid_links(records))
        [item] = [one for one in records["Item"] if one["Id"] == self.item]
        assert item["QtyOnHand"] == on_hand(records, self.item)

    def finish(self) -> None:
        """Undo all payments, then pay every bill with all credits: nothing stays open."""
        for one in self.records["BillPayment"]:
            self.client.ok("billpayment", _head(one), operation="delete")
        for vendor in self.vendors:
            records = self.records
            credits = self.open(records, "VendorCredit", vendor)
            extra = self.bill(self.vendors.index(vendor), 0, sum((left for _, left in credits), 1))
            self.send("Bill", extra)
            debts = self.open(self.records, "Bill", vendor)
            total = sum(left for _, left in debts) - sum(left for _, left in credits)
            body = self.payment(vendor, Decimal(total), [*debts, *credits], card=False)
            self.send("BillPayment", body)


def _head(record: Record) -> dict[str, Any]:
    return {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True}
