"""Values of the query language: none breaks out, none is searched for that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.quickbooks.language import contains, equals, value


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Dana", "Name = 'Dana'"),
        ("O'Brien", "Name = 'O\\'Brien'"),
        ("a\\", "Name = 'a\\\\'"),
        ("\\'", "Name = '\\\\\\''"),
        ("O’Brien", "Name LIKE 'O%Brien'"),
        ("“x” – y", "Name LIKE '%x% % y'"),
        ("a\tb", "Name LIKE 'a%b'"),
    ],
)
def test_conditions(text: str, condition: str) -> None:
    assert equals("Name", text) == condition


def test_contains() -> None:
    assert (
        contains("PrimaryEmailAddr", "o'b@x.example") == "PrimaryEmailAddr LIKE '%o\\'b@x.example%'"
    )


@given(st.text())
def test_no_text_breaks_out_of_its_quotes(text: str) -> None:
    quoted = value(text)
    inner, place = quoted[1:-1], 0
    while place < len(inner):
        assert inner[place] != "'"
        place += 2 if inner[place] == "\\" else 1
    assert place == len(inner)
    assert quoted[0] == quoted[-1] == "'"
