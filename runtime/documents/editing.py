"""Edits of a file by the program: the text of one value changes and no other byte does.

An edit is worked out on the text as it is read, and is read again before it is given: what would
not give exactly the wanted value, and everything else unchanged, is refused.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from runtime.documents import writing
from runtime.documents.decoding import encoding
from runtime.documents.document import At, Document, Spot
from runtime.documents.mistakes import named
from runtime.documents.reading import read_bytes, read_document
from runtime.problems import errors


class CannotEdit(Exception):
    """The program does not make this edit: the file has mistakes, or it would touch more."""

    def __init__(self, sentence: str, fix: str = "edit the file by hand") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One span of a document's text and what takes its place, line ends as `\\n`."""

    start: int
    end: int
    text: str

    def applied(self, text: str) -> str:
        """A text after the edit."""
        return text[: self.start] + self.text + text[self.end :]


def edit_bytes(raw: bytes, file: str, change: Callable[[Document], Edit]) -> bytes:
    """A file's bytes after an edit; byte order mark, encoding and line ends stay as they are.

    `change` is one of the functions below, its other arguments given:
    `edit_bytes(raw, "recipes/paid.yaml", lambda document: replace_value(document, path, 5))`.
    Raises CannotEdit.
    """
    document, problems = read_bytes(raw, file)
    if document is None or errors(problems):
        raise _faulty(file, errors(problems)[0].line, errors(problems)[0].sentence)
    edit = change(document)
    name, mark = encoding(raw)
    text = raw[len(mark) :].decode(name)
    lead = len(text) - len(text.removeprefix("\ufeff"))
    start, end = (_in_original(text[lead:], index) + lead for index in (edit.start, edit.end))
    before, after = (len(mark) + len(text[:index].encode(name)) for index in (start, end))
    written = edit.text.replace("\n", _line_end(text, start))
    return raw[:before] + written.encode(name) + raw[after:]


def replace_value(document: Document, path: At, value: object) -> Edit:
    """Put `value` in the place of what stands at `path`; raises CannotEdit.

    A text keeps the quotes of the text it replaces where it can be said in them. A group takes
    the style of a group it replaces and is otherwise written on one line.
    """
    spot = _spot(document, path)
    wanted = _normal(value, path)
    expected = _with(document, path, wanted)
    edits = (
        Edit(start=spot.start, end=spot.end, text=text)
        for text in _ways(document, path, spot, wanted)
    )
    return _first(document, edits, expected, path)


def add_entry(document: Document, path: At, key: str, value: object) -> Edit:
    """Add `key: value` as the last entry of the group at `path`; raises CannotEdit."""
    spot, group = _spot(document, path), _at(document, path)
    wanted = _normal(value, path)
    if group is not None and not isinstance(group, dict):
        raise CannotEdit(f"{named(path)} is no group of `name: value` lines")
    if group and key in group:
        raise CannotEdit(f'{named(path)} has "{key}" already', "change its value")
    expected = _with(document, path, {**(group or {}), key: wanted})
    if spot.form == "{":
        pair = f"{writing.name(key, strict=_strict(document))}: {_flow(document, wanted)}"
        edits = _into_brackets(document, path, len(group or ()), pair)
    else:
        edits = _lines_below(document, path, spot, writing.pair(key, wanted))
    return _first(document, edits, expected, path)


def insert_entry(document: Document, path: At, index: int, value: object) -> Edit:
    """Put `value` before the entry `index` of the list at `path`; at its length, behind the last.

    Raises CannotEdit.
    """
    spot, found = _spot(document, path), _at(document, path)
    wanted = _normal(value, path)
    if found is not None and not isinstance(found, list):
        raise CannotEdit(f"{named(path)} is no list")
    entries = list(found or ())
    expected = _with(document, path, [*entries[:index], wanted, *entries[index:]])
    if spot.form == "[":
        edits = _into_brackets(document, path, index, _flow(document, wanted))
    elif index == 0 and entries:
        lines = [*writing.entry(wanted), ""]
        text = f"\n{' ' * (spot.column - 1)}".join(lines)
        edits = iter([Edit(start=spot.start, end=spot.start, text=text)])
    else:
        last = (*path, index - 1) if entries else path
        edits = _lines_below(document, path, spot, writing.entry(wanted), last)
    return _first(document, edits, expected, path)


