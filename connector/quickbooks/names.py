"""How names, e-mail addresses and phone numbers are compared, and what QuickBooks accepts."""

from __future__ import annotations

import re
import unicodedata

#: Longest names that QuickBooks takes (facts: Customer, Item, transactions).
DISPLAY_NAME, PART, EMAIL, PHONE, ITEM_NAME, DOC_NUMBER, REFERENCE = 500, 100, 100, 30, 100, 21, 21

_ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")


def clean(text: str, longest: int) -> str:
    """A name as QuickBooks accepts it: no colon, one space where any white space was, cut."""
    spaced = " ".join(text.replace(":", " - ").split())
    return spaced[:longest].rstrip()


def normal(text: str) -> str:
    """A name for comparing: case, accents' spelling and white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def addresses(text: str | None) -> tuple[str, ...]:
    """The e-mail addresses in a field, lower case, in order, each once."""
    found = (address.casefold() for address in _ADDRESS.findall(text or ""))
    return tuple(dict.fromkeys(found))


def digits(text: str | None) -> str:
    """A phone number for comparing: its last ten digits without extension, or empty."""
    number = re.split(r"(?i)\s*(?:ext\.?|x)\s*\d+\s*$", text or "")[0]
    found = "".join(c for c in number if c.isdigit())
    return found[-10:] if len(found) >= 7 else ""


def numbered(name: str, n: int, longest: int) -> str:
    """`name` with a number behind it that still fits: "Ann Lee (2)"."""
    suffix = f" ({n})"
    return name[: longest - len(suffix)].rstrip() + suffix


def title(text: str) -> str:
    """A slug as people write it: `residential_cleaning` -> "Residential Cleaning"."""
    words = text.replace("_", " ").replace("-", " ").split()
    return " ".join(word if any(c.isupper() for c in word) else word.capitalize() for word in words)
