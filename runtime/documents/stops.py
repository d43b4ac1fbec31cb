"""What stopped the parser is told in a sentence, and mended so that the rest can be read too."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from runtime.documents import misplaced, unclosed
from runtime.documents import yaml_mistakes as words_for
from runtime.documents.mending import (
    Mends,
    has_key,
    in_blocks_of_text,
    value_column,
    without_remark,
)
from runtime.documents.slips import Slip, Stop, told

_UNUSABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    return [told(stop.line, stop.column, words_for.INVISIBLE)]


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
        slips.append(told(number, column, (sentence, fix), rule=rule, length=0))
        mends.cover(number, column, certain=True)
    return slips


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
    inside = row.sentence == words_for.MORE_TEXT and '"{{' in text[:column]
    return [told(line, column, words_for.QUOTES_INSIDE if inside else row.words)]


Handler: TypeAlias = Callable[[Stop, Mends], list[Slip]]
#: The first that has something to say is believed; the last always has.
_HANDLERS: tuple[Handler, ...] = (
    _unusable,
    _unquoted,
    misplaced.tabs,
    unclosed.open_quote,
    misplaced.no_colon,
    misplaced.colon,
    unclosed.brackets,
    unclosed.empty_entry,
    misplaced.percent,
    misplaced.stray,
    misplaced.blanks,
    misplaced.misfit,
    _value,
)
