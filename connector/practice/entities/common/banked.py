"""Where money comes in or goes out, and what a bank deposit forbids to change afterwards."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.kind import link_names, named
from connector.practice.entities.common.posting import customer_key
from connector.practice.entities.common.system import system_account
from connector.practice.faults import Fault, business
from connector.practice.shape import Record, money

_DEPOSITED = "This transaction has been deposited; remove it from the deposit first."
_LINKS = {"DepositToAccountRef": "Account", "PaymentMethodRef": "PaymentMethod"}


def with_account(change: Change, record: Record, old: Record | None) -> Record:
    """The record with an account for its money, Undeposited Funds where none is named.

    Raises Fault 6430 for an account that holds no money, 6540 for a deposited record whose
    account or amount is another than before.
    """
    ref = record.get("DepositToAccountRef") or _undeposited(change)
    found = link_names(change, {**record, "DepositToAccountRef": ref}, old, _LINKS)
    check_holds_money(change, found["DepositToAccountRef"])
    if old is not None and is_deposited(old) and _of_deposit(found) != _of_deposit(old):
        raise Fault("6540", _DEPOSITED)
    return found


def check_holds_money(change: Change, ref: Record) -> None:
    """Raise Fault 6430 for an account that is neither a bank nor another current asset."""
    account = change.find("Account", ref["value"]) or {}
    if account.get("AccountType") not in ("Bank", "Other Current Asset"):
        raise Fault("6430", f"Money cannot be deposited to {ref['name']}.")


def check_not_deposited(record: Record) -> None:
    """Raise Fault 6540 for a record that is part of a deposit: it cannot be voided or deleted."""
    if is_deposited(record):
        raise Fault("6540", _DEPOSITED)


def is_deposited(record: Record) -> bool:
    """Whether a deposit holds this record."""
    return any(link["TxnType"] == "Deposit" for link in record.get("LinkedTxn", ()))


def money_posting(change: Change, record: Record) -> Posting:
    """What a record brings into its account: its total."""
    account = (record.get("DepositToAccountRef") or {}).get("value")
    return Posting(
        account=account or system_account(change, "UndepositedFunds"),
        amount=money(record.get("TotalAmt", 0)),
        part="money",
        name=customer_key(record),
    )


def _of_deposit(record: Record) -> tuple[str, object]:
    """What a deposit relies on."""
    return record["DepositToAccountRef"]["value"], record["TotalAmt"]


def _undeposited(change: Change) -> Record:
    found = change.books.having("Account", AccountSubType="UndepositedFunds", Active=True)
    if not found:
        raise business("There is no account for undeposited funds.")
    return named(found[0])
