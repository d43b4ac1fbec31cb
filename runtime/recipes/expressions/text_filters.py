"""The filters of texts and lists; each docstring is the help that people read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from runtime.recipes.expressions.values import (
    LONGEST_RESULT,
    Refused,
    as_text,
    bounded,
    described,
    is_empty,
)

_WORD = re.compile(r"\w[\w'\u2019]*")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_BESIDE_EMAIL = re.compile(r"[\s<>,;:\"()\[\]]+")
_LONGEST_EMAILS = 4_000
#: Most parts a text is split into, and most values that are joined.
_MOST_PARTS = 1_000
_MOST_JOINED = 5_000


def whole_number(value: object, *, least: int, most: int, what: str) -> int:
    """The number itself; Refused where it is not whole or out of bounds."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        # An endless number must not be written out to find that it is too large.
        finite = isinstance(value, int) or value.is_finite()
        if finite and least <= value <= most and value == int(value):
            return int(value)
    raise Refused(f"{what} must be a whole number from {least} to {most}")


def upper(value: object) -> str:
    """All letters become capitals."""
    return as_text(value).upper()


def lower(value: object) -> str:
    """All letters become small."""
    return as_text(value).lower()


def title(value: object) -> str:
    """Each word gets a capital first letter; its other letters become small."""
    return _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:].lower(), as_text(value))


def trim(value: object) -> str:
    """Blanks and line breaks at both ends go."""
    return as_text(value).strip()


def truncate(value: object, length: object = 255) -> str:
    """Cuts the text after so many characters, 255 where no number is given."""
    text = value if isinstance(value, str) else as_text(value)
    return text[: whole_number(length, least=0, most=LONGEST_RESULT, what="a length")]


def replace(value: object, old: object, new: object) -> str:
    """Each occurrence of one text becomes another; capitals and small letters differ."""
    text, before, after = as_text(value), as_text(old), as_text(new)
    if not before:
        raise Refused("an empty text cannot be replaced", "name the text to replace")
    grown = len(text) + text.count(before) * (len(after) - len(before))
    if grown > LONGEST_RESULT:
        raise Refused(f"a text of {grown:,} characters is too long", "replace less")
    return text.replace(before, after)


def digits(value: object) -> str:
    """Only the digits 0 to 9 stay, as text: leading zeros are kept."""
    return _NOT_DIGITS.sub("", as_text(value))


def phone(value: object) -> str:
    """A North American number as people write it there; any other as it came."""
    text = as_text(value).strip()
    found = digits(text)
    found = found.removeprefix("1") if len(found) == 11 else found
    if len(found) != 10 or (text.startswith("+") and not text.startswith("+1")):
        return text
    return f"({found[:3]}) {found[3:6]}-{found[6:]}"


def email(value: object) -> str:
    """The address in small letters without blanks; of several, the first.

    Refused where the text holds no address.
    """
    text = bounded(as_text(value), _LONGEST_EMAILS)
    for part in _BESIDE_EMAIL.split(text):
        name, at, domain = part.partition("@")
        if name and at and domain and "@" not in domain:
            return part.lower()
    sentence = f'"{text.strip()[:40]}" holds no e-mail address'
    raise Refused(sentence, "correct it in the CRM, or leave the filter out")


def split(value: object, separator: object = ",") -> list[str]:
    """The parts of a text between commas, or between what is given, without outer blanks."""
    text, between = as_text(value), as_text(separator)
    if not between:
        raise Refused("a text cannot be split at nothing", "name what stands between the parts")
    if text.count(between) >= _MOST_PARTS:
        raise Refused(f"a text can be split into at most {_MOST_PARTS:,} parts", "split less")
    return [part.strip() for part in text.split(between)]


def join(value: object, separator: object = ", ") -> str:
    """The values of a list as one text, with a comma between them; empty values are left out."""
    found = [] if value is None else _items(value)
    if len(found) > _MOST_JOINED:
        raise Refused(f"at most {_MOST_JOINED:,} values can be joined", "join less")
    between, total, texts = as_text(separator), 0, []
    for item in found:
        texts.append(as_text(item))
        total += len(texts[-1]) + len(between)
        if total > LONGEST_RESULT:
            raise Refused("the joined text is too long", "join less")
    return between.join(text for text in texts if text)


def first(value: object, length: object = None) -> object:
    """The first value of a list; with a number, the first characters of a text."""
    if length is not None:
        return truncate(value, length)
    return next(iter(_items(value)), None)


def last(value: object, length: object = None) -> object:
    """The last value of a list; with a number, the last characters of a text."""
    if length is None:
        return next(iter(reversed(_items(value))), None)
    text = as_text(value)
    many = whole_number(length, least=0, most=LONGEST_RESULT, what="a length")
    return text[max(len(text) - many, 0) :]


def count(value: object) -> int:
    """How many values a list has; 0 where there is none."""
    return 0 if value is None else len(_items(value))


def default(value: object, instead: object = "") -> object:
    """What is given instead where the value is absent or empty; 0 and false are not empty."""
    return instead if is_empty(value) else value


def first_present(*values: object) -> object:
    """The first of these values that is there and not empty; 0 and false are not empty."""
    return next((value for value in values if not is_empty(value)), None)


def _items(value: object) -> list[Any] | tuple[Any, ...]:
    if isinstance(value, list | tuple):
        return value
    raise Refused(f"{described(value)} is not a list", "name a list")
