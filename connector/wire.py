"""Read and write JSON the way money and a database need it: exact numbers, storable text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import simplejson

#: No amount or id is longer; `1e999999999` would cost gigabytes when it is written out.
_LONGEST_NUMBER = 40


def parse(raw: bytes) -> Any:
    """The value of a JSON text; every number is a Decimal, every text can be stored.

    Raises ValueError for anything that is not JSON, for NaN and for absurd numbers.
    """
    try:
        value = json.loads(
            raw, parse_float=_number, parse_int=_number, parse_constant=_no_such_number
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return _storable(value) if b"\\u" in raw else value


def parse_object(raw: bytes) -> dict[str, Any]:
    """Like `parse`, for a JSON object. Raises ValueError for anything else."""
    value = parse(raw)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def encode(body: Any) -> bytes:
    """Compact UTF-8 JSON; a Decimal keeps its digits (475.00 stays 475.00)."""
    text = simplejson.dumps(
        body, use_decimal=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )
    return text.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("a number is too long")
    try:
        number = Decimal(text)
    except InvalidOperation as error:  # an exponent beyond what Decimal can hold
        raise ValueError("a number is out of range") from error
    if abs(number.adjusted()) > _LONGEST_NUMBER:
        raise ValueError("a number is out of range")
    return number


def _no_such_number(text: str) -> Decimal:
    raise ValueError(f"{text} is not a JSON number")


def _storable(value: Any) -> Any:
    r"""Replace half an emoji (a lone \ud83d, from a source that cuts texts) by a question mark.

    No database can store it, and a memo cut in the wrong place must not lose a payment.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
