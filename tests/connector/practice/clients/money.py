"""Builders of what moves money without a sale: deposits, transfers, entries, card payments."""

from __future__ import annotations

from typing import Any

from quickbooks.objects import (
    Account,
    Deposit,
    DepositLine,
    DepositLineDetail,
    JournalEntry,
    JournalEntryLine,
    JournalEntryLineDetail,
    Transfer,
)
from quickbooks.objects.creditcardpayment_entity import CreditCardPayment

from tests.connector.practice.clients.lists import ref, vendor
from tests.connector.practice.clients.row import Row, unique


def card(qb: Any) -> Account:
    """A credit card of the company's own, which it does not have at the start."""
    made = Account()
    made.Name, made.AccountType, made.AccountSubType = unique("Visa"), "Credit Card", "CreditCard"
    return made.save(qb=qb)


def deposit(qb: Any) -> Deposit:
    made = Deposit()
    made.DepositToAccountRef, made.TxnDate = ref("92"), "2026-11-05"
    line = DepositLine()
    line.Amount, line.Description = 120.5, "Sold an old ladder"
    line.DepositLineDetail = detail = DepositLineDetail()
    detail.AccountRef, detail.PaymentMethodRef, detail.CheckNum = ref("80"), ref("2"), "77"
    made.Line = [line]
    return made


def _side(posting: str, account: str, amount: float) -> JournalEntryLine:
    made = JournalEntryLine()
    made.Amount, made.Description = amount, posting
    made.JournalEntryLineDetail = detail = JournalEntryLineDetail()
    detail.PostingType, detail.AccountRef = posting, ref(account)
    return made


def journal_entry(qb: Any) -> JournalEntry:
    made = JournalEntry()
    made.DocNumber, made.TxnDate = unique("J"), "2026-11-05"
    made.Line = [_side("Debit", "97", 12.5), _side("Credit", "92", 12.5)]
    return made


def transfer(qb: Any) -> Transfer:
    made = Transfer()
    made.FromAccountRef, made.ToAccountRef = ref("91"), ref("92")
    made.Amount, made.TxnDate, made.PrivateNote = 250, "2026-11-05", "Payout"
    return made


def card_payment(qb: Any) -> CreditCardPayment:
    made = CreditCardPayment()
    made.BankAccountRef, made.CreditCardAccountRef = ref("92"), card(qb).to_ref()
    made.VendorRef = vendor(qb).save(qb=qb).to_ref()
    made.Amount, made.TxnDate, made.Memo = 80.25, "2026-11-05", "October"
    return made


#: The client puts and looks for a CreditCardPayment in batches and changes, by the switch
#: `batch_names`; the first setting calls it CreditCardPaymentTxn there, as every other body does.
_MISNAMED = "a test of its own, with the name that the client expects"

MONEY = (
    Row(kind=Deposit, build=deposit, change=("PrivateNote", "At the counter")),
    Row(kind=JournalEntry, build=journal_entry, change=("PrivateNote", "x"), found_by="DocNumber"),
    Row(kind=Transfer, build=transfer, change=("PrivateNote", "Late payout")),
    Row(
        kind=CreditCardPayment,
        build=card_payment,
        change=("PrivateNote", "Late"),
        left_out={"batch": _MISNAMED, "changes": _MISNAMED},
    ),
)
