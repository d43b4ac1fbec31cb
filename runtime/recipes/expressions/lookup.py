"""Finds a row of a lookup table; a row that is missing is a matter of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from runtime.documents.hints import hint
from runtime.recipes.expressions.keys import key_of
from runtime.recipes.expressions.values import ExpressionProblem, Refused, as_text

_SHOWN = 60


class Rows(Protocol):
    """A lookup table, as runtime.recipes.model declares it."""

    @property
    def file(self) -> str:
        """Path below the folder of recipes."""

    @property
    def key(self) -> str:
        """The column that is searched."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of all columns."""

    @property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """Rows by `key_of` of their key."""

    @property
    def instead(self) -> str | None:
        """Key of the row for what is not listed; None: none."""


class RowMissing(ExpressionProblem):
    """A table has no row for a value, and names no row to use instead: the run is held."""


def look_up(tables: Mapping[str, Rows] | None, value: object, table: str, column: str) -> str:
    """The text in `column` of the row whose key is `value`.

    Keys are compared without regard to case, outer blanks and Unicode form. Raises RowMissing,
    and Refused for a table or column that is not there.
    """
    known = tables or {}
    if table not in known:
        fix = hint(table, sorted(known), has="there are") or "declare it under `tables:`"
        raise Refused(f'there is no table "{table}"', fix)
    found = known[table]
    if column not in found.columns:
        fix = hint(column, list(found.columns))
        raise Refused(f'the table "{table}" ({found.file}) has no column "{column}"', fix)
    text = as_text(value)
    row = found.rows.get(key_of(text))
    if row is None and found.instead is not None:
        row = found.rows.get(key_of(found.instead))
    if row is None:
        raise _missing(text, found, column)
    return row[column]


def _missing(text: str, table: Rows, column: str) -> RowMissing:
    if not text.strip():
        sentence = f'an empty value has no row in {table.file}, so its "{column}" is not known'
        fix = "fill the field in the CRM, or name a row with `if_missing: {use_row: …}`"
        return RowMissing(sentence, fix)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    sentence = f'"{shown}" is not in the column "{table.key}" of {table.file}'
    fix = f'add a row for "{shown}" to {table.file}; what waits goes on by itself'
    return RowMissing(f'{sentence}, so its "{column}" is not known', fix)
