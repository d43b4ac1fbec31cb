"""What a body may look like: each field's kind checks a value and gives it back cleaned.

A cleaned value of None means "clear this field" (null or blank text, as QuickBooks reads it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, TypeAlias

from connector.practice.faults import Fault, missing

Record: TypeAlias = dict[str, Any]
#: Takes the value and its dotted path, returns the cleaned value, raises Fault.
Kind: TypeAlias = Callable[[Any, str], Any]
Fields: TypeAlias = Mapping[str, Kind]

CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 15
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")
_NAME_FORBIDS = re.compile(r"[:\t\r\n]")


def money(value: Any) -> Decimal:
    """A number as an amount with two decimals, halves away from zero.

    Raises Fault 2060 for one that has too many digits to be an amount.
    """
    try:
        return Decimal(value).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation as error:
        raise Fault("2060", f"Invalid Number : {value}") from error


def clean(body: Mapping[str, Any], fields: Fields, path: str = "") -> Record:
    """Check a mapping against its fields; read-only ones vanish, unknown ones are Fault 2010."""
    cleaned: Record = {}
    for name, value in body.items():
        where = f"{path}.{name}" if path else name
        kind = fields.get(name)
        if kind is None:
            detail = f"Property Name:{where} specified is unsupported or invalid"
            raise Fault("2010", detail, element=where)
        if kind is not ignored:
            cleaned[name] = None if value is None else kind(value, where)
    return cleaned


def ignored(value: Any, path: str) -> None:
    """A read-only field: whatever a client sends is dropped."""


def anything(value: Any, path: str) -> Any:
    """A field that is kept as it came."""
    return value


def flag(value: Any, path: str) -> bool:
    """true or false, also as text."""
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise Fault("2080", f"Invalid Boolean : {value}", element=path)


def number(value: Any, path: str) -> Decimal:
    """A finite number below 10^15, also as text."""
    parsed = _parsed(value, path)
    if not parsed.is_finite() or abs(parsed) >= _LARGEST:
        raise Fault("2060", f"Invalid Number : {value}", element=path)
    return parsed


def _parsed(value: Any, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise Fault("2060", f"Invalid Number : {value}", element=path)
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise Fault("2060", f"Invalid Number : {value}", element=path) from error


def whole(value: Any, path: str) -> int:
    """A whole number, at least 0."""
    parsed = number(value, path)
    if parsed != int(parsed) or parsed < 0:
        raise Fault("2060", f"Invalid Number : {value}", element=path)
    return int(parsed)


def day(value: Any, path: str) -> str:
    """A date as YYYY-MM-DD."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise Fault("2070", f"Invalid Date : {value}", element=path) from error


def text(limit: int = 4000) -> Kind:
    """Text of at most `limit` characters; blank clears."""

    def check(value: Any, path: str) -> str | None:
        if isinstance(value, dict | list):
            raise Fault("2010", f"Property Name:{path} is not text", element=path)
        plain = value if isinstance(value, str) else str(value)
        if len(plain) > limit:
            detail = f"Min:0 Max:{limit:,} supported. Supplied length:{len(plain):,}"
            raise Fault("2050", detail, element=path)
        return plain if plain.strip() else None

    return check


def name(limit: int) -> Kind:
    """Text without colon, tab and newline, trimmed."""
    plain = text(limit)

    def check(value: Any, path: str) -> str | None:
        found = plain(value, path)
        if found and _NAME_FORBIDS.search(found):
            detail = f"Element contains invalid characters. {found}"
            raise Fault("2040", detail, element=path)
        return found.strip() if found else None

    return check


def addresses(limit: int) -> Kind:
    """One or more e-mail addresses separated by commas."""
    plain = text(limit)

    def check(value: Any, path: str) -> str | None:
        found: str | None = plain(value, path)
        for part in (found or "").split(",") if found else ():
            if not _EMAIL.fullmatch(part.strip()):
                raise Fault("2210", f"Email Address does not conform : {part}", element=path)
        return found

    return check


def one_of(*allowed: str) -> Kind:
    """One of the words of an enumeration."""

    def check(value: Any, path: str) -> str:
        if value not in allowed:
            detail = f"Invalid Enumeration : {value}. Valid values are: {', '.join(allowed)}"
            raise Fault("2170", detail, element=path)
        return str(value)

    return check


def obj(**fields: Kind) -> Kind:
    """An object with these fields; an empty one clears."""

    def check(value: Any, path: str) -> Record | None:
        if not isinstance(value, dict):
            raise Fault("2010", f"Property Name:{path} must be an object", element=path)
        cleaned = clean(value, fields, path)
        return {key: item for key, item in cleaned.items() if item is not None} or None

    return check


def many(kind: Kind) -> Kind:
    """A list of one kind."""

    def check(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise Fault("2010", f"Property Name:{path} must be an array", element=path)
        cleaned = (kind(item, f"{path}[{index}]") for index, item in enumerate(value))
        return [item for item in cleaned if item is not None]

    return check


def reference(value: Any, path: str) -> Record | None:
    """A reference `{value, name}`; the name is the server's business and is dropped."""
    if not isinstance(value, dict):
        raise Fault("2010", f"Property Name:{path} must be a reference", element=path)
    cleaned = clean(value, {"value": text(50), "name": ignored, "type": ignored}, path)
    return {"value": cleaned["value"]} if cleaned.get("value") else None


def required(record: Record, *names: str) -> None:
    """Raise Fault 2020 for the first of `names` that is not filled."""
    for field in names:
        if record.get(field) in (None, "", [], {}):
            raise missing(field)
