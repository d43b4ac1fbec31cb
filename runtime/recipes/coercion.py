"""Converts rendered values into what an action's fields declare; complains where they do not fit.

Nothing is guessed: `1,234.50`, a time without an offset or a binary fraction is a complaint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias

from runtime.documents.mistakes import At, named, shown
from runtime.recipes.values import Refused, as_number, as_text

Schema: TypeAlias = Mapping[str, Any]
_Convert: TypeAlias = "Callable[[Any, Schema, _Job, At], Any]"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_DECIMALS = 2
_TOO_LARGE = 10**15


class _Unfit(ValueError):
    """A value does not fit; the text says what would."""


class _Job:
    """One conversion: the company's zone and the complaints so far."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.complaints: list[str] = []


def coerce(
    rendered: Mapping[str, Any], schema: Schema, time_zone: tzinfo
) -> tuple[dict[str, Any], list[str]]:
    """The fields of an action in their declared kinds, and what does not fit, as sentences.

    Times become the day they were in `time_zone`. Empty optional fields are left out.
    """
    job = _Job(time_zone)
    return _group(rendered, schema, job, ()), job.complaints


def _group(values: Mapping[str, Any], schema: Schema, job: _Job, path: At) -> dict[str, Any]:
    fields = schema["properties"]
    found: dict[str, Any] = {}
    for name in values:
        if name not in fields:
            job.complaints.append(f"There is no field {named((*path, name))}.")
    for name, field in fields.items():
        before = len(job.complaints)
        value = _value(values.get(name), field, job, (*path, name))
        if not _empty(value):
            found[name] = value
        elif name in schema.get("required", ()) and len(job.complaints) == before:
            job.complaints.append(_sentence(f"{named((*path, name))} is missing"))
    return found


def _value(given: Any, field: Schema, job: _Job, path: At) -> Any:
    """The converted value; None where it is empty or, after a complaint, unfit."""
    if given is None or given == "":
        return None
    try:
        return _KINDS[field.get("x-kind", "object")](given, field, job, path)
    except (_Unfit, Refused) as unfit:
        job.complaints.append(_sentence(f"{named(path)} must be {unfit}, not {shown(given)}"))
        return None


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _empty(value: object) -> bool:
    return value is None or value == "" or value in ([], {})


def _text(given: Any, field: Schema, job: _Job, path: At) -> str:
    try:
        return as_text(given).strip()
    except Refused:
        raise _Unfit("text") from None


def _exact(given: Any, words: str) -> Decimal:
    if isinstance(given, float):
        raise _Unfit("an exact number, not a binary fraction: send it as text")
    try:
        number = as_number(given)
    except Refused:
        raise _Unfit(words) from None
    if abs(number) >= _TOO_LARGE:
        raise _Unfit(f"below {_TOO_LARGE:,}")
    return number


def _number(given: Any, field: Schema, job: _Job, path: At) -> Decimal:
    return _exact(given, "a plain number such as 1.5")


def _money(given: Any, field: Schema, job: _Job, path: At) -> Decimal:
    amount = _exact(given, "an amount such as 475.00")
    places = int(field.get("x-decimals", _DECIMALS))
    rounded = amount.quantize(Decimal(1).scaleb(-places))
    if rounded != amount:
        raise _Unfit(f"an amount with at most {places} decimals")
    return rounded + 0  # turns -0.00 into 0.00


def _date(given: Any, field: Schema, job: _Job, path: At) -> date:
    if isinstance(given, datetime):
        given = given.isoformat()
    if isinstance(given, date):
        return given
    text = given.strip() if isinstance(given, str) else ""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        found = _TIME.fullmatch(text)
        if found and found[1]:
            return datetime.fromisoformat(text.upper()).astimezone(job.zone).date()
    except (ValueError, OverflowError):
        found = None
    without_offset = " with its offset from UTC" if found else ""
    raise _Unfit(f"a day such as 2026-11-06 or a time{without_offset}")


def _flag(given: Any, field: Schema, job: _Job, path: At) -> bool:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.strip().lower() in _FLAGS:
        return _FLAGS[given.strip().lower()]
    raise _Unfit("true or false")


def _object(given: Any, field: Schema, job: _Job, path: At) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise _Unfit("a group of values")
    if "properties" in field:
        return _group(given, field, job, path)
    cleaned = {str(key): _clean(value) for key, value in given.items()}
    return {key: value for key, value in cleaned.items() if not _empty(value)}


def _list(given: Any, field: Schema, job: _Job, path: At) -> list[Any]:
    if not isinstance(given, list | tuple):
        raise _Unfit("a list")
    items = field.get("items")
    if not items:
        return [_clean(value) for value in given]
    found = [_value(value, items, job, (*path, index)) for index, value in enumerate(given)]
    return [value for value in found if value is not None]


def _clean(value: Any) -> Any:
    """A value whose inside no schema describes: texts stripped, what is empty left out."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        inside = {str(key): _clean(below) for key, below in value.items()}
        return {key: below for key, below in inside.items() if not _empty(below)}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value


_KINDS: Mapping[str, _Convert] = {
    "text": _text,
    "ref": _text,
    "money": _money,
    "number": _number,
    "date": _date,
    "flag": _flag,
    "object": _object,
    "list": _list,
    "lines": _list,
}
