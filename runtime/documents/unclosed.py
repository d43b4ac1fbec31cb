"""Quotes and brackets that are opened and never closed, and what is missing between brackets."""

from __future__ import annotations

from runtime.documents import yaml_mistakes as words_for
from runtime.documents.mending import Mends, has_key, indent, value_column
from runtime.documents.slips import Slip, Stop, told

_CLOSING = {"{": "}", "[": "]"}


def open_quote(stop: Stop, mends: Mends) -> list[Slip]:
    """A quote that is not closed on its line; it may run on to the next quote, lines below."""
    line, column = stop.open_line, stop.open_column
    if stop.quoted and "but found" in stop.words:
        start, end = stop.quoted
        if start.line == end.line or (end.line, end.column) != (stop.line, stop.column):
            return []
        line, column = start.line, start.column
    elif not any(part in stop.words for part in ("end of stream", "document separator")):
        return []
    slip = told(line, column, words_for.OPEN_QUOTE, length=0)
    if stop.brackets or column > indent(mends.lines[line]):
        mends.cover(line, column, inside=bool(stop.brackets))
    else:
        mends.blank(line)
    return [slip]


def brackets(stop: Stop, mends: Mends) -> list[Slip]:
    """A bracket that is not closed, or a comma that is missing between its entries."""
    if not stop.brackets:
        return []
    if "<stream end>" in stop.words:
        return [_at_end(stop, mends)]
    return _between(stop, mends) if "expected ',' or" in stop.words else []


def _between(stop: Stop, mends: Mends) -> list[Slip]:
    _, line, column = stop.brackets[-1]
    text = mends.lines[stop.line]
    if stop.line == line or value_column(text, stop.column) > value_column(text, 0):
        slip = words_for.COLON if "got ':'" in stop.words else words_for.COMMA_BEFORE
        mends.cover(stop.line, value_column(text, stop.column), inside=stop.line != line)
        mends.guessed.add(stop.line)
        return [told(stop.line, stop.column, slip)]
    at_root = len(stop.brackets) == 1 and not has_key(mends.lines[line])
    if not at_root and indent(text) <= indent(mends.lines[line]):
        mends.cover(line, value_column(mends.lines[line], column), inside=True)
        mends.guessed.add(line)
        return [told(line, column, words_for.OPEN_BRACKET, length=0)]
    above = mends.before(stop.line)
    if above is None:
        return []
    mends.end_with(above, ",")
    return [told(stop.line, indent(text), words_for.COMMA_BEFORE, length=0)]


def _at_end(stop: Stop, mends: Mends) -> Slip:
    """Brackets that are open at the end of the file."""
    _, line, column = stop.brackets[-1]
    last = mends.before(len(mends.lines))
    mends.end_with(
        line if last is None else last,
        "".join(_CLOSING[each[0]] for each in reversed(stop.brackets)),
    )
    mends.guessed.add(line)
    return told(line, column, words_for.OPEN_BRACKET, length=0)


def empty_entry(stop: Stop, mends: Mends) -> list[Slip]:
    """A comma with nothing before it."""
    if "node content, but found ','" not in stop.words or not stop.brackets:
        return []
    text = mends.lines[stop.line]
    mends.lines[stop.line] = text[: stop.column] + " " + text[stop.column + 1 :]
    row = words_for.sentence_for(stop.words)
    return [told(stop.line, stop.column, row.words)]
