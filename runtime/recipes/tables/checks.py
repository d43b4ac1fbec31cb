"""Checks what a recipe looks up: the tables that it names, and their columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.documents import At, Document
from runtime.documents.hints import hint, nearest
from runtime.problems import Problem, Severity
from runtime.recipes.expressions.compiling import Compiled, ExpressionProblem, compile_value
from runtime.recipes.mapping import list_expression
from runtime.recipes.model import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One `lookup('services', 'class')` and where it stands."""

    table: str
    column: str
    at: At
    #: Where the two names stand in the text at `at`.
    table_offset: int
    column_offset: int


def check(document: Document, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Tables and columns that are not there, and tables that nothing looks up.

    `tables` has those that could be read; of the others only the names are known.
    """
    found = list(lookups(document.value))
    yield from check_names(document, found)
    for one in found:
        yield from _column(document, one, tables)


def check_names(document: Document, found: Collection[Lookup]) -> Iterator[Problem]:
    """Tables that are not declared, and tables that nothing looks up."""
    declared = _declared(document.value)
    for one in found:
        if one.table not in declared:
            sentence = f'there is no table "{one.table}"'
            fix = hint(one.table, declared, has="there are") or "declare it under `tables:`"
            yield document.problem(
                one.at,
                "unknown-table",
                sentence,
                fix,
                offset=one.table_offset,
                length=len(one.table),
            )
    used = {
        nearest(one.table, declared) if one.table not in declared else one.table for one in found
    }
    used |= {name for text in _unread(document.value) for name in declared if name in text}
    for name in declared:
        if name not in used:
            sentence = f'nothing looks up the table "{name}"'
            fix = f"use it, such as {{{{ line.service_type | lookup('{name}', 'class') }}}}"
            at: At = ("tables", name)
            yield document.problem(
                at, "unused-table", sentence, fix, key=True, severity=Severity.WARNING
            )


def lacking(found: Collection[Lookup], tables: Mapping[str, Table]) -> Iterator[Lookup]:
    """The lookups of columns that their table does not have."""
    for one in found:
        if one.table in tables and one.column not in tables[one.table].columns:
            yield one


def lookups(value: object) -> Iterator[Lookup]:
    """Every lookup under `do:`; expressions that cannot be read are passed over."""
    steps = value.get("do") if isinstance(value, Mapping) else None
    for at, text in _texts(steps, ("do",)):
        compiled = _compiled(list_expression(text) if at[-1] == "for_each" else text)
        for table, column in compiled.lookups if compiled is not None else ():
            yield _lookup(text, at, table, column)


def _unread(value: object) -> Iterator[str]:
    """Texts with a lookup that cannot be read: each is told, and may be what uses a table."""
    steps = value.get("do") if isinstance(value, Mapping) else None
    for _, text in _texts(steps, ("do",)):
        if "lookup" in text and _compiled(text) is None:
            yield text


def _compiled(text: str) -> Compiled | None:
    try:
        return compile_value(text)
    except ExpressionProblem:
        return None


def _column(document: Document, one: Lookup, tables: Mapping[str, Table]) -> Iterator[Problem]:
    for wrong in lacking([one], tables):
        table = tables[wrong.table]
        sentence = f'the table "{wrong.table}" ({table.file}) has no column "{wrong.column}"'
        fix = hint(wrong.column, table.columns)
        yield document.problem(
            wrong.at,
            "unknown-column",
            sentence,
            fix,
            offset=wrong.column_offset,
            length=len(wrong.column),
        )


def _lookup(text: str, at: At, table: str, column: str) -> Lookup:
    names = (re.escape(table), re.escape(column))
    pattern = r"""(['"])({})\1\s*,\s*(?:column\s*=\s*)?(['"])({})\3""".format(*names)
    found = re.search(pattern, text)
    return Lookup(
        table=table,
        column=column,
        at=at,
        table_offset=found.start(2) if found else 0,
        column_offset=found.start(4) if found else 0,
    )


def _texts(value: object, at: At) -> Iterator[tuple[At, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _texts(below, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*at, index))


def _declared(value: Any) -> list[str]:
    tables = value.get("tables") if isinstance(value, Mapping) else None
    return list(tables) if isinstance(tables, Mapping) else []
