"""Converts rendered values into what an action's fields declare; complains where they do not fit.

Nothing is guessed: `1,234.50`, a time without an offset or a binary fraction is a complaint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias

from runtime.documents.mistakes import At, named, shown
from runtime.recipes.expressions.arithmetic import rounded
from runtime.recipes.expressions.days import NoOffset, day_of
from runtime.recipes.expressions.values import Refused, as_number, as_text
from runtime.recipes.mapping import Fields, origin

Schema: TypeAlias = Mapping[str, Any]
_Convert: TypeAlias = "Callable[[Any, Schema, _Job, At], Any]"

_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_DECIMALS = 2
_UNKNOWN: Fields = {}
_TOO_LARGE = 10**15


class _Unfit(ValueError):
    """A value does not fit; the text says what would."""


class _Job:
    """One conversion: the company's zone, what the values come from, the complaints so far."""

    def __init__(self, zone: tzinfo, fields: Fields) -> None:
        self.zone = zone
        self.fields = fields
        self.complaints: list[str] = []


def coerce(
    rendered: Mapping[str, Any], schema: Schema, time_zone: tzinfo, fields: Fields = _UNKNOWN
) -> tuple[dict[str, Any], list[str]]:
    """The fields of an action in their declared kinds, and what does not fit, as sentences.

    Times become the day they were in `time_zone`. Empty optional fields are left out. With the
    `fields` that were rendered, a sentence names the expression beside the field.
    """
    job = _Job(time_zone, fields)
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
            source = origin(job.fields, (*path, name))
            because = f": {source} is empty" if source else ""
            job.complaints.append(_sentence(f"{named((*path, name))} is missing{because}"))
    return found


def _value(given: Any, field: Schema, job: _Job, path: At) -> Any:
    """The converted value; None where it is empty or, after a complaint, unfit."""
    if given is None or given == "":
        return None
    try:
        return _KINDS[field.get("x-kind", "object")](given, field, job, path)
    except (_Unfit, Refused) as unfit:
        source = origin(job.fields, path)
        found = f"but {source} is {shown(given)}" if source else f"not {shown(given)}"
        job.complaints.append(_sentence(f"{named(path)} must be {unfit}, {found}"))
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
    found = rounded(amount, places)
    if found != amount:
        raise _Unfit(f"an amount with at most {places} decimals")
    return found


def _date(given: Any, field: Schema, job: _Job, path: At) -> date:
    try:
        return day_of(given, job.zone)
    except NoOffset:
        raise _Unfit("a day such as 2026-11-06 or a time with its offset from UTC") from None
    except Refused:
        raise _Unfit("a day such as 2026-11-06 or a time") from None


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
    "named": _text,
    "money": _money,
    "number": _number,
    "date": _date,
    "flag": _flag,
    "object": _object,
    "list": _list,
    "lines": _list,
}
