"""Statements from the grammar of the query language, as parts and as text."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from connector.practice.query.statement import Condition, Statement, Value

_NAMES = st.sampled_from(["Customer", "Id", "MetaData.CreateTime", "x1", "_a", "Where1"])
_QUOTED = st.text(st.characters(exclude_characters="\u2018\u2019\u201c\u201d\u2013\u2014"))
_BARE = st.sampled_from(["0", "-12.50", "+3", "true", "FALSE", "Current_Date"])
VALUES = st.one_of(_QUOTED.map(Value), _BARE.map(lambda text: Value(text, bare=True)))


@st.composite
def conditions(draw: Any, names: Any = _NAMES) -> Condition:
    """A condition on one of the names, whatever its values mean."""
    operator = draw(st.sampled_from(["=", "<", ">", "<=", ">=", "LIKE", "IN"]))
    values = draw(st.lists(VALUES, min_size=1, max_size=4))
    kept = values if operator == "IN" else values[:1]
    return Condition(field=draw(names), operator=operator, values=tuple(kept))


@st.composite
def statements(draw: Any) -> Statement:
    """A whole statement."""
    columns = tuple(draw(st.lists(_NAMES, max_size=3)))
    count = draw(st.booleans())
    return Statement(
        entity=draw(_NAMES),
        columns=() if count else columns,
        everything=count or not columns or draw(st.booleans()),
        count=count,
        conditions=tuple(draw(st.lists(conditions(), max_size=4))),
        order=tuple(draw(st.lists(st.tuples(_NAMES, st.booleans()), max_size=3))),
        start=draw(st.integers(1, 9_999_999_999)),
        rows=draw(st.integers(1, 1000)),
    )


def printed(statement: Statement, random: Any) -> str:
    """The statement as text; keywords in any case, spaces of any length."""

    def word(text: str) -> str:
        return "".join(random.choice((one.lower(), one.upper())) for one in text)

    names = [*(["*"] if statement.everything else []), *statement.columns]
    parts = [word("select"), word("count(*)") if statement.count else " , ".join(names)]
    parts += [word("from"), statement.entity]
    for index, condition in enumerate(statement.conditions):
        parts += [word("and" if index else "where"), _condition(condition, word)]
    for index, (field, descending) in enumerate(statement.order):
        head = "," if index else word(random.choice(("orderby", "order by")))
        parts += [head, field, word("desc" if descending else random.choice(("asc", "")))]
    if statement.start != 1 or random.random() < 0.5:
        parts += [word("startposition"), str(statement.start)]
    if statement.rows != 100 or random.random() < 0.5:
        parts += [word("maxresults"), str(statement.rows)]
    return "".join(part + random.choice((" ", "\n", " \t ")) for part in parts)


def _condition(condition: Condition, word: Any) -> str:
    values = [_value(value) for value in condition.values]
    shown = f"({','.join(values)})" if condition.operator == "IN" else values[0]
    return f"{condition.field} {word(condition.operator)} {shown}"


def _value(value: Value) -> str:
    escaped = value.text.replace("\\", "\\\\").replace("'", "\\'")
    return value.text if value.bare else f"'{escaped}'"
