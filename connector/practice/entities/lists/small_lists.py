"""The small lists: terms, payment methods, classes, locations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import ADDRESS, COMMON, Entity, link_names
from connector.practice.entities.common.naming import settle_name
from connector.practice.faults import business
from connector.practice.shape import (
    Record,
    flag,
    name,
    number,
    one_of,
    positive,
    read_only,
    reference,
    required,
    text,
    whole,
)

_FILTERS = {"Name": "text", "Active": "flag"}
_MOST_DAYS = 999


def _flat(entity: str, **defaults: Any) -> Callable[[Change, Record, Record | None], Record]:
    """Completion of a list without hierarchy."""

    def complete(change: Change, record: Record, old: Record | None) -> Record:
        required(record, "Name")
        record = settle_name(change, entity, record, old, field="Name")
        record.pop("FullyQualifiedName")
        return {**defaults, **record}

    return complete


def _nested(entity: str, below: str) -> Callable[[Change, Record, Record | None], Record]:
    """Completion of a list with hierarchy; `below` is its "has a parent" flag."""

    def complete(change: Change, record: Record, old: Record | None) -> Record:
        required(record, "Name")
        record = link_names(change, record, old, {"ParentRef": entity})
        record = settle_name(change, entity, record, old, field="Name")
        return {**record, below: bool(record.get("ParentRef"))}

    return complete


def _term(change: Change, record: Record, old: Record | None) -> Record:
    record = _flat("Term")(change, record, old)
    driven = record.get("DayOfMonthDue") is not None
    if not driven and not 0 <= record.setdefault("DueDays", 0) <= _MOST_DAYS:
        raise business(f"DueDays is between 0 and {_MOST_DAYS}.")
    return {**record, "Type": "DATE_DRIVEN" if driven else "STANDARD"}


TERM = Entity(
    name="Term",
    fields={
        **COMMON,
        "Name": name(31),
        "Active": flag,
        "Type": one_of("STANDARD", "DATE_DRIVEN"),
        "DueDays": whole,
        "DiscountDays": whole,
        "DiscountPercent": number,
        "DayOfMonthDue": positive,
        "DueNextMonthDays": positive,
        "DiscountDayOfMonth": positive,
    },
    filters=_FILTERS,
    complete=_term,
)
PAYMENT_METHOD = Entity(
    name="PaymentMethod",
    fields={
        **COMMON,
        "Name": name(31),
        "Active": flag,
        "Type": one_of("CREDIT_CARD", "NON_CREDIT_CARD"),
    },
    filters=_FILTERS,
    complete=_flat("PaymentMethod", Type="NON_CREDIT_CARD"),
)
CLASS = Entity(
    name="Class",
    fields={
        **COMMON,
        "Name": name(100),
        "Active": flag,
        "SubClass": flag,
        "ParentRef": reference,
        "FullyQualifiedName": read_only(text()),
    },
    filters=_FILTERS,
    complete=_nested("Class", "SubClass"),
)
DEPARTMENT = Entity(
    name="Department",
    fields={
        **COMMON,
        "Name": name(100),
        "Active": flag,
        "SubDepartment": flag,
        "ParentRef": reference,
        "FullyQualifiedName": read_only(text()),
        "Address": ADDRESS,
    },
    filters=_FILTERS,
    complete=_nested("Department", "SubDepartment"),
)
