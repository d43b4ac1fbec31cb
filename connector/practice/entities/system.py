"""Accounts that QuickBooks keeps for itself: found by their subtype, made when first needed."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.shape import Record

#: Subtype: name, account type, classification.
_ACCOUNTS = {
    "AccountsReceivable": ("Accounts Receivable (A/R)", "Accounts Receivable", "Asset"),
    "AccountsPayable": ("Accounts Payable (A/P)", "Accounts Payable", "Liability"),
    "UndepositedFunds": ("Undeposited Funds", "Other Current Asset", "Asset"),
    "Inventory": ("Inventory Asset", "Other Current Asset", "Asset"),
    "SalesTaxPayable": ("Sales Tax Payable", "Other Current Liability", "Liability"),
    "OpeningBalanceEquity": ("Opening Balance Equity", "Equity", "Equity"),
    "RetainedEarnings": ("Retained Earnings", "Equity", "Equity"),
    "UnappliedCashPaymentIncome": ("Unapplied Cash Payment Income", "Income", "Revenue"),
    "SuppliesMaterialsCogs": ("Cost of Goods Sold", "Cost of Goods Sold", "Expense"),
    "ExchangeGainOrLoss": ("Exchange Gain or Loss", "Other Expense", "Expense"),
}


def system_account(change: Change, detail: str) -> str:
    """The id of the oldest active account of this subtype."""
    found = change.books.having("Account", AccountSubType=detail, Active=True)
    if found:
        return str(found[0]["Id"])
    name, kind, classification = _ACCOUNTS[detail]
    identity = change.next_id("Account")
    meta = {"CreateTime": change.stamp, "LastUpdatedTime": change.stamp}
    account: Record = {
        "domain": "QBO",
        "sparse": False,
        "Id": identity,
        "SyncToken": "0",
        "MetaData": meta,
        "Name": name,
        "FullyQualifiedName": name,
        "SubAccount": False,
        "Active": True,
        "Classification": classification,
        "AccountType": kind,
        "AccountSubType": detail,
        "CurrentBalance": Decimal("0.00"),
        "CurrentBalanceWithSubAccounts": Decimal("0.00"),
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
    }
    change.establish("Account", account)
    return identity
