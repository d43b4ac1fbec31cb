"""Reads a statement of QuickBooks' query language into its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connector.practice.faults import Fault
from connector.practice.query.tokens import Token, refuse, tokens

_OPERATORS = ("<", "<=", "=", ">", ">=", "IN", "LIKE")
_WORDS = frozenset({"TRUE", "FALSE", "CURRENT_DATE"})
#: What may follow a condition, as captured from QuickBooks' parser: it knows OR.
_AFTER_CONDITION = (
    "<EOF>",
    "<AND>",
    '"iterator"',
    '"maxresults"',
    "<OR>",
    '"order"',
    '"orderby"',
    '"startposition"',
)
_ROWS_DEFAULT, _ROWS_MOST = 100, 1000
#: Longer ones make no position.
_WHOLE = re.compile(r"[+-]?[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a condition; `bare` = it stood without quotes."""

    text: str
    bare: bool = False

    @property
    def is_today(self) -> bool:
        """Whether it is the word CURRENT_DATE."""
        return self.bare and self.text.upper() == "CURRENT_DATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`field operator values`; only IN has several values."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A parsed statement; names are as the client wrote them."""

    entity: str
    #: Columns asked for by name, also beside `*`.
    columns: tuple[str, ...] = ()
    #: False: only `columns` are wanted.
    everything: bool = True
    count: bool = False
    conditions: tuple[Condition, ...] = ()
    #: (field, descending)
    order: tuple[tuple[str, bool], ...] = ()
    start: int = 1
    rows: int = _ROWS_DEFAULT


def parse(text: str) -> Statement:
    """The parts of a statement.

    Raises Fault 4000 for what cannot be read, 4001 for a position or a number of rows that cannot
    be meant, 4002 for OR: QuickBooks' parser knows the word, its documentation says that it is
    not supported [C]; which code says so is not known [U].
    """
    if not text.strip():
        raise Fault("4000", "QueryParserError: The query provided was empty")
    return _Parser(text).statement()


class _Parser:
    """Recursive descent over the tokens of one statement."""

    def __init__(self, text: str) -> None:
        self._text = text
        #: Taken as they are needed: what comes first is refused first.
        self._tokens = tokens(text)
        self._ahead: Token | None = None

    def statement(self) -> Statement:
        self._expect("SELECT")
        count = self._accept("COUNT")
        columns, everything = ((), True) if count else self._columns()
        if count:
            for sign in ("(", "*", ")"):
                self._expect(sign)
        self._expect("FROM")
        entity = self._word()
        conditions = self._conditions() if self._accept("WHERE") else ()
        order = self._order()
        start = self._number("STARTPOSITION", 1, None)
        rows = self._number("MAXRESULTS", _ROWS_DEFAULT, _ROWS_MOST)
        if self._peek().kind != "end":
            refuse(self._text, self._peek(), *(_AFTER_CONDITION if conditions else ()))
        return Statement(
            entity=entity,
            columns=columns,
            everything=everything,
            count=count,
            conditions=conditions,
            order=order,
            start=start,
            rows=rows,
        )

    def _peek(self) -> Token:
        if self._ahead is None:
            self._ahead = next(self._tokens)
        return self._ahead

    def _next(self) -> Token:
        token, self._ahead = self._peek(), None
        return token

    def _accept(self, word: str) -> bool:
        if self._peek().upper != word:
            return False
        self._ahead = None
        return True

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            refuse(self._text, self._peek(), f'"{word.lower()}"')

    def _word(self) -> str:
        token = self._next()
        if token.kind != "word":
            refuse(self._text, token, "<IDENTIFIER>")
        return token.value

    def _columns(self) -> tuple[tuple[str, ...], bool]:
        names, everything = [], False
        while True:
            if self._accept("*"):
                everything = True
            else:
                names.append(self._word())
            if not self._accept(","):
                return tuple(names), everything

    def _conditions(self) -> tuple[Condition, ...]:
        found, alternatives = [self._condition()], False
        while self._peek().upper in ("AND", "OR"):
            alternatives |= self._next().upper == "OR"
            found.append(self._condition())
        if alternatives:
            raise Fault("4002", "QueryProcessingError: OR is not supported; use IN.")
        return tuple(found)

    def _condition(self) -> Condition:
        field, operator = self._word(), self._next()
        if operator.upper not in _OPERATORS:
            refuse(self._text, operator, *(f'"{one.lower()}"' for one in _OPERATORS))
        values = self._list() if operator.upper == "IN" else (self._value(),)
        return Condition(field=field, operator=operator.upper, values=values)

    def _list(self) -> tuple[Value, ...]:
        self._expect("(")
        values = [self._value()]
        while self._accept(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self._next()
        if token.kind in ("text", "number") or token.upper in _WORDS:
            return Value(token.value, bare=token.kind != "text")
        return refuse(self._text, token)

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

    def _number(self, word: str, default: int, most: int | None) -> int:
        if not self._accept(word):
            return default
        token = self._next()
        if token.kind != "number" or not _WHOLE.fullmatch(token.value):
            refuse(self._text, token, "<NUMBER>")
        value = int(token.value)
        if value < 1:
            _refuse_value(f"value {value} is too small. Min allowed value is 1")
        if most is not None and value > most:
            _refuse_value(f"value {value} is too large. Max allowed value is {most}")
        return value


def _refuse_value(sentence: str) -> None:
    raise Fault("4001", f"QueryValidationError: {sentence}")
