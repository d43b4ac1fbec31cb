"""Reading YAML and JSON: plain values, their places, and the mistakes people make."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.documents import DEEPEST, LONGEST, Document, decode, read_document, read_file


def read(text: str) -> Document:
    document, problems = read_document(text, "a.yaml")
    assert problems == []
    assert document is not None
    return document


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("01234", "01234"),
        ("00123", "00123"),
        ("12:30", "12:30"),
        ("+15551234567", "+15551234567"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ("1685E6", "1685E6"),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("2024-01-02", "2024-01-02"),
        ("9" * 40, "9" * 40),
        (".5", ".5"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("15", 15),
        ("-3", -3),
        ('"15"', "15"),
        ("'true'", "true"),
        ('""', ""),
        ('"Paid #12"', "Paid #12"),
        ("15 #days", 15),
        ("a#b", "a#b"),
    ],
)
def test_plain_values(written: str, value: object) -> None:
    found = read(f"key: {written}\n").value["key"]
    assert found == value
    assert type(found) is type(value)


def test_decimals_keep_their_digits() -> None:
    assert str(read("a: 3.10").value["a"]) == "3.10"
    assert read("a: -0.5").value["a"] == Decimal("-0.5")


def test_keys_are_text() -> None:
    assert list(read("on: 1\n12: 2\ntrue: 3\n").value) == ["on", "12", "true"]


def test_places() -> None:
    document = read("when:\n  trigger: paid\ndo:\n  - id: one\n    with: {a: 'b {{ c }}'}\n")
    assert document.place(("when",)) == (2, 3)
    assert document.key_place(("when",)) == (1, 1)
    assert document.place(("when", "trigger")) == (2, 12)
    assert document.key_place(("do", 0, "id")) == (4, 5)
    assert document.place(("do", 0, "with", "a"), 5) == (5, 21)
    assert document.place(("do", 0, "nothing", "here")) == (4, 5)
    assert document.place(("nowhere",)) == (1, 1)


def test_offsets_are_left_out_where_they_do_not_map() -> None:
    assert read('a: "x\\ty{{ z }}"').place(("a",), 3) == (1, 4)
    assert read("a: |\n  one\n  two\n").place(("a",), 5) == (1, 4)


def test_json_is_read_too() -> None:
    document = read('{\n\t"a": [1, 2.50, null, true, "\\ud83d\\ude00", "x\\/y"]\n}')
    assert document.value == {"a": [1, Decimal("2.50"), None, True, "\U0001f600", "x/y"]}
    assert document.place(("a", 1)) == (2, 11)


def test_half_a_character_is_replaced() -> None:
    assert read('{"a": "x\\ud83d"}').value == {"a": "x\ufffd"}


MISTAKES = [
    ("a: {{ b }}\n", (1, 4), "unquoted-template", 'write: "{{ b }}"'),
    ("a: {{ b }} and {{ c }}\n", (1, 4), "unquoted-template", 'write: "{{ b }} and {{ c }}"'),
    ('a: {{ b | default("x") }} y\n', (1, 4), "unquoted-template", "write: '{{ b |"),
    ("x:\n  - {{ b }} # note\n", (2, 5), "unquoted-template", 'write: "{{ b }}"'),
    ("x: 1\ny: 2\nx: 3\n", (3, 1), "duplicate-key", "keep one"),
    ("a:\n\tb: 1\n", (2, 1), "tab", "use spaces"),
    ("a:\n  - b\n  \t- c\n", (3, 1), "tab", "use spaces"),
    ("a:\n  b: [1,\n\t2]\n", (3, 1), "tab", "use spaces"),
    ("a: b: c\n", (1, 5), "syntax", "put quotes around a value that contains"),
    ("a: @x\n", (1, 4), "syntax", "put quotes"),
    ("a: 'x\nb: 1\n", (1, 4), "syntax", "closing quote"),
    ("a: [1, 2\nb: 3\n", (1, 4), "syntax", "closing bracket"),
    ("a: {b: c\n", (1, 4), "syntax", "closing bracket"),
    ('a: "C:\\d"\n', (1, 8), "syntax", "single quotes"),
    ("a: |text\n", (1, 5), "syntax", "put quotes"),
    ("%x: 1\n", (1, 1), "syntax", "remove it"),
    ("a: ? b\n", (1, 4), "syntax", "put quotes"),
    ("a: 'it's'\n", (1, 8), "syntax", "write a quote twice"),
    ("a:\n  - b\n c: d\n", (3, 2), "syntax", "like its neighbours"),
    (": x\n", (1, 1), "syntax", "name: value"),
    ("? [a]\n: x\n", (1, 3), "syntax", "name: value"),
    ("a: \x00\n", (1, 4), "syntax", "delete it"),
    ("[" * (DEEPEST + 2), (1, 1), "syntax", "brackets"),
    ("a: &x 1\n", (1, 4), "anchor", "write the repeated part out"),
    ("a: *x\n", (1, 4), "anchor", "put quotes"),
    ("a: !!int 3\n", (1, 4), "tag", "put quotes"),
    ("a: 1\n---\nb: 2\n", (2, 1), "two-documents", "---"),
    ("memo: Paid #12\n", (1, 7), "lost-to-comment", '"Paid #12"'),
    ("memo: Job #{{ trigger.id }}\n", (1, 7), "lost-to-comment", '"Job #{{ trigger.id }}"'),
    ("a: \u201chi\u201d\n", (1, 4), "curly-quotes", "straight quotes"),
    ("a: \u2018hi\u2019\n", (1, 4), "curly-quotes", "straight quotes: '"),
]


@pytest.mark.parametrize(("text", "place", "rule", "fix"), MISTAKES)
def test_mistakes(text: str, place: tuple[int, int], rule: str, fix: str) -> None:
    _, problems = read_document(text, "recipes/a.yaml")
    assert [problem.rule for problem in problems] == [rule]
    assert (problems[0].line, problems[0].column) == place
    assert problems[0].file == "recipes/a.yaml"
    assert fix in problems[0].fix


def test_one_mistake_does_not_hide_the_others() -> None:
    _, problems = read_document("a: {{ b }} x\nc: 1\nd: {{ e }}\n", "a.yaml")
    assert [(p.rule, p.line) for p in problems] == [
        ("unquoted-template", 1),
        ("unquoted-template", 3),
    ]
    document, problems = read_document("a: {{ b }}\na: 1\nc: Room #12\n", "a.yaml")
    assert [problem.rule for problem in problems] == [
        "unquoted-template",
        "duplicate-key",
        "lost-to-comment",
    ]
    assert document is not None
    assert document.value == {"a": "{{ b }}", "c": "Room"}


def test_the_line_of_the_first_key_is_named() -> None:
    _, problems = read_document("with: {}\nb: 1\nwith: {}\n", "a.yaml")
    assert problems[0].sentence == '"with" is written twice; the first one is on line 1'


def test_tabs_inside_texts_are_content() -> None:
    assert read("a: |\n  x\n  \ty\nb: 'c\n\td'\n").value == {"a": "x\n\ty\n", "b": "c d"}


@pytest.mark.parametrize(
    "text",
    [
        "a: 'Note\u00a0: merci'\n",
        'a: "Note\n  bien\u00a0: merci\u00a0\n  \u2013 oui"\nb: 1\n',
        "a: 'one\u00a0\n  two: \u201cthree\u201d'\n",
        "a: |\n  Note\u00a0: merci\u00a0\n  \u2013 oui\n",
        '- [":\u00a0", "- \u2013 x"]\n',
        "a: 10\u00a0000 \u2013 20\u00a0000\n",
        "# Note\u00a0: \u201cx\u201d \u2013 y\na: 1\n",
        "a: it\u2019s {{ b }}\n",
    ],
)
def test_what_stands_inside_texts_is_content(text: str) -> None:
    """French puts an unbreakable blank before a colon, and dashes and quotes are anybody's."""
    assert read(text).intact


