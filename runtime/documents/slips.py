"""What stopped the parser, told in a sentence, and mended so that the rest can be read too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from runtime.documents import yaml_mistakes as words_for
from runtime.documents.mending import (
    Mends,
    has_key,
    in_blocks_of_text,
    indent,
    value_column,
    without_remark,
)

_UNUSABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TABBED = re.compile(r"[ ]*\t[ \t]*(?=\S)")
_CLOSING = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One thing that stopped the parser; line and column 0-based, of the mended text."""

    line: int
    column: int
    sentence: str
    fix: str
    rule: str = "syntax"
    #: How much of the line is meant; 0: to the end of what it says.
    length: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where the parser stopped, and what was open there."""

    words: str
    line: int
    column: int
    #: Where what it objects to began.
    open_line: int
    open_column: int
    #: Marks of the last quoted text.
    quoted: tuple[Any, Any] | None
    #: Opening brackets with their line and column, the innermost last.
    brackets: Sequence[tuple[str, int, int]]
    #: The parser met a character that no YAML file may have.
    unusable: bool = False

    @classmethod
    def of(
        cls, error: Any, text: str, quoted: Any, brackets: Sequence[tuple[str, int, int]]
    ) -> Stop:
        """Read off an error of the parser, which stopped in `text`."""
        place = _place(error, text)
        begun = getattr(error, "context_mark", None)
        return cls(
            words=words_for.words_of(error),
            line=place[0],
            column=place[1],
            open_line=begun.line if begun else place[0],
            open_column=begun.column if begun else place[1],
            quoted=quoted,
            brackets=brackets,
            unusable=hasattr(error, "character"),
        )


def meet(stop: Stop, mends: Mends) -> list[Slip]:
    """The slips behind a stop, the text mended; empty where it cannot be mended."""
    before = mends.text
    found = next(slips for handler in _HANDLERS if (slips := handler(stop, mends)))
    if mends.text == before and not _give_up(stop, mends):
        return []
    return found


def _give_up(stop: Stop, mends: Mends) -> bool:
    """Leave out a line that nothing else mends."""
    for line in (stop.line, stop.open_line, mends.before(stop.line)):
        if line is not None and line < len(mends.lines) and mends.lines[line].strip():
            mends.blank(line)
            return True
    return False


def _unusable(stop: Stop, mends: Mends) -> list[Slip]:
    if not stop.unusable:
        return []
    mends.lines = [_UNUSABLE.sub(" ", line) for line in mends.lines]
    sentence, fix = words_for.INVISIBLE
    return [Slip(line=stop.line, column=stop.column, sentence=sentence, fix=fix)]


def _unquoted(stop: Stop, mends: Mends) -> list[Slip]:
    """Templates without quotes, where one at or before the stop is what stopped the parser."""
    inside = in_blocks_of_text(mends.lines)
    found = {
        number: match.end()
        for number, line in enumerate(mends.lines)
        if number not in inside and (match := words_for.UNQUOTED.match(line))
    }
    if not found or min(found) > stop.line:
        return []
    slips = []
    for number, column in found.items():
        value = without_remark(mends.lines[number], column)[column:]
        rule, sentence, fix = words_for.unquoted(value)
        slips.append(
            Slip(line=number, column=column, sentence=sentence, fix=fix, rule=rule, length=0)
        )
        mends.cover(number, column, certain=True)
    return slips


def _tabs(stop: Stop, mends: Mends) -> list[Slip]:
    """Lines indented with tabs, each moved to where its neighbours are."""
    line = mends.lines[stop.line] if stop.line < len(mends.lines) else ""
    if line[stop.column : stop.column + 1] != "\t":
        return []
    if not _TABBED.match(line):
        mends.lines[stop.line] = line.replace("\t", " ")
        sentence, fix = words_for.TAB_INSIDE
        return [Slip(line=stop.line, column=stop.column, sentence=sentence, fix=fix, rule="tab")]
    inside = in_blocks_of_text(mends.lines)
    tabbed = [
        number
        for number, text in enumerate(mends.lines)
        if number not in inside and _TABBED.match(text)
    ]
    _untab(tabbed, mends)
    sentence, fix = words_for.tab(len(tabbed))
    return [Slip(line=tabbed[0], column=0, sentence=sentence, fix=fix, rule="tab")]


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


def _open_quote(stop: Stop, mends: Mends) -> list[Slip]:
    """A quote that is not closed on its line; it may run on to the next quote, lines below."""
    line, column = stop.open_line, stop.open_column
    if stop.quoted and "but found" in stop.words:
        start, end = stop.quoted
        if start.line == end.line or (end.line, end.column) != (stop.line, stop.column):
            return []
        line, column = start.line, start.column
    elif not any(part in stop.words for part in ("end of stream", "document separator")):
        return []
    sentence, fix = words_for.OPEN_QUOTE
    slip = Slip(line=line, column=column, sentence=sentence, fix=fix, length=0)
    if stop.brackets or column > indent(mends.lines[line]):
        mends.cover(line, column, inside=bool(stop.brackets))
    else:
        mends.blank(line)
    return [slip]


def _no_colon(stop: Stop, mends: Mends) -> list[Slip]:
    if "could not find expected ':'" not in stop.words:
        return []
    return [_colon_missing(stop.open_line, mends)]


def _colon_missing(line: int, mends: Mends) -> Slip:
    sentence, fix = words_for.NO_COLON
    column = value_column(mends.lines[line], 0)
    mends.end_with(line, ":")
    mends.guessed.add(line)
    return Slip(line=line, column=column, sentence=sentence, fix=fix, length=0)


def _colon(stop: Stop, mends: Mends) -> list[Slip]:
    """A colon too many: inside a value, or because the line is too deep, or the one above short."""
    if "mapping values are not allowed" not in stop.words:
        return []
    text, above = mends.lines[stop.line], mends.before(stop.line)
    column = value_column(text, stop.column)
    if column > value_column(text, 0):
        mends.cover(stop.line, column)
        if text[column] in words_for.CURLY:
            rule, sentence, fix = words_for.curly(text[column:])
            return [
                Slip(line=stop.line, column=column, sentence=sentence, fix=fix, rule=rule, length=0)
            ]
        return [_slip(stop, *words_for.COLON)]
    if above is None:
        return []
    if not has_key(mends.lines[above]) and " " in mends.lines[above].strip().removeprefix("- "):
        return [_colon_missing(above, mends)]
    if not has_key(mends.lines[above]) and not mends.lines[above].lstrip().startswith("-"):
        return [_colon_missing(above, mends)]
    mends.indent(stop.line, value_column(mends.lines[above], 0))
    sentence, fix = words_for.TOO_DEEP
    return [Slip(line=stop.line, column=indent(text), sentence=sentence, fix=fix, length=0)]


def _misfit(stop: Stop, mends: Mends) -> list[Slip]:
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
    return [_slip(stop, *words)]


def _brackets(stop: Stop, mends: Mends) -> list[Slip]:
    if not stop.brackets:
        return []
    _, line, column = stop.brackets[-1]
    if "<stream end>" in stop.words:
        return [_unclosed(stop, mends)]
    if "expected ',' or" not in stop.words:
        return []
    text = mends.lines[stop.line]
    if stop.line == line or value_column(text, stop.column) > value_column(text, 0):
        slip = words_for.COLON if "got ':'" in stop.words else words_for.COMMA_BEFORE
        mends.cover(stop.line, value_column(text, stop.column), inside=stop.line != line)
        mends.guessed.add(stop.line)
        return [_slip(stop, *slip)]
    at_root = len(stop.brackets) == 1 and not has_key(mends.lines[line])
    if not at_root and indent(text) <= indent(mends.lines[line]):
        mends.cover(line, value_column(mends.lines[line], column), inside=True)
        mends.guessed.add(line)
        return [
            Slip(
                line=line,
                column=column,
                sentence=words_for.OPEN_BRACKET[0],
                fix=words_for.OPEN_BRACKET[1],
                length=0,
            )
        ]
    above = mends.before(stop.line)
    if above is None:
        return []
    mends.end_with(above, ",")
    return [
        Slip(
            line=stop.line,
            column=indent(text),
            sentence=words_for.COMMA_BEFORE[0],
            fix=words_for.COMMA_BEFORE[1],
            length=0,
        )
    ]


def _unclosed(stop: Stop, mends: Mends) -> Slip:
    """Brackets that are open at the end of the file."""
    _, line, column = stop.brackets[-1]
    last = mends.before(len(mends.lines))
    mends.end_with(
        line if last is None else last,
        "".join(_CLOSING[each[0]] for each in reversed(stop.brackets)),
    )
    mends.guessed.add(line)
    sentence, fix = words_for.OPEN_BRACKET
    return Slip(line=line, column=column, sentence=sentence, fix=fix, length=0)


def _empty_entry(stop: Stop, mends: Mends) -> list[Slip]:
    if "node content, but found ','" not in stop.words or not stop.brackets:
        return []
    text = mends.lines[stop.line]
    mends.lines[stop.line] = text[: stop.column] + " " + text[stop.column + 1 :]
    row = words_for.sentence_for(stop.words)
    return [_slip(stop, row.sentence, row.fix)]


def _percent(stop: Stop, mends: Mends) -> list[Slip]:
    row = words_for.sentence_for(stop.words)
    line = next((n for n, text in enumerate(mends.lines) if text.startswith("%")), None)
    if line is None or (row.at != "percent" and line != stop.line):
        return []
    mends.blank(line)
    sentence, fix = words_for.PERCENT
    return [Slip(line=line, column=0, sentence=sentence, fix=fix, length=0)]


def _stray(stop: Stop, mends: Mends) -> list[Slip]:
    """A line at the top that is no part of what follows."""
    first = mends.after(-1)
    if "<document start>" not in stop.words or first is None:
        return []
    sentence, fix = words_for.NO_COLON
    mends.blank(first)
    return [Slip(line=first, column=0, sentence=sentence, fix=fix, length=0)]


def _blanks(stop: Stop, mends: Mends) -> list[Slip]:
    if "more indented follow up line" not in stop.words:
        return []
    for number in range(stop.line):
        if not mends.lines[number].strip():
            mends.lines[number] = ""
    row = words_for.sentence_for(stop.words)
    return [_slip(stop, row.sentence, row.fix)]


def _value(stop: Stop, mends: Mends) -> list[Slip]:
    """A value that is not what it was meant to be: read as the text that stands there."""
    row = words_for.sentence_for(stop.words)
    line, column = (
        (stop.line, stop.column) if row.at != "open" else (stop.open_line, stop.open_column)
    )
    line = min(line, len(mends.lines) - 1)
    text = mends.lines[line]
    start = value_column(text, column)
    if start > value_column(text, 0) or text.lstrip().startswith("-"):
        mends.cover(line, start, inside=bool(stop.brackets))
    elif has_key(text):
        mends.lines[line] = text[:start] + "x" + text[start + 1 :]
        mends.guessed.add(line)
    return [Slip(line=line, column=column, sentence=row.sentence, fix=row.fix)]


def _slip(stop: Stop, sentence: str, fix: str) -> Slip:
    return Slip(line=stop.line, column=stop.column, sentence=sentence, fix=fix)


def _place(error: Any, text: str) -> tuple[int, int]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line), int(mark.column)
    index = getattr(error, "position", None)
    at = index if isinstance(index, int) else 0
    return text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1


Handler: TypeAlias = Callable[[Stop, Mends], list[Slip]]
#: The first that has something to say is believed; the last always has.
_HANDLERS: tuple[Handler, ...] = (
    _unusable,
    _unquoted,
    _tabs,
    _open_quote,
    _no_colon,
    _colon,
    _brackets,
    _empty_entry,
    _percent,
    _stray,
    _blanks,
    _misfit,
    _value,
)
