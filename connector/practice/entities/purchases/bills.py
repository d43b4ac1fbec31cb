"""Bills and vendor credits: what the company owes its vendors, and what they give back."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.kind import ADDRESS, TRANSACTION_IDS, Entity, email, named
from connector.practice.entities.common.links import made_of, unpay, without
from connector.practice.entities.common.posting import debt_postings, reversed_postings
from connector.practice.entities.currency.transactions import (
    ZERO,
    payable_posting,
    payables_account,
    settle,
    vendor_key,
    vendor_of,
)
from connector.practice.entities.purchases.expenses import (
    complete_expenses,
    expense_postings,
)
from connector.practice.entities.purchases.purchases import BOUGHT
from connector.practice.entities.sales.forms import check_number, due_date
from connector.practice.faults import business
from connector.practice.shape import Fields, Record, alike, day, money, number, read_only, reference

#: What all purchases of a vendor that are paid later have in common.
BY_VENDOR: Fields = {
    **BOUGHT,
    **alike(reference, "VendorRef", "APAccountRef"),
    **alike(email(), "BillEmail", "ReplyEmail"),
    "VendorAddr": ADDRESS,
}
OWED_FILTERS = {
    "DocNumber": "text",
    "TxnDate": "day",
    "VendorRef": "ref",
    "TotalAmt": "number",
    "Balance": "number",
}


def _bill(change: Change, record: Record, old: Record | None) -> Record:
    record = _with_terms(change, complete_by_vendor(change, record, old), old)
    record = _with_balance("Bill", record, old)
    if record.get("DocNumber"):
        _check_number(change, record)
    use = partial(_take_order, change, record)
    record["LinkedTxn"] = made_of(record, old, "PurchaseOrder", use)
    return record


def _vendor_credit(change: Change, record: Record, old: Record | None) -> Record:
    record = _with_balance("VendorCredit", complete_by_vendor(change, record, old), old)
    return {**record, "LinkedTxn": (old or {}).get("LinkedTxn", [])}


def complete_by_vendor(change: Change, record: Record, old: Record | None) -> Record:
    """Vendor, account, lines and total of what a vendor is owed, gives or is asked for."""
    vendor = vendor_of(change, record, old)
    record = settle(change, record, old, {"SalesTermRef": "Term"})
    record = payables_account(change, {**record, "VendorRef": named(vendor)}, old)
    if old is None and vendor.get("BillAddr"):
        record = {"VendorAddr": vendor["BillAddr"], **record}
    return complete_expenses(change, record, old)


def _with_terms(change: Change, record: Record, old: Record | None) -> Record:
    """The vendor's terms where none are sent, and the date they lead to."""
    term = record.get("SalesTermRef")
    if old is None and not term:
        vendor = change.find("Vendor", record["VendorRef"]["value"]) or {}
        term = vendor.get("TermRef")
    known = change.refer("Term", term["value"], known=(term["value"],)) if term else {}
    found = {**record, "SalesTermRef": named(known)} if term else record
    return {"DueDate": due_date(known, record["TxnDate"]), **found}


def _with_balance(kind: str, record: Record, old: Record | None) -> Record:
    """What is still open; an edit may not fall below what is settled or change whose it is."""
    settled: Decimal = old["TotalAmt"] - old["Balance"] if old else ZERO
    if record["TotalAmt"] < settled:
        raise business(f"{settled} of this {kind} is settled; the total cannot be less.")
    if old and settled and record["VendorRef"]["value"] != old["VendorRef"]["value"]:
        raise business(f"The vendor of a {kind} with payments cannot be changed.")
    return {**record, "Balance": record["TotalAmt"] - settled}


def _check_number(change: Change, bill: Record) -> None:
    """Raise Fault 6140 where another bill of the same vendor has the number [S]."""
    vendor, number = bill["VendorRef"]["value"], bill["DocNumber"]
    same = change.books.having("Bill", VendorRef=vendor, DocNumber=number)
    check_number(change, "Bill", bill, among=[one["Id"] for one in same])


def _take_order(change: Change, bill: Record, order_id: str) -> list[Record]:
    order = change.refer("PurchaseOrder", order_id)
    if order["VendorRef"]["value"] != bill["VendorRef"]["value"]:
        raise business(f"Purchase order {order_id} belongs to another vendor.")
    if order["POStatus"] == "Closed":
        return []
    back = [*order["LinkedTxn"], {"TxnId": bill["Id"], "TxnType": "Bill"}]
    change.touch("PurchaseOrder", {**order, "LinkedTxn": back, "POStatus": "Closed"})
    return [{"TxnId": order_id, "TxnType": "PurchaseOrder"}]


def _remove_bill(change: Change, bill: Record) -> None:
    """Take a bill out of its payments and its orders, which are open again."""
    unpay(change, "Bill", bill)
    for link in bill["LinkedTxn"]:
        is_order = link["TxnType"] == "PurchaseOrder"
        order = change.find("PurchaseOrder", link["TxnId"]) if is_order else None
        if order is not None:
            links = without(order["LinkedTxn"], "Bill", bill["Id"])
            change.touch("PurchaseOrder", {**order, "LinkedTxn": links, "POStatus": "Open"})


def _remove_credit(change: Change, credit: Record) -> None:
    unpay(change, "VendorCredit", credit)


def _post_bill(change: Change, bill: Record) -> list[Posting]:
    expenses = expense_postings(change, bill, vendor_key(bill))
    owed = payable_posting(change, bill, -money(bill.get("TotalAmt", 0)))
    return debt_postings(change, bill, "Bill", expenses, owed)


def _post_credit(change: Change, credit: Record) -> list[Posting]:
    expenses = reversed_postings(expense_postings(change, credit, vendor_key(credit)))
    owed = payable_posting(change, credit, money(credit.get("TotalAmt", 0)))
    return debt_postings(change, credit, "VendorCredit", expenses, owed)


BILL = Entity(
    name="Bill",
    fields={
        **BY_VENDOR,
        **alike(reference, "SalesTermRef", "PayerRef"),
        "DueDate": day,
        **alike(ADDRESS, "RemitToAddr", "ShipAddr"),
        **alike(read_only(number), "Balance", "HomeBalance"),
    },
    filters={**OWED_FILTERS, "DueDate": "day", "APAccountRef": "ref", "SalesTermRef": "ref"},
    sequence=TRANSACTION_IDS,
    complete=_bill,
    remove=_remove_bill,
    post=_post_bill,
    posting=True,
)
VENDOR_CREDIT = Entity(
    name="VendorCredit",
    fields={**BY_VENDOR, "Balance": read_only(number)},
    filters=OWED_FILTERS,
    sequence=TRANSACTION_IDS,
    complete=_vendor_credit,
    remove=_remove_credit,
    post=_post_credit,
    posting=True,
)
