"""Money moved between the company's own accounts: transfers, and payments of credit cards."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.kind import TRANSACTION_IDS, Entity
from connector.practice.entities.common.lines import LINKED
from connector.practice.entities.common.parts import TRANSACTION
from connector.practice.entities.currency.transactions import (
    check_account,
    no_cleanup,
    positive_amount,
    settle,
)
from connector.practice.entities.purchases.purchases import PRINT_STATUS
from connector.practice.faults import business
from connector.practice.shape import (
    Record,
    alike,
    money,
    number,
    read_only,
    reference,
    text,
)

#: Accounts of the balance sheet that hold no debts of customers and to vendors.
_MOVABLE = (
    "Bank",
    "Credit Card",
    "Other Current Asset",
    "Fixed Asset",
    "Other Asset",
    "Other Current Liability",
    "Long Term Liability",
    "Equity",
)


def _transfer(change: Change, record: Record, old: Record | None) -> Record:
    for field in ("FromAccountRef", "ToAccountRef"):
        check_account(change, record, field, *_MOVABLE)
    if record["FromAccountRef"]["value"] == record["ToAccountRef"]["value"]:
        raise business("A transfer needs two different accounts.")
    amount = positive_amount(record)
    targets = {"FromAccountRef": "Account", "ToAccountRef": "Account", "ClassRef": "Class"}
    return {**settle(change, record, old, targets), "Amount": amount}


def _card_payment(change: Change, record: Record, old: Record | None) -> Record:
    check_account(change, record, "BankAccountRef", "Bank")
    check_account(change, record, "CreditCardAccountRef", "Credit Card")
    amount = positive_amount(record)
    targets = {
        "BankAccountRef": "Account",
        "CreditCardAccountRef": "Account",
        "VendorRef": "Vendor",
    }
    return {**settle(change, record, old, targets), "Amount": amount}


def _moved(record: Record, source: str, target: str) -> list[Posting]:
    amount: Decimal = money(record.get("Amount", 0))
    vendor = (record.get("VendorRef") or {}).get("value")
    sides = ((target, amount), (source, -amount))
    return [
        Posting(
            account=record[field]["value"],
            amount=signed,
            part="money",
            name=f"Vendor:{vendor}" if vendor else "",
            memo=record.get("PrivateNote", ""),
        )
        for field, signed in sides
    ]


def _post_transfer(change: Change, record: Record) -> list[Posting]:
    return _moved(record, "FromAccountRef", "ToAccountRef")


def _post_card_payment(change: Change, record: Record) -> list[Posting]:
    return _moved(record, "BankAccountRef", "CreditCardAccountRef")


_MOVED = {**TRANSACTION, "Amount": number, "LinkedTxn": read_only(LINKED), "DocNumber": text(21)}
TRANSFER = Entity(
    name="Transfer",
    fields={**_MOVED, **alike(reference, "FromAccountRef", "ToAccountRef", "ClassRef")},
    filters={"TxnDate": "day"},
    sequence=TRANSACTION_IDS,
    complete=_transfer,
    remove=no_cleanup,
    post=_post_transfer,
    posting=True,
)
#: Its path and its name in statements are `creditcardpayment` [S].
CREDIT_CARD_PAYMENT = Entity(
    name="CreditCardPaymentTxn",
    called="CreditCardPayment",
    fields={
        **_MOVED,
        **alike(reference, "BankAccountRef", "CreditCardAccountRef", "VendorRef"),
        "CheckNum": text(21),
        "PrintStatus": PRINT_STATUS,
        "Memo": text(4000),
    },
    filters={"TxnDate": "day"},
    sequence=TRANSACTION_IDS,
    complete=_card_payment,
    remove=no_cleanup,
    post=_post_card_payment,
    posting=True,
)
