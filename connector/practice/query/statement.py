"""Reads a statement of QuickBooks' query language into its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from connector.practice.faults import Fault

_TOKEN = re.compile(
    r"""\s*(?:
      '(?P<text>(?:\\.|[^'\\])*)'
    | (?P<number>[+-]?\d+(?:\.\d+)?(?![\w.]))
    | (?P<word>[A-Za-z_][\w.]*)
    | (?P<sign><=|>=|=|<|>|\(|\)|,|\*)
    )""",
    re.VERBOSE | re.DOTALL,
)
#: Cannot be escaped in QuickBooks' own lexer.
_LEXICAL = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014]")
_OPERATORS = frozenset({"=", "<", ">", "<=", ">=", "IN", "LIKE"})
_ROWS_DEFAULT, _ROWS_MOST = 100, 1000
#: More than these do not make a position.
_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`field operator values`; only IN has several values."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A parsed statement; names are as the client wrote them."""

    entity: str
    #: Columns asked for by name; empty for `*`.
    columns: tuple[str, ...] = ()
    count: bool = False
    conditions: tuple[Condition, ...] = ()
    #: (field, descending)
    order: tuple[tuple[str, bool], ...] = ()
    start: int = 1
    rows: int = _ROWS_DEFAULT


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    at: int

    @property
    def upper(self) -> str:
        return self.value.upper() if self.kind != "text" else ""


def parse(text: str) -> Statement:
    """The parts of a statement; raises Fault 4000 (cannot be read) or 4001 (cannot be meant)."""
    return _Parser(text).statement()


def _refuse(what: str, at: int) -> NoReturn:
    raise Fault("4000", f'QueryParserError: Encountered "{what}" at line 1, column {at + 1}.')


def _tokens(text: str) -> list[_Token]:
    bad = _LEXICAL.search(text)
    if bad:
        detail = f'QueryParserError: Lexical error at line 1, column {bad.start() + 1}. "{bad[0]}"'
        raise Fault("4000", detail)
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            _refuse(text[at:].lstrip()[:1], at)
        kind = str(match.lastgroup)
        value = match[kind]
        found.append(_Token(kind, re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL), match.start()))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens of one statement."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._end = len(text)

    def statement(self) -> Statement:
        self._expect("SELECT")
        columns, count = self._columns()
        self._expect("FROM")
        entity = self._word()
        conditions = self._conditions() if self._accept("WHERE") else ()
        order = self._order()
        start = self._count("STARTPOSITION", 1, None)
        rows = self._count("MAXRESULTS", _ROWS_DEFAULT, _ROWS_MOST)
        self._nothing_left()
        return Statement(
            entity=entity,
            columns=columns,
            count=count,
            conditions=conditions,
            order=order,
            start=start,
            rows=rows,
        )

    def _peek(self) -> _Token:
        if self._at < len(self._tokens):
            return self._tokens[self._at]
        return _Token("end", "<EOF>", self._end)

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _accept(self, word: str) -> bool:
        if self._peek().upper != word:
            return False
        self._at += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            _refuse(self._peek().value, self._peek().at)

    def _word(self) -> str:
        token = self._next()
        if token.kind != "word":
            _refuse(token.value, token.at)
        return token.value

    def _nothing_left(self) -> None:
        if self._peek().kind != "end":
            _refuse(self._peek().value, self._peek().at)

    def _columns(self) -> tuple[tuple[str, ...], bool]:
        if self._accept("COUNT"):
            for sign in ("(", "*", ")"):
                self._expect(sign)
            return (), True
        names, everything = [], False
        while True:
            if self._accept("*"):
                everything = True
            else:
                names.append(self._word())
            if not self._accept(","):
                return (() if everything else tuple(names)), False

    def _conditions(self) -> tuple[Condition, ...]:
        found = [self._condition()]
        while self._accept("AND"):
            found.append(self._condition())
        return tuple(found)

    def _condition(self) -> Condition:
        field, operator = self._word(), self._next()
        if operator.upper not in _OPERATORS:
            _refuse(operator.value, operator.at)
        values = self._list() if operator.upper == "IN" else (self._value(),)
        return Condition(field=field, operator=operator.upper, values=values)

    def _list(self) -> tuple[str, ...]:
        self._expect("(")
        values = [self._value()]
        while self._accept(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> str:
        token = self._next()
        words = ("TRUE", "FALSE", "CURRENT_DATE")
        if token.kind in ("text", "number") or token.upper in words:
            return token.value
        return _refuse(token.value, token.at)

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if not self._accept("ORDERBY"):
            if not self._accept("ORDER"):
                return ()
            self._expect("BY")
        found = [self._sort()]
        while self._accept(","):
            found.append(self._sort())
        return tuple(found)

    def _sort(self) -> tuple[str, bool]:
        field = self._word()
        descending = self._accept("DESC")
        if not descending:
            self._accept("ASC")
        return field, descending

    def _count(self, word: str, default: int, most: int | None) -> int:
        if not self._accept(word):
            return default
        token = self._next()
        if token.kind != "number" or not token.value.isdecimal() or len(token.value) > _DIGITS:
            _refuse(token.value, token.at)
        value = int(token.value)
        if value < 1:
            raise Fault("4001", f"{word}: value {value} is too small. Min allowed value is 1")
        if most is not None and value > most:
            raise Fault("4001", f"{word}: value {value} is too large. Max allowed value is {most}")
        return value
