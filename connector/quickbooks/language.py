"""Builds statements of QuickBooks' query language with values that cannot break out."""

from __future__ import annotations

#: Characters that the language cannot quote (facts, Query): a statement with one is refused.
UNQUOTABLE = "’‘“”–—"


def value(text: str) -> str:
    """`text` as a quoted value."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def equals(field: str, text: str) -> str:
    """`field` equals `text`; by pattern where `text` has characters that cannot be quoted."""
    if not any(c in UNQUOTABLE for c in text):
        return f"{field} = {value(text)}"
    pattern = "".join("%" if c in UNQUOTABLE else c for c in text)
    return f"{field} LIKE {value(pattern)}"


def contains(field: str, text: str) -> str:
    """`field` has `text` somewhere in it."""
    pattern = "".join("%" if c in UNQUOTABLE else c for c in text)
    return f"{field} LIKE {value(f'%{pattern}%')}"
