"""An answer as it is kept for its requestid: a repeated request is given the first answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a write was answered."""

    status: int
    #: The JSON text.
    body: str
    #: The id of the record that was written, empty for a refusal.
    committed: str = ""
    #: The digest of what was asked.
    sent: str = ""
    #: When it was answered by the practice clock, seconds since 1970.
    at: float = 0.0
