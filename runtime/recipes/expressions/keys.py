"""What makes two keys of a lookup table the same: letters' case, outer blanks and Unicode form."""

from __future__ import annotations

import unicodedata


def key_of(text: str) -> str:
    """The form in which keys are compared: ` Cleaning` and `CLEANING` are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
