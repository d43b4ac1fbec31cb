"""What sales tax is made of: agencies, rates, and the codes that sales and purchases name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import COMMON, PERSON, Entity
from connector.practice.entities.common.parts import CONTACT
from connector.practice.faults import Fault
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    many,
    moment,
    name,
    number,
    obj,
    one_of,
    read_only,
    reference,
    required,
    text,
    whole,
)

SALES_RATES, PURCHASE_RATES = "SalesTaxRateList", "PurchaseTaxRateList"
_FILTERS = {"Name": "text", "Active": "flag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One rate of a tax code."""

    identity: str
    percent: Decimal


def rates_of(change: Change, code: Record, rates: str = SALES_RATES) -> tuple[Rate, ...]:
    """The rates of a tax code, each applied to the amount alone; none for an exempt one."""
    details = (code.get(rates) or {}).get("TaxRateDetail") or ()
    return tuple(_rates(change, details))


def _rates(change: Change, details: Any) -> Iterator[Rate]:
    for detail in details:
        rate = change.refer("TaxRate", detail["TaxRateRef"]["value"])
        yield Rate(identity=rate["Id"], percent=Decimal(rate["RateValue"]))


def rate_list(*rates: Record) -> Record:
    """The list of a tax code over these rates, in their order."""
    return {
        "TaxRateDetail": [
            {
                "TaxRateRef": {"value": rate["Id"], "name": rate["Name"]},
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxOrder": order,
            }
            for order, rate in enumerate(rates)
        ]
    }


def _agency(change: Change, record: Record, old: Record | None) -> Record:
    """A new agency; QuickBooks offers no update of one."""
    if old is not None:
        raise Fault("500", "Operation is not supported.", status=500)
    required(record, "DisplayName")
    change.check_unique("TaxAgency", record["DisplayName"], record["Id"])
    return {"TaxTrackedOnSales": True, "TaxTrackedOnPurchases": False, "Active": True, **record}


def _as_it_is(change: Change, record: Record, old: Record | None) -> Record:
    return record


_RATES = obj(
    TaxRateDetail=many(
        obj(
            TaxRateRef=reference,
            TaxTypeApplicable=one_of("TaxOnAmount", "TaxOnAmountPlusTax", "TaxOnTax"),
            **alike(whole, "TaxOrder", "TaxOnTaxOrder"),
        )
    ),
    originatingGroupId=text(),
)
#: Codes and rates are made by the tax service alone.
TAX_CODE = Entity(
    name="TaxCode",
    fields={
        **COMMON,
        "Name": name(100),
        "Description": text(100),
        "Active": flag,
        "Taxable": flag,
        **alike(flag, "TaxGroup", "Hidden"),
        **alike(_RATES, SALES_RATES, PURCHASE_RATES, "AdjustmentTaxRateList"),
        "TaxCodeConfigType": read_only(
            one_of("SYSTEM_GENERATED", "USER_DEFINED", "SCRA_DEFINED", "HIDDEN_AGENCY")
        ),
    },
    filters=_FILTERS,
    complete=_as_it_is,
    writable=False,
)
TAX_RATE = Entity(
    name="TaxRate",
    fields={
        **COMMON,
        "Name": name(100),
        "Description": text(100),
        "Active": flag,
        "RateValue": number,
        **alike(reference, "AgencyRef", "TaxReturnLineRef", "OriginalTaxRate"),
        "EffectiveTaxRate": many(
            obj(RateValue=number, **alike(moment, "EffectiveDate", "EndDate"))
        ),
        "SpecialTaxType": one_of(
            "NONE", "ZERO_RATE", "FOREIGN_TAX", "REVERSE_CHARGE", "ADJUSTMENT_RATE"
        ),
        "DisplayType": one_of(
            "ReadOnly", "HideInTransactionForms", "HideInPrintedForms", "HideInAll"
        ),
    },
    filters=_FILTERS,
    complete=_as_it_is,
    writable=False,
)
TAX_AGENCY = Entity(
    name="TaxAgency",
    fields={
        **PERSON,
        **CONTACT,
        **alike(reference, "TermRef", "VendorTypeRef", "PrefillAccountRef", "APAccountRef"),
        **alike(reference, "SalesTaxCodeRef", "SalesTaxReturnRef"),
        **alike(read_only(reference), "TaxTrackedOnSalesAccountRef", "TaxOnPurchasesAccountRef"),
        **alike(text(100), "SalesTaxCountry", "ReportingPeriod", "TaxIdentifier", "TaxCountry"),
        "TaxRegistrationNumber": text(30),
        **alike(flag, "TaxTrackedOnSales", "TaxTrackedOnPurchases", "TaxOnTax", "Vendor1099"),
        "LastFileDate": read_only(day),
        "TaxAgencyConfig": read_only(text()),
    },
    filters={"DisplayName": "text", "Active": "flag"},
    complete=_agency,
)
