"""How a field compares: one key for what is stored, for what is asked and for what is sorted by."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from connector.practice.faults import Fault

#: What SQLite compares.
Key: TypeAlias = str | int | float | None

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?", re.IGNORECASE)
#: Characters of a wrong value that are said back.
_SHOWN = 60

#: Fields that every kind of record can be asked by.
EVERYWHERE = {"Id": "id", "MetaData.CreateTime": "moment", "MetaData.LastUpdatedTime": "moment"}


def key_of(record: dict[str, Any], field: str, kind: str) -> Key:
    """The key of a stored record's field; None where it is not set."""
    path = {"ref": [field, "value"], "email": [field, "Address"]}.get(kind, field.split("."))
    value: Any = record
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None else _key(kind, value)


def asked_key(kind: str, text: str, *, zone: tzinfo) -> Key:
    """The key of a value in a statement; blank means "not set". Raises Fault 4001."""
    text = text.strip()
    if not text:
        return None
    try:
        return _asked(kind, text, zone)
    except (KeyError, ValueError, OverflowError, InvalidOperation) as error:
        detail = f"QueryValidationError: Invalid value {text[:_SHOWN]} for a {kind} field"
        raise Fault("4001", detail) from error


def _asked(kind: str, text: str, zone: tzinfo) -> Key:
    if kind == "flag":
        return {"true": 1, "false": 0}[text.lower()]
    if kind == "number" and not _NUMBER.fullmatch(text):
        raise ValueError(text)
    if kind == "day":
        return date.fromisoformat(_iso(text)[:10]).isoformat()
    if kind == "moment":
        moment = datetime.fromisoformat(_iso(text))
        return instant(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    return _key(kind, text)


def _iso(text: str) -> str:
    """A date with or without a time behind it, as QuickBooks writes them; raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return text


def folded(text: str) -> str:
    """Text as QuickBooks compares it: trimmed and without regard to case."""
    return text.strip().casefold()


def _key(kind: str, value: Any) -> Key:
    if kind == "number":
        # Only compared, never reckoned with: equal decimals are equal floats, order is kept.
        return float(Decimal(value))
    if kind == "flag":
        return int(bool(value))
    if kind == "moment":
        return instant(datetime.fromisoformat(value))
    return folded(str(value))


def instant(moment: datetime) -> int:
    """Microseconds since 1970 in UTC, so that offsets do not matter."""
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
