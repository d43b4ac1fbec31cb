"""Says in plain words what a YAML parser objects to, and what it reads wrongly in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.error import YAMLError

from runtime.problems import Problem

TWO_DOCUMENTS = (
    "a line of three dashes starts a second document, which is not read",
    "remove the line `---`, or make two files",
)
ANCHOR = (
    "a value that starts with & or * has a meaning of its own in YAML",
    "put quotes around the value, or write the repeated part out",
)
TAG = (
    "a value that starts with ! has a meaning of its own in YAML",
    "put quotes around the value",
)

#: (part of the parser's message, our sentence, how to mend it); the first that fits is told.
_SENTENCES = (
    (
        "unexpected end of stream",
        "the quote that opens here is never closed",
        "add the closing quote",
    ),
    (
        "mapping values are not allowed",
        "a colon cannot stand here",
        'indent the line like its neighbours, or put quotes around a value that contains ": "',
    ),
    (
        "mapping keys are not allowed",
        "a value cannot start with a question mark",
        "put quotes around the value",
    ),
    (
        "unknown escape character",
        "a backslash inside double quotes has a meaning of its own",
        "use single quotes around the value, or write two backslashes",
    ),
    (
        "chomping or indentation",
        "a value that starts with | or > has a meaning of its own in YAML",
        "put quotes around the value",
    ),
    ("expected ',' or", "a bracket is opened here and never closed", "add the closing bracket"),
    (
        "but found '<scalar>'",
        "there is more text after the end of the value",
        "put quotes around the whole value; inside single quotes write a quote twice",
    ),
    (
        "expected <block end>",
        "this line does not fit the lines above it",
        "indent it exactly like its neighbours",
    ),
    ("could not find expected ':'", "this line has no colon", "write `name: value`"),
    (
        "<document start>",
        "a line cannot start with this character",
        "remove it, or put quotes around the text",
    ),
    ("nested more than", "values are nested too deep to be meant", "take brackets away"),
)

#: A value, after `key:` or a dash, that opens with two braces and no quote.
_UNQUOTED = re.compile(r"^[ ]*(?:-[ ]+)*(?:[^\s#'\"{][^#'\"{]*:[ ]+|-[ ]+)(?=\{\{)")
_CANNOT_START = re.compile(r"found character '(.+)' that cannot start")
_CURLY_DOUBLE = "\u201c\u201d\u201e"
_CURLY = _CURLY_DOUBLE + "\u2018\u2019\u201a"
#: ` #` followed by what looks like a number or a template, not like a remark.
_LOST = re.compile(r"[ \t]+#(?=[A-Za-z]{0,3}\d|\{\{)[^\n]*")


def explain(error: YAMLError, text: str, file: str) -> list[Problem]:
    """The problems behind a parser's error: the cause where it is known, else its own words."""
    line, column = _place(error, text)
    causes = list(_unquoted_lines(text, file, line))
    if causes:
        return causes
    lines = text.split("\n")
    indent = re.match(r"[ ]*\t", lines[line - 1]) if line <= len(lines) else None
    if indent:
        return [tab(file, line)]
    sentence, fix = _sentence(error)
    return [Problem(file=file, line=line, column=column, rule="syntax", sentence=sentence, fix=fix)]


def tab(file: str, line: int) -> Problem:
    """The problem that a line is indented with a tab."""
    return Problem(
        file=file,
        line=line,
        column=1,
        rule="tab",
        sentence="this line is indented with a tab",
        fix="use spaces",
    )


def unquoted(text: str, file: str, index: int) -> Problem:
    """The problem that a template at `index` has no quotes around it."""
    end = text.find("\n", index)
    value = text[index : end if end >= 0 else len(text)].split(" #")[0].rstrip()
    quote = "'" if '"' in value else '"'
    line, column = _line_and_column(text, index)
    return Problem(
        file=file,
        line=line,
        column=column,
        rule="unquoted-template",
        sentence="put quotes around a value that starts with {{",
        fix=f"write: {quote}{value}{quote}",
    )


def suspicious(event: Any, text: str) -> tuple[str, str, str] | None:
    """Rule, sentence and fix where an unquoted value was surely not meant as it is read."""
    value = str(event.value)
    if value[:1] and value[0] in _CURLY:
        straight = '"' if value[0] in _CURLY_DOUBLE else "'"
        sentence = "typographic quotes are not quotes here; they would become part of the value"
        return "curly-quotes", sentence, f"use straight quotes: {straight}"
    lost = _LOST.match(text, event.end_mark.index) if value else None
    if lost is None:
        return None
    whole = f"{value}{lost.group().rstrip()}"
    sentence = 'everything after " #" is a comment in YAML and would be lost'
    return "lost-to-comment", sentence, f'put quotes around it: "{whole}"'


def _unquoted_lines(text: str, file: str, last: int) -> Iterator[Problem]:
    """Unquoted templates, where one at or before line `last` is what stopped the parser."""
    lines = text.split("\n")
    blocks = re.search(r":[ ]+[|>]", text)  # in such a text the pattern proves nothing
    if not any(_UNQUOTED.match(line) for line in lines[:last]):
        return
    index = 0
    for line in lines[:last] if blocks else lines:
        found = _UNQUOTED.match(line)
        if found:
            yield unquoted(text, file, index + found.end())
        index += len(line) + 1


def _place(error: YAMLError, text: str) -> tuple[int, int]:
    if "<document start>" in str(error):
        return _line_and_column(text, max(text.find("%"), 0))
    mark = getattr(error, "problem_mark", None)
    if any(part in str(error) for part in ("unexpected end of stream", "expected ','")):
        mark = getattr(error, "context_mark", None) or mark
    if mark is not None:
        return int(mark.line) + 1, int(mark.column) + 1
    index = getattr(error, "position", None)
    return _line_and_column(text, index if isinstance(index, int) else 0)


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _sentence(error: YAMLError) -> tuple[str, str]:
    words = str(getattr(error, "problem", None) or error)
    start = _CANNOT_START.search(words)
    if start:
        return f"a value cannot start with {start[1]}", "put quotes around the value"
    if hasattr(error, "character"):
        sentence = "the file has an invisible character that cannot be used here"
        return sentence, "delete it, or write the line again"
    for part, sentence, fix in _SENTENCES:
        if part in words:
            return sentence, fix
    return f"this cannot be read as YAML: {words}", "compare it with a shipped recipe"
