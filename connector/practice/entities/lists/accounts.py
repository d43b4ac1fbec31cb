"""The chart of accounts."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import balance_of
from connector.practice.entities.common.currency_codes import currency_of, home_code
from connector.practice.entities.common.kind import COMMON, Entity, link_names
from connector.practice.entities.common.naming import settle_name
from connector.practice.entities.currency.currencies import fixed_currency
from connector.practice.faults import Fault, business
from connector.practice.shape import (
    Kind,
    Record,
    alike,
    day,
    flag,
    many,
    name,
    number,
    one_of,
    read_only,
    reference,
    required,
    text,
)

#: Account type: classification, then its subtypes, the default first.
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Bank": ("Asset", ("Checking", "Savings", "CashOnHand", "MoneyMarket", "RentsHeldInTrust")),
    "Accounts Receivable": ("Asset", ("AccountsReceivable",)),
    "Other Current Asset": (
        "Asset",
        ("OtherCurrentAssets", "UndepositedFunds", "Inventory", "PrepaidExpenses"),
    ),
    "Fixed Asset": ("Asset", ("OtherFixedAssets", "FurnitureAndFixtures", "Vehicles")),
    "Other Asset": ("Asset", ("OtherLongTermAssets",)),
    "Accounts Payable": ("Liability", ("AccountsPayable",)),
    "Credit Card": ("Liability", ("CreditCard",)),
    "Other Current Liability": (
        "Liability",
        ("OtherCurrentLiabilities", "SalesTaxPayable", "GlobalTaxPayable", "TrustAccounts"),
    ),
    "Long Term Liability": ("Liability", ("OtherLongTermLiabilities", "NotesPayable")),
    "Equity": ("Equity", ("OwnersEquity", "RetainedEarnings", "OpeningBalanceEquity")),
    "Income": (
        "Revenue",
        (
            "SalesOfProductIncome",
            "ServiceFeeIncome",
            "OtherPrimaryIncome",
            "DiscountsRefundsGiven",
            "NonProfitIncome",
            "UnappliedCashPaymentIncome",
        ),
    ),
    "Other Income": ("Revenue", ("OtherMiscellaneousIncome", "InterestEarned")),
    "Cost of Goods Sold": ("Expense", ("SuppliesMaterialsCogs", "CostOfLaborCos")),
    "Expense": (
        "Expense",
        (
            "OtherMiscellaneousServiceCost",
            "BankCharges",
            "OfficeGeneralAdministrativeExpenses",
            "UnappliedCashBillPaymentExpense",
        ),
    ),
    "Other Expense": ("Expense", ("OtherMiscellaneousExpense",)),
}


#: Subtypes of accounts that QuickBooks posts to by itself.
_OWN = (
    "AccountsReceivable",
    "AccountsPayable",
    "UndepositedFunds",
    "OpeningBalanceEquity",
    "RetainedEarnings",
)


def _types(record: Record) -> tuple[str, str]:
    """Type and subtype; raises Fault 6430 for unknown ones, 6010 for a pair that does not fit."""
    kind, detail = record.get("AccountType"), record.get("AccountSubType")
    if kind is None and detail is None:
        raise Fault("6430", "AccountType or AccountSubType is required.")
    if kind is None:
        kind = next((one for one, (_, details) in TYPES.items() if detail in details), None)
    if kind not in TYPES:
        raise Fault("6430", f"Invalid account type: {kind or detail}")
    details = TYPES[kind][1]
    if detail is not None and detail not in details:
        raise Fault("6010", f"Account subtype {detail} does not belong to type {kind}.")
    return kind, detail or details[0]


def _account(change: Change, record: Record, old: Record | None) -> Record:
    required(record, "Name")
    if '"' in record["Name"]:
        detail = f"Element contains invalid characters. {record['Name']}"
        raise Fault("2040", detail, element="Name")
    kind, detail = _types(record)
    record = link_names(change, record, old, {"ParentRef": "Account"})
    _check_place(change, record, kind)
    if old and old.get("Active") and record.get("Active") is False:
        _check_unused(change, old)
    record = settle_name(change, "Account", record, old, field="Name")
    zero = Decimal("0.00")
    return {
        **record,
        "SubAccount": bool(record.get("ParentRef")),
        "Classification": TYPES[kind][0],
        "AccountType": kind,
        "AccountSubType": detail,
        "CurrentBalance": zero,
        "CurrentBalanceWithSubAccounts": zero,
        "CurrencyRef": fixed_currency(change, record, old),
    }


def _check_place(change: Change, record: Record, kind: str) -> None:
    """Raise Fault 6000 for a parent of another type, or a number that another account has."""
    parent = record.get("ParentRef")
    if parent and (change.find("Account", parent["value"]) or {})["AccountType"] != kind:
        raise business("A subaccount must have the same account type as its parent account.")
    if not record.get("AcctNum"):
        return
    if change.books.preference("AccountingInfoPrefs.UseAccountNumbers"):
        same = change.books.having("Account", AcctNum=record["AcctNum"], Active=True)
        if any(one["Id"] != record["Id"] for one in same):
            raise business("Another account is already using this number.")


def _check_unused(change: Change, account: Record) -> None:
    """Raise Fault 6000 for an account that QuickBooks itself posts to, 6220 for a balance."""
    detail = account["AccountSubType"]
    if detail in _OWN:
        own = change.books.having("Account", AccountSubType=detail, Active=True)
        if own[0]["Id"] == account["Id"]:
            raise business(f"QuickBooks uses {account['Name']}; it cannot be made inactive.")
    if _shown(change.books, account, account["Id"]):
        raise Fault("6220", "An account with a balance cannot be made inactive.")


def _show_account(books: Books, account: Record) -> Record:
    """The balance as QuickBooks shows it: for accounts of the balance sheet, each its own way."""
    family = books.family("Account", account["Id"])
    balances = [_shown(books, account, one) for one in family]
    total = sum(balances, Decimal("0.00"))
    return {**account, "CurrentBalance": balances[0], "CurrentBalanceWithSubAccounts": total}


def _shown(books: Books, account: Record, identity: str) -> Decimal:
    """The balance of an account of the same kind as `account`, above zero on its own side."""
    home = home_code(books)
    foreign = (currency_of(account) or home) != home
    sign = {"Asset": 1, "Liability": -1, "Equity": -1}.get(account["Classification"], 0)
    return balance_of(books.store, identity, own=foreign) * sign


ACCOUNT = Entity(
    name="Account",
    fields={
        **COMMON,
        "Name": name(100),
        "AcctNum": text(20),
        "Description": text(100),
        "AccountType": Kind(clean=text(100).clean, seen=one_of(*TYPES).seen),
        "AccountSubType": text(100),
        "Classification": read_only(one_of("Asset", "Equity", "Expense", "Liability", "Revenue")),
        "FullyQualifiedName": read_only(text()),
        "SubAccount": flag,
        "ParentRef": reference,
        "Active": flag,
        "CurrentBalance": read_only(number),
        "CurrentBalanceWithSubAccounts": read_only(number),
        "CurrencyRef": reference,
        **alike(reference, "TaxCodeRef", "JournalCodeRef"),
        **alike(text(50), "AccountAlias", "TxnLocationType", "AcctNumExtn", "BankNum", "FIName"),
        **alike(flag, "TaxAccount", "OnlineBankingEnabled"),
        "AccountPurposes": many(reference),
        "OpeningBalance": read_only(number),
        "OpeningBalanceDate": read_only(day),
    },
    filters={
        "Name": "text",
        "AccountType": "text",
        "AccountSubType": "text",
        "Classification": "text",
        "Active": "flag",
        "FullyQualifiedName": "text",
    },
    lookups={"ParentRef": "ref", "AcctNum": "text"},
    complete=_account,
    present=_show_account,
)
