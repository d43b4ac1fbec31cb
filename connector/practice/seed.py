"""The two companies the practice starts with: Sparrow Home Services and Lumen Med Spa."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities import BY_NAME
from connector.practice.entities.common.kind import TRANSACTION_IDS
from connector.practice.entities.lists.accounts import TYPES
from connector.practice.seed_taxes import Put, us_tax_lists
from connector.practice.shape import Record
from connector.practice.switches import Switches

ZONE = "America/Boise"
COMPANIES = (
    ("9341455600000001", "Sparrow Home Services LLC"),
    ("9341455600000002", "Lumen Med Spa LLC"),
)
_BORN = "2026-01-02T09:00:00-07:00"
_CURRENCY = {"value": "USD", "name": "United States Dollar"}
_INCOME, _LIABILITY = "Income", "Other Current Liability"
#: id, name, type, subtype, active
_ACCOUNTS = (
    ("70", "Old Sales", _INCOME, "SalesOfProductIncome", False),
    ("79", "Service Revenue", _INCOME, "ServiceFeeIncome", True),
    ("80", "Product Revenue", _INCOME, "SalesOfProductIncome", True),
    ("81", "Recurring Service Revenue", _INCOME, "ServiceFeeIncome", True),
    ("82", "Residential Cleaning", _INCOME, "ServiceFeeIncome", True),
    ("83", "Plumbing Revenue", _INCOME, "ServiceFeeIncome", True),
    ("84", "Water Heater Revenue", _INCOME, "ServiceFeeIncome", True),
    ("85", "Discounts Given", _INCOME, "DiscountsRefundsGiven", True),
    ("86", "Injectables", _INCOME, "ServiceFeeIncome", True),
    ("87", "Laser", _INCOME, "ServiceFeeIncome", True),
    ("88", "Skincare Retail", _INCOME, "SalesOfProductIncome", True),
    ("90", "Undeposited Funds", "Other Current Asset", "UndepositedFunds", True),
    ("91", "Stripe Clearing", "Bank", "Checking", True),
    ("92", "Checking", "Bank", "Checking", True),
    ("95", "Customer Deposits", _LIABILITY, "OtherCurrentLiabilities", True),
    ("96", "Tips Payable", _LIABILITY, "OtherCurrentLiabilities", True),
    ("97", "Merchant Fees", "Expense", "BankCharges", True),
    ("98", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", True),
    ("99", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", True),
)
_TERMS = (("1", "Due on receipt", 0), ("2", "Net 15", 15), ("3", "Net 30", 30))
_METHODS = (
    ("1", "Cash", "NON_CREDIT_CARD"),
    ("2", "Check", "NON_CREDIT_CARD"),
    ("3", "Credit Card", "CREDIT_CARD"),
    ("4", "ACH", "NON_CREDIT_CARD"),
)


_CUSTOMER_TYPES = (("1", "Residential"), ("2", "Commercial"))


def empty() -> list[Books]:
    """Both companies with their preferences and nothing else."""
    return [company(realm, name, preferences=_of_the_first(realm)) for realm, name in COMPANIES]


def fixture() -> list[Books]:
    """Both companies with accounts, lists and, in the first, people."""
    companies = empty()
    for books in companies:
        put(books, [*starting_lists(), *us_tax_lists()])
    put(companies[0], _people())
    return companies


def as_record(entity: str, record: Record, *, stamp: str = _BORN) -> Record:
    """A record completed just enough to be shown and linked; no rule is asked."""
    head: Record = {
        "domain": "QBO",
        "sparse": False,
        "SyncToken": "0",
        "MetaData": {"CreateTime": stamp, "LastUpdatedTime": stamp},
    }
    defaults: Record = {"Active": True}
    if BY_NAME[entity].sequence == TRANSACTION_IDS:
        lists: Record = {key: [] for key in ("LinkedTxn", "Line") if key in BY_NAME[entity].fields}
        defaults = {"TxnDate": stamp[:10], **lists}
        rests = {"CreditMemo": ("Balance", "RemainingCredit"), "Payment": ("UnappliedAmt",)}
        rests |= {"BillPayment": ("UnappliedAmt",)}
        rests |= dict.fromkeys(("Invoice", "Bill", "VendorCredit"), ("Balance",))
        for rest in rests.get(entity, ()):
            defaults[rest] = record.get("TotalAmt", 0)
    elif entity in ("Customer", "Item", "Account", "Class", "Department"):
        defaults["FullyQualifiedName"] = record.get("DisplayName") or record.get("Name")
    return {**head, **defaults, **record}


def company(
    realm: str,
    name: str,
    *,
    info: Record | None = None,
    preferences: Record | None = None,
) -> Books:
    """A company in memory with nothing but its CompanyInfo and its Preferences.

    `info` and `preferences` go before what every practice company has; of the latter each section
    as a whole.
    """
    books = Books(BY_NAME)
    born = {"CreateTime": _BORN, "LastUpdatedTime": _BORN}
    head = {"domain": "QBO", "sparse": False, "Id": "1", "SyncToken": "0", "MetaData": born}
    described = {
        **head,
        "CompanyName": name,
        "LegalName": name,
        "Country": "US",
        "FiscalYearStartMonth": "January",
        "DefaultTimeZone": ZONE,
        "SupportedLanguages": "en",
        "NameValue": [
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
            {"Name": "SubscriptionStatus", "Value": "SUBSCRIBED"},
        ],
        **(info or {}),
    }
    preferred = {**head, **_preferences(), **(preferences or {})}
    with books.store.transaction():
        books.store.run("INSERT INTO setting VALUES ('realm', ?)", (realm,))
        books.store.run("INSERT INTO sequence VALUES (?, 100)", (TRANSACTION_IDS,))
        books.store.put("CompanyInfo", described)
        books.store.put("Preferences", preferred)
    return books


def put(books: Books, records: list[Put]) -> None:
    """Store records past the rules, completed as `as_record` does."""
    change = Change(books, now=datetime.fromisoformat(_BORN), switches=Switches())
    for entity, record in records:
        change.put(entity, as_record(entity, record))
    change.apply()


def _of_the_first(realm: str) -> Record:
    """The first company has closed books, and prefers Net 30: a trap for who relies on it."""
    if realm != COMPANIES[0][0]:
        return {}
    usual = _preferences()
    own: dict[str, Record] = {
        "AccountingInfoPrefs": {"BookCloseDate": "2026-10-31"},
        "SalesFormsPrefs": {"DefaultTerms": {"value": "3"}},
    }
    return {section: {**usual[section], **added} for section, added in own.items()}


def _preferences() -> Record:
    return {
        "AccountingInfoPrefs": {
            "UseAccountNumbers": False,
            "TrackDepartments": True,
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": True,
            "CustomerTerminology": "Customers",
        },
        "SalesFormsPrefs": {
            "CustomTxnNumbers": True,
            "AllowDeposit": False,
            "AllowDiscount": True,
            "DefaultDiscountAccount": "85",
            "AllowEstimates": True,
            "AllowServiceDate": True,
            "AllowShipping": False,
            "AutoApplyCredit": False,
            "AutoApplyPayments": False,
            "DefaultItem": {"value": "1"},
        },
        "TaxPrefs": {
            "UsingSalesTax": True,
            "PartnerTaxEnabled": True,
            "TaxGroupCodeRef": {"value": "2"},
        },
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
    }


def starting_lists() -> list[Put]:
    """Accounts, terms, payment methods and items of a new company."""
    records: list[Put] = [("Account", _account(*row)) for row in _ACCOUNTS]
    for identity, name, days in _TERMS:
        records.append(
            ("Term", {"Id": identity, "Name": name, "Type": "STANDARD", "DueDays": days})
        )
    for identity, name, kind in _METHODS:
        records.append(("PaymentMethod", {"Id": identity, "Name": name, "Type": kind}))
    records += [("CustomerType", {"Id": key, "Name": name}) for key, name in _CUSTOMER_TYPES]
    records.append(("Budget", _budget(year="2026")))
    records.append(("Item", _item("1", "Services")))
    records.append(("Item", _item("2", "Hours")))
    return records


def _account(identity: str, name: str, kind: str, detail: str, active: bool) -> Record:
    shown = name if active else f"{name} (deleted)"
    return {
        "Id": identity,
        "Name": shown,
        "FullyQualifiedName": shown,
        "SubAccount": False,
        "Active": active,
        "Classification": TYPES[kind][0],
        "AccountType": kind,
        "AccountSubType": detail,
        "CurrentBalance": 0,
        "CurrentBalanceWithSubAccounts": 0,
        "CurrencyRef": _CURRENCY,
    }


def _budget(year: str) -> Record:
    """What the company expects to earn and to spend in each quarter."""
    expected = (("79", "Service Revenue", "30000"), ("97", "Merchant Fees", "900"))
    return {
        "Id": "1",
        "Name": f"Budget {year}",
        "StartDate": f"{year}-01-01",
        "EndDate": f"{year}-12-31",
        "BudgetType": "ProfitAndLoss",
        "BudgetEntryType": "Quarterly",
        "BudgetDetail": [
            {
                "BudgetDate": f"{year}-{month}-01",
                "Amount": Decimal(amount),
                "AccountRef": {"value": account, "name": name},
            }
            for account, name, amount in expected
            for month in ("01", "04", "07", "10")
        ],
    }


def _item(identity: str, name: str) -> Record:
    return {
        "Id": identity,
        "Name": name,
        "FullyQualifiedName": name,
        "Type": "Service",
        "Taxable": False,
        "UnitPrice": 0,
        "TrackQtyOnHand": False,
        "IncomeAccountRef": {"value": "79", "name": "Service Revenue"},
    }


def _people() -> list[Put]:
    dana = {"GivenName": "Dana", "FamilyName": "Whitfield"}
    ann = {"GivenName": "Ann", "FamilyName": "Lee"}
    customers = [
        _customer("10", "Dana Whitfield", "DANA.whitfield@Example.com", **dana),
        _customer(
            "11", "Dana Whitfield (deleted)", "DANA.whitfield@Example.com", Active=False, **dana
        ),
        _customer("12", "Ann Lee", "ann.lee@example.com", **ann),
        _customer("13", "Ann Lee (Eagle)", "ann.lee@example.com", **ann),
        _customer(
            "14",
            "Omar Haddad",
            "",
            GivenName="Omar",
            FamilyName="Haddad",
            PrimaryPhone={"FreeFormNumber": "(208) 555-0166"},
        ),
        _customer("15", "Pat Kim", "office@kim.example, pat@kim.example", GivenName="Pat"),
    ]
    vendor = {"Id": "20", "DisplayName": "Rivera Plumbing", "CompanyName": "Rivera Plumbing"}
    extra = {"PrintOnCheckName": "Rivera Plumbing", "Balance": 0, "Vendor1099": False}
    return [*(("Customer", one) for one in customers), ("Vendor", {**vendor, **extra})]


def _customer(identity: str, name: str, email: str, **more: Any) -> Record:
    address = {"PrimaryEmailAddr": {"Address": email}} if email else {}
    return {
        "Id": identity,
        "DisplayName": name,
        "FullyQualifiedName": name,
        "PrintOnCheckName": name.removesuffix(" (deleted)"),
        **address,
        "Taxable": True,
        "Job": False,
        "BillWithParent": False,
        "PreferredDeliveryMethod": "None",
        "CurrencyRef": _CURRENCY,
        **more,
    }
