"""Edits by the program: the value changes, every other byte stays; else the edit is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from runtime.documents import At, Document, read_bytes, read_document
from runtime.documents.editing import (
    CannotEdit,
    Edit,
    add_entry,
    append_entry,
    edit_bytes,
    insert_entry,
    remove_entry,
    replace_value,
)
from tests.runtime.documents.written import TEXTS, documents, json_documents

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.sampled_from([Decimal("3.10"), Decimal("0"), Decimal("1E+2")])
    | st.sampled_from(["", "no", "true", "12", "{{ x }}", "a: b", "a #b", "- a", "@x", "\n\nx\n"])
    | TEXTS
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(TEXTS, SCALARS, max_size=2)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ENCODINGS = st.sampled_from(
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ]
)


def edited(text: str, change: Callable[[Document], Edit]) -> str:
    return edit_bytes(text.encode(), "a.yaml", change).decode()


REPLACED: list[tuple[str, At, Any, str]] = [
    ("a: 1 # x\nb: 2\n", ("a",), 15, "a: 15 # x\nb: 2\n"),
    ("a: old # x\n", ("a",), "new", "a: new # x\n"),
    ("a: 'old' # x\n", ("a",), "it's", "a: 'it''s' # x\n"),
    ('a: "old"\n', ("a",), 'say "hi"\\', 'a: "say \\"hi\\"\\\\"\n'),
    ('a: "old"\n', ("a",), 5, "a: 5\n"),
    ("a: old\n", ("a",), "true", 'a: "true"\n'),
    ("a: old\n", ("a",), "null", 'a: "null"\n'),
    ("a: old\n", ("a",), "12", 'a: "12"\n'),
    ("a: old\n", ("a",), "3.10", 'a: "3.10"\n'),
    ("a: old\n", ("a",), "no", "a: no\n"),
    ("a: old\n", ("a",), "01234", "a: 01234\n"),
    ("a: old\n", ("a",), "12:30", "a: 12:30\n"),
    ("a: old\n", ("a",), "", 'a: ""\n'),
    ("a: old\n", ("a",), "b: c", 'a: "b: c"\n'),
    ("a: old\n", ("a",), "Paid #12", 'a: "Paid #12"\n'),
    ("a: old\n", ("a",), "{{ x }}", 'a: "{{ x }}"\n'),
    ("a: old\n", ("a",), '{{ x | default("y") }}', "a: '{{ x | default(\"y\") }}'\n"),
    ("a: old\n", ("a",), "- b", 'a: "- b"\n'),
    ("a: old\n", ("a",), "@b", 'a: "@b"\n'),
    ("a: old\n", ("a",), " b", 'a: " b"\n'),
    ("a: old\n", ("a",), "b\nc", 'a: "b\\nc"\n'),
    ("a: old\n", ("a",), "\u201cb\u201d", 'a: "\u201cb\u201d"\n'),
    ("a: old\n", ("a",), Decimal("3.10"), "a: 3.10\n"),
    ("a: old\n", ("a",), True, "a: true\n"),
    ("a: old\n", ("a",), None, "a: null\n"),
    ("a:   # x\nb: 1\n", ("a",), "new", "a: new   # x\nb: 1\n"),
    ("- \n- b\n", (0,), "a", "- a \n- b\n"),
    ("a: {b, c: 1}\n", ("a", "b"), "new", "a: {b: new, c: 1}\n"),
    ("a: [old, b]\n", ("a", 0), "x,y", 'a: ["x,y", b]\n'),
    ("a: |\n  old\n  text\nb: 1\n", ("a",), "new\n\ntext\n", "a: |\n  new\n\n  text\nb: 1\n"),
    ("a: | # x\n  old\nb: 1\n", ("a",), "new", "a: |- # x\n  new\nb: 1\n"),
    ("a: |\n  old\nb: 1\n", ("a",), " new", 'a: " new"\nb: 1\n'),
    ("a: >\n   old\n   text\nb: 1\n", ("a",), "new\n", "a: >\n   new\nb: 1\n"),
    ("a:\n  b: 1 # x\n  c: 2 # y\nd: 3\n", ("a",), {"e": [1]}, "a:\n  e:\n    - 1 # y\nd: 3\n"),
    ("a:\n- b\n- c\nd: 3\n", ("a",), ["e"], "a:\n- e\nd: 3\n"),
    ("a:\n- b\n- c\nd: 3\n", ("a",), "e", "a:\n  e\nd: 3\n"),
    ("a: old # x\n", ("a",), {"b": "c", "d": [1]}, 'a: {b: "c", d: [1]} # x\n'),
    ("a: [1] # x\n", ("a",), [], "a: [] # x\n"),
    ('{"a": 1, "b": [2]}', ("a",), "new", '{"a": "new", "b": [2]}'),
    ('{"a": "1", "b": [2]}', ("b",), {"c": "d"}, '{"a": "1", "b": {"c": "d"}}'),
    ("a: old\n", (), {"b": 1}, "b: 1\n"),
]


@pytest.mark.parametrize(("text", "path", "value", "after"), REPLACED)
def test_replaced_values(text: str, path: At, value: Any, after: str) -> None:
    assert edited(text, lambda document: replace_value(document, path, value)) == after


ADDED: list[tuple[str, At, str, Any, str]] = [
    ("a:\n  b: 1 # x\n\nc: 2\n", ("a",), "d", "e", "a:\n  b: 1 # x\n  d: e\n\nc: 2\n"),
    ("a: 1", (), "b", {"c": 2}, "a: 1\nb:\n  c: 2"),
    ("- a: 1\n- b\n", (0,), "c", ["d"], "- a: 1\n  c:\n    - d\n- b\n"),
    ("a: # x\nb: 1\n", ("a",), "c", 2, "a: # x\n  c: 2\nb: 1\n"),
    ("a: {} # x\n", ("a",), "b", "c", 'a: {b: "c"} # x\n'),
    ("a: {b: 1}\n", ("a",), "c d", 2, 'a: {b: 1, "c d": 2}\n'),
    ('{"a": 1}\n', (), "b", None, '{"a": 1, "b": null}\n'),
    ('{\n  "a": 1\n}\n', (), "b", "c", '{\n  "a": 1,\n  "b": "c"\n}\n'),
    ("a: |+\n  x\n\n", (), "b", 1, "a: |+\n  x\n\nb: 1\n"),
]


@pytest.mark.parametrize(("text", "path", "key", "value", "after"), ADDED)
def test_added_entries(text: str, path: At, key: str, value: Any, after: str) -> None:
    assert edited(text, lambda document: add_entry(document, path, key, value)) == after


REMOVED: list[tuple[str, At, str]] = [
    ("a: 1 # x\n# y\nb: 2\n", ("a",), "# y\nb: 2\n"),
    ("a: 1\n# y\nb: 2", ("b",), "a: 1\n# y"),
    ("a:\n  b: 1\nc: 2\n", ("a", "b"), "a:\n  {}\nc: 2\n"),
    ("- a: 1\n  b: 2\n", (0, "a"), "- b: 2\n"),
    ("- a\n- b: |\n    x\n- c\n", (1,), "- a\n- c\n"),
    ("- a\n-\n  b: 1\n- c\n", (1,), "- a\n- c\n"),
    ("- - a\n  - b\n", (0, 0), "- - b\n"),
    ("a: {b: 1, c: 2, d: 3}\n", ("a", "b"), "a: {c: 2, d: 3}\n"),
    ("a: {b: 1, c: 2, d: 3}\n", ("a", "c"), "a: {b: 1, d: 3}\n"),
    ("a: [1, 2]\n", ("a", 1), "a: [1]\n"),
    ("a: [1]\n", ("a", 0), "a: []\n"),
    ('{"a": 1,\n "b": 2}', ("a",), '{"b": 2}'),
]


@pytest.mark.parametrize(("text", "path", "after"), REMOVED)
def test_removed_entries(text: str, path: At, after: str) -> None:
    assert edited(text, lambda document: remove_entry(document, path)) == after


INSERTED: list[tuple[str, At, int, Any, str]] = [
    ("- a # x\n- c\n", (), 1, "b", "- a # x\n- b\n- c\n"),
    ("x:\n  - a\n", ("x",), 0, {"b": 1, "c": 2}, "x:\n  - b: 1\n    c: 2\n  - a\n"),
    ("x:\n- a\ny: 1\n", ("x",), 1, ["b", "c"], "x:\n- a\n- - b\n  - c\ny: 1\n"),
    ("x: # y\nz: 1\n", ("x",), 0, "a", "x: # y\n  - a\nz: 1\n"),
    ("x: [1, 3]\n", ("x",), 1, 2, "x: [1, 2, 3]\n"),
    ("x: [1]\n", ("x",), 0, "0", 'x: ["0", 1]\n'),
    ("x: []\n", ("x",), 0, None, "x: [null]\n"),
]


@pytest.mark.parametrize(("text", "path", "index", "value", "after"), INSERTED)
def test_inserted_entries(text: str, path: At, index: int, value: Any, after: str) -> None:
    assert edited(text, lambda document: insert_entry(document, path, index, value)) == after


def test_appended_entries() -> None:
    text = "x:\n  - a # y\n# z\n"
    assert edited(text, lambda document: append_entry(document, ("x",), "b")) == (
        "x:\n  - a # y\n  - b\n# z\n"
    )


REFUSED: list[tuple[str, Callable[[Document], Edit], str]] = [
    (
        "a: 1\nb: @x\n",
        lambda document: replace_value(document, ("a",), 2),
        "a.yaml has a mistake in line 2, so the program does not change it: "
        "a value cannot start with @",
    ),
    (
        "a: 1\na: 2\n",
        lambda document: replace_value(document, ("a",), 2),
        'a.yaml has a mistake in line 2, so the program does not change it: "a" is written twice; '
        "the first one is on line 1",
    ),
    (
        "a: 1\n",
        lambda document: replace_value(document, ("b", "c"), 2),
        'there is no "b.c" in the file',
    ),
    (
        "a: 1\n",
        lambda document: replace_value(document, ("a",), 10**30),
        f'"a" cannot be {10**30}: no file can say it',
    ),
    ("a: {b: 1}\n", lambda document: add_entry(document, ("a",), "b", 2), '"a" has "b" already'),
    (
        "a: [1]\n",
        lambda document: add_entry(document, ("a",), "b", 2),
        '"a" is no group of `name: value` lines',
    ),
    ("a: 1\n", lambda document: append_entry(document, ("a",), 2), '"a" is no list'),
    ("a: 1\n", lambda document: append_entry(document, ("b",), 2), 'there is no "b" in the file'),
    ("a: 1\n", lambda document: remove_entry(document, ()), "a whole file is not taken out"),
    (
        "- a: 1\n  # about b\n  b: 2\n",
        lambda document: remove_entry(document, (0, "a")),
        '"a" in entry 1 cannot be changed without changing what stands around it',
    ),
    (
        "a: '{{ x }}'\n",
        lambda document: replace_value(document, ("a",), "{{ x | default(\u2019y\u2019) }}"),
        '"a" cannot be changed without changing what stands around it',
    ),
]


@pytest.mark.parametrize(("text", "change", "sentence"), REFUSED)
def test_refusals(text: str, change: Callable[[Document], Edit], sentence: str) -> None:
    document, _ = read_document(text, "a.yaml")
    assert document is not None
    with pytest.raises(CannotEdit) as refusal:
        change(document)
    assert refusal.value.sentence.startswith(sentence)
    assert refusal.value.fix


def test_a_file_with_mistakes_is_not_edited() -> None:
    def change(document: Document) -> Edit:
        return replace_value(document, ("a",), 2)

    for raw in (b"a: 1\nb: {{ x }}\n", b"PK\x03\x04", b"a: \xeb\n"):
        with pytest.raises(CannotEdit) as refusal:
            edit_bytes(raw, "recipes/a.yaml", change)
        assert "recipes/a.yaml has a mistake in line" in refusal.value.sentence


def groups(value: Any, kind: type, path: At = ()) -> list[At]:
    pairs = enumerate(value) if isinstance(value, list) else ()
    inside = [
        found
        for key, each in (value.items() if isinstance(value, dict) else pairs)
        for found in groups(each, kind, (*path, key))
    ]
    return [path, *inside] if isinstance(value, kind) else inside


def at(value: Any, path: At) -> Any:
    for step in path:
        value = value[step]
    return value


def around(text: str, span: tuple[int, int], end: str, encoding: str) -> tuple[bytes, bytes]:
    parts = (text[: span[0]], text[span[1] :])
    before, after = (part.replace("\n", end).encode(encoding) for part in parts)
    return before, after


@settings(max_examples=150, deadline=None)
@given(documents() | json_documents(), VALUES, ENDS, ENCODINGS, st.data())
def test_a_replaced_value_leaves_every_other_byte(
    written: tuple[str, Any], value: Any, end: str, encoded: tuple[str, bytes], data: st.DataObject
) -> None:
    text, before = written
    document, _ = read_document(text, "a.yaml")
    assert document is not None
    path = data.draw(st.sampled_from([p for p in document.paths() if p]))
    raw = encoded[1] + text.replace("\n", end).encode(encoded[0])
    changed = edit_bytes(raw, "a.yaml", lambda found: replace_value(found, path, value))
    span = document.span(path)
    assert span is not None
    head, tail = around(text, span, end, encoded[0])
    assert changed.startswith(encoded[1] + head)
    assert changed.endswith(tail)
    expected = copy.deepcopy(before)
    at(expected, path[:-1])[path[-1]] = value
    after, problems = read_bytes(changed, "a.yaml")
    assert problems == []
    assert after is not None
    assert after.value == expected


@settings(max_examples=100, deadline=None)
@given(documents() | json_documents(), VALUES, ENDS, st.data())
def test_what_is_added_leaves_every_byte(
    written: tuple[str, Any], value: Any, end: str, data: st.DataObject
) -> None:
    text, before = written
    places = [(p, "new") for p in groups(before, dict)] + [(p, None) for p in groups(before, list)]
    path, key = data.draw(st.sampled_from(places))
    expected = copy.deepcopy(before)
    if key is not None:
        at(expected, path)[key] = value
        add = lambda found: add_entry(found, path, key, value)  # noqa: E731
    else:
        index = data.draw(st.integers(0, len(at(before, path))))
        at(expected, path).insert(index, value)
        add = lambda found: insert_entry(found, path, index, value)  # noqa: E731
    raw = text.replace("\n", end).encode()
    changed = edit_bytes(raw, "a.yaml", add)
    after, problems = read_bytes(changed, "a.yaml")
    assert problems == []
    assert after is not None
    assert after.value == expected
    same = next(
        (n for n, pair in enumerate(zip(raw, changed, strict=False)) if pair[0] != pair[1]),
        len(raw),
    )
    assert changed.endswith(raw[same:])


@settings(max_examples=100, deadline=None)
@given(documents() | json_documents(), st.data())
def test_what_is_removed_leaves_all_else(written: tuple[str, Any], data: st.DataObject) -> None:
    text, before = written
    document, _ = read_document(text, "a.yaml")
    assert document is not None
    path = data.draw(st.sampled_from([p for p in document.paths() if p]))
    expected = copy.deepcopy(before)
    del at(expected, path[:-1])[path[-1]]
    try:
        changed = edited(text, lambda found: remove_entry(found, path))
    except CannotEdit:
        # Only a remark between the dash's line and the next name is in the way.
        event("refused")
        return
    after, problems = read_document(changed, "a.yaml")
    assert problems == []
    assert after is not None
    assert after.value == expected
