"""Suggests what a person probably meant, and lists what there is."""

from __future__ import annotations

import difflib
from collections.abc import Collection

#: How many names a message lists at most.
MOST_LISTED = 8


def nearest(word: str, options: Collection[str]) -> str | None:
    """The option most like `word`, or None where none is near."""
    lowered = {option.lower(): option for option in sorted(options, reverse=True)}
    found = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def listed(options: Collection[str]) -> str:
    """The first names in their given order, and how many more there are."""
    names = list(options)
    shown = ", ".join(names[:MOST_LISTED])
    return f"{shown} and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else shown


def hint(word: str, options: Collection[str], *, has: str = "it has") -> str:
    """`did you mean "x"? it has: …`; empty where there are no options."""
    near = nearest(word, options)
    known = f"{has}: {listed(options)}" if options else ""
    return " ".join(part for part in (f'did you mean "{near}"?' if near else "", known) if part)
