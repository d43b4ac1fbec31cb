"""Checks that `lookup` names tables that the recipe declares, and columns that they have."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.documents import At
from runtime.documents.hints import hint
from runtime.problems import Problem
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.expressions import Compiled


def check(sheet: Sheet, compiled: Compiled, at: At) -> Iterator[Problem]:
    """What is wrong with the tables and columns that an expression looks up."""
    for table, column in compiled.lookups:
        if table not in sheet.declared_tables:
            fix = hint(table, sheet.declared_tables, has="there are")
            sentence = f'there is no table "{table}"'
            fix = fix or f"declare it: under `tables:` write {table}, with its file and if_missing"
            yield _problem(sheet, compiled, at, (table, "no-table", sentence, fix))
        elif sheet.tables and table in sheet.tables and column not in sheet.tables[table].columns:
            found = sheet.tables[table]
            sentence = f'the table "{table}" ({found.file}) has no column "{column}"'
            told = (column, "unknown-column", sentence, hint(column, list(found.columns)))
            yield _problem(sheet, compiled, at, told)


def whole(sheet: Sheet, compiled: Compiled) -> bool:
    """Whether every table that an expression looks up was read."""
    return all(table in (sheet.tables or {}) for table, _ in compiled.lookups)


def _problem(sheet: Sheet, compiled: Compiled, at: At, told: tuple[str, str, str, str]) -> Problem:
    word, rule, sentence, fix = told
    offset = max(compiled.source.find(word, compiled.source.find("lookup")), 0)
    return sheet.document.problem(at, rule, sentence, fix, offset=offset, length=len(word))
