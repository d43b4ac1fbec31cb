"""Mends a text in memory where the parser stopped, so that one slip does not hide the next.

Lines stay lines. What is mended keeps its place or remembers how far it was moved, so that all
else is told where the user sees it. Nothing here is ever written to a file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from runtime.documents.document import Spot

_INDENT = re.compile(r"[ ]*")
#: Blanks and dashes before what a line says.
_LEAD = re.compile(r"[ ]*(?:-[ ]+)*")
#: A key with its colon, before a value on the same line.
_KEY = re.compile(r"""(?:"[^"]*"[ ]*|'[^']*'[ ]*|[^\s#'"\[{][^#\n]*?):(?:[ ]+|$)""")
_REMARK = re.compile(r"(?:^|(?<=[ \t]))#")
#: A line after which a block of text follows, deeper indented.
_BLOCK_OF_TEXT = re.compile(r"(?:^|[ ])[|>][-+0-9]{0,2}[ ]*(?:#.*)?$")


@dataclass(kw_only=True)
class Mends:
    """A text being mended, line by line; lines and columns are 0-based and the user's."""

    #: The lines as the parser is to read them.
    lines: list[str]
    #: How many columns a line was moved to the right.
    moved: dict[int, int] = field(default_factory=dict)
    #: What a value is meant to say, by its line and column.
    meant: dict[tuple[int, int], str] = field(default_factory=dict)
    #: Lines whose place is a guess, or that are left out.
    guessed: set[int] = field(default_factory=set)
    #: Lines whose value is a guess.
    covered: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The text as the parser is to read it."""
        return "\n".join(self.lines)

    def user_column(self, line: int, column: int) -> int:
        """The column that the user sees, of a place in the mended text."""
        return max(column - self.moved.get(line, 0), 0)

    def cover(self, line: int, start: int, *, inside: bool = False, certain: bool = False) -> None:
        """Read a line from `start` to its end or a remark as one text.

        With `inside`, commas and brackets at its end are left to what is around it. Unless it is
        `certain` that the text was meant so, nothing more is said of the line.
        """
        if not certain:
            self.covered.add(line)
        old = self.lines[line]
        value = without_remark(old, start)[start:]
        value = value.rstrip(",]} ") if inside else value
        if value:
            self.meant[line, self.user_column(line, start)] = _unwrapped(value)
            self.lines[line] = old[:start] + "x" * len(value) + old[start + len(value) :]

    def blank(self, line: int) -> None:
        """Read on as if a line were not there."""
        self.lines[line] = ""
        self.guessed.add(line)

    def end_with(self, line: int, sign: str) -> None:
        """Read a line as if it ended with `sign`."""
        self.lines[line] = without_remark(self.lines[line], 0) + sign

    def indent(self, line: int, column: int) -> None:
        """Read a line, its neighbours below it and what is theirs, as if it began at `column`."""
        first = indent(self.lines[line])
        by, opens = column - first, False
        for number in range(line, len(self.lines)):
            text = self.lines[number]
            if not says_something(text):
                continue
            if indent(text) < first or (indent(text) > first and not opens):
                break
            if indent(text) == first:
                opens = without_remark(text, 0).endswith(":")
                self.guessed.add(number)
            self._move(number, by)

    def _move(self, line: int, by: int) -> None:
        text = self.lines[line]
        at = max(indent(text) + by, 0)
        self.moved[line] = self.moved.get(line, 0) + at - indent(text)
        self.lines[line] = " " * at + text.lstrip(" ")

    def before(self, line: int) -> int | None:
        """The nearest line above that says something; None at the top."""
        for number in range(line - 1, -1, -1):
            if says_something(self.lines[number]):
                return number
        return None

    def after(self, line: int) -> int | None:
        """The nearest line below that says something; None at the end."""
        for number in range(line + 1, len(self.lines)):
            if says_something(self.lines[number]):
                return number
        return None

    def levels(self, line: int, *, entry: bool) -> list[int]:
        """Columns at which a name (an entry: a dash) could stand here, the innermost first."""
        found: list[int] = []
        limit = 1 << 30
        number = self.before(line)
        if number is not None and without_remark(self.lines[number], 0).endswith(":"):
            found.append(len(_lead(self.lines[number])) + 2)
        while number is not None and limit > 0:
            text = self.lines[number]
            dashes = _dashes(text)
            here = dashes if entry else [len(_lead(text))] if has_key(text) else []
            found += [level for level in here if level < limit]
            limit = min(limit, *dashes, indent(text) if entry or not dashes else limit)
            number = self.before(number)
        return found

    def spots(self, spots: dict[tuple[str | int, ...], Spot], text: str) -> None:
        """Bring places in the mended text back to where they are in the user's."""
        ours, theirs = _starts(self.lines), _starts(text.split("\n"))

        def back(index: int) -> int:
            line = bisect_right(ours, index) - 1
            return min(theirs[line] + self.user_column(line, index - ours[line]), len(text))

        for path, spot in spots.items():
            spots[path] = spot._replace(
                column=self.user_column(spot.line - 1, spot.column - 1) + 1,
                key_column=self.user_column(spot.key_line - 1, spot.key_column - 1) + 1,
                start=back(spot.start),
                end=back(spot.end),
                key_start=back(spot.key_start),
                key_end=back(spot.key_end),
            )


def indent(line: str) -> int:
    """How many blanks a line begins with."""
    found = _INDENT.match(line)
    return found.end() if found else 0


def says_something(line: str) -> bool:
    """False for blank lines and remarks."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def value_column(line: str, before: int | None = None) -> int:
    """Where the value of a line begins: after its dashes and its first key.

    With `before`, a key that ends behind that column is itself what is meant.
    """
    lead = len(_lead(line))
    key = _KEY.match(line, lead)
    if key is None or (before is not None and key.end() > before):
        return lead
    return key.end()


def has_key(line: str) -> bool:
    """Whether a line has a key with its colon."""
    return _KEY.match(line, len(_lead(line))) is not None


def without_remark(line: str, start: int) -> str:
    """A line up to its remark, the end of blanks; `start` is where to look for one."""
    found = _REMARK.search(line, start)
    return (line[: found.start()] if found else line).rstrip()


def in_blocks_of_text(lines: list[str]) -> set[int]:
    """The lines (0-based) that belong to a text written with `|` or `>`."""
    inside: set[int] = set()
    block = -1
    for number, line in enumerate(lines):
        if block >= 0 and (not line.strip() or indent(line) > block):
            inside.add(number)
            continue
        block = indent(line) if _BLOCK_OF_TEXT.search(line) and says_something(line) else -1
    return inside


def _unwrapped(value: str) -> str:
    """What a text with a quote too many or too few is meant to say."""
    if value[0] in "'\"":
        return value[1:].removesuffix(value[0])
    return value


def _dashes(line: str) -> list[int]:
    return [column for column, sign in enumerate(_lead(line)) if sign == "-"][::-1]


def _lead(line: str) -> str:
    found = _LEAD.match(line)
    return found[0] if found else ""


def _starts(lines: list[str]) -> list[int]:
    return list(accumulate((len(line) + 1 for line in lines), initial=0))