def append_entry(document: Document, path: At, value: object) -> Edit:
    """Add `value` as the last entry of the list at `path`; raises CannotEdit."""
    _spot(document, path)
    found = _at(document, path)
    return insert_entry(document, path, len(found) if isinstance(found, list) else 0, value)


def remove_entry(document: Document, path: At) -> Edit:
    """Take an entry with its key or dash out of its group or list; raises CannotEdit.

    A remark on the last line of the entry goes with it, those on lines of their own stay.
    """
    spot = _spot(document, path)
    group = _at(document, path[:-1])
    if not path:
        raise CannotEdit("a whole file is not taken out of itself", "delete the file")
    rest = copy.deepcopy(group)
    del rest[path[-1]]
    if not rest:
        return replace_value(document, path[:-1], rest)
    edits = _without(document, path, spot, list(_siblings(document, path[:-1], group)))
    return _first(document, edits, _with(document, path[:-1], rest), path)


def _ways(document: Document, path: At, spot: Spot, value: Any) -> Iterator[str]:
    """How a value could be written in the place of another, the most alike first."""
    old = document.text[spot.start : spot.end]
    strict, inside = _strict(document), _inside(document, path)
    if isinstance(value, dict | list):
        if value and spot.form in (":", "-") and not inside:
            yield f"\n{' ' * (spot.column - 1)}".join(writing.block(value))
        ways: Iterable[str] = [writing.flow(value, strict=strict)]
    else:
        ways = list(writing.scalars(value, spot, old, inside=inside, strict=strict))
    for way in ways:
        if spot.start < spot.end:
            yield way
            # A list may stand at the column of its name, nothing else may.
            yield f"  {way}"
        else:
            yield way if document.text[spot.start - 1 : spot.start] in (" ", "") else f" {way}"
            yield f": {way}"


def _lines_below(
    document: Document, path: At, spot: Spot, lines: list[str], last: At | None = None
) -> Iterator[Edit]:
    """Lines added to a block, below the line on which its entry `last` ends."""
    text = document.text
    column = spot.column - 1
    if spot.start == spot.end and spot.form not in (":", "-"):
        column = spot.key_column + 1 if path else 0
    end = (document.span(last) if last is not None else None) or (spot.start, spot.end)
    at = _line_stop(text, end[1])
    start = "" if at == 0 or text[at - 1] == "\n" else "\n"
    added = start + "\n".join(f"{' ' * column}{line}" for line in lines)
    # Empty lines may belong to a block of text above; what is added then comes after them.
    for way in (added, f"{added}\n", f"\n{added}"):
        yield Edit(start=at, end=at, text=way)


def _into_brackets(document: Document, path: At, index: int, written: str) -> Iterator[Edit]:
    """An entry added inside brackets, on a line of its own where the others are on theirs."""
    spot = _spot(document, path)
    beside = list(_siblings(document, path, _at(document, path)))
    gap = " "
    if beside and beside[0].key_line > spot.line:
        gap = "\n" + " " * (beside[0].key_column - 1)
    if index and beside:
        at = beside[index - 1].end
        yield Edit(start=at, end=at, text=f",{gap}{written}")
    else:
        at = beside[0].key_start if beside else spot.start + 1
        yield Edit(start=at, end=at, text=f"{written},{gap}" if beside else written)


