"""Builds conditions of QuickBooks' query language with values that cannot break out."""

from __future__ import annotations

import re

#: Characters that the language can neither hold nor escape (a lexical error, 4000).
_UNSPEAKABLE = re.compile("[\u2013\u2014\u2018\u2019\u201c\u201d\x00-\x1f\x7f]")


def value(text: str) -> str:
    """`text` as a quoted value; for a text that cannot be spoken of, use `equals`."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def equals(field: str, text: str) -> str:
    """The condition that `field` is `text`.

    QuickBooks can store curly quotes and dashes but not search for them: such a text becomes a
    pattern that may find more than was asked for, so the caller compares what is found.
    """
    if _UNSPEAKABLE.search(text):
        return f"{field} LIKE {_pattern(text)}"
    return f"{field} = {value(text)}"


def contains(field: str, text: str) -> str:
    """The condition that `field` has `text` somewhere in it; the caller compares what is found."""
    return f"{field} LIKE {_pattern(f'%{text}%')}"


def _pattern(text: str) -> str:
    return value(_UNSPEAKABLE.sub("%", text))
