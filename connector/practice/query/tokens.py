"""Cuts a statement into tokens and refuses what the parser meets in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from connector.practice.faults import Fault

#: QuickBooks skips these only: a no-break space, for example, is a lexical error.
_SPACE = " \t\r\n\f"
_TOKEN = re.compile(
    r"""
      '(?P<text>(?:\\.|[^'\\])*)'
    | (?P<number>[+-]?[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<sign><=|>=|=|<|>|\(|\)|,|\*)
    """,
    re.VERBOSE | re.DOTALL,
)
#: Cannot be escaped in QuickBooks' own lexer, not even within quotes [C].
_CURLY = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014]")
_KEYWORDS = frozenset(
    {
        *("SELECT", "COUNT", "FROM", "WHERE", "IN", "LIKE", "ORDERBY", "ORDER", "BY", "ASC"),
        *("DESC", "STARTPOSITION", "MAXRESULTS", "TRUE", "FALSE", "CURRENT_DATE"),
    }
)
#: Token kinds as QuickBooks names them; <IDENTIFIER>, <AND>, <OR> and <EOF> are captured.
_NAMES = {"text": "<STRING>", "number": "<NUMBER>", "word": "<IDENTIFIER>"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement; `at` is where it begins, counted from 0."""

    #: text, number, word, sign or end
    kind: str
    value: str
    at: int

    @property
    def upper(self) -> str:
        """What it is as a keyword or sign; empty for quoted text."""
        return self.value.upper() if self.kind != "text" else ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens, then `end` without end; raises Fault 4000 when it comes to what is none."""
    at = _past_space(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        quoted = text[at] == "'"
        end = match.end() if match else len(text)
        curly = _CURLY.search(text, at, end) if quoted else None
        if match is None or curly:
            _refuse_lexically(text, at, curly.start() if curly else end if quoted else at)
        kind = str(match.lastgroup)
        value = re.sub(r"\\(.)", r"\1", match[kind], flags=re.DOTALL)
        yield Token(kind, value if kind == "text" else match[kind], at)
        at = _past_space(text, end)
    while True:
        yield Token("end", "", len(text) - 1)


def refuse(text: str, token: Token, *expected: str) -> NoReturn:
    """Raise Fault 4000 for a token that cannot stand there, in the words of QuickBooks' parser."""
    met = '"<EOF>"' if token.kind == "end" else f'" {_name(token)} "{token.value} ""'
    detail = f"QueryParserError: Encountered {met} at {_place(text, token.at)}."
    if expected:
        head = "Was expecting one of:" if len(expected) > 1 else "Was expecting:"
        lines = (f"    {one} " if one == "<EOF>" else f"    {one} ..." for one in expected)
        detail = "\n".join((detail, head, *lines, "    "))
    raise Fault("4000", detail)


def _refuse_lexically(text: str, begun: int, bad: int) -> NoReturn:
    """Raise Fault 4000 for a character that does not fit, or for a quote that does not end."""
    ended = bad == len(text)
    met = "<EOF> " if ended else f'"{_escaped(text[bad])}" ({ord(text[bad])}), '
    place = _place(text, bad - 1 if ended else bad)
    said = f'Lexical error at {place}.  Encountered: {met}after : "{_escaped(text[begun:bad])}"'
    raise Fault("4000", f"QueryParserError: Invalid content. {said}")


def _name(token: Token) -> str:
    if token.kind == "sign" or token.upper in _KEYWORDS:
        return f'"{token.value.lower()}"'
    return f"<{token.upper}>" if token.upper in ("AND", "OR") else _NAMES[token.kind]


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - text.rfind(chr(10), 0, at)}"


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _escaped(text: str) -> str:
    """Text as the lexer shows it: only printable ASCII as it is."""
    return "".join(one if " " <= one <= "~" and one not in "\"\\'" else _code(one) for one in text)


def _code(character: str) -> str:
    return f"\\{character}" if character in "\"\\'" else f"\\u{ord(character):04x}"
