"""Customers and vendors: who they are, their names, what they owe."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities.common.kind import PERSON, Entity, link_names
from connector.practice.entities.common.naming import settle_name
from connector.practice.entities.common.parts import CARD, CONTACT
from connector.practice.entities.currency.currencies import fixed_currency
from connector.practice.faults import Fault, missing
from connector.practice.shape import (
    Record,
    alike,
    check_length,
    day,
    flag,
    moment,
    number,
    obj,
    one_of,
    read_only,
    reference,
    text,
    whole,
)

_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
#: What a customer owes and a vendor is owed, as the ledger has it.
_OWED = """(SELECT coalesce(sum(original), 0) / 100.0 FROM balance
    WHERE name = 'Customer:' || k."Id")"""
_PAYABLE = """(SELECT coalesce(-sum(original), 0) / 100.0 FROM balance
    WHERE name = 'Vendor:' || k."Id")"""
_FILTERS = {
    "DisplayName": "text",
    "GivenName": "text",
    "FamilyName": "text",
    "CompanyName": "text",
    "PrimaryEmailAddr": "email",
    "Active": "flag",
    "Balance": "number",
}


def with_name(change: Change, entity: str, record: Record, old: Record | None) -> Record:
    """The record with its DisplayName, made of the other names where none is sent.

    Raises Fault 2050 for one that is too long, 6080 when no name is filled, 6240 when it is taken.
    """
    parts = [record[part] for part in _NAME_PARTS if record.get(part)]
    name = record.get("DisplayName") or (old or {}).get("DisplayName") or " ".join(parts)
    if not name:
        raise Fault("6080", "At least one name field must be filled.", element="DisplayName")
    check_length(len(name), change.switches.display_name_length, "DisplayName")
    named = settle_name(change, entity, {**record, "DisplayName": name}, old, field="DisplayName")
    return {"PrintOnCheckName": named["DisplayName"], **named}


def _customer(change: Change, record: Record, old: Record | None) -> Record:
    if old and record.get("Active") is False and change.books.balance(record["Id"]):
        raise Fault("6220", "A customer with an open balance cannot be made inactive.")
    targets = {
        "SalesTermRef": "Term",
        "PaymentMethodRef": "PaymentMethod",
        "ParentRef": "Customer",
        "CustomerTypeRef": "CustomerType",
        "DefaultTaxCodeRef": "TaxCode",
    }
    record = link_names(change, record, old, targets)
    record = with_name(change, "Customer", record, old)
    record = {
        "Taxable": True,
        "Job": False,
        "BillWithParent": False,
        "PreferredDeliveryMethod": "None",
        **record,
        "CurrencyRef": fixed_currency(change, record, old),
    }
    if record.get("ParentRef"):
        record["Level"] = record["FullyQualifiedName"].count(":")
    elif record["Job"]:
        raise missing("ParentRef")
    else:
        # Only who has a parent can be billed with it.
        record["BillWithParent"] = False
    return record


def _show_customer(books: Books, record: Record) -> Record:
    family = books.family("Customer", record["Id"])
    balances = [books.balance(one) for one in family]
    return {**record, "Balance": balances[0], "BalanceWithJobs": sum(balances, Decimal("0.00"))}


def _vendor(change: Change, record: Record, old: Record | None) -> Record:
    if old and record.get("Active") is False and change.books.payable(record["Id"]):
        raise Fault("6220", "A vendor with an open balance cannot be made inactive.")
    record = with_name(change, "Vendor", link_names(change, record, old, {"TermRef": "Term"}), old)
    record.pop("FullyQualifiedName")
    return {
        "Vendor1099": False,
        **record,
        "CurrencyRef": fixed_currency(change, record, old),
    }


def _show_vendor(books: Books, record: Record) -> Record:
    return {**record, "Balance": books.payable(record["Id"])}


CUSTOMER = Entity(
    name="Customer",
    fields={
        **PERSON,
        **CONTACT,
        "Job": flag,
        "BillWithParent": flag,
        "Level": read_only(whole),
        "Taxable": flag,
        "SalesTermRef": reference,
        "PaymentMethodRef": reference,
        "PreferredDeliveryMethod": one_of("Print", "Email", "None"),
        "ResaleNum": text(16),
        "TaxExemptionReasonId": text(50),
        "PrimaryTaxIdentifier": text(50),
        "SecondaryTaxIdentifier": text(50),
        **alike(reference, "CustomerTypeRef", "SalesRepRef", "TaxGroupCodeRef", "TaxRateRef"),
        **alike(reference, "PriceLevelRef", "ARAccountRef"),
        **alike(text(50), "ClientCompanyId", "TaxRegime"),
        "IsCISContractor": flag,
        "CCDetail": CARD,
        "JobInfo": obj(
            Status=one_of("Awarded", "Closed", "InProgress", "None", "NotAwarded", "Pending"),
            **alike(day, "StartDate", "ProjectedEndDate", "EndDate"),
            Description=text(),
            JobTypeRef=reference,
        ),
        "RootCustomerRef": read_only(reference),
        **alike(read_only(number), "BalanceWithJobs", "OverDueBalance"),
        **alike(read_only(number), "TotalRevenue", "TotalExpense"),
        "IsProject": read_only(flag),
        "ClientEntityId": read_only(text()),
    },
    filters={**_FILTERS, "Job": "flag"},
    lookups={"ParentRef": "ref"},
    computed={"Balance": _OWED},
    complete=_customer,
    present=_show_customer,
)
VENDOR = Entity(
    name="Vendor",
    fields={
        **PERSON,
        **CONTACT,
        "TermRef": reference,
        "Vendor1099": flag,
        "TaxIdentifier": text(50),
        **alike(number, "BillRate", "CostRate"),
        **alike(reference, "VendorTypeRef", "PrefillAccountRef", "APAccountRef"),
        **alike(flag, "T4AEligible", "T5018Eligible", "TDSOverrideThreshold", "IsSubContractor"),
        "HasTPAR": flag,
        **alike(whole, "TDSEntityTypeId", "TDSSectionTypeId"),
        "TaxIdEffectiveDate": day,
        **alike(text(50), "TaxCountry", "TaxReportingBasis", "SubcontractorType", "CISRate"),
        "CompanyRegistrationNumber": text(50),
        "VendorPaymentBankDetail": obj(
            **alike(text(100), "BankBranchIdentifier", "BankAccountNumber"),
            **alike(text(100), "BankAccountName", "StatementText"),
        ),
        "AgencyVerificationStatus": read_only(one_of("MATCHED", "UNMATCHED", "PENDING", "FAILED")),
        "AgencyVerificationStatusMsg": read_only(text()),
        "AgencyVerificationTSUTC": read_only(moment),
    },
    filters=_FILTERS,
    computed={"Balance": _PAYABLE},
    complete=_vendor,
    present=_show_vendor,
)
