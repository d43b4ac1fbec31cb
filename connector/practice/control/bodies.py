"""Reads the bodies of control calls; what cannot be meant is a ValueError with a sentence."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import request

from connector.practice.books.books import Books
from connector.practice.shape import number
from connector.practice.state import State
from connector.practice.wire import load


def body_of(*allowed: str) -> dict[str, Any]:
    """The JSON object of the request; raises ValueError for other keys than `allowed`."""
    told = load(request.get_data() or b"{}")
    if not isinstance(told, dict):
        raise ValueError("The body must be a JSON object.")
    strange = set(told) - set(allowed) if allowed else set()
    if strange:
        raise ValueError(f"Unknown: {', '.join(sorted(strange))}; known: {', '.join(allowed)}.")
    return told


def with_floats(told: dict[str, Any]) -> dict[str, Any]:
    """Seconds and rates as floats: they are not money."""
    loose = ("seconds", "rate")
    return {
        key: float(value) if key in loose and isinstance(value, Decimal) else value
        for key, value in told.items()
    }


def seconds(told: Any) -> float:
    """A number of seconds, also below zero; raises ValueError or Fault 2060."""
    found = number.clean(told, "advance")
    if found is None:
        raise ValueError("`advance` takes a number of seconds.")
    return float(found)


def moment_of(text: Any) -> datetime | None:
    """A moment with its offset, None for null; raises ValueError."""
    if text is None:
        return None
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("The time needs an offset, such as 2026-11-06T10:00:00-07:00.")
    return moment


def company(state: State, realm: Any) -> Books:
    """The company of this id; raises ValueError."""
    found = state.companies.get(realm) if isinstance(realm, str) else None
    if found is None:
        raise ValueError(f"There is no company {realm}.")
    return found
