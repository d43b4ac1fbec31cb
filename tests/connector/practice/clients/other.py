"""Builders of what is left: time, taxes, files; and kinds that the API only reads."""

from __future__ import annotations

from typing import Any

from quickbooks.objects import (
    Attachable,
    AttachableRef,
    Budget,
    TaxAgency,
    TaxCode,
    TaxRate,
    TaxRateDetails,
    TaxService,
    TimeActivity,
)
from quickbooks.objects.customertype import CustomerType

from tests.connector.practice.clients.lists import employee, ref
from tests.connector.practice.clients.row import Row, unique
from tests.connector.practice.clients.sales import invoice

_BY_SERVICE = "QuickBooks has no update of it"
_NO_CHANGES = "change data capture leaves it out"


def time_activity(qb: Any) -> TimeActivity:
    made = TimeActivity()
    made.NameOf, made.EmployeeRef = "Employee", employee(qb).save(qb=qb).to_ref()
    made.CustomerRef, made.ItemRef, made.BillableStatus = ref("10"), ref("2"), "Billable"
    made.TxnDate, made.Hours, made.Minutes, made.HourlyRate = "2026-11-05", 2, 30, 45.5
    return made


def tax_agency(qb: Any) -> TaxAgency:
    made = TaxAgency()
    made.DisplayName = unique("Board of Taxes")
    return made


def tax_service(agency: str) -> TaxService:
    """A code of two new rates."""
    made = TaxService()
    made.TaxCode = unique("Resort tax")
    for name, percent in (("Resort", "4.5"), ("Lodging", "2")):
        detail = TaxRateDetails()
        detail.TaxRateName, detail.RateValue = unique(name), percent
        detail.TaxAgencyId = agency
        made.TaxRateDetails.append(detail)
    return made


def _tax_code(qb: Any) -> TaxCode:
    made = tax_service(tax_agency(qb).save(qb=qb).Id).save(qb=qb)
    return TaxCode.get(made.TaxCodeId, qb=qb)


def _tax_rate(qb: Any) -> TaxRate:
    return TaxRate.get(_tax_code(qb).SalesTaxRateList.TaxRateDetail[0].TaxRateRef.value, qb=qb)


def note(qb: Any) -> Attachable:
    """A note on an invoice, to go with it when it is sent."""
    made = Attachable()
    made.Note = "Gate code 4711"
    at = AttachableRef()
    at.EntityRef, at.IncludeOnSend = invoice(qb).save(qb=qb).to_ref(), True
    made.AttachableRef = [at]
    return made


OTHER = (
    Row(
        kind=TimeActivity,
        build=time_activity,
        change=("Description", "Windows"),
        left_out={"changes": _NO_CHANGES},
    ),
    Row(
        kind=TaxAgency,
        build=tax_agency,
        found_by="DisplayName",
        left_out={"update": _BY_SERVICE, "sparse": _BY_SERVICE, "changes": _NO_CHANGES},
    ),
    Row(kind=TaxCode, find=_tax_code, found_by="Name"),
    Row(kind=TaxRate, find=_tax_rate, found_by="Name"),
    Row(kind=CustomerType, find=lambda qb: CustomerType.all(qb=qb)[0], found_by="Name"),
    Row(kind=Budget, find=lambda qb: Budget.all(qb=qb)[0], found_by="Name"),
    Row(kind=Attachable, build=note, change=("Note", "Gate code 4712")),
)
