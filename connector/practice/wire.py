"""JSON as it travels: numbers are Decimal on the way in and numbers on the way out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import simplejson

from connector.practice.faults import Fault


def load(raw: bytes | str) -> Any:
    """Parse a body; raises Fault 2310 for an empty one, 2010 for what is not JSON."""
    if not raw.strip():
        raise Fault("2310", "ObjectParserError: Request Body is Empty")
    try:
        value = json.loads(raw, parse_float=Decimal, parse_constant=_no_constant)
        if _may_have_halves(raw):
            # Half a character alone is no text: it could be neither stored nor sent again.
            simplejson.dumps(value, use_decimal=True, ensure_ascii=False).encode()
        return value
    except (ValueError, RecursionError) as error:
        raise Fault("2010", "The request body is not valid JSON.") from error


def dump(value: Any, *, indent: int | None = None) -> str:
    """Write a body; Decimals become JSON numbers with the digits they have."""
    return simplejson.dumps(value, use_decimal=True, indent=indent)


def as_written(text: str) -> Any:
    """A value that `dump` writes as this JSON text, without reading it."""
    return simplejson.RawJSON(text)


def _may_have_halves(raw: bytes | str) -> bool:
    """Whether there is an escape of half a character, which wants another half behind it."""
    if isinstance(raw, str):
        return "\\ud" in raw or "\\uD" in raw
    return b"\\ud" in raw or b"\\uD" in raw


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
