"""Lookup tables of recipes: what `tables:` declares, read from the CSV files beside the recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from runtime.documents import At, Document
from runtime.documents.hints import hint, listed, nearest
from runtime.problems import Problem, errors
from runtime.recipes.expressions.keys import key_of
from runtime.recipes.installed import Files
from runtime.recipes.model import Table
from runtime.recipes.tables.csv_text import Cell, Grid, read_csv

#: Makes the problem of one setting of a declared table: its key, then rule, sentence and fix.
Say: TypeAlias = Callable[[str, str, str, str], Problem]
_SPREADSHEETS = frozenset((".xlsx", ".xls", ".xlsm", ".ods", ".numbers"))


@dataclass(kw_only=True)
class Shelved:
    """The tables of one recipe as they were read, and what is wrong with them."""

    tables: dict[str, Table] = field(default_factory=dict)
    #: Text of each file by its path below the folder of recipes.
    parts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_table(name: str, declared: Mapping[str, Any], files: Files, say: Say) -> Shelved:
    """One table as `tables.<name>` declares it; what has the wrong shape is passed over."""
    found = Shelved()
    path = declared.get("file")
    # Where a path has signs that none may have, its form is told, not that nothing is there.
    if not isinstance(path, str) or any(sign in path for sign in "{\\:"):
        return found
    text = files.beside(path)
    if text is None:
        found.problems.append(_missing(path, files, say))
        return found
    found.parts[path] = text
    grid, mistakes = read_csv(text, files.shown(path))
    found.problems += mistakes
    if grid is None:
        found.problems.append(_broken(name, errors(mistakes)[0], say))
        return found
    made = _Making(name, declared, grid, say)
    table = made.table()
    found.problems += made.problems
    if table is not None and not errors(made.problems):
        found.tables[name] = table
    return found


def _missing(path: str, files: Files, say: Say) -> Problem:
    where = PurePosixPath(path)
    there = files.names(str(where.parent) if str(where.parent) != "." else "")
    stem = where.stem.casefold()
    twins = [name for name in there if PurePosixPath(name).stem.casefold() == stem]
    spreadsheet = next((n for n in twins if PurePosixPath(n).suffix in _SPREADSHEETS), None)
    sentence = f'there is no file "{path}" in the folder of recipes'
    if spreadsheet:
        fix = f'"{spreadsheet}" is there: open it in the spreadsheet and save it as CSV UTF-8'
        return say("file", "no-table", sentence, fix)
    near = nearest(where.name, there) or next(iter(twins), None)
    known = f"there are: {listed(there)}" if there else "put the CSV file there"
    fix = f'did you mean "{near}"? {known}' if near else known
    return say("file", "no-table", sentence, fix)


def _broken(name: str, first: Problem, say: Say) -> Problem:
    sentence = f'the table "{name}" cannot be used: {first.sentence}'
    place = f"line {first.line} of {first.file}" if first.line else first.file
    return say("file", "broken-table", sentence, f"mend {place}")


class _Making:
    """Turns a grid into a table, and finds what keeps it from being one."""

    def __init__(self, name: str, declared: Mapping[str, Any], grid: Grid, say: Say) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._declared = declared
        self._grid = grid
        self._say = say

    def table(self) -> Table | None:
        """The table; None where its key column is unknown."""
        grid = self._grid
        key = self._declared.get("key", grid.columns[0])
        if key not in grid.columns:
            sentence = f'the table "{self._name}" has no column "{key}"'
            fix = hint(str(key), grid.columns)
            self.problems.append(self._say("key", "unknown-column", sentence, fix))
            return None
        rows = self._rows(grid.columns.index(key))
        if self.problems:
            self.problems.append(_broken(self._name, self.problems[0], self._say))
        return Table(
            file=self._declared["file"],
            key=key,
            columns=grid.columns,
            rows=rows,
            instead=self._instead(rows),
        )

    def _rows(self, position: int) -> dict[str, dict[str, str]]:
        rows: dict[str, dict[str, str]] = {}
        first: dict[str, int] = {}
        for row in self._grid.rows:
            cell = row[position]
            key = key_of(cell.text)
            mistake = self._key_mistake(cell, key, first)
            if mistake is not None:
                self.problems.append(mistake)
                continue
            first[key] = cell.line
            values = (each.text for each in row)
            rows[key] = dict(zip(self._grid.columns, values, strict=True))
        return rows

    def _key_mistake(self, cell: Cell, key: str, first: Mapping[str, int]) -> Problem | None:
        if not key:
            sentence = "this row has no value to be found by"
            column = self._declared.get("key", self._grid.columns[0])
            fix = f'fill in the column "{column}", or delete the row'
            return self._grid.problem(cell, "blank-key", sentence, fix)
        if key in first:
            sentence = f'"{cell.text}" is there twice; the first is on line {first[key]}'
            fix = "keep one of the two rows: which one is meant would be a guess"
            return self._grid.problem(cell, "two-rows", sentence, fix)
        return None

    def _instead(self, rows: Mapping[str, object]) -> str | None:
        if_missing = self._declared.get("if_missing")
        row = if_missing.get("use_row") if isinstance(if_missing, Mapping) else None
        if not isinstance(row, str) or "{" in row:
            return None
        if key_of(row) not in rows:
            sentence = f'the table "{self._name}" has no row "{row}"'
            fix = hint(row, list(rows), has="it has")
            self.problems.append(self._say("use_row", "unknown-row", sentence, fix))
        return row


def say_of(document: Document, table: str) -> Say:
    """Tells of a problem at a setting of a table that a document declares."""

    def say(key: str, rule: str, sentence: str, fix: str) -> Problem:
        at: At = ("if_missing", "use_row") if key == "use_row" else (key,)
        return document.problem(("tables", table, *at), rule, sentence, fix)

    return say


def tables_of(declared: object, files: Files, say_of: Callable[[str], Say]) -> Shelved:
    """All tables that `tables:` declares; `say_of` tells of problems of the table so named."""
    found = Shelved()
    for name, entry in _entries(declared):
        one = read_table(name, entry, files, say_of(name))
        found.tables |= one.tables
        found.parts |= one.parts
        found.problems += one.problems
    return found


def _entries(declared: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, entry in declared.items() if isinstance(declared, Mapping) else ():
        if isinstance(entry, Mapping):
            yield name, entry
