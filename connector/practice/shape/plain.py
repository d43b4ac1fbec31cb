"""Kinds that hold one value: flags, numbers, dates, texts, words of an enumeration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from connector.practice.faults import Fault
from connector.practice.shape.kind import UNSUPPORTED, Kind, wrong
from connector.practice.wire import dump

CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 15
_LARGEST_WHOLE = 2**31 - 1
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")
_NAME_FORBIDS = re.compile(r"[:\t\r\n]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):[0-5]\d)")


def money(value: Any) -> Decimal:
    """A number as an amount with two decimals, halves away from zero.

    Raises Fault 2060 for one that has too many digits to be an amount.
    """
    try:
        return Decimal(value).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation as error:
        raise Fault("2060", f"Invalid Number : {value}") from error


def _plain(clean: Callable[[Any, str], Any], expected: str, fits: Callable[[Any], bool]) -> Kind:
    """A kind from how to clean it, what to call it and how to know it; blank text clears."""

    def cleaned(value: Any, path: str) -> Any:
        blank = isinstance(value, str) and not value.strip()
        return None if blank else clean(value, path)

    def seen(value: Any, path: str) -> Iterator[str]:
        if not fits(value):
            yield wrong(path, value, expected)

    return Kind(clean=cleaned, seen=seen)


def _clean_flag(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise Fault("2080", f"Invalid Boolean : {value}", element=path)


def _clean_number(value: Any, path: str) -> Decimal:
    parsed = _parsed(value, path)
    if not _in_range(parsed):
        raise Fault("2060", f"Invalid Number : {value}", element=path)
    # 1E+1 is 10 when it is answered.
    return parsed if int(parsed.as_tuple().exponent) <= 0 else parsed.quantize(Decimal(1))


def _parsed(value: Any, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise Fault("2060", f"Invalid Number : {value}", element=path)
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise Fault("2060", f"Invalid Number : {value}", element=path) from error


def _in_range(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < _LARGEST


def _is_number(value: Any) -> bool:
    """Whether it is a JSON number; a parser may have made an int, a float or a Decimal of it."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return _in_range(Decimal(value))


def _clean_whole(value: Any, path: str) -> int:
    parsed = _clean_number(value, path)
    if parsed != int(parsed) or not 0 <= parsed <= _LARGEST_WHOLE:
        raise Fault("2060", f"Invalid Number : {value}", element=path)
    return int(parsed)


def _clean_positive(value: Any, path: str) -> int | None:
    return _clean_whole(value, path) or None


def _is_whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST_WHOLE


def _is_positive(value: Any) -> bool:
    return _is_whole(value) and value > 0


def _clean_day(value: Any, path: str) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise Fault("2070", f"Invalid Date : {value}", element=path) from error


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _clean_moment(value: Any, path: str) -> str:
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise Fault("2070", f"Invalid Date : {value}", element=path) from error


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


#: true or false; in a request also as text.
flag = _plain(_clean_flag, "true or false", lambda value: isinstance(value, bool))
#: A finite number below 10^15; in a request also as text.
number = _plain(_clean_number, "a number", _is_number)
#: A whole number, at least 0.
whole = _plain(_clean_whole, "a whole number", _is_whole)
#: A whole number, at least 1; in a request 0 clears, as clients send it for "not set".
positive = _plain(_clean_positive, "a whole number above 0", _is_positive)
#: A date as YYYY-MM-DD; a request may have a time behind it.
day = _plain(_clean_day, "a date as YYYY-MM-DD", _is_day)
#: A date and time with its offset, ISO 8601.
moment = _plain(_clean_moment, "a date and time with an offset", _is_moment)


def check_length(length: int, limit: int, path: str) -> None:
    """Raise Fault 2050 for a text of more than `limit` characters."""
    if length > limit:
        detail = f"Min:0 Max:{limit:,} supported. Supplied length:{length:,}"
        raise Fault("2050", detail, element=path)


def text(limit: int = 4000) -> Kind:
    """Text of at most `limit` characters, also of a number or a flag as JSON has it.

    Blank clears. An answer may be longer.
    """

    def clean(value: Any, path: str) -> str:
        if isinstance(value, dict | list):
            raise Fault(UNSUPPORTED, f"Property Name:{path} is not text", element=path)
        plain = value if isinstance(value, str) else dump(value)
        check_length(len(plain), limit, path)
        return plain

    return replace(_plain(clean, "text", _is_text), limit=limit)


def name(limit: int) -> Kind:
    """Text without colon, tab and newline, trimmed."""
    plain = text(limit)

    def clean(value: Any, path: str) -> str:
        found: str = plain.clean(value, path)
        if _NAME_FORBIDS.search(found):
            detail = f"Element contains invalid characters. {found}"
            raise Fault("2040", detail, element=path)
        return found.strip()

    return replace(_plain(clean, "text", _is_text), limit=limit)


def addresses(limit: int) -> Kind:
    """One or more e-mail addresses separated by commas."""
    plain = text(limit)

    def clean(value: Any, path: str) -> str:
        found: str = plain.clean(value, path)
        for part in found.split(","):
            if not _EMAIL.fullmatch(part.strip()):
                raise Fault("2210", f"Email Address does not conform : {part}", element=path)
        return found

    return _plain(clean, "text", _is_text)


def one_of(*allowed: str) -> Kind:
    """One of the words of an enumeration."""

    def clean(value: Any, path: str) -> str:
        if value not in allowed:
            detail = f"Invalid Enumeration : {value}. Valid values are: {', '.join(allowed)}"
            raise Fault("2170", detail, element=path)
        return str(value)

    return _plain(clean, f"one of {', '.join(allowed)}", lambda value: value in allowed)
