"""What the values of expressions are: their kinds, their text, their exact number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

#: Longest text an expression may give, and longest that filters and `~` work with, in characters:
#: a text of this length takes up to 12 bytes a character while its letters are changed.
LONGEST_RESULT = 64 * 1024
LONGEST_INPUT = 32 * 1024

#: Values of a scope that no recipe can name: the lookup tables, and the company's time zone.
TABLES, ZONE = " tables", " zone"

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?")
#: Longer texts hold no number, even with blanks around it.
_LONGEST_NUMBER = 64
#: Beyond this a number is no amount, and writing it out would fill the memory.
_MOST_DIGITS = 30


class Kind(StrEnum):
    """What a value is, as the check of a recipe knows it before any event came."""

    TEXT = "text"
    NUMBER = "number"
    #: An exact amount; in data also its decimal text, such as "475.00".
    MONEY = "money"
    #: A day such as 2026-11-06; in some data also a time.
    DATE = "date"
    #: A day and time of day with the offset from UTC.
    TIME = "time"
    FLAG = "flag"
    LIST = "list"
    GROUP = "group"
    #: Nothing is known of it, so nothing is held against it.
    UNKNOWN = "unknown"


class Refused(ValueError):
    """A value does not fit an operation; the text is the sentence, `fix` the remedy."""

    def __init__(self, sentence: str, fix: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix


class ExpressionProblem(ValueError):
    """An expression that is not allowed, or cannot be computed: what, how to mend it, where."""

    def __init__(self, sentence: str, fix: str = "", offset: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix
        #: Characters from the start of the text.
        self.offset = offset


def described(value: object) -> str:
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


def is_empty(value: object) -> bool:
    """Whether a value counts as not there: absent, null, blank text, an empty list or group."""
    if isinstance(value, str):
        return not value or (len(value) <= LONGEST_INPUT and value.isspace())
    return value is None or value in ([], (), {})


def as_text(value: object) -> str:
    """A value inside text: absent and null are empty, numbers as they were written."""
    if isinstance(value, str):
        return bounded(value, LONGEST_INPUT)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_MOST_DIGITS else f"{Decimal(value):.20E}"
    if isinstance(value, Decimal):
        positive = 0 < int(value.adjusted()) <= _MOST_DIGITS if value.is_finite() else False
        return f"{value:f}" if positive else str(value)
    raise Refused(f"{described(value)} cannot stand inside text", "name one of its values")


def as_number(value: object) -> Decimal:
    """The exact number a value holds; Refused where it holds none."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_MOST_DIGITS:
        return Decimal(value)
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        text = value.strip()
        if _NUMBER.fullmatch(text):
            return Decimal(text)
    shown = f'"{value[:40]}"' if isinstance(value, str) else described(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise Refused("the number is too large or too small", "give a plain number such as 12.50")
    raise Refused(f"{shown} is not a number", "give a plain number such as 12.50")


def bounded(text: str, most: int = LONGEST_RESULT) -> str:
    """The text itself; Refused where it is longer than `most` characters."""
    if len(text) > most:
        raise Refused(
            f"a text of {len(text):,} characters is too long", "cut it with truncate(200)"
        )
    return text
