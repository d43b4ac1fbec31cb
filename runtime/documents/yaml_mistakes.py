"""Says in plain words what a YAML parser objects to, and what it reads wrongly in silence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

TWO_DOCUMENTS = (
    "a line of three dashes or dots starts a second document, which is not read",
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
OPEN_QUOTE = ("the quote that opens here is never closed", "add the closing quote")
OPEN_BRACKET = ("a bracket is opened here and never closed", "add the closing bracket")
NO_COLON = ("this line has no colon", "write `name: value`")
NO_BLANK = ("a blank is missing after the colon", "write `name: value`")
MORE_TEXT = "there is more text after the end of the value"
QUOTES_INSIDE = (
    "double quotes inside {{ }} end the value here, because it began with double quotes",
    "use single quotes inside {{ }}: '",
)
COLON = ("a colon cannot stand here", 'put quotes around a value that contains ": "')
COMMA_BEFORE = ("a comma is missing before this", "put a comma between two entries")
TOO_DEEP = (
    "this line is indented deeper than the line above, which already has a value",
    'indent the line like its neighbours, or put quotes around a value that contains ": "',
)
MISFIT = (
    "this line does not fit the lines above it",
    "indent it exactly like its neighbours",
)
PERCENT = (
    "a line cannot start with %",
    "remove it, or put quotes around the text",
)
TAB_INSIDE = ("a tab stands where only blanks can", "use spaces")
INVISIBLE = (
    "the file has an invisible character that cannot be used here",
    "delete it, or write the line again",
)
HALF_SAVED = "the file ends here: if it was saved only half, save it again"
#: What a file that was saved only half looks like at its end.
AT_THE_END = frozenset((OPEN_QUOTE[0], OPEN_BRACKET[0], NO_COLON[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What is told of one kind of objection."""

    #: A part of the parser's message.
    part: str
    sentence: str
    fix: str
    #: Where it is told: at the parser's place, where the thing began, or at the line's own text.
    at: str = "place"

    @property
    def words(self) -> tuple[str, str]:
        """The sentence and how to mend it."""
        return self.sentence, self.fix


#: The first that fits is told; the parts are the parser's, each found in ruamel's own source.
_SENTENCES = (
    Sentence(part="unexpected end of stream", sentence=OPEN_QUOTE[0], fix=OPEN_QUOTE[1], at="open"),
    Sentence(
        part="unexpected document separator", sentence=OPEN_QUOTE[0], fix=OPEN_QUOTE[1], at="open"
    ),
    Sentence(part="mapping values are not allowed", sentence=COLON[0], fix=COLON[1]),
    Sentence(
        part="mapping keys are not allowed",
        sentence="a value cannot start with a question mark",
        fix="put quotes around the value",
    ),
    Sentence(
        part="sequence entries are not allowed",
        sentence="a list cannot begin on the line of its name",
        fix="start each entry on its own line, or put quotes around a value that begins with -",
    ),
    Sentence(part="can't decode", sentence=TAG[0], fix=TAG[1], at="open"),
    Sentence(part="URI", sentence=TAG[0], fix=TAG[1], at="open"),
    Sentence(
        part="escape",
        sentence="a backslash inside double quotes has a meaning of its own",
        fix="use single quotes around the value, or write two backslashes",
    ),
    Sentence(
        part="indentation indicator",
        sentence="a value that starts with | or > has a meaning of its own in YAML",
        fix="put quotes around the value",
    ),
    Sentence(
        part="chomping or indentation",
        sentence="a value that starts with | or > has a meaning of its own in YAML",
        fix="put quotes around the value",
    ),
    Sentence(
        part="a comment or a line break",
        sentence="a value that starts with | or > has a meaning of its own in YAML",
        fix="put quotes around the value",
    ),
    Sentence(
        part="more indented follow up line",
        sentence="an empty line above this text has more blanks than the text itself",
        fix="delete the blanks of the empty lines",
    ),
    Sentence(part="expected ',' or", sentence=OPEN_BRACKET[0], fix=OPEN_BRACKET[1], at="open"),
    Sentence(part="but found '<alias>'", sentence=ANCHOR[0], fix=ANCHOR[1]),
    Sentence(part="but found '<anchor>'", sentence=ANCHOR[0], fix=ANCHOR[1]),
    Sentence(part="expected alphabetic or numeric", sentence=ANCHOR[0], fix=ANCHOR[1], at="open"),
    Sentence(part="but found '<tag>'", sentence=TAG[0], fix=TAG[1]),
    Sentence(part="undefined tag handle", sentence=TAG[0], fix=TAG[1]),
    Sentence(part="expected '>'", sentence=TAG[0], fix=TAG[1], at="open"),
    Sentence(part="expected '!'", sentence=TAG[0], fix=TAG[1], at="open"),
    Sentence(part="expected ' '", sentence=TAG[0], fix=TAG[1], at="open"),
    Sentence(
        part="<block end>, but found '<scalar>'",
        sentence=MORE_TEXT,
        fix="put quotes around the whole value; inside single quotes write a quote twice",
    ),
    Sentence(
        part="<block end>, but found '}'",
        sentence="this bracket closes nothing",
        fix="remove it, or put quotes around the whole value",
    ),
    Sentence(
        part="<block end>, but found ']'",
        sentence="this bracket closes nothing",
        fix="remove it, or put quotes around the whole value",
    ),
    Sentence(
        part="<block end>, but found ','",
        sentence=MORE_TEXT,
        fix="put quotes around the whole value",
    ),
    Sentence(part="expected <block end>", sentence=MISFIT[0], fix=MISFIT[1]),
    Sentence(part="could not find expected ':'", sentence=NO_COLON[0], fix=NO_COLON[1], at="open"),
    Sentence(part="unexpected ':'", sentence=COLON[0], fix=COLON[1]),
    Sentence(
        part="node content, but found ','",
        sentence="there is nothing before this comma",
        fix="write a value before it, or take the comma away",
    ),
    Sentence(
        part="expected the node content",
        sentence="a value is missing here, or begins with a sign that has a meaning of its own",
        fix="write the value, or put quotes around it",
    ),
    Sentence(part="<document start>", sentence=PERCENT[0], fix=PERCENT[1], at="percent"),
    Sentence(part="YAML directive", sentence=PERCENT[0], fix=PERCENT[1], at="percent"),
    Sentence(part="incompatible YAML", sentence=PERCENT[0], fix=PERCENT[1], at="percent"),
    Sentence(part="tag handle", sentence=PERCENT[0], fix=PERCENT[1], at="percent"),
    Sentence(part="expected a digit", sentence=PERCENT[0], fix=PERCENT[1], at="percent"),
    Sentence(
        part="after document end",
        sentence="there is text after a line that starts with three dots",
        fix="remove the line `...`",
    ),
)
_FALLBACK = Sentence(
    part="",
    sentence="this line cannot be read",
    fix="compare it with a shipped recipe, or write it again",
)
_CANNOT_START = re.compile(r"found character '(.+)' that cannot start")

