"""Tables of fields that several kinds of records share beyond `kind.COMMON`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connector.practice.entities.common.kind import ADDRESS, COMMON, PHONE, WEB_ADDRESS, email
from connector.practice.shape import (
    Fields,
    Kind,
    alike,
    day,
    exclusive,
    flag,
    many,
    moment,
    name,
    number,
    obj,
    one_of,
    read_only,
    reference,
    text,
    whole,
)

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEK_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
NAME_VALUES = many(obj(Name=text(), Value=text()))
#: What QuickBooks hangs on a line beside its own fields: names and values.
LINE_EX = obj(
    any=many(
        obj(
            **alike(text(), "name", "declaredType", "scope"),
            value=obj(Name=text(), Value=text()),
            **alike(flag, "nil", "globalScope", "typeSubstituted"),
        )
    )
)
CUSTOM_EXTENSIONS = many(
    obj(ExtensionType=text(), AssociatedValues=many(obj(Key=text(), Value=text())))
)
UNIT = obj(Unit=text(), UOMSetRef=reference)
MARKUP = obj(
    PercentBased=flag,
    **alike(number, "Value", "Percent"),
    **alike(reference, "PriceLevelRef", "MarkUpIncomeAccountRef"),
)
CONTACTS = many(
    exclusive(
        obj(
            Type=one_of("TelephoneNumber", "EmailAddress", "WebSiteAddress", "GenericContactType"),
            Telephone=PHONE,
            Email=email(),
            WebSite=WEB_ADDRESS,
            OtherContact=obj(
                Id=read_only(text()), **alike(text(), "Name", "Value", "Type", "Tag"), Default=flag
            ),
        ),
        "Telephone",
        "Email",
        "WebSite",
        "OtherContact",
    )
)
CARD = obj(
    **alike(text(), "Number", "Type", "NameOnAcct", "BillAddrStreet", "PostalCode"),
    **alike(text(), "CommercialCardCode", "PrevCCTransId"),
    **alike(whole, "CcExpiryMonth", "CcExpiryYear"),
    CCTxnMode=one_of("CardNotPresent", "CardPresent"),
    CCTxnType=one_of("Authorization", "Capture", "Charge", "Refund", "VoiceAuthorization"),
    Amount=number,
    ProcessPayment=flag,
)
_MATCH = one_of("Fail", "NotAvailable", "Pass")
CARD_ANSWER = obj(
    **alike(text(), "CCProcessor", "CCTransId", "ResultMsg", "MerchantAcctNum", "AuthCode"),
    **alike(text(), "SecurityCode", "ReconBatchId", "ClientTransID"),
    Status=one_of("Completed", "Voided", "Unknown"),
    **alike(whole, "ResultCode", "PaymentGroupingCode", "TxnAuthorizationStamp"),
    **alike(_MATCH, "CardSecurityCodeMatch", "AvsStreet", "AvsZip"),
    TxnAuthorizationTime=moment,
)
_RECURRING = obj(
    **alike(text(), "Name", "RecurType"),
    Active=flag,
    ScheduleInfo=obj(
        IntervalType=text(),
        **alike(whole, "NumInterval", "DayOfMonth", "WeekOfMonth", "RemindDays", "DaysBefore"),
        MaxOccurrences=whole,
        DayOfWeek=one_of(*WEEK_DAYS),
        MonthOfYear=one_of(*MONTHS),
        **alike(day, "StartDate", "EndDate", "NextDate", "PreviousDate"),
    ),
)

#: What every transaction may hold; its number, lines, links and tax are its own business.
TRANSACTION: Fields = {
    **COMMON,
    "TxnDate": day,
    "PrivateNote": text(4000),
    "ExchangeRate": number,
    **alike(reference, "CurrencyRef", "DepartmentRef", "ProjectRef"),
    **alike(text(50), "TransactionLocationType", "TaxFormType", "TaxFormNum"),
    "Tag": many(obj(**COMMON, Name=text())),
    "RecurringInfo": _RECURRING,
    "RecurDataRef": read_only(reference),
    "TxnApprovalInfo": read_only(
        obj(
            **alike(text(), "ApprovalStatus", "ApprovalStatusDetail", "LastChangedByUser"),
            LastChangedDate=moment,
        )
    ),
    "TxnSubType": read_only(
        one_of(
            "InvoiceTax",
            "InvoiceRetail",
            "JournalTaxAdjustment",
            "ProjectCostEstimate",
            "EmployeeReimbursableExpense",
            "EmployeeReimbursableExpensePayment",
            "RetainageRelease",
        )
    ),
    **alike(read_only(text()), "TxnSource", "TxnStatus"),
    **alike(read_only(number), "TotalCostAmount", "HomeTotalCostAmount"),
}
#: How and where money comes in.
MONEY_IN: Fields = {
    **alike(reference, "PaymentMethodRef", "DepositToAccountRef", "ARAccountRef", "RemitToRef"),
    "PaymentRefNum": text(21),
    "PaymentType": one_of("Cash", "Check", "CreditCard", "Expense", "Other"),
    "CheckPayment": obj(**alike(text(), "CheckNum", "Status", "NameOnAcct", "AcctNum", "BankName")),
    "CreditCardPayment": obj(CreditChargeInfo=CARD, CreditChargeResponse=read_only(CARD_ANSWER)),
}
#: What customers and vendors share beyond `kind.PERSON`.
CONTACT: Fields = {
    **alike(flag, "Organization", "TDSEnabled"),
    **alike(name(100), "ContactName", "AltContactName"),
    **alike(text(50), "UserId", "Source", "GSTIN", "GSTRegistrationType", "BusinessNumber"),
    "IntuitId": read_only(text()),
    "OtherContactInfo": CONTACTS,
    "OtherAddr": many(ADDRESS),
    "DefaultTaxCodeRef": reference,
    "ParentRef": reference,
    "CreditLimit": number,
    "OpenBalanceDate": read_only(day),
}
_TEXT_LINE = {"DescriptionOnly": "DescriptionLineDetail"}


def detailed(line: Kind) -> Kind:
    """A line that has no other detail than the one its DetailType names."""

    def seen(value: Any, path: str) -> Iterator[str]:
        yield from line.seen(value, path)
        if isinstance(value, dict):
            kind = str(value.get("DetailType"))
            own = _TEXT_LINE.get(kind, kind)
            strange = (key for key in value if key.endswith("LineDetail") and key != own)
            yield from (f"{path} is a line of {kind} and has a {key}." for key in strange)

    return replace(line, seen=seen)