def _without(document: Document, path: At, spot: Spot, beside: list[Spot]) -> Iterator[Edit]:
    """An entry taken out: its whole lines, or inside brackets and behind a dash its own span."""
    text = document.text
    around = _spot(document, path[:-1])
    number = next(n for n, each in enumerate(beside) if each.start == spot.start)
    later = beside[number + 1] if number + 1 < len(beside) else None
    if around.form in ("{", "["):
        if number:
            yield Edit(start=beside[number - 1].end, end=spot.end, text="")
        elif later is not None:
            yield Edit(start=spot.key_start, end=later.key_start, text="")
        return
    begin = spot.key_start if around.form == ":" else _dash(text, spot.start, around.column - 1)
    line = text.rfind("\n", 0, begin) + 1
    stop = _line_stop(text, spot.end)
    if not text[line:begin].strip():
        if stop == len(text) and line > 0:
            yield Edit(start=line - 1, end=stop, text="")
        yield Edit(start=line, end=min(stop + 1, len(text)), text="")
    elif later is not None:
        next_one = (
            later.key_start if around.form == ":" else _dash(text, later.start, around.column - 1)
        )
        if not text[spot.end : next_one].strip():
            yield Edit(start=begin, end=next_one, text="")


def _siblings(document: Document, path: At, group: Any) -> Iterator[Spot]:
    keys = range(len(group)) if isinstance(group, list) else (group or {})
    for key in keys:
        yield _spot(document, (*path, key))


def _dash(text: str, start: int, column: int) -> int:
    """Where the dash of the entry is whose value starts at `start`."""
    line = text.rfind("\n", 0, start) + 1
    while line > 0 and text[line + column : line + column + 1] != "-":
        line = text.rfind("\n", 0, line - 1) + 1
    return line + column


def _first(document: Document, edits: Iterable[Edit], expected: Any, path: At) -> Edit:
    """The first of several edits that, read again, gives what is wanted and nothing else."""
    for edit in edits:
        after, problems = read_document(edit.applied(document.text), document.file)
        if after is not None and not errors(problems) and repr(after.value) == repr(expected):
            return edit
    raise CannotEdit(f"{named(path)} cannot be changed without changing what stands around it")


def _spot(document: Document, path: At) -> Spot:
    found = errors(document.slips)
    if found:
        raise _faulty(document.file, found[0].line, found[0].sentence)
    spot = document.spot(path)
    if spot is None:
        raise CannotEdit(f"there is no {named(path)} in the file")
    return spot


def _faulty(file: str, line: int, sentence: str) -> CannotEdit:
    return CannotEdit(
        f"{file} has a mistake in line {line}, so the program does not change it: {sentence}",
        "mend that line first",
    )


def _normal(value: object, path: At) -> Any:
    try:
        return writing.normal(value)
    except ValueError as error:
        raise CannotEdit(f"{named(path)} cannot be {error}: no file can say it") from error


def _at(document: Document, path: At) -> Any:
    value = document.value
    for step in path:
        value = value[step]
    return value


def _with(document: Document, path: At, value: object) -> Any:
    """The document's value with another at `path`."""
    if not path:
        return value
    whole = copy.deepcopy(document.value)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return whole


def _strict(document: Document) -> bool:
    return document.text.lstrip()[:1] in ("{", "[")


def _flow(document: Document, value: object) -> str:
    return writing.flow(value, strict=_strict(document))


def _inside(document: Document, path: At) -> bool:
    spots = (document.spot(path[:length]) for length in range(len(path)))
    return any(spot is not None and spot.form in ("{", "[") for spot in spots)


def _line_stop(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def _in_original(text: str, index: int) -> int:
    """The index in a file's text of one in the same text with `\\n` for each line end."""
    moved = 0
    for number, pair in enumerate(re.finditer("\r\n", text)):
        if pair.start() - number >= index:
            break
        moved = number + 1
    return index + moved


def _line_end(text: str, index: int) -> str:
    """The line end that the lines around a place have."""
    before = re.findall("\r\n|\r|\n", text[:index])
    after = re.search("\r\n|\r|\n", text[index:])
    return before[-1] if before else after[0] if after else "\n"
