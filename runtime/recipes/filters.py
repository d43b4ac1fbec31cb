"""The filters, tests and arithmetic of recipe expressions: all there is, each bounded in size.

What is absent or null passes through a filter unchanged, `default`, `count` and `join` apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: Longest text an expression may give, and longest it may take in, in characters.
LONGEST_RESULT = 64 * 1024
LONGEST_INPUT = 256 * 1024

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_WORD = re.compile(r"\w[\w'\u2019]*")
_CENT = Decimal("0.01")
#: Beyond this a number is no amount, and writing it out would fill the memory.
_MOST_DIGITS = 30


class Refused(ValueError):
    """A value does not fit an operation; the text is the sentence, `fix` the remedy."""

    def __init__(self, sentence: str, fix: str = "") -> None:
        super().__init__(sentence)
        self.fix = fix


def kind(value: object) -> str:
    """What a value is, in the words of messages."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float | Decimal):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a group of values" if isinstance(value, Mapping) else "a list"


def as_text(value: object) -> str:
    """A value inside text: absent and null are empty, numbers as they were written."""
    if isinstance(value, str):
        return _bounded(value, LONGEST_INPUT)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        positive = 0 < int(value.adjusted()) <= _MOST_DIGITS if value.is_finite() else False
        return f"{value:f}" if positive else str(value)
    raise Refused(f"{kind(value)} cannot stand inside text", "name one of its values")


def as_number(value: object) -> Decimal:
    """The exact number a value holds; Refused where it holds none."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    shown = f'"{value[:40]}"' if isinstance(value, str) else kind(value)
    raise Refused(f"{shown} is not a number", "give a plain number such as 12.50")


def calculate(operator: str, left: object, right: object) -> Decimal | int:
    """`left operator right`, exact; Refused unless both are numbers already."""
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Refused(
                f"cannot compute {kind(left)} {operator} {kind(right)}",
                "turn text into a number first, e.g. {{ amount | money }}",
            )
    first, second = as_number(left), as_number(right)
    if operator == "/":
        if not second:
            raise Refused("cannot divide by zero", "use {{ a / b if b else 0 }}")
        return first / second
    result = first + second if operator == "+" else first - second
    result = first * second if operator == "*" else result
    return int(result) if isinstance(left, int) and isinstance(right, int) else result


def concat(*values: object) -> str:
    """`a ~ b`: text side by side."""
    texts = [as_text(value) for value in values]
    return _bounded("".join(texts), LONGEST_INPUT)


def _bounded(text: str, most: int = LONGEST_RESULT) -> str:
    if len(text) > most:
        raise Refused(
            f"a text of {len(text):,} characters is too long", "cut it with truncate(200)"
        )
    return text


def _count_of(value: object, *, least: int, most: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refused(f"{what} must be a whole number from {least} to {most}")
    return value


def _upper(value: object) -> str:
    return as_text(value).upper()


def _lower(value: object) -> str:
    return as_text(value).lower()


def _title(value: object) -> str:
    return _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:].lower(), as_text(value))


def _trim(value: object) -> str:
    return as_text(value).strip()


def _truncate(value: object, length: int = 255) -> str:
    return as_text(value)[: _count_of(length, least=0, most=LONGEST_RESULT, what="a length")]


def _replace(value: object, old: object, new: object) -> str:
    text, before, after = as_text(value), as_text(old), as_text(new)
    if not before:
        raise Refused("an empty text cannot be replaced", "name the text to replace")
    grown = len(text) + text.count(before) * (len(after) - len(before))
    if grown > LONGEST_RESULT:
        raise Refused(f"a text of {grown:,} characters is too long", "replace less")
    return text.replace(before, after)


def _default(value: object, instead: object = "") -> object:
    return instead if value is None or value == "" else value


def _digits(value: object) -> str:
    return "".join(letter for letter in as_text(value) if letter in "0123456789")


def _phone(value: object) -> str:
    """A North American number as people write it there; any other as it came."""
    text = as_text(value).strip()
    digits = _digits(text).removeprefix("1") if len(_digits(text)) == 11 else _digits(text)
    if len(digits) != 10 or (text.startswith("+") and not text.startswith("+1")):
        return text
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def _money(value: object) -> Decimal:
    return _round(value, 2)


def _number(value: object) -> Decimal:
    return as_number(value)


def _round(value: object, places: int = 0) -> Decimal:
    digits = _count_of(places, least=0, most=6, what="decimal places")
    return as_number(value).quantize(_CENT.scaleb(2 - digits), rounding=ROUND_HALF_UP)


def _add_days(value: object, days: object) -> str:
    """A day or time so many days later, in the form it came in: a time keeps its offset."""
    text, number = as_text(value).strip(), as_number(days)
    if number != number.to_integral_value() or abs(number) > 36_500:
        raise Refused("days must be a whole number")
    try:
        if len(text) == len("2026-11-06"):
            return (date.fromisoformat(text) + timedelta(days=int(number))).isoformat()
        return (datetime.fromisoformat(text) + timedelta(days=int(number))).isoformat()
    except (ValueError, OverflowError):
        raise Refused(f'"{text[:40]}" is not a day', "give a day such as 2026-11-06") from None


def _items(value: object) -> list[Any] | tuple[Any, ...]:
    if isinstance(value, list | tuple):
        return value
    raise Refused(f"{kind(value)} is not a list", "name a list")


def _join(value: object, separator: object = ", ") -> str:
    texts = [as_text(item) for item in ([] if value is None else _items(value))]
    between = as_text(separator)
    if sum(map(len, texts)) + len(between) * len(texts) > LONGEST_RESULT:
        raise Refused("the joined text is too long", "join less")
    return between.join(text for text in texts if text)


def _first(value: object) -> object:
    return next(iter(_items(value)), None)


def _last(value: object) -> object:
    return next(iter(reversed(_items(value))), None)


def _count(value: object) -> int:
    return 0 if value is None else len(_items(value))


def _split(value: object, separator: object = ",") -> list[str]:
    return [part.strip() for part in as_text(value).split(as_text(separator) or ",")]


_TAKES_NULL: Mapping[str, Callable[..., Any]] = {
    "default": _default,
    "join": _join,
    "count": _count,
}
_PASSES_NULL: Mapping[str, Callable[..., Any]] = {
    "upper": _upper,
    "lower": _lower,
    "title": _title,
    "trim": _trim,
    "truncate": _truncate,
    "replace": _replace,
    "digits": _digits,
    "phone": _phone,
    "money": _money,
    "number": _number,
    "round": _round,
    "add_days": _add_days,
    "first": _first,
    "last": _last,
    "split": _split,
}
#: Every filter by name; what they are given is never None for those in the second table.
FILTERS: Mapping[str, Callable[..., Any]] = {**_PASSES_NULL, **_TAKES_NULL}


def passes_null(name: str) -> bool:
    """Whether the filter leaves absent and null as they are."""
    return name in _PASSES_NULL


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    def test(left: object, right: object) -> bool:
        return compare(as_number(left), as_number(right))

    return test


TESTS: Mapping[str, Callable[..., bool]] = {
    "defined": lambda value: value is not None,
    "undefined": lambda value: value is None,
    "none": lambda value: value is None,
    "empty": lambda value: value is None or value == "" or value == [],
    "in": lambda value, many: value in (many or ()),
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "lt": _ordered(lambda left, right: left < right),
    "le": _ordered(lambda left, right: left <= right),
    "gt": _ordered(lambda left, right: left > right),
    "ge": _ordered(lambda left, right: left >= right),
}
