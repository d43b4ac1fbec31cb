"""What people are told of a file that is not what they meant: every message, as prose."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML, parser, reader, scanner
from ruamel.yaml.error import YAMLError

from runtime.documents import read_bytes, read_document
from runtime.documents.parsing import events
from runtime.documents.yaml_mistakes import is_explained, words_of
from runtime.problems import Problem, errors

TABLE = Path(__file__).with_name("messages.txt")


def rows() -> Iterator[tuple[str, str]]:
    """The texts of the table and what it says of each."""
    text = ""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[3:]
    for is_told, group in itertools.groupby(lines, key=lambda line: line.startswith(" ")):
        if is_told:
            yield text, "\n".join(group)
        else:
            text = ast.literal_eval("".join(group))


def told(problem: Problem) -> str:
    place = f"{problem.line}:{problem.column}"
    return f"    {place} {problem.rule}: {problem.sentence}\n        = {problem.fix}"


@pytest.mark.parametrize(("text", "said"), list(rows()))
def test_messages(text: str, said: str) -> None:
    document, problems = read_document(text, "recipes/a.yaml")
    assert "\n".join(map(told, problems)) == said
    assert {problem.file for problem in problems} == {"recipes/a.yaml"}
    assert document is None or document.slips == tuple(problems)


def objections() -> Iterator[str]:
    """Every message of ruamel's reader, scanner and parser, out of their source."""
    for part in (reader.Reader, scanner.Scanner, parser.Parser):
        for call in ast.walk(ast.parse(inspect.getsource(part))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Error"):
                texts = [ast.unparse(argument) for argument in call.args]
                named = [text for text in texts if text[:1] in "'\"f" and "while" not in text]
                yield from named[:1] or texts[2:3]


def test_every_objection_of_the_parser_has_a_sentence() -> None:
    found = [ast.literal_eval(text.lstrip("f")) for text in objections() if text[:1] in "'\"f"]
    assert len(found) > 35
    silent = {"special characters are not allowed", "stream argument needs to have a read() method"}
    silent |= {"input stream needs to be specified", "<unicode string>", "unicode"}
    unexplained = {
        message
        for message in found
        if message not in silent and not is_explained(message.replace("{ch!r}", "'@'"))
    }
    assert unexplained == set()


WORDS = re.compile(r"ruamel|yaml\.|Traceback|expected|scalar|token|mapping|sequence|stream|codec")


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("ab:- \n\t{}[]'\"#|>&*!%@`?,.01~\\\u201c\u2013\uff1a\u00a0%=<"),
        max_size=40,
    )
)
def test_nobody_is_told_the_parsers_own_words(text: str) -> None:
    document, problems = read_document(text, "a.yaml")
    assert document is not None or errors(problems)
    assert document is None or document.intact or errors(problems)
    lines = text.split("\n")
    for problem in problems:
        assert not WORDS.search(problem.sentence.replace(text, ""))
        assert problem.sentence
        assert problem.fix
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


#: What may stand in a file that was meant as a recipe.
PIECES = (
    *"a1~:-{}[],'\"#&*!?%@\\|> \t\n\r\x85\x00\xa0\ufeff\u2028\u201d\uff1a\u2013\U0001f600",
    *(
        "  ",
        "- ",
        "b:",
        "|+",
        ">-",
        "{{",
        "}}",
        "---",
        "...",
        "\r\n",
        "<<<<<<<",
        "=======",
        "recipe:",
    ),
)


@settings(max_examples=300, deadline=None)
@example("|+\n  x\n\xa0\t\u201d\ufeff\t1\\\t")
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_in_a_file_it_is_read_or_told(text: str) -> None:
    document, problems = read_document(text, "a.yaml")
    assert document is not None or errors(problems)
    assert all(problem.sentence and str(problem) for problem in problems)


SHIPPED = Path(__file__).parents[3] / "recipes" / "payment-collected-to-paid-invoice.yaml"


def marks(source: Iterator[object]) -> list[object]:
    found: list[object] = []
    try:
        for event in source:
            start, end = event.start_mark, event.end_mark  # type: ignore[attr-defined]
            place = (start.index, start.line, start.column, end.index, end.line, end.column)
            found.append((type(event), place, getattr(event, "value", None)))
    except (YAMLError, ValueError, OverflowError) as error:
        known = isinstance(error, YAMLError) and hasattr(error, "problem_mark")
        found.append(words_of(error) if known else "no letter")
    return found


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 30), st.text("ab:- \n\t{}[]'\"#|>&*!%?,\\", max_size=4))
def test_the_quick_parser_gives_what_ruamel_gives(at: int, length: int, put: str) -> None:
    """A shipped recipe with a piece of it replaced: the same events, or the same objection."""
    shipped = SHIPPED.read_text(encoding="utf-8")
    text = shipped[:at] + put + shipped[at + length : 2500]
    assert marks(events(text)) == marks(YAML(typ="safe", pure=True).parse(text))


BYTES = [
    (
        b"PK\x03\x04\x14\x00",
        1,
        "not-plain-text",
        "this is a Word, Excel or zip file, not plain text",
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", 1, "not-plain-text", "this is an old Word or Excel file"),
    (b"%PDF-1.7", 1, "not-plain-text", "this is a PDF file, not plain text"),
    (
        b"a: 1\r\nb: x\x93\r\n",
        2,
        "encoding",
        'the letter "\u201c" here is saved as Windows-1252',
    ),
    (b"a: Zo\xc3", 1, "encoding", "the file breaks off in the middle of a letter"),
    (b"\xff\xfea\x00:\x00 \x00b", 1, "encoding", "the file breaks off in the middle of a letter"),
    (b"\xff\xfea\x00\x00\xd8b\x00", 1, "encoding", "this line has a letter that is in no encoding"),
]


@pytest.mark.parametrize(("raw", "line", "rule", "sentence"), BYTES)
def test_bytes_that_are_no_text(raw: bytes, line: int, rule: str, sentence: str) -> None:
    _, problems = read_bytes(raw, "a.yaml")
    assert (problems[0].line, problems[0].rule) == (line, rule)
    assert problems[0].sentence.startswith(sentence)
    assert problems[0].fix


def test_what_is_saved_as_windows_1252_is_read_on() -> None:
    document, problems = read_bytes("a: Zo\xeb\nb: {{ x }}\n".encode("cp1252"), "a.yaml")
    assert [problem.rule for problem in problems] == ["encoding", "unquoted-template"]
    assert document is not None
    assert document.value == {"a": "Zo\xeb", "b": "{{ x }}"}
    assert document.slips == tuple(problems)


def test_places_in_a_mended_text_are_the_users() -> None:
    text = "when:\n\ttrigger: paid\ndo:\n     - id: a\n    action: x y\n      with: 5\n"
    document, problems = read_document(text, "a.yaml")
    assert document is not None
    assert [(problem.line, problem.rule) for problem in problems] == [(2, "tab"), (5, "syntax")]
    for path, written in ((("when", "trigger"), "paid"), (("do", 0, "id"), "a")):
        span = document.span(path)
        assert span is not None
        assert text[slice(*span)] == written
        line, column = document.place(path)
        assert text.split("\n")[line - 1][column - 1 :].startswith(written)
        assert document.problem(path, "x", "y").length == len(written)


def test_too_many_slips_end_the_reading() -> None:
    document, problems = read_document("".join(f"a{n}: @x\n" for n in range(30)), "a.yaml")
    assert document is None
    assert len(problems) == 20
