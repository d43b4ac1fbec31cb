"""Signs that look like YAML's and are not: invisible blanks, long dashes, wide colons, quotes.

Word processors, spreadsheets, chat programs and web pages put them into copied text. Each is told
where it stands and read as what it looks like, so that it is one mistake and not ten.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from runtime.documents.mending import Mends, in_blocks_of_text
from runtime.documents.slips import Slip, told

#: Blanks of some width, and signs of none.
_WIDE = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_NARROW = "\u00ad\u200b-\u200f\u2060\ufeff"
_BLANK = f"[{_WIDE}{_NARROW}]"
_DASHES = "\u2010-\u2015\u2022\u00b7\u2212"
_ANY = re.compile(
    f"[{_WIDE}{_NARROW}{_DASHES}\uff1a\u2018-\u201e]|^(?:[<>]{{7}}|={{7}})", re.MULTILINE
)
_ODD = re.compile(_BLANK)
_INDENT = re.compile(f"[ \t]*{_BLANK}[ \t{_WIDE}{_NARROW}]*")
_DASH = re.compile(f"([ ]*(?:-[ ]+)*)([{_DASHES}])(?=[ {_WIDE}]|$)")
_AFTER_DASH = re.compile(f"^[ ]*(?:-[ ]+)*-(?P<part>{_BLANK}+)")
_NAME = r"""[ ]*(?:-[ ]+)*(?:"[^"]*"|'[^']*'|(?!-[ ])[^\s:#'"\[{|>\uff1a][^:#"\[{\uff1a]*?)"""
_AROUND_COLON = re.compile(f"^{_NAME}(?P<part>[ {_WIDE}{_NARROW}]*:[ {_WIDE}{_NARROW}]*)")
_WIDE_COLON = re.compile(f"({_NAME})[ ]*\uff1a[ ]*")
_AT_END = re.compile(f"(?P<part>{_BLANK}[ {_WIDE}{_NARROW}]*)$")
_BRACES = re.compile(r"\{\{(.*?)\}\}")
_QUOTED = re.compile(r"""(["'])(?:(?!\1).)*""")
_TEXT_INSIDE = re.compile(r"""'[^']*'|\\?"[^"]*\\?\"""")
_CURLY = re.compile("[\u2018-\u201e]")

#: Lines longer than this nobody typed; they are not looked at.
_LONG = 2_000

INVISIBLE = (
    "there is a blank here that only looks like one",
    "delete it and type an ordinary blank",
)
CONFLICT = (
    "two versions of this file were never put together: Git left its marks here",
    "keep one of the two parts, and delete the lines of <<<<<<<, ======= and >>>>>>>",
)


def has_any(text: str) -> bool:
    """Whether a text has a sign that could be one."""
    return _ANY.search(text) is not None


def replace(mends: Mends, quoted: Collection[int]) -> list[Slip]:
    """Read look-alikes as what they look like; gives one slip for each line that has some.

    `quoted` are the lines (0-based) of quoted texts that span several, where they are content.
    """
    slips = list(_conflicts(mends))
    inside = in_blocks_of_text(mends.lines) | set(quoted)
    for number in range(len(mends.lines)):
        line = mends.lines[number]
        if number not in inside and len(line) < _LONG and not line.lstrip().startswith("#"):
            slips += _line(number, mends)
    return slips


def _line(number: int, mends: Mends) -> Iterator[Slip]:
    yield from _braces(number, mends)
    if not _ANY.search(mends.lines[number]):
        return
    blanks = [*_indentation(number, mends)]
    yield from _dash(number, mends)
    yield from _colon(number, mends)
    blanks += _blanks(number, mends)
    yield from blanks[:1]


def _indentation(number: int, mends: Mends) -> Iterator[Slip]:
    line = mends.lines[number]
    found = _INDENT.match(line)
    if found is None:
        return
    first = _ODD.search(line)
    column = first.start() if first else 0
    straight = re.sub(f"[{_WIDE}]", " ", re.sub(f"[{_NARROW}]", "", found[0]))
    mends.lines[number] = straight + line[found.end() :]
    mends.moved[number] = len(straight) - len(found[0])
    yield told(number, column, INVISIBLE, rule="invisible-blank")


def _dash(number: int, mends: Mends) -> Iterator[Slip]:
    line = mends.lines[number]
    found = _DASH.match(line)
    if found is None:
        return
    mends.lines[number] = f"{found[1]}-{line[found.end(2) :]}"
    sentence = f'this "{found[2]}" is not the dash that begins an entry of a list'
    yield told(number, found.start(2), (sentence, "type the plain dash: -"), rule="look-alike")


def _colon(number: int, mends: Mends) -> Iterator[Slip]:
    line = mends.lines[number]
    found = _WIDE_COLON.match(line)
    if found is None or ": " in found[0]:
        return
    at = line.index("\uff1a")
    behind = line[at + 1 :]
    if behind and behind[0] != " " and not _ODD.match(behind):
        behind = f" {behind}"
        mends.moved[number] = mends.moved.get(number, 0) + 1
    mends.lines[number] = f"{line[:at]}:{behind}"
    sentence = 'this wide colon "\uff1a" is not the colon that stands after a name'
    yield told(number, at, (sentence, "type the plain colon and a blank: `: `"), rule="look-alike")


def _blanks(number: int, mends: Mends) -> list[Slip]:
    """Invisible blanks after a dash, around a colon, at the end of a line."""
    slips = []
    for pattern in (_AFTER_DASH, _AROUND_COLON, _AT_END):
        line = mends.lines[number]
        found = pattern.search(line)
        odd = _ODD.search(found["part"]) if found else None
        if found and odd:
            start, end = found.span("part")
            mends.lines[number] = line[:start] + _ODD.sub(" ", line[start:end]) + line[end:]
            slips.append(told(number, start + odd.start(), INVISIBLE, rule="invisible-blank"))
    return slips


def _braces(number: int, mends: Mends) -> Iterator[Slip]:
    """Typographic quotes inside `{{ }}`, outside of the texts there."""
    line = mends.lines[number]
    if "{{" not in line or not _CURLY.search(line):
        return
    quoted = [(found.start(), found.end(), found[1]) for found in _QUOTED.finditer(line)]
    for start, end, around in quoted or [(0, len(line), '"')]:
        straight = "'" if around == '"' else '"'
        for braces in _BRACES.finditer(line, start, end):
            bare = _TEXT_INSIDE.sub(lambda text: " " * len(text[0]), braces[1])
            curly = _CURLY.search(bare)
            if curly is None:
                continue
            first, last = braces.span(1)
            now = mends.lines[number]
            mends.lines[number] = now[:first] + _CURLY.sub(straight, now[first:last]) + now[last:]
            words = (
                "typographic quotes are not quotes inside {{ }}",
                f"use straight quotes: {straight}",
            )
            yield told(number, first + curly.start(), words, rule="curly-quotes")


def _conflicts(mends: Mends) -> Iterator[Slip]:
    """The marks that Git leaves in a file; of two versions the first is read on."""
    dropping = False
    for number, line in enumerate(mends.lines):
        mark = line[:7] if line[7:8] in ("", " ") else ""
        if mark == "<" * 7:
            yield told(number, 0, CONFLICT, rule="conflict-marker")
        if mark in ("=" * 7, "|" * 7):
            dropping = True
        if mark in ("<" * 7, ">" * 7) or dropping:
            mends.blank(number)
        if mark == ">" * 7:
            dropping = False
