"""What transactions have in common that are no sales forms: dates, references, amounts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.currency_codes import currency_of, home_code
from connector.practice.entities.common.kind import link_names, named, referred
from connector.practice.entities.common.system import system_account
from connector.practice.entities.currency.currencies import with_currency
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import Record, money

ZERO = Decimal("0.00")


def settle(
    change: Change, record: Record, old: Record | None, targets: Mapping[str, str]
) -> Record:
    """The record with its date, its currency and the names of its `targets` (field -> kind).

    Raises Fault 2500 or 610 for a wrong reference, 6000 for a location where none are tracked.
    """
    check_department(change, record)
    record = link_names(change, record, old, {"DepartmentRef": "Department", **targets})
    vendor = change.find("Vendor", (record.get("VendorRef") or {}).get("value", ""))
    return with_currency(change, {"TxnDate": change.today, **record}, old, vendor or {})


def check_department(change: Change, record: Record) -> None:
    """Raise Fault 6000 for a location where none are tracked."""
    tracked = change.books.preference("AccountingInfoPrefs.TrackDepartments")
    if record.get("DepartmentRef") and not tracked:
        raise business("Location tracking is turned off.")


def check_account(change: Change, record: Record, field: str, *types: str) -> None:
    """Raise Fault 2020 when no account is named, 6430 when it is not of these types."""
    ref = record.get(field)
    if not ref:
        raise missing(field)
    kind = change.refer("Account", ref["value"], known=(ref["value"],))["AccountType"]
    if kind not in types:
        raise Fault("6430", f"Invalid account type: {field} cannot be {kind}.", element=field)


def positive_amount(record: Record, field: str = "Amount") -> Decimal:
    """An amount that must be sent; raises Fault 2020 without it, 2290 below zero."""
    if record.get(field) is None:
        raise missing(field)
    if record[field] < 0:
        raise Fault("2290", f"{field} cannot be negative.", element=field)
    return money(record[field])


def vendor_of(change: Change, record: Record, old: Record | None) -> Record:
    """The vendor; raises Fault 2020, 2500 or 610."""
    if not record.get("VendorRef"):
        raise missing("VendorRef")
    return referred(change, "Vendor", record["VendorRef"], old, "VendorRef")


def payables_account(change: Change, record: Record, old: Record | None) -> Record:
    """`APAccountRef`: the one sent, else the company's; raises Fault 2500, 610 or 6430."""
    if record.get("APAccountRef"):
        return _debts_account(change, record, old, "APAccountRef", "Accounts Payable")
    home = home_code(change.books)
    wanted = currency_of(record) or home
    for account in change.books.having("Account", AccountSubType="AccountsPayable", Active=True):
        if (currency_of(account) or home) == wanted:
            return {**record, "APAccountRef": named(account)}
    return record


def receivables_account(change: Change, record: Record, old: Record | None) -> Record:
    """The record with the name of its `ARAccountRef`, if any; raises Fault 2500, 610 or 6430."""
    if not record.get("ARAccountRef"):
        return record
    return _debts_account(change, record, old, "ARAccountRef", "Accounts Receivable")


def _debts_account(
    change: Change, record: Record, old: Record | None, field: str, kind: str
) -> Record:
    check_account(change, record, field, kind)
    return link_names(change, record, old, {field: "Account"})


def payable_posting(change: Change, record: Record, amount: Decimal) -> Posting:
    """What a record takes off the debt to its vendor; below zero it adds to it."""
    account = (record.get("APAccountRef") or {}).get("value")
    return Posting(
        account=account or system_account(change, "AccountsPayable", currency_of(record)),
        amount=amount,
        part="owed",
        owed=True,
        name=vendor_key(record),
        due=record.get("DueDate") or "",
    )


def vendor_key(record: Record) -> str:
    """How the ledger names the vendor of a record; empty where it has none."""
    vendor = (record.get("VendorRef") or {}).get("value")
    return f"Vendor:{vendor}" if vendor else ""


def no_cleanup(change: Change, record: Record) -> None:
    """A deletion that concerns no other record."""
