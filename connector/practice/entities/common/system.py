"""Accounts that QuickBooks keeps for itself: found by their subtype, made when first needed."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.entities.common.currency_codes import currency_named, currency_of, home_code
from connector.practice.shape import Record

#: Subtype: name, account type, classification.
_ACCOUNTS = {
    "AccountsReceivable": ("Accounts Receivable (A/R)", "Accounts Receivable", "Asset"),
    "AccountsPayable": ("Accounts Payable (A/P)", "Accounts Payable", "Liability"),
    "UndepositedFunds": ("Undeposited Funds", "Other Current Asset", "Asset"),
    "Inventory": ("Inventory Asset", "Other Current Asset", "Asset"),
    "GlobalTaxPayable": ("Tax Payable", "Other Current Liability", "Liability"),
    "SalesTaxPayable": ("Sales Tax Payable", "Other Current Liability", "Liability"),
    "OpeningBalanceEquity": ("Opening Balance Equity", "Equity", "Equity"),
    "RetainedEarnings": ("Retained Earnings", "Equity", "Equity"),
    "UnappliedCashPaymentIncome": ("Unapplied Cash Payment Income", "Income", "Revenue"),
    "UnappliedCashBillPaymentExpense": (
        "Unapplied Cash Bill Payment Expense",
        "Expense",
        "Expense",
    ),
    "SuppliesMaterialsCogs": ("Cost of Goods Sold", "Cost of Goods Sold", "Expense"),
    "OtherPrimaryIncome": ("Shipping Income", "Income", "Revenue"),
    "ExchangeGainOrLoss": ("Exchange Gain or Loss", "Other Expense", "Expense"),
}

_AGENCY_ACCOUNT = "TaxTrackedOnSalesAccountRef"


def system_account(change: Change, detail: str, currency: str = "") -> str:
    """The id of the oldest active account of this subtype, in the home or another currency.

    What customers owe in a foreign currency stands on an account of its own.
    """
    home = home_code(change.books)
    wanted = currency or home
    for account in change.books.having("Account", AccountSubType=detail, Active=True):
        if (currency_of(account) or home) == wanted:
            return str(account["Id"])
    name = _ACCOUNTS[detail][0]
    return establish(change, name if wanted == home else f"{name} - {wanted}", detail, wanted)


def tax_account(change: Change, rate: str) -> str:
    """The id of the account that what is owed to a tax rate's agency stands on."""
    found = change.find("TaxRate", rate) or {}
    agency = change.find("TaxAgency", (found.get("AgencyRef") or {}).get("value", ""))
    if agency is None:
        return system_account(change, "SalesTaxPayable")
    if agency.get(_AGENCY_ACCOUNT):
        return str(agency[_AGENCY_ACCOUNT]["value"])
    at_home = change.books.info.get("Country", "US") == "US"
    detail = "SalesTaxPayable" if at_home else "GlobalTaxPayable"
    name = f"{agency['DisplayName']} Payable"
    identity = establish(change, name, detail, home_code(change.books))
    change.establish("TaxAgency", {**agency, _AGENCY_ACCOUNT: {"value": identity, "name": name}})
    return identity


def shipping_account(change: Change) -> str:
    """The id of the account for shipping where the preferences name none."""
    name = _ACCOUNTS["OtherPrimaryIncome"][0]
    return establish(change, name, "OtherPrimaryIncome", home_code(change.books))


def establish(change: Change, name: str, detail: str, currency: str) -> str:
    """The id of the account of this name, which is made when there is none."""
    for known in change.books.having("Account", FullyQualifiedName=name, Active=True):
        return str(known["Id"])
    _, kind, classification = _ACCOUNTS[detail]
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
        "CurrencyRef": currency_named(currency),
    }
    change.establish("Account", account)
    return identity
