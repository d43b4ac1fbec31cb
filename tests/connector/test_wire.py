"""JSON with exact numbers and storable text."""

from __future__ import annotations

import json
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector import wire

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.text()
    | st.decimals(places=2, min_value=-(10**9), max_value=10**9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_numbers_keep_their_digits() -> None:
    assert wire.parse(b"[475.00, 7, 12.10, 1e2]") == [
        Decimal("475.00"),
        Decimal(7),
        Decimal("12.10"),
        Decimal("1e2"),
    ]
    assert str(wire.parse(b"475.00")) == "475.00"
    assert wire.encode({"a": Decimal("475.00"), "b": (1, None)}) == b'{"a":475.00,"b":[1,null]}'


@given(json_values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert wire.parse(wire.encode(value)) == value


@given(st.binary(max_size=100))
def test_garbage_is_a_value_error_or_json(raw: bytes) -> None:
    try:
        wire.parse(raw)
    except ValueError:
        with pytest.raises((ValueError, RecursionError)):
            json.loads(raw, parse_constant=wire._no_such_number)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff",
        b"NaN",
        b"-Infinity",
        b"1e999999999",
        b"1e-41",
        b"1e99999999999999999999999",
        b"1" * 41,
        b"[" * 100_000,
    ],
)
def test_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        wire.parse(raw)


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"null", b"1"])
def test_an_object_is_asked_for(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not an object"):
        wire.parse_object(raw)


def test_half_an_emoji_becomes_a_question_mark_and_a_whole_one_stays() -> None:
    body = wire.parse(b'{"memo": ["cut \\ud83d"], "k\\ud83d": "\\ud83d\\ude00", "n": 1}')
    assert body == {"memo": ["cut ?"], "k?": "\N{GRINNING FACE}", "n": Decimal(1)}
    wire.encode(body)


def test_any_mapping_is_an_object_and_other_things_are_no_json() -> None:
    assert wire.encode(MappingProxyType({"é": True})) == '{"é":true}'.encode()
    with pytest.raises(TypeError, match="set has no JSON form"):
        wire.encode({"a": {1}})
