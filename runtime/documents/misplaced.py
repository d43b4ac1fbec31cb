"""Lines that stand where they cannot: tabs, colons too many or too few, a wrong indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runtime.documents import yaml_mistakes as words_for
from runtime.documents.mending import (
    Mends,
    has_key,
    in_blocks_of_text,
    indent,
    value_column,
    without_remark,
)
from runtime.documents.slips import Slip, Stop, told

#: A name, a colon and a value without a blank between them; not an address such as http://.
_JOINED = re.compile(r"[A-Za-z_][\w-]*:(?!//)\S")
_TABBED = re.compile(r"[ ]*\t[ \t]*(?=\S)")


def tabs(stop: Stop, mends: Mends) -> list[Slip]:
    """Lines indented with tabs, each moved to where its neighbours are."""
    line = mends.lines[stop.line] if stop.line < len(mends.lines) else ""
    if line[stop.column : stop.column + 1] != "\t":
        return []
    inside = in_blocks_of_text(mends.lines)
    tabbed = [
        number
        for number, text in enumerate(mends.lines)
        if number not in inside and _TABBED.match(text)
    ]
    if stop.line not in tabbed:
        mends.lines[stop.line] = line.replace("\t", " ")
        return [told(stop.line, stop.column, words_for.TAB_INSIDE, rule="tab")]
    _untab(tabbed, mends)
    return [told(tabbed[0], 0, words_for.tab(len(tabbed)), rule="tab")]


def _untab(tabbed: Sequence[int], mends: Mends) -> None:
    columns: dict[str, int] = {}
    for number in tabbed:
        text = mends.lines[number]
        said = text.lstrip(" \t")
        blanks = text[: len(text) - len(said)]
        columns.setdefault(blanks, _child_column(number, mends, entry=said.startswith("- ")))
        mends.lines[number] = " " * columns[blanks] + said
        mends.moved[number] = columns[blanks] - len(blanks)
        mends.guessed.add(number)


def _child_column(line: int, mends: Mends, *, entry: bool) -> int:
    """Where a line would begin that belongs to the one above it; `entry`: it has a dash."""
    above = mends.before(line)
    if above is None:
        return 0
    text = without_remark(mends.lines[above], 0)
    if text.endswith(":"):
        return value_column(text, 0) + 2
    if entry:
        return next(iter(mends.levels(line, entry=True)), 0)
    return value_column(text, 0)


def no_colon(stop: Stop, mends: Mends) -> list[Slip]:
    """A line that is no `name: value`."""
    if "could not find expected ':'" not in stop.words:
        return []
    return [_colon_missing(stop.open_line, mends)]


def _colon_missing(line: int, mends: Mends) -> Slip:
    text = mends.lines[line]
    column = value_column(text, 0)
    mends.end_with(line, ":")
    mends.guessed.add(line)
    words = words_for.NO_BLANK if _JOINED.match(text, column) else words_for.NO_COLON
    return told(line, column, words, length=0)


def colon(stop: Stop, mends: Mends) -> list[Slip]:
    """A colon too many: inside a value, or because the line is too deep, or the one above short."""
    if "mapping values are not allowed" not in stop.words:
        return []
    text, above = mends.lines[stop.line], mends.before(stop.line)
    column = value_column(text, stop.column)
    if column > value_column(text, 0):
        mends.cover(stop.line, column)
        if text[column] in words_for.CURLY:
            rule, sentence, fix = words_for.curly(text[column:])
            return [told(stop.line, column, (sentence, fix), rule=rule, length=0)]
        return [told(stop.line, stop.column, words_for.COLON)]
    if above is None:
        return []
    said = mends.lines[above].strip()
    # `- id customer` was meant as a name with its value, `- customer` as an entry.
    if not has_key(said) and (" " in said.removeprefix("- ") or not said.startswith("-")):
        return [_colon_missing(above, mends)]
    mends.indent(stop.line, value_column(mends.lines[above], 0))
    return [told(stop.line, indent(text), words_for.TOO_DEEP, length=0)]


def misfit(stop: Stop, mends: Mends) -> list[Slip]:
    """A line that is indented like none of the groups above it."""
    text = mends.lines[stop.line] if stop.line < len(mends.lines) else ""
    if "expected <block end>" not in stop.words or stop.column != indent(text):
        return []
    entry = text.lstrip().startswith("- ")
    levels = [level for level in mends.levels(stop.line, entry=entry) if level != stop.column]
    if levels and (entry or has_key(text)) and stop.line not in mends.guessed:
        mends.indent(stop.line, min(levels, key=lambda level: abs(level - stop.column)))
    else:
        mends.blank(stop.line)
    words = words_for.MISFIT if entry or has_key(text) else words_for.NO_COLON
    return [told(stop.line, stop.column, words)]


def percent(stop: Stop, mends: Mends) -> list[Slip]:
    """A line that starts with a percent sign, left out."""
    row = words_for.sentence_for(stop.words)
    line = next((n for n, text in enumerate(mends.lines) if text.startswith("%")), None)
    if line is None or (row.at != "percent" and line != stop.line):
        return []
    mends.blank(line)
    return [told(line, 0, words_for.PERCENT, length=0)]


def stray(stop: Stop, mends: Mends) -> list[Slip]:
    """A line at the top that is no part of what follows."""
    first = mends.after(-1)
    if "<document start>" not in stop.words or first is None:
        return []
    mends.blank(first)
    return [told(first, 0, words_for.NO_COLON, length=0)]


def blanks(stop: Stop, mends: Mends) -> list[Slip]:
    """Empty lines with more blanks than the block of text below them."""
    if "more indented follow up line" not in stop.words:
        return []
    for number in range(stop.line):
        if not mends.lines[number].strip():
            mends.lines[number] = ""
    row = words_for.sentence_for(stop.words)
    return [told(stop.line, stop.column, row.words)]
