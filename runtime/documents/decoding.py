"""The text of a file's bytes, whatever editor or spreadsheet saved them."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NamedTuple

from runtime.documents.wrong_kinds import not_bytes_of_text
from runtime.problems import Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8 = "save the file again with the encoding UTF-8 (Notepad: Save as, Encoding: UTF-8)"


#: Most bytes that are read of a file; the longest text that is taken has fewer.
MOST_BYTES = 8_000_000


def first_bytes(path: Path) -> bytes:
    """The bytes of a file; of one longer than MOST_BYTES only so many, and one more.

    Raises OSError.
    """
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


class Encoding(NamedTuple):
    """How a file's bytes stand for its text."""

    name: str
    #: The byte order mark at the start; empty without one.
    mark: bytes


def encoding(raw: bytes) -> Encoding:
    """UTF-8 or UTF-16, by its mark or by where the zeros of the first letter are."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return Encoding(name, mark)
    if len(raw) > 1 and 0 in raw[:2]:
        return Encoding("utf-16-le" if raw[1] == 0 else "utf-16-be", b"")
    return Encoding("utf-8", b"")


def decode(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file's bytes, or the problem that they are no text or in no known encoding."""
    other = not_bytes_of_text(raw, file)
    if other is not None:
        return None, [other]
    name, mark = encoding(raw)
    try:
        return raw[len(mark) :].decode(name), []
    except UnicodeDecodeError as error:
        return None, [_wrong(error, file)]


def misread(raw: bytes) -> str | None:
    """What a file in the old code page of Windows says, to read it on; None where it is not one."""
    if encoding(raw) != Encoding("utf-8", b"") or b"\0" in raw:
        return None
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _wrong(error: UnicodeDecodeError, file: str) -> Problem:
    before = error.object[: error.start].decode(error.encoding, "replace")
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    sentence, fix = _sentence(error)
    return Problem(
        file=file,
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        rule="encoding",
        sentence=sentence,
        fix=fix,
        length=1,
    )


def _sentence(error: UnicodeDecodeError) -> tuple[str, str]:
    if error.reason in ("unexpected end of data", "truncated data"):
        sentence = "the file breaks off in the middle of a letter: it was saved only half"
        return sentence, "save it again"
    letter = error.object[error.start : error.start + 1].decode("cp1252", "ignore")
    if error.encoding != "utf-8" or not letter:
        return "this line has a letter that is in no encoding known here", _UTF8
    return f'the letter "{letter}" here is saved as Windows-1252, not as UTF-8', _UTF8
