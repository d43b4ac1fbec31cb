"""Texts whose length is a matter of switches: what is cut, and what may be longer or shorter."""

from __future__ import annotations

from typing import Any

from connector.practice.entities.common.kind import ADDRESS_FIELDS
from connector.practice.shape import Fields, Record, check_length
from connector.practice.switches import Switches

_NAMES = ("DisplayName", "Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
_CUT = (*_NAMES, "CompanyName", "PrintOnCheckName")
_ADDRESSES = ("BillAddr", "ShipAddr", "ShipFromAddr", "PrimaryAddr")


def cut(body: Record, fields: Fields) -> Record:
    """The body with the names and addresses of people no longer than they may be.

    That QuickBooks silently cuts some of them is what its schema says; which is unconfirmed [U].
    """
    named = {key: body[key] for key in _CUT if key in body and key in fields}
    found = {
        key: {**body[key], **_shortened(body[key], ADDRESS_FIELDS)}
        for key in _ADDRESSES
        if isinstance(body.get(key), dict)
    }
    return {**body, **_shortened(named, fields), **found}


def with_custom_fields(record: Record, switches: Switches) -> Record:
    """The record without the custom fields that name no slot, which are ignored.

    Raises Fault 2050 for one that is longer than the switch allows.
    """
    if not record.get("CustomField"):
        return record
    for number, field in enumerate(record["CustomField"]):
        path = f"CustomField[{number}].StringValue"
        check_length(len(field.get("StringValue") or ""), switches.custom_field_length, path)
    kept = [field for field in record["CustomField"] if field.get("DefinitionId")]
    return {**record, "CustomField": kept or None}


def _shortened(values: Record, fields: Fields) -> dict[str, Any]:
    """Those of the values that are texts with a limit, within it."""
    return {
        key: value[: fields[key].limit]
        for key, value in values.items()
        if isinstance(value, str) and key in fields and fields[key].limit
    }
