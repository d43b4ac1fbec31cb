"""Reads CSV as spreadsheets save it: every cell is text, and each knows where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from runtime.problems import Problem, Severity
from runtime.recipes.expressions.keys import key_of

MOST_ROWS = 10_000
MOST_COLUMNS = 100
#: Characters of the whole file.
LONGEST = 2_000_000

_SEPARATORS = (",", ";", "\t")
#: Lines that are looked at to find out which sign separates the cells.
_LOOKED_AT = 20
_SEP_LINE = re.compile(r'"?sep=([,;\t])"?[,;\t]*\n?', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_SAVE = "in the spreadsheet choose File, Save as, CSV UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell and its place, 1-based."""

    text: str
    line: int
    column: int
    #: Characters as written, quotes included.
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What a CSV file holds."""

    file: str
    columns: tuple[str, ...]
    #: As many cells as columns each.
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[str, ...]

    def problem(self, cell: Cell, rule: str, sentence: str, fix: str) -> Problem:
        """A mistake in a cell."""
        return _at(self.file, self.lines, cell, (rule, sentence, fix))


@lru_cache(maxsize=8)  # recipes share tables; each edit of a large one takes megabytes more
def read_csv(text: str, file: str) -> tuple[Grid | None, tuple[Problem, ...]]:
    """The cells of a CSV file separated by commas, semicolons or tabs, and all its mistakes.

    The grid is None where there is an error. Rows without any text are passed over, and so are
    columns at the end that have neither a name nor a text.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    unfit = _unfit(text, file)
    if unfit:
        return None, (unfit,)
    given = _SEP_LINE.match(text)
    start = given.end() if given else 0
    separator = given[1] if given else _separator(text)
    scan = _Scan(text, file, separator, start)
    rows = [row for row in scan.rows() if any(cell.text for cell in row)]
    if scan.problems or not rows:
        return None, tuple(scan.problems) or (_empty(file),)
    return _grid(rows, file, scan.lines)


def _unfit(text: str, file: str) -> Problem | None:
    """Why a text is no CSV at all."""
    if text.startswith("PK\x03\x04") or "\0" in text:
        sentence = "this is no CSV file but a spreadsheet or another kind of file"
        return Problem(file=file, line=1, column=1, rule="not-csv", sentence=sentence, fix=_SAVE)
    if len(text) > LONGEST:
        sentence = f"the table has more than {LONGEST:,} characters"
        fix = "keep only the columns and rows that the recipe looks up"
        return Problem(file=file, rule="too-long", sentence=sentence, fix=fix)
    if "\ufffd" not in text:
        return None if text.strip() else _empty(file)
    sentence = "this line has a letter that cannot be read"
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    return Problem(file=file, line=line, column=1, rule="encoding", sentence=sentence, fix=_SAVE)


def _empty(file: str) -> Problem:
    fix = "its first line names the columns, such as service_type,class; rows follow"
    return Problem(file=file, rule="empty-file", sentence="the table is empty", fix=fix)


def _separator(text: str) -> str:
    """The sign that separates the names in the first line, and as often the cells below."""
    lines = [_QUOTED.sub("", line) for line in text.split("\n") if line.strip()][:_LOOKED_AT]

    def fitness(sign: str) -> tuple[bool, int, int]:
        count = lines[0].count(sign)
        agreeing = sum(line.count(sign) == count for line in lines)
        return count > 0, agreeing, count

    return max(_SEPARATORS, key=fitness)


class _Scan:
    """Cuts a text into cells, in one pass."""

    def __init__(self, text: str, file: str, separator: str, start: int) -> None:
        self.lines = tuple(text.split("\n"))
        self.problems: list[Problem] = []
        self._text = text
        self._file = file
        self._separator = separator
        blanks = " *" if separator == "\t" else r"[ \t]*"
        self._quoted = re.compile(
            rf'{blanks}"([^"]*(?:""[^"]*)*)"{blanks}(?=[{separator}\n]|\Z)', re.DOTALL
        )
        self._bare = re.compile(rf"[^{separator}\n]*")
        self._at = start
        self._line = text.count("\n", 0, start) + 1
        self._line_start = start

    def rows(self) -> Iterator[list[Cell]]:
        """Every row; stops at the first mistake, which makes all after it a guess."""
        row: list[Cell] = []
        while not self.problems:
            row.append(self._cell())
            if self._text[self._at : self._at + 1] == self._separator:
                self._at += 1
                continue
            yield row
            row = []
            if self._at >= len(self._text):
                return
            self._next_line(self._at + 1)
            self._at += 1

    def _cell(self) -> Cell:
        found = self._quoted.match(self._text, self._at)
        quoted = found is not None
        found = found or self._bare.match(self._text, self._at)
        assert found is not None  # noqa: S101 - the second pattern matches anything, for mypy
        text = found[1].replace('""', '"') if quoted else found[0]
        cell = Cell(
            text=text.strip(),
            line=self._line,
            column=self._at - self._line_start + 1,
            length=max(len(found[0].split("\n")[0]), 1),
        )
        if not quoted and cell.text.startswith('"'):
            self._unclosed(cell)
        for newline in re.finditer("\n", found[0]):
            self._next_line(found.start() + newline.end())
        self._at = found.end()
        return cell

    def _next_line(self, start: int) -> None:
        self._line, self._line_start = self._line + 1, start

    def _unclosed(self, cell: Cell) -> None:
        sentence = "the quotation mark that opens this cell has no partner at the end of the cell"
        fix = 'close it, or take it away; inside a quoted cell write "" for each one'
        self.problems.append(_at(self._file, self.lines, cell, ("quotation-mark", sentence, fix)))


