"""Repeats of a requestid: which get the first answer, which are refused, which are done anew."""

from __future__ import annotations

import hashlib
from datetime import datetime

from connector.practice.books.answers import Answer
from connector.practice.faults import Fault
from connector.practice.switches import Switches

_HOUR = 3600


def digest(*parts: bytes) -> str:
    """What tells one body from another."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def still_counts(first: Answer, key: str, sent: str, *, now: datetime, switches: Switches) -> bool:
    """Whether a repeat of `key` gets the first answer, rather than being a request of its own.

    Raises Fault 600 where it is refused. How long QuickBooks remembers a requestid, and what it
    does with another body, is not published [U]: switches say so.
    """
    hours, other = switches.replay_hours, first.sent != sent
    forgotten = hours and now.timestamp() - first.at >= hours * _HOUR
    if not switches.replay or forgotten or (other and switches.replay_other_body == "new"):
        return False
    if switches.replay_answer == "refused" or (other and switches.replay_other_body == "refused"):
        raise Fault("600", f"Duplicate Request ID : {key.replace(chr(10), ' ')}")
    return True
