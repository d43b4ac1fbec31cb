"""Where values stand in a text: for every style the span holds exactly the value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from runtime.documents import At, Document, read_document
from tests.runtime.documents.written import documents, json_documents


def read(text: str) -> Document:
    document, problems = read_document(text, "a.yaml")
    assert problems == []
    assert document is not None
    return document


SPANS: list[tuple[str, At, str]] = [
    ("a: 1 # x\nb: 2\n", ("a",), "1"),
    ("a:\nb: 2\n", ("a",), ""),
    ("a:   # x\n", ("a",), ""),
    ("a: two words  # x\n", ("a",), "two words"),
    ("a: two\n  words\nb: 1\n", ("a",), "two\n  words"),
    ('a: "q \\" r" # x\n', ("a",), '"q \\" r"'),
    ("a: 'it''s'\n", ("a",), "'it''s'"),
    ('a: "x\n  y"\n', ("a",), '"x\n  y"'),
    ("a: [1, {b: 2}] # x\n", ("a",), "[1, {b: 2}]"),
    ("a: [1, {b: 2}] # x\n", ("a", 1), "{b: 2}"),
    ("a: [1, {b: 2}] # x\n", ("a", 1, "b"), "2"),
    ("a: {}\n", ("a",), "{}"),
    ("a: {b, c: 1}\n", ("a", "b"), ""),
    ("a:\n  b: 1\n  c: 2 # x\n\n# y\nd: 3\n", ("a",), "b: 1\n  c: 2"),
    ("a:\n- b\n- c\nd: 1\n", ("a",), "- b\n- c"),
    ("a:\n  - b: 1\n    c:\n\n\nd: 1\n", ("a",), "- b: 1\n    c:"),
    ("a:\n  - b: 1\n    c: 2\n", ("a", 0), "b: 1\n    c: 2"),
    ("- - a\n  - b\n- c\n", (0,), "- a\n  - b"),
    ("a: |\n  x\n  y\n\nb: 1\n", ("a",), "|\n  x\n  y"),
    ("a: |\n  x\n# no part\nb: 1\n", ("a",), "|\n  x"),
    ("a: |+ # x\n  x\n\n\nb: 1\n", ("a",), "|+ # x\n  x\n\n"),
    ("a: >-\n  x\n  y", ("a",), ">-\n  x\n  y"),
    ("a: |2\n    x\nb: 1\n", ("a",), "|2\n    x"),
    ("a:\n  b: |\n    x\nc: 1\n", ("a",), "b: |\n    x"),
    ("a: 1\nb: 2\n", (), "a: 1\nb: 2"),
    ('{"a": "b",\n "c": [1]}\n', (), '{"a": "b",\n "c": [1]}'),
]


@pytest.mark.parametrize(("text", "path", "written"), SPANS)
def test_spans(text: str, path: At, written: str) -> None:
    span = read(text).span(path)
    assert span is not None
    assert text[slice(*span)] == written


def test_spans_of_keys() -> None:
    text = "'a b': {\"c\": 1}\nd:\n  - e\n"
    document = read(text)
    keys = {path: document.key_span(path) for path in document.paths()}
    written = {path: text[slice(*span)] for path, span in keys.items() if span}
    assert written[("a b",)] == "'a b'"
    assert written["a b", "c"] == '"c"'
    assert written["d", 0] == "e"
    assert document.key_span(("none",)) is None
    assert document.span(("none",)) is None


def leaves(value: Any, path: At = ()) -> list[tuple[At, Any]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]
    if isinstance(value, list):
        return [leaf for key, each in enumerate(value) for leaf in leaves(each, (*path, key))]
    return [(path, value)]


def alone(document: Document, path: At) -> Any:
    """The text at a value's span, read in a place like its own with nothing beside it."""
    start, end = document.span(path) or (0, 0)
    around = document.spot(path[:-1])
    assert around is not None
    written = document.text[start:end]
    if around.form in ("{", "["):
        return read(f"- [{written}]\n").value[0][0] if written else None
    lead = "- " if around.form == "-" else "k: "
    value = read(f"{' ' * (around.column - 1)}{lead}{written}\n").value
    return value[0] if around.form == "-" else value["k"]


@settings(max_examples=150, deadline=None)
@given(documents())
def test_a_span_alone_is_its_value(written: tuple[str, Any]) -> None:
    text, value = written
    document = read(text)
    assert document.value == value
    for path, leaf in leaves(value):
        assert repr(alone(document, path)) == repr(leaf)


@settings(max_examples=50, deadline=None)
@given(json_documents())
def test_spans_of_json(written: tuple[str, Any]) -> None:
    text, value = written
    document = read(text)
    assert document.value == value
    for path, leaf in leaves(value):
        if not isinstance(leaf, dict | list):
            assert repr(alone(document, path)) == repr(leaf)
