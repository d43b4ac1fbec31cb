"""A company whose books are filled by random steps: sales, payments, credits, bills, entries."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.connector.practice.conftest import Client

EXPENSE, ENTRY = "AccountBasedExpenseLineDetail", "JournalEntryLineDetail"
Record = dict[str, Any]
#: A kind, who, when, how much, and a number that chooses among what is there.
Step = tuple[str, int, str, float, int]
SOLD = ("invoice", "creditmemo", "salesreceipt", "refundreceipt")
BOUGHT = ("bill", "vendorcredit", "purchase")
#: What may happen, the more frequent the oftener it is named.
KINDS = (
    *("invoice", "invoice", "invoice", "payment", "payment", "apply", "loose", "void", "delete"),
    *SOLD,
    *BOUGHT,
    *("billpayment", "journalentry"),
)


class Firm:
    """A company whose books are filled by random steps; what does not fit is left out."""

    def __init__(self, client: Client) -> None:
        self.client = client
        names = ({"DisplayName": "Ann"}, {"DisplayName": "Omar"})
        self.customers = [client.ok("customer", one)["Id"] for one in names]
        job = {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": self.customers[0]}}
        self.customers.append(client.ok("customer", job)["Id"])
        self.vendor = client.ok("vendor", {"DisplayName": "Rivera"})["Id"]
        self.classes = [client.ok("class", {"Name": name})["Id"] for name in ("Spa", "Shop")]

    def take(self, step: Step) -> None:
        kind, who, day, amount, choice = step
        if kind in SOLD:
            self.sell(kind, who, day, amount, choice)
        elif kind in BOUGHT:
            self.buy(kind, who, day, amount, choice)
        elif kind == "billpayment":
            self.pay_bill(day, amount, choice)
        elif kind == "journalentry":
            self.enter(who, day, amount, choice)
        elif kind == "loose":
            body = {"CustomerRef": {"value": self.customers[who]}, "TotalAmt": amount}
            self.client.ok("payment", {**body, "TxnDate": day})
        elif kind in ("void", "delete"):
            self.end(kind, choice)
        else:
            self.pay(day, amount, choice, with_credit=kind == "apply")

    def sell(self, kind: str, who: int, day: str, amount: float, choice: int) -> None:
        taxed = {"TaxCodeRef": {"value": "TAX" if choice % 2 else "NON"}}
        tagged = {"ClassRef": {"value": self.classes[choice % 3]}} if choice % 3 < 2 else {}
        lines = [
            _line(amount, {**taxed, **tagged}),
            _line(round(amount / 3, 2), {"ItemRef": {"value": "2"}}),
        ]
        body = {"CustomerRef": {"value": self.customers[who]}, "Line": lines, "TxnDate": day}
        if kind == "invoice" and choice % 5 == 0:
            discount = {"Amount": 1 if amount > 2 else 0, "DetailType": "DiscountLineDetail"}
            body["Line"] = [*lines, {**discount, "DiscountLineDetail": {}}]
        if kind == "invoice":
            due = date.fromisoformat(day) + timedelta(days=choice % 60)
            body["DueDate"] = due.isoformat()
        if kind == "refundreceipt":
            body["DepositToAccountRef"] = {"value": "92"}
        self.client.ok(kind, body)

    def buy(self, kind: str, who: int, day: str, amount: float, choice: int) -> None:
        """Spend on an account, for a customer where the choice is even."""
        detail: Record = {"AccountRef": {"value": "97"}}
        if choice % 2 == 0:
            detail["CustomerRef"] = {"value": self.customers[who]}
        line = {"Amount": amount, "DetailType": EXPENSE, EXPENSE: detail}
        body: Record = {"Line": [line], "TxnDate": day}
        if kind == "purchase":
            body |= {"PaymentType": "Cash", "AccountRef": {"value": "92"}}
        else:
            body["VendorRef"] = {"value": self.vendor}
        self.client.ok(kind, body)

    def pay_bill(self, day: str, amount: float, choice: int) -> None:
        bill = _chosen(self.open("Bill"), choice)
        if bill is not None:
            part = min(Decimal(str(amount)), Decimal(str(bill["Balance"])))
            body = {"VendorRef": {"value": self.vendor}, "TotalAmt": amount, "TxnDate": day}
            way = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "92"}}}
            lines = [_applied("Bill", bill, part)]
            self.client.ok("billpayment", {**body, **way, "Line": lines})

    def enter(self, who: int, day: str, amount: float, choice: int) -> None:
        """Write a sale into the books by hand, owed by a customer."""
        entity = {"Type": "Customer", "EntityRef": {"value": self.customers[who]}}
        sides = ["Debit", "Credit"] if choice % 2 else ["Credit", "Debit"]
        lines = []
        for side, account in zip(sides, ("99", "80"), strict=True):
            detail: Record = {"PostingType": side, "AccountRef": {"value": account}}
            if account == "99":
                detail["Entity"] = entity
            lines.append({"Amount": amount, "DetailType": ENTRY, ENTRY: detail})
        self.client.ok("journalentry", {"Line": lines, "TxnDate": day})

    def pay(self, day: str, amount: float, choice: int, *, with_credit: bool) -> None:
        """Pay an open invoice in part, or more than it; or use up a credit memo on it."""
        invoice = _chosen(self.open("Invoice"), choice)
        if invoice is None:
            return
        part = min(Decimal(str(amount)), Decimal(str(invoice["Balance"])))
        lines = [_applied("Invoice", invoice, part)]
        total = amount
        if with_credit:
            owner = invoice["CustomerRef"]["value"]
            open_ones = [
                one for one in self.open("CreditMemo") if one["CustomerRef"]["value"] == owner
            ]
            credit = _chosen(open_ones, choice)
            if credit is None:
                return
            part = min(part, Decimal(str(credit["RemainingCredit"])))
            lines = [_applied("Invoice", invoice, part), _applied("CreditMemo", credit, part)]
            total = 0
        payer = {"CustomerRef": invoice["CustomerRef"]}
        self.client.ok("payment", {**payer, "TotalAmt": total, "Line": lines, "TxnDate": day})

    def end(self, kind: str, choice: int) -> None:
        entity = "Payment" if choice % 2 else "Invoice"
        record = _chosen(self.all(entity), choice)
        if record is not None:
            options = {"operation": kind}
            if kind == "void" and entity == "Payment":
                options = {"operation": "update", "include": "void"}
            body = {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True}
            self.client.ok(entity.lower(), body, **options)

    def open(self, entity: str) -> list[Record]:
        left = "RemainingCredit" if entity == "CreditMemo" else "Balance"
        return [one for one in self.all(entity) if one.get(left)]

    def all(self, entity: str) -> list[Record]:
        return self.client.query(f"select * from {entity}").get(entity, [])


def _line(amount: float, detail: Record) -> Record:
    kind = "SalesItemLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: {"ItemRef": {"value": "1"}, **detail}}


def _applied(entity: str, record: Record, amount: Decimal) -> Record:
    link = {"TxnId": record["Id"], "TxnType": entity}
    return {"Amount": float(amount), "LinkedTxn": [link]}


def _chosen(records: list[Record], choice: int) -> Record | None:
    return records[choice % len(records)] if records else None
