"""What the documents of a practice company come to, for whoever holds the ledger against them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Record = dict[str, Any]
Records = dict[str, list[Record]]
FORMS = ("Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")


def parts(records: Records) -> Iterator[tuple[str, str, str, Decimal]]:
    """(payment, kind, id, amount) of every line of a payment."""
    for payment in records["Payment"]:
        for line in payment["Line"]:
            [link] = line["LinkedTxn"]
            yield payment["Id"], link["TxnType"], link["TxnId"], line["Amount"]


def entry_debts(
    records: Records,
) -> Iterator[tuple[Record, str, int, Decimal]]:
    """(entry, customer, 1 for a debt or -1 for a credit, what is open) of every entry."""
    for entry in records["JournalEntry"]:
        line = entry["Line"][0]
        detail = line["JournalEntryLineDetail"]
        used = sum(part[3] for part in parts(records) if part[1:3] == ("JournalEntry", entry["Id"]))
        sign = 1 if detail["PostingType"] == "Debit" else -1
        yield entry, detail["Entity"]["EntityRef"]["value"], sign, line["Amount"] - used


def owed(records: Records, customer: str) -> Decimal:
    """Open invoices less what is left of credits and payments, and open entries."""
    rests = (("Invoice", "Balance", 1), ("CreditMemo", "Balance", -1))
    total = Decimal(0)
    for kind, rest, sign in (*rests, ("Payment", "UnappliedAmt", -1)):
        of_customer = (x for x in records[kind] if x["CustomerRef"]["value"] == customer)
        total += sum(one[rest] * sign for one in of_customer)
    entries = (row for row in entry_debts(records) if row[1] == customer)
    return total + sum(sign * left for _, _, sign, left in entries)


def seen_from_payers(records: Records) -> set[tuple[str, ...]]:
    """(kind, id, kind, id) of each link as payments and deposits have it."""
    found = {(kind, one, "Payment", payment) for payment, kind, one, _ in parts(records)}
    for deposit in records["Deposit"]:
        links = (link for line in deposit["Line"] for link in line.get("LinkedTxn", ()))
        found |= {(link["TxnType"], link["TxnId"], "Deposit", deposit["Id"]) for link in links}
    return found


def seen_from_paid(records: Records) -> list[tuple[str, ...]]:
    """The same as what is paid or deposited has it."""
    kinds = (*FORMS, "Payment", "JournalEntry")
    return [
        (kind, one["Id"], link["TxnType"], link["TxnId"])
        for kind in kinds
        for one in records[kind]
        for link in one.get("LinkedTxn", ())
    ]
