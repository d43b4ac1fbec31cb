"""Employees: their names share one space with customers and vendors, their SSN is never shown."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import ADDRESS, PERSON, Entity
from connector.practice.entities.common.parts import CONTACTS
from connector.practice.entities.lists.people import with_name
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    many,
    number,
    one_of,
    read_only,
    reference,
    text,
)

#: How QuickBooks shows every social security number.
MASK = "XXX-XX-XXXX"
_NOT_THEIRS = ("Balance", "BillAddr", "ShipAddr", "AcctNum", "CurrencyRef")


def _employee(change: Change, record: Record, old: Record | None) -> Record:
    record = with_name(change, "Employee", _masked(record, old), old)
    record.pop("FullyQualifiedName")
    return {"BillableTime": False, "Organization": False, **record}


def _masked(record: Record, old: Record | None) -> Record:
    """The number is not kept, only that there is one; the mask sent back changes nothing."""
    record = {**record}
    sent = record.pop("SSN", None)
    if sent and (sent != MASK or (old or {}).get("SSN")):
        record["SSN"] = MASK
    return record


EMPLOYEE = Entity(
    name="Employee",
    fields={
        **{field: kind for field, kind in PERSON.items() if field not in _NOT_THEIRS},
        "PrimaryAddr": ADDRESS,
        "OtherAddr": many(ADDRESS),
        "OtherContactInfo": CONTACTS,
        **alike(text(100), "EmployeeNumber", "EmployeeType", "SSN", "UserId"),
        **alike(flag, "BillableTime", "Organization"),
        **alike(number, "BillRate", "CostRate"),
        **alike(day, "BirthDate", "HiredDate", "ReleasedDate"),
        "Gender": one_of("Male", "Female"),
        "UseTimeEntry": one_of("NotSet", "DoNotUseTimeEntry", "UseTimeEntry"),
        "DefaultTaxCodeRef": reference,
        "IntuitId": read_only(text()),
    },
    filters={
        "DisplayName": "text",
        "GivenName": "text",
        "MiddleName": "text",
        "FamilyName": "text",
        "PrintOnCheckName": "text",
        "Active": "flag",
    },
    complete=_employee,
)
