"""The two records that describe a company: CompanyInfo and Preferences, one of each."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import (
    ADDRESS,
    COMMON,
    PHONE,
    WEB_ADDRESS,
    Entity,
    email,
)
from connector.practice.entities.common.parts import CONTACTS, MONTHS, NAME_VALUES, WEEK_DAYS
from connector.practice.faults import business, missing
from connector.practice.shape import (
    Fields,
    Record,
    alike,
    day,
    flag,
    many,
    moment,
    number,
    obj,
    one_of,
    positive,
    read_only,
    reference,
    required,
    text,
    whole,
)

_MONTH = one_of(*MONTHS)

_COMPANY_FIELDS: Fields = {
    **COMMON,
    **alike(text(1024), "CompanyName", "LegalName", "CompanyFileName"),
    **alike(ADDRESS, "CompanyAddr", "CustomerCommunicationAddr", "LegalAddr", "ShipAddr"),
    "OtherAddr": many(ADDRESS),
    **alike(email(), "Email", "CompanyEmailAddr", "CustomerCommunicationEmailAddr"),
    **alike(WEB_ADDRESS, "WebAddr", "CompanyURL"),
    **alike(PHONE, "PrimaryPhone", "Mobile", "Fax"),
    "OtherContactInfo": CONTACTS,
    "EmployerId": text(),
    "CompanyStartDate": read_only(day),
    **alike(_MONTH, "FiscalYearStartMonth", "TaxYearStartMonth"),
    **alike(read_only(text()), "Country", "SupportedLanguages", "DefaultTimeZone"),
    **alike(read_only(text()), "FlavorStratum", "QBVersion"),
    **alike(read_only(text()), "CompanyUserId", "CompanyUserAdminEmail"),
    **alike(read_only(flag), "SampleFile", "MultiByteCharsSupported"),
    **alike(read_only(moment), "LastImportedTime", "LastSyncTime"),
    "FifoCalculationStatus": read_only(one_of("None", "InProgress", "Completed", "Error")),
    "NameValue": read_only(NAME_VALUES),
}

_CUSTOM_FIELD = many(
    obj(
        **COMMON,
        **alike(text(), "EntityType", "Name", "AppId"),
        **alike(flag, "Hidden", "Required"),
    )
)
_LETTER = obj(**alike(text(), "Subject", "Message"))
_ACCOUNTING = obj(
    **alike(flag, "UseAccountNumbers", "RequiresAccounts", "TrackDepartments"),
    **alike(flag, "ClassTrackingPerTxn", "ClassTrackingPerTxnLine", "AutoJournalEntryNumber"),
    **alike(text(), "DepartmentTerminology", "CustomerTerminology", "TaxForm"),
    **alike(_MONTH, "FirstMonthOfFiscalYear", "TaxYearMonth"),
    BookCloseDate=day,
    **alike(reference, "DefaultARAccount", "DefaultAPAccount"),
    OtherContactInfo=CONTACTS,
)
_STOCK = obj(
    **alike(flag, "MLIAvailable", "MLIEnabled", "EnhancedInventoryReceivingEnabled"),
    **alike(flag, "TrackingSerialOrLotNumber", "TrackingOnSalesTransactionsEnabled"),
    **alike(flag, "TrackingOnPurchaseTransactionsEnabled", "TrackingOnBuildAssemblyEnabled"),
    **alike(flag, "TrackingOnInventoryAdjustmentEnabled", "RowShelfBinEnabled", "BarcodeEnabled"),
    FIFOEnabled=flag,
    FIFOEffectiveDate=day,
)
_PRODUCTS = obj(
    **alike(flag, "ForSales", "ForPurchase", "InventoryAndPurchaseOrder", "QuantityOnHand"),
    **alike(flag, "QuantityWithPriceAndRate", "RevenueRecognition"),
    UOM=one_of("Disabled", "SinglePerItem", "MultiplePerItem"),
    RevenueRecognitionFrequency=text(),
)
_SALES_FORMS = obj(
    **alike(flag, "CustomTxnNumbers", "AllowDeposit", "AllowDiscount", "AllowEstimates"),
    **alike(flag, "AllowServiceDate", "AllowShipping", "AutoApplyCredit", "AutoApplyPayments"),
    **alike(flag, "UsingProgressInvoicing", "DelayedCharges", "EmailCopyToCompany"),
    **alike(flag, "ETransactionAttachPDF", "ETransactionPaymentEnabled", "IPNSupportEnabled"),
    **alike(flag, "PrintItemWithZeroAmount", "TrackReimbursableExpensesAsIncome"),
    **alike(flag, "UsingSalesOrders", "UsingPriceLevels"),
    **alike(text(), "DefaultDiscountAccount", "DefaultShippingAccount", "DefaultDeliveryMethod"),
    **alike(text(), "EstimateMessage", "InvoiceMessage", "DefaultCustomerMessage", "DefaultFOB"),
    **alike(reference, "DefaultItem", "DefaultTerms", "DefaultShipMethodRef"),
    **alike(email(200), "SalesEmailCc", "SalesEmailBcc"),
    DefaultMarkup=number,
    ETransactionEnabledStatus=one_of("Enabled", "NotApplicable"),
    CustomField=_CUSTOM_FIELD,
)
_LETTERS = obj(
    **alike(_LETTER, "InvoiceMessage", "EstimateMessage", "SalesReceiptMessage"),
    StatementMessage=_LETTER,
    NameValue=NAME_VALUES,
)
_PURCHASES = obj(
    **alike(flag, "EnableBills", "TrackingByCustomer", "BillableExpenseTracking"),
    **alike(flag, "AutomaticBillPayment", "TPAREnabled"),
    **alike(flag, "UsingInventory", "UsingMultiLocationInventory"),
    **alike(reference, "DefaultTerms", "DefaultMarkupAccount", "DiscountAccountRef"),
    DefaultMarkup=number,
    DaysBillsAreDue=whole,
    MsgToVendors=text(),
    POCustomField=_CUSTOM_FIELD,
)
_TIME = obj(
    **alike(flag, "UseServices", "BillCustomers", "ShowBillRateToAll", "TimeTrackingEnabled"),
    **alike(flag, "MarkTimeEntriesBillable", "MarkExpensesAsBillable"),
    DefaultTimeItem=reference,
    WorkWeekStartDate=one_of(*WEEK_DAYS),
)
_TAX = obj(
    **alike(flag, "UsingSalesTax", "PartnerTaxEnabled", "HideTaxManagement"),
    **alike(reference, "TaxGroupCodeRef", "TaxRateRef"),
    **alike(reference, "NonTaxableSalesTaxCodeRef", "TaxableSalesTaxCodeRef"),
    PaySalesTax=one_of("Annually", "Monthly", "Quarterly"),
)
_FINANCE_CHARGES = obj(
    **alike(number, "AnnualInterestRate", "MinFinChrg"),
    GracePeriod=positive,
    **alike(flag, "CalcFinChrgFromTxnDate", "AssessFinChrgForOverdueCharges"),
    FinChrgAccountRef=reference,
)

_PREFERENCES_FIELDS: Fields = {
    **COMMON,
    "AccountingInfoPrefs": _ACCOUNTING,
    "AdvancedInventoryPrefs": _STOCK,
    "ProductAndServicesPrefs": _PRODUCTS,
    "SalesFormsPrefs": _SALES_FORMS,
    "EmailMessagesPrefs": _LETTERS,
    "PrintDocumentPrefs": obj(NameValue=NAME_VALUES),
    "VendorAndPurchasesPrefs": _PURCHASES,
    "TimeTrackingPrefs": _TIME,
    "TaxPrefs": _TAX,
    "FinanceChargesPrefs": _FINANCE_CHARGES,
    "CurrencyPrefs": obj(MultiCurrencyEnabled=flag, HomeCurrency=read_only(reference)),
    "ReportPrefs": obj(ReportBasis=one_of("Accrual", "Cash"), CalcAgingReportFromTxnDate=flag),
    "OtherPrefs": obj(NameValue=NAME_VALUES),
}

#: Preferences that name a record: section, field, kind.
_DEFAULTS = (
    ("SalesFormsPrefs", "DefaultTerms", "Term"),
    ("SalesFormsPrefs", "DefaultItem", "Item"),
    ("TaxPrefs", "TaxGroupCodeRef", "TaxCode"),
)


def _company_info(change: Change, record: Record, old: Record | None) -> Record:
    """The description of the company; what QuickBooks fills stays as it is."""
    if old is None:
        raise missing("Id")
    required(record, "CompanyName")
    return {**_filled(old, _COMPANY_FIELDS), **record}


def _preferences(change: Change, record: Record, old: Record | None) -> Record:
    """The preferences; raises Fault 2500 for a default that does not exist.

    Multicurrency cannot be turned off again (Fault 6000), the home currency is what it is.
    """
    if old is None:
        raise missing("Id")
    currency = {**record.get("CurrencyPrefs", {})}
    before = old.get("CurrencyPrefs", {})
    if before.get("MultiCurrencyEnabled") and currency.get("MultiCurrencyEnabled") is not True:
        raise business("Multicurrency cannot be turned off once it is turned on.")
    currency.setdefault("MultiCurrencyEnabled", False)
    currency["HomeCurrency"] = before.get("HomeCurrency", {"value": "USD"})
    for section, field, kind in _DEFAULTS:
        ref = record.get(section, {}).get(field)
        if ref:
            change.refer(kind, ref["value"])
    return {**_filled(old, _PREFERENCES_FIELDS), **record, "CurrencyPrefs": currency}


def _filled(record: Record, fields: Fields) -> Record:
    """What QuickBooks itself has filled in a record."""
    return {
        key: value for key, value in record.items() if key in fields and not fields[key].writable
    }


COMPANY_INFO = Entity(
    name="CompanyInfo", fields=_COMPANY_FIELDS, filters={}, complete=_company_info
)
PREFERENCES = Entity(
    name="Preferences",
    fields=_PREFERENCES_FIELDS,
    filters={},
    complete=_preferences,
    sections=True,
)
