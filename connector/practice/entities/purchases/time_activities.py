"""Time activities: hours that an employee or a vendor has worked; they post nothing."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import COMMON, Entity, link_names
from connector.practice.entities.currency.transactions import check_department, no_cleanup
from connector.practice.entities.purchases.expenses import BILLABLE
from connector.practice.faults import business, missing
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    moment,
    number,
    one_of,
    reference,
    required,
    text,
    whole,
)

#: By NameOf: the field that says who worked.
_WORKERS = {"Employee": "EmployeeRef", "Vendor": "VendorRef"}
_LINKS = {
    "EmployeeRef": "Employee",
    "VendorRef": "Vendor",
    "CustomerRef": "Customer",
    "ItemRef": "Item",
    "ClassRef": "Class",
    "DepartmentRef": "Department",
}
_MOST_HOURS, _MOST_MINUTES = 8760, 59


def _activity(change: Change, record: Record, old: Record | None) -> Record:
    required(record, "NameOf", _WORKERS[record["NameOf"]] if record.get("NameOf") else "NameOf")
    _check_time(record)
    check_department(change, record)
    record = link_names(change, record, old, _LINKS)
    if record.get("BillableStatus") == "Billable":
        required(record, "CustomerRef")
    worker = _WORKERS[record["NameOf"]]
    person = change.find(record["NameOf"], record[worker]["value"]) or {}
    rate = {"HourlyRate": person["BillRate"]} if person.get("BillRate") else {}
    others = [field for field in _WORKERS.values() if field != worker]
    kept = {key: value for key, value in record.items() if key not in others}
    usual = {"TxnDate": change.today, "BillableStatus": "NotBillable", "Taxable": False}
    return {**usual, **rate, **kept}


def _check_time(record: Record) -> None:
    """Raise Fault 2020 where no time is told, 6000 for one that cannot be."""
    times = (record.get("StartTime"), record.get("EndTime"))
    if any(times) and not all(times):
        raise missing("EndTime" if times[0] else "StartTime")
    if not any(times) and record.get("Hours") is None and record.get("Minutes") is None:
        raise missing("Hours")
    if record.get("Hours", 0) > _MOST_HOURS or record.get("Minutes", 0) > _MOST_MINUTES:
        raise business(f"A time has at most {_MOST_HOURS} hours and {_MOST_MINUTES} minutes.")


TIME_ACTIVITY = Entity(
    name="TimeActivity",
    fields={
        **COMMON,
        "TxnDate": day,
        "TimeZone": text(50),
        "NameOf": one_of(*_WORKERS),
        **alike(reference, *_LINKS, "OtherNameRef", "PayrollItemRef", "ProjectRef"),
        "BillableStatus": BILLABLE,
        **alike(flag, "Taxable", "HoursInEmployeeTimeZone"),
        **alike(number, "HourlyRate", "CostRate"),
        **alike(whole, "Hours", "Minutes", "Seconds", "TimeChargeId"),
        **alike(whole, "BreakHours", "BreakMinutes", "BreakSeconds"),
        **alike(moment, "StartTime", "EndTime"),
        "Description": text(4000),
    },
    filters={"TxnDate": "day", "EmployeeRef": "ref", "VendorRef": "ref", "CustomerRef": "ref"},
    complete=_activity,
    remove=no_cleanup,
)
