"""What the purchases of a practice company come to, for whoever holds the ledger against them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Record = dict[str, Any]
Records = dict[str, list[Record]]
KINDS = (
    "Bill",
    "VendorCredit",
    "BillPayment",
    "Purchase",
    "Transfer",
    "JournalEntry",
    "SalesReceipt",
)
_SPENT, _BOUGHT = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
_OPENING = Decimal(40)


def parts(records: Records) -> Iterator[tuple[Record, str, str, Decimal]]:
    """(payment, kind, id, amount) of every line of a bill payment."""
    for payment in records["BillPayment"]:
        for line in payment["Line"]:
            [link] = line["LinkedTxn"]
            yield payment, link["TxnType"], link["TxnId"], line["Amount"]


def sign_of(records: Records, kind: str, identity: str) -> int:
    """1 for what a payment pays, -1 for what it uses."""
    if kind == "JournalEntry":
        [entry] = [one for one in records[kind] if one["Id"] == identity]
        return 1 if _side(entry) == "Credit" else -1
    return 1 if kind == "Bill" else -1


def left_of(records: Records, payment: Record) -> Decimal:
    """What a payment pays nothing with yet."""
    own = ((kind, one, amount) for payer, kind, one, amount in parts(records) if payer is payment)
    left: Decimal = payment["TotalAmt"]
    return left - sum(sign_of(records, kind, one) * amount for kind, one, amount in own)


def entry_open(records: Records) -> Iterator[tuple[Record, str, int, Decimal]]:
    """(entry, vendor, 1 for a debt or -1 for a credit, what is open) of every entry."""
    for entry in records["JournalEntry"]:
        line = entry["Line"][0]
        vendor = line["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"]
        used = sum(part[3] for part in parts(records) if part[1:3] == ("JournalEntry", entry["Id"]))
        yield entry, vendor, 1 if _side(entry) == "Credit" else -1, line["Amount"] - used


def owed(records: Records, vendor: str) -> Decimal:
    """Open bills and entries less what is left of credits and payments."""
    own = {
        kind: [one for one in records[kind] if one["VendorRef"]["value"] == vendor]
        for kind in ("Bill", "VendorCredit", "BillPayment")
    }
    total = sum((one["Balance"] for one in own["Bill"]), Decimal(0))
    total -= sum(one["Balance"] for one in own["VendorCredit"])
    total -= sum(left_of(records, one) for one in own["BillPayment"])
    entries = (row for row in entry_open(records) if row[1] == vendor)
    return total + sum(sign * left for _, _, sign, left in entries)


def linked(records: Records) -> set[tuple[str, ...]]:
    """(kind, id, kind, id) of each link as payments have it."""
    return {
        (kind, one, f"BillPayment{payment['PayType']}", payment["Id"])
        for payment, kind, one, _ in parts(records)
    }


def paid_links(records: Records) -> list[tuple[str, ...]]:
    """The same as what is paid has it."""
    return [
        (kind, one["Id"], link["TxnType"], link["TxnId"])
        for kind in ("Bill", "VendorCredit", "JournalEntry")
        for one in records[kind]
        for link in one.get("LinkedTxn", ())
    ]


def on_hand(records: Records, item: str) -> Decimal:
    """The quantity of an item by what was bought and sold."""
    total = Decimal(10)
    for kind, sign in (("Bill", 1), ("Purchase", 1), ("VendorCredit", -1)):
        for one in records[kind]:
            total += sign * _sign(one) * sum(_quantity(line, _BOUGHT) for line in one["Line"])
    for one in records["SalesReceipt"]:
        total -= sum(_quantity(line, "SalesItemLineDetail") for line in one["Line"])
    return total


def accounts(records: Records, card: str) -> dict[str, Decimal]:
    """Debits less credits by account; what is in stock or was sold of it is one, `stock`."""
    equity = next(
        one["Id"] for one in records["Account"] if one["AccountSubType"] == "OpeningBalanceEquity"
    )
    found = {equity: -_OPENING, "stock": _OPENING}

    def add(account: str, amount: Decimal) -> None:
        found[account] = found.get(account, Decimal(0)) + amount

    for kind, sign in (("Bill", 1), ("Purchase", 1), ("VendorCredit", -1)):
        for one in records[kind]:
            for line in one["Line"]:
                add("97" if _SPENT in line else "stock", sign * _sign(one) * line["Amount"])
            against = "98" if kind != "Purchase" else one["AccountRef"]["value"]
            add(against, -sign * _sign(one) * one["TotalAmt"])
    for one in records["BillPayment"]:
        add("98", one["TotalAmt"])
        add("92" if one["PayType"] == "Check" else card, -one["TotalAmt"])
    for one in records["Transfer"]:
        add(one["ToAccountRef"]["value"], one["Amount"])
        add(one["FromAccountRef"]["value"], -one["Amount"])
    for one in records["JournalEntry"]:
        for line in one["Line"]:
            detail = line["JournalEntryLineDetail"]
            side = 1 if detail["PostingType"] == "Debit" else -1
            add(detail["AccountRef"]["value"], side * line["Amount"])
    for one in records["SalesReceipt"]:
        add("92", one["TotalAmt"])
        add("80", -one["TotalAmt"])
    return found


def _side(entry: Record) -> str:
    return str(entry["Line"][0]["JournalEntryLineDetail"]["PostingType"])


def _sign(record: Record) -> int:
    """-1 for money given back on a card."""
    return -1 if record.get("Credit") else 1


def _quantity(line: Record, kind: str) -> Decimal:
    return Decimal((line.get(kind) or {}).get("Qty", 0))
