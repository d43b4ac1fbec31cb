"""Recognises what is no plain text although it is named like a recipe: Word, RTF, HTML, zip."""

from __future__ import annotations

from runtime.problems import Problem

_BYTES = (
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"%PDF-", "a PDF file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_BEGINNINGS = (
    ("{\\rtf", "a rich-text file (RTF)"),
    ("<!doctype", "a web page (HTML)"),
    ("<html", "a web page (HTML)"),
    ("<?xml", "an XML file"),
)


def not_bytes_of_text(raw: bytes, file: str) -> Problem | None:
    """The problem of a file whose first bytes are those of another kind of file."""
    return next((_problem(kind, file) for start, kind in _BYTES if raw.startswith(start)), None)


def not_plain(text: str, file: str) -> Problem | None:
    """The problem of a text that is the markup of another kind of file."""
    start = text[:100].lstrip().lower()
    return next(
        (_problem(kind, file) for sign, kind in _BEGINNINGS if start.startswith(sign)), None
    )


def _problem(kind: str, file: str) -> Problem:
    return Problem(
        file=file,
        line=1,
        column=1,
        rule="not-plain-text",
        sentence=f"this is {kind}, not plain text, so nothing in it can be read",
        fix="copy its text into Notepad or VS Code and save it as plain text",
    )