#: A value, after `key:` or a dash, that opens with two braces and no quote.
UNQUOTED = re.compile(r"^[ ]*(?:-[ ]+)*(?:[^\s#'\"{][^#'\"{]*:[ ]+|-[ ]+)(?=\{\{)")
_CURLY_DOUBLE = "\u201c\u201d\u201e"
CURLY = _CURLY_DOUBLE + "\u2018\u2019\u201a"
#: ` #` followed by what looks like a number or a template, not like a remark.
_LOST = re.compile(r"[ \t]+#(?=[A-Za-z]{0,3}\d|\{\{)[^\n]*")


def tab(lines: int) -> tuple[str, str]:
    """Sentence and fix of lines that are indented with tabs, told at the first."""
    if lines == 1:
        return "this line is indented with a tab", "use spaces"
    more = "1 more line is" if lines == 2 else f"{lines - 1} more lines are"
    return f"this line is indented with a tab, and {more}", "use spaces"


def words_of(error: Exception) -> str:
    """The parser's own message, of which nothing is shown."""
    return str(getattr(error, "problem", None) or getattr(error, "context", None) or error)


def sentence_for(words: str) -> Sentence:
    """What is told of a parser's message."""
    start = _CANNOT_START.search(words)
    if start:
        sign = "a tab" if start[1] == "\\t" else start[1]
        fix = "put quotes around the value"
        return Sentence(part=words, sentence=f"a value cannot start with {sign}", fix=fix)
    return next((row for row in _SENTENCES if row.part in words), _FALLBACK)


def is_explained(words: str) -> bool:
    """Whether a parser's message has a sentence of its own."""
    return sentence_for(words) is not _FALLBACK


def unquoted(value: str) -> tuple[str, str, str]:
    """Rule, sentence and fix of a template without quotes around it."""
    quote = "'" if '"' in value else '"'
    sentence = "put quotes around a value that starts with {{"
    return "unquoted-template", sentence, f"write: {quote}{value}{quote}"


def curly(value: str) -> tuple[str, str, str]:
    """Rule, sentence and fix of a name or value in typographic quotes."""
    straight = '"' if value[0] in _CURLY_DOUBLE else "'"
    sentence = "typographic quotes are not quotes here; they would become part of the value"
    return "curly-quotes", sentence, f"use straight quotes: {straight}"


def suspicious(event: Any, text: str) -> tuple[str, str, str] | None:
    """Rule, sentence and fix where an unquoted value was surely not meant as it is read."""
    value = str(event.value)
    if value[:1] and value[0] in CURLY:
        return curly(value)
    if event.end_mark.line > event.start_mark.line and _swallowed_dash(event, text):
        sentence = "the lines that follow this value become part of it, with their dashes"
        return "swallowed-list", sentence, "leave the value away, or indent the list like its name"
    lost = _LOST.match(text, event.end_mark.index) if value else None
    if lost is None:
        return None
    whole = f"{value}{lost.group().rstrip()}"
    sentence = 'everything after " #" is a comment in YAML and would be lost'
    return "lost-to-comment", sentence, f'put quotes around it: "{whole}"'


def _swallowed_dash(event: Any, text: str) -> bool:
    written = text[event.start_mark.index : event.end_mark.index]
    return any(line.lstrip().startswith("- ") for line in written.split("\n")[1:])