def _grid(
    rows: Sequence[Sequence[Cell]], file: str, lines: tuple[str, ...]
) -> tuple[Grid | None, tuple[Problem, ...]]:
    header = list(rows[0])
    while header and not header[-1].text:
        header.pop()
    problems = [*_names(header, file, lines)]
    if len(rows) - 1 > MOST_ROWS:
        sentence = f"the table has more than {MOST_ROWS:,} rows"
        fix = "keep only the rows that the recipe looks up"
        problems.append(_at(file, lines, rows[MOST_ROWS + 1][0], ("too-long", sentence, fix)))
    else:
        problems += _widths(rows[1:], len(header), file, lines)
    if problems:
        return None, tuple(problems)
    width = len(header)
    grid = Grid(
        file=file,
        columns=tuple(cell.text for cell in header),
        rows=tuple(tuple(row[:width]) for row in rows[1:]),
        lines=lines,
    )
    return grid, () if len(rows) > 1 else (_no_rows(file, lines, header[0]),)


def _names(header: Sequence[Cell], file: str, lines: Sequence[str]) -> Iterator[Problem]:
    """Mistakes in the first line."""
    first: dict[str, int] = {}
    for number, cell in enumerate(header, start=1):
        if not cell.text:
            said = ("blank-column", f"column {number} has no name", "name it in the first line")
            yield _at(file, lines, cell, said)
        elif key_of(cell.text) in first:
            sentence = (
                f'columns {first[key_of(cell.text)]} and {number} are both named "{cell.text}"'
            )
            yield _at(file, lines, cell, ("two-columns", sentence, "rename or delete one of them"))
        first.setdefault(key_of(cell.text), number)
    if len(header) == 1:
        sentence = f'the first line names one column only, "{header[0].text}": nothing to look up'
        fix = "separate the names of the columns by commas, semicolons or tabs"
        yield _at(file, lines, header[0], ("one-column", sentence, fix))
    if len(header) > MOST_COLUMNS:
        sentence = f"the table has more than {MOST_COLUMNS} columns"
        fix = "keep only the columns that the recipe looks up"
        yield _at(file, lines, header[MOST_COLUMNS], ("too-long", sentence, fix))


def _widths(
    rows: Sequence[Sequence[Cell]], width: int, file: str, lines: Sequence[str]
) -> Iterator[Problem]:
    """Rows whose cells do not line up with the names of the columns."""
    for row in rows:
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        sentence = f"this row has {cells}, but the first line names {width} columns"
        extra = next((cell for cell in row[width:] if cell.text), None)
        if extra is not None:
            fix = "put quotes around a cell that contains the sign between cells"
            yield _at(file, lines, extra, ("long-row", sentence, fix))
        elif len(row) < width:
            fix = "write every cell; an empty one is nothing between two signs"
            yield _at(file, lines, row[0], ("short-row", sentence, fix))


def _no_rows(file: str, lines: Sequence[str], cell: Cell) -> Problem:
    sentence, fix = "the table names columns but has no rows", "add a row below the first line"
    return _at(file, lines, cell, ("empty-table", sentence, fix), Severity.WARNING)


def _at(
    file: str,
    lines: Sequence[str],
    cell: Cell,
    said: tuple[str, str, str],
    severity: Severity = Severity.ERROR,
) -> Problem:
    rule, sentence, fix = said
    return Problem(
        file=file,
        line=cell.line,
        column=cell.column,
        rule=rule,
        sentence=sentence,
        fix=fix,
        severity=severity,
        length=cell.length,
        excerpt=lines[cell.line - 1],
    )