def test_a_template_in_a_block_of_text_is_not_blamed() -> None:
    _, problems = read_document("a: |\n  note: {{ x }}\nb: @x\nc: {{ y }}\n", "a.yaml")
    assert (problems[0].line, problems[0].rule) in {(2, "unquoted-template"), (3, "syntax")}


def test_an_empty_file_is_no_value() -> None:
    assert read("").value is None
    assert read("# only a remark\n").value is None


def test_too_long() -> None:
    document, problems = read_document("a" * (LONGEST + 1), "a.yaml")
    assert document is None
    assert [problem.rule for problem in problems] == ["too-long"]


@pytest.mark.parametrize(
    "raw",
    [
        "name: Zo\u00eb\n".encode(),
        "name: Zo\u00eb\r\n".encode("utf-8-sig"),
        "name: Zo\u00eb\r".encode("utf-16"),
        b"\xfe\xff" + "name: Zo\u00eb\n".encode("utf-16-be"),
        "name: Zo\u00eb\n".encode("utf-16-le"),
        "name: Zo\u00eb\n".encode("utf-16-be"),
    ],
)
def test_every_editors_encoding(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    document, problems = read_file(path, "a.yaml")
    assert problems == []
    assert document is not None
    assert document.value == {"name": "Zo\u00eb"}


def test_line_ends_do_not_move_places() -> None:
    document = read("a: 1\r\nb:\r\n  c: {x: y}\r\n")
    assert document.place(("b", "c", "x")) == (3, 10)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    text, problems = decode(b"a: 1\nname: Zo\xeb\n", "a.yaml")
    assert text is None
    assert [(p.rule, p.line, p.fix) for p in problems] == [
        (
            "encoding",
            2,
            "save the file again with the encoding UTF-8 (Notepad: Save as, Encoding: UTF-8)",
        )
    ]
    (tmp_path / "b.yaml").write_bytes(b"\x81")
    assert read_file(tmp_path / "b.yaml", "b.yaml")[0] is None


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    document, problems = read_file(tmp_path / "none.yaml", "none.yaml")
    assert document is None
    assert str(problems[0]).startswith(
        "none.yaml:0:0: the file cannot be read: no such file or directory [unreadable-file]"
    )


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("ab:- \n\t{}[]'\"#|>&*!%@`?,.01~\\\u201c\x85%"), max_size=40)
)
def test_whatever_is_written_is_read_or_explained(text: str) -> None:
    document, problems = read_document(text, "a.yaml")
    assert document is not None or problems
