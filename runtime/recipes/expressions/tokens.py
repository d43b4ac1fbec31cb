"""Cuts a text with `{{ … }}` into its words and signs, before any parser sees it.

Length, nesting and the number of words are bounded here, so that parsing takes no time worth
naming; what no expression may contain at all (blocks, comments, odd characters) is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from runtime.recipes.expressions.values import ExpressionProblem

LONGEST_SOURCE = 4_000
DEEPEST = 20
#: Values, filters, operators: what a parsed text is made of.
MOST_PARTS = 200
#: Words and signs inside the braces of one text.
MOST_TOKENS = 450
LONGEST_NAME = 100

_WORDS = re.compile(
    r"""(?P<blank>\s+)
    |(?P<end>\}\})
    |(?P<name>[^\W\d]\w*)
    |(?P<number>(?<!\.)[0-9]+\.[0-9]+(?!\w)|[0-9]+(?!\w))
    |(?P<string>'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*")
    |(?P<sign>\*\*|//|==|!=|<=|>=|[-+*/%~()\[\].,|<>=:{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?")
#: As Zapier writes a field: 123456__name.
_DIGITS_FIRST = re.compile(r"[0-9]+__\w*")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_CURLY = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"
_PARTS = frozenset(("name", "number", "string"))
_PAIRS = {")": "(", "]": "["}
_BLOCKS = {
    "for": ("loops", "use `for_each:` instead"),
    "if": ("if blocks", "use {{ a if b else c }}, or `only_if:` on the step"),
}
#: Signs of other programs' templates, and what is written here instead.
_FOREIGN = {
    "$": "name a field of the event, such as {{ trigger.contact.email }}",
    "?": "choose with {{ a if b else c }}",
    "&": "write `and` between two tests, ~ between two texts",
    "!": "write `not` before a test, != between two values",
}
_BLOCK = re.compile(r"\{%[-+]?\s*(\w*)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign, or the text between two expressions."""

    #: data, begin, end, name, number, string or sign
    kind: str
    #: As it is written.
    text: str
    #: Characters from the start of the whole text.
    offset: int


class Source:
    """A text of a recipe, and where in it names and signs stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All of it in order. Raises ExpressionProblem for what cannot stand in a text."""
        return tokens_of(self.text)

    def at(self, number: int) -> int:
        """Offset of the token of this number, the first of all being 1."""
        return self.tokens[min(number, len(self.tokens)) - 1].offset if self.tokens else 0

    def find(self, *values: str) -> int:
        """Offset of the last of these signs and names where they stand side by side; else 0."""
        tokens = [token for token in self.tokens if token.kind != "data"]
        for start in range(len(tokens) - len(values) + 1):
            part = tokens[start : start + len(values)]
            if [token.text.strip("'\"") for token in part] == list(values):
                return part[-1].offset
        return 0

    def find_path(self, names: Sequence[str]) -> int:
        """Offset of the last name of a path, however its dots or brackets are written."""
        dotted = [part for name in names for part in (".", name)][1:]
        return self.find(*dotted) or self.find(names[-1])


def number(token: Token) -> int | Decimal:
    """The exact number a token stands for."""
    return Decimal(token.text) if "." in token.text else int(token.text)


def string(token: Token) -> str:
    """The text between the quotes of a token."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], token.text[1:-1])


def has_syntax(text: str) -> bool:
    """Whether a text is more than what it says: it has braces that mean something."""
    return "{{" in text or "{%" in text or ("{#" in text and "#}" in text)


def too_many_parts() -> ExpressionProblem:
    """The problem that a text asks for too much."""
    sentence = f"the text has more than {MOST_PARTS} values and filters in {{{{ … }}}}"
    return ExpressionProblem(sentence, "make it simpler")


def too_deep() -> ExpressionProblem:
    """The problem that an expression is nested too deep."""
    sentence = f"the expression is nested more than {DEEPEST} deep"
    return ExpressionProblem(sentence, "make it simpler")


def _is_part(token: Token) -> bool:
    """Whether a parser makes at least one part of it."""
    return token.kind in _PARTS and token.text not in ("else", "is")


def _check_whole(text: str) -> None:
    if len(text) > LONGEST_SOURCE:
        sentence = f"the text has {len(text):,} characters; at most {LONGEST_SOURCE:,} fit"
        raise ExpressionProblem(sentence, "shorten it")
    if unseen := _UNSEEN.search(text):
        sentence = f"there is a character that nobody sees (U+{ord(unseen[0]):04X})"
        raise ExpressionProblem(sentence, "delete it and type the text anew", unseen.start())


def _check_data(text: str, offset: int) -> None:
    """Refuse blocks, which stand between expressions."""
    if block := _BLOCK.search(text):
        words, fix = _BLOCKS.get(
            block[1], ("{% … %} blocks", "use {{ … }} with names and filters only")
        )
        sentence = f"templates here do not allow {words}"
        raise ExpressionProblem(sentence, fix, offset + block.start())


def _check_comment(found: Sequence[Token]) -> None:
    """Refuse what looks like a comment: as text it would end up in the books."""
    started: int | None = None
    for token in found:
        text = token.text if token.kind == "data" else ""
        start = text.find("{#")
        if started is None and start >= 0:
            started = token.offset + start
        if started is not None and text.find("#}", max(start, 0)) >= 0:
            fix = "leave it out; a comment of the file stands after # on a line of its own"
            sentence = "templates here do not allow {# … #} comments"
            raise ExpressionProblem(sentence, fix, started)


@lru_cache(maxsize=16)  # a text is asked for several times while it is compiled
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words and signs of a text, and the texts between. Raises ExpressionProblem."""
    _check_whole(text)
    found: list[Token] = []
    scan, position = _Scan(text, found), 0
    while (start := text.find("{{", position)) >= 0:
        _add_data(text, position, start, found)
        position = scan.read(start)
    _add_data(text, position, len(text), found)
    _check_comment(found)
    return tuple(found)


def _add_data(text: str, start: int, end: int, found: list[Token]) -> None:
    if start < end:
        _check_data(text[start:end], start)
        found.append(Token("data", text[start:end], start))


class _Scan:
    """Reads the expressions of one text, each from its opening braces to its closing ones."""

    def __init__(self, text: str, found: list[Token]) -> None:
        self._text = text
        self._found = found
        #: Open brackets, each with how many prefixes (`not`, `if`, a sign) stand inside it.
        self._open: list[tuple[Token, int]] = []
        self._prefixes = 0
        self._total = 0
        self._parts = 0

    def read(self, start: int) -> int:
        """Adds the tokens of the one at `start`; gives the place after it, or raises a problem."""
        self._found.append(Token("begin", "{{", start))
        self._prefixes = self._total = 0
        position = start + 2
        if self._text[position : position + 1] == "{":
            fix = "write {{ name }} with two braces on each side"
            raise ExpressionProblem("an expression begins with two braces", fix, position)
        if self._text[position : position + 1] in ("-", "+"):
            sentence = "a sign right after {{ has no meaning here"
            raise ExpressionProblem(sentence, "put a blank after {{", position)
        while match := _WORDS.match(self._text, position):
            token = Token(str(match.lastgroup), match[0], position)
            position = match.end()
            if token.kind != "blank":
                self._check(token)
                self._found.append(token)
            if token.kind == "end":
                return position
        raise _unread(self._text, start, position)

    def _check(self, token: Token) -> None:
        if len(self._found) >= MOST_TOKENS:
            sentence = f"the text has more than {MOST_TOKENS} names and signs in {{{{ … }}}}"
            raise ExpressionProblem(sentence, "make it simpler", token.offset)
        self._parts += _is_part(token)
        if self._parts > MOST_PARTS:
            raise too_many_parts()
        if token.kind == "end" and self._open:
            raise _not_closed(self._open[-1][0])
        if token.kind in _CHECKS:
            _CHECKS[token.kind](token)
        if token.kind in ("name", "sign"):
            self._nest(token)

    def _nest(self, token: Token) -> None:
        """Keep count of what is nested in what: a parser goes one level down for each."""
        text = token.text
        if text in ("(", "["):
            self._open.append((token, self._prefixes))
            self._prefixes = 0
            self._total += 1
        elif text in (")", "]"):
            self._close(token)
        elif text in ("not", "if", "-", "+"):
            self._prefixes += 1
            self._total += 1
        elif text == ",":
            self._total -= self._prefixes
            self._prefixes = 0
        if self._total > 2 * DEEPEST:
            raise too_deep()

    def _close(self, token: Token) -> None:
        if not self._open or self._open[-1][0].text != _PAIRS[token.text]:
            sentence = f'"{token.text}" closes nothing'
            fix = f'open it with "{_PAIRS[token.text]}", or delete it'
            raise ExpressionProblem(sentence, fix, token.offset)
        self._total -= self._prefixes + 1
        self._prefixes = self._open.pop()[1]


def _not_closed(bracket: Token) -> ExpressionProblem:
    sentence = f'"{bracket.text}" is not closed'
    closing = next(end for end, begin in _PAIRS.items() if begin == bracket.text)
    return ExpressionProblem(sentence, f'write "{closing}" before }}}}', bracket.offset)


def _check_name(token: Token) -> None:
    if len(token.text) > LONGEST_NAME:
        sentence = f"a name has {len(token.text):,} characters; at most {LONGEST_NAME} are allowed"
        raise ExpressionProblem(sentence, "name a field of the event", token.offset)


def _check_number(token: Token) -> None:
    if not _NUMBER.fullmatch(token.text):
        sentence = "a number of this size or form is not allowed"
        fix = "write a plain number such as 12.50, or put it in quotes where it is text"
        raise ExpressionProblem(sentence, fix, token.offset)


def _check_string(token: Token) -> None:
    for found in _ESCAPE.finditer(token.text):
        if found[1] not in _ESCAPES:
            sentence = f'"\\{found[1]}" has no meaning in a text'
            fix = "write two backslashes for one, or leave it out"
            raise ExpressionProblem(sentence, fix, token.offset + found.start())


def _check_sign(token: Token) -> None:
    if token.text == "{":
        sentence = "templates here do not allow groups in braces"
        fix = "use names, texts, numbers and filters only"
        raise ExpressionProblem(sentence, fix, token.offset)
    if token.text == "}":
        fix = "write {{ name }} with two braces on each side"
        raise ExpressionProblem("an expression ends with two braces", fix, token.offset)


_CHECKS = {
    "name": _check_name,
    "number": _check_number,
    "string": _check_string,
    "sign": _check_sign,
}


def _unread(text: str, start: int, position: int) -> ExpressionProblem:
    """Why no word begins at `position` of the expression that begins at `start`."""
    sign = text[position : position + 1]
    if not sign:
        fix = "write {{ name }} with two braces on each side"
        return ExpressionProblem("this {{ … }} is not closed", fix, start)
    if sign in _CURLY:
        fix = "use straight quotes: '"
        return ExpressionProblem("typographic quotes are not quotes here", fix, position)
    if sign in "'\"":
        fix = f"write {sign} at the end of the text too"
        return ExpressionProblem("a text in quotes is not closed", fix, position)
    if named := _DIGITS_FIRST.match(text, position):
        fix = "name a field of the event, such as {{ trigger.contact.email }}"
        sentence = f'"{named[0][:40]}" is neither a number nor a name'
        return ExpressionProblem(sentence, fix, position)
    if sign in "0123456789":
        fix = "write a plain number such as 12.50, or put it in quotes where it is text"
        return ExpressionProblem("a number of this size or form is not allowed", fix, position)
    fix = _FOREIGN.get(sign, "put quotes around text; use names, numbers and filters")
    return ExpressionProblem(f'"{sign}" has no meaning in {{{{ … }}}}', fix, position)
