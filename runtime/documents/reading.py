"""Reads the YAML and JSON files that people write: plain values, and where each stands.

Only `true`, `false`, `null`, plain whole numbers and plain decimals are anything but text, so that
`01234`, `no`, `12:30`, `2024-01-02` and `+15551234567` arrive as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from runtime.documents import yaml_mistakes
from runtime.problems import Problem, Severity

Key: TypeAlias = str | int
At: TypeAlias = tuple[Key, ...]

#: Longest file that is read, in characters; a recipe has about 4,000.
LONGEST = 2_000_000
DEEPEST = 60

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where a value and its key stand, 1-based."""

    line: int
    column: int
    key_line: int
    key_column: int
    #: The value's span in the document's text, quotes included.
    start: int
    end: int
    #: Characters of the key; of the value where it has none.
    key_length: int
    #: Characters between `column` and the text's own first one; None where they do not map.
    shift: int | None = None


_NOWHERE = _Spot(line=1, column=1, key_line=1, key_column=1, start=0, end=0, key_length=1)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file's values together with their places."""

    #: Plain dict, list, str, int, Decimal, bool or None.
    value: Any
    #: The text as read, line ends as `\n`.
    text: str
    #: The file as the user knows it.
    file: str
    _spots: Mapping[At, _Spot] = field(repr=False)

    def place(self, path: At, offset: int = 0) -> tuple[int, int]:
        """Line and column of the value at `path`, or of its nearest parent that exists.

        `offset` counts characters inside a text; it is left out where the text spans lines or
        has escapes, because its characters then do not stand side by side in the file.
        """
        spot = self._spot(path)
        shift = spot.shift + offset if spot.shift is not None and offset else 0
        return spot.line, spot.column + shift

    def key_place(self, path: At) -> tuple[int, int]:
        """Line and column of the key at `path`; for an element of a list, of the element."""
        spot = self._spot(path)
        return spot.key_line, spot.key_column

    def span(self, path: At) -> tuple[int, int] | None:
        """Start and end of the value at `path` in `text`, quotes included; None without one."""
        spot = self._spots.get(path)
        return None if spot is None else (spot.start, spot.end)

    def problem(
        self,
        path: At,
        rule: str,
        sentence: str,
        fix: str = "",
        *,
        key: bool = False,
        offset: int = 0,
        length: int = 0,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """A mistake at the value of `path`, or with `key` at its key.

        `offset` and `length` choose a part of a text; left out, the whole value is marked.
        """
        line, column = self.key_place(path) if key else self.place(path, offset)
        excerpt = self._lines[line - 1] if line <= len(self._lines) else ""
        return Problem(
            file=self.file,
            line=line,
            column=column,
            rule=rule,
            sentence=sentence,
            fix=fix,
            severity=severity,
            length=length or self._length(path, excerpt, key=key, offset=offset),
            excerpt=excerpt,
        )

    def _length(self, path: At, excerpt: str, *, key: bool, offset: int) -> int:
        spot = self._spot(path)
        if key:
            return spot.key_length
        if offset:
            return 1
        written = self.text[spot.start : spot.end].split("\n")[0].rstrip()
        return max(len(written), 1)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def _spot(self, path: At) -> _Spot:
        while path not in self._spots and path:
            path = path[:-1]
        return self._spots.get(path) or _NOWHERE


def read_file(path: Path, shown_as: str) -> tuple[Document | None, list[Problem]]:
    """Read a file that a person saved with any editor: UTF-8 or UTF-16, with or without BOM."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, [_unreadable(shown_as, error.strerror or type(error).__name__)]
    text, problems = decode(raw, shown_as)
    return (None, problems) if text is None else read_document(text, shown_as)


def decode(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file's bytes, or the problem that it is in no encoding known here."""
    encoding = _encoding(raw)
    try:
        return raw.decode(encoding), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [
            Problem(
                file=file,
                line=line,
                column=1,
                rule="encoding",
                sentence="this line has a letter that is not saved as UTF-8",
                fix="save the file again with the encoding UTF-8",
            )
        ]


def read_document(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Read YAML or JSON; the document is None only where its structure cannot be made out."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        sentence = f"the file has more than {LONGEST:,} characters"
        return None, [Problem(file=file, rule="too-long", sentence=sentence, fix="split it")]
    reader = _Reader(text, file)
    try:
        value = reader.read()
    except YAMLError as error:
        found = yaml_mistakes.explain(error, text, file)
        return None, sorted({*reader.problems, *found})
    reader.look_for_tabs()
    document = Document(value=value, text=text, file=file, _spots=reader.spots)
    return document, sorted(reader.problems)


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(raw) > 1 and 0 in raw[:2]:
        return "utf-16-le" if raw[1] == 0 else "utf-16-be"
    return "utf-8-sig"


def _unreadable(file: str, reason: str) -> Problem:
    return Problem(
        file=file,
        rule="unreadable-file",
        sentence=f"the file cannot be read: {reason.lower()}",
        fix="look whether it exists and may be read",
    )


def _plain(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _whole(text: str) -> str:
    """Text without halves of characters, which JSON's `\\ud83d` escapes may leave behind."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Reader:
    """Builds values from the parser's events, one after the other."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.spots: dict[At, _Spot] = {}
        #: Lines (0-based) inside a text that spans several, where a tab is content.
        self._inside: set[int] = set()
        #: Where a JSON file is indented with tabs, they mean nothing.
        source = text.replace("\t", " ") if text.lstrip()[:1] in ("{", "[") else text
        self._braces = source is not text
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(source)

    def read(self) -> object:
        next(self._events)
        start = next(self._events)
        if type(start).__name__ == "StreamEndEvent":
            return None
        value = self._value(next(self._events), (), None)
        for event in self._events:
            if type(event).__name__ == "DocumentStartEvent":
                self._complain(event, "two-documents", *yaml_mistakes.TWO_DOCUMENTS)
                break
        return value

    def look_for_tabs(self) -> None:
        """Tabs that the parser let pass, outside of texts."""
        if self._braces or "\n\t" not in self.text:
            return
        for number, line in enumerate(self.text.split("\n")):
            if line.startswith("\t") and line.strip() and number not in self._inside:
                self.problems.append(yaml_mistakes.tab(self.file, number + 1))

    def _value(self, event: Any, path: At, key: Any) -> object:
        kind = type(event).__name__
        self._note(event, path, key, kind)
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            self._complain(event, "anchor", *yaml_mistakes.ANCHOR)
        if getattr(event, "tag", None):
            self._complain(event, "tag", *yaml_mistakes.TAG)
        if kind == "ScalarEvent":
            return self._scalar(event)
        if kind == "MappingStartEvent":
            return self._mapping(event, path)
        return self._list(path) if kind == "SequenceStartEvent" else None

    def _scalar(self, event: Any) -> object:
        self._inside.update(range(event.start_mark.line + 1, event.end_mark.line + 1))
        if event.style is not None:
            return _whole(event.value)
        found = yaml_mistakes.suspicious(event, self.text)
        if found is not None:
            self._complain(event, *found)
        return _plain(event.value)

    def _mapping(self, start: Any, path: At) -> object:
        if self.text.startswith("{{", start.start_mark.index):
            return self._unquoted(start)
        found: dict[str, object] = {}
        first: dict[str, int] = {}
        for key in self._until("MappingEndEvent", path):
            name = self._key(key)
            value = self._value(next(self._events), (*path, name), key)
            if name in found:
                sentence = f'"{name}" is written twice; the first one is on line {first[name]}'
                self._complain(key, "duplicate-key", sentence, "keep one of the two")
            found.setdefault(name, value)
            first.setdefault(name, key.start_mark.line + 1)
        return found

    def _key(self, event: Any) -> str:
        if type(event).__name__ == "ScalarEvent" and (event.value or event.style is not None):
            return _whole(event.value)
        if type(event).__name__ in ("MappingStartEvent", "SequenceStartEvent"):
            self._skip()
        self._complain(event, "syntax", "there is no name before the colon", "write `name: value`")
        return ""

    def _list(self, path: At) -> list[object]:
        found: list[object] = []
        for event in self._until("SequenceEndEvent", path):
            found.append(self._value(event, (*path, len(found)), None))
        return found

    def _until(self, end: str, path: At) -> Iterator[Any]:
        if len(path) > DEEPEST:
            raise YAMLError(f"values are nested more than {DEEPEST} deep")
        for event in self._events:
            if type(event).__name__ == end:
                return
            yield event

    def _unquoted(self, start: Any) -> str:
        """`{{ x }}` without quotes: told once, read as the text that was meant."""
        end = self._skip()
        self.problems.append(yaml_mistakes.unquoted(self.text, self.file, start.start_mark.index))
        return self.text[start.start_mark.index : end]

    def _skip(self) -> int:
        """Pass over what was opened; gives the index after its end."""
        depth = 1
        while True:
            event = next(self._events)
            kind = type(event).__name__
            depth += kind.endswith(("gStartEvent", "eStartEvent"))
            depth -= kind.endswith(("gEndEvent", "eEndEvent"))
            if depth == 0:
                return int(event.end_mark.index)

    def _note(self, event: Any, path: At, key: Any, kind: str) -> None:
        mark = event.start_mark
        at = mark if key is None else key.start_mark
        self.spots.setdefault(
            path,
            _Spot(
                line=mark.line + 1,
                column=mark.column + 1,
                key_line=at.line + 1,
                key_column=at.column + 1,
                start=mark.index,
                end=event.end_mark.index,
                key_length=(event if key is None else key).end_mark.index - at.index,
                shift=self._shift(event) if kind == "ScalarEvent" else None,
            ),
        )

    def _shift(self, event: Any) -> int | None:
        written = self.text[event.start_mark.index : event.end_mark.index]
        quotes = 1 if event.style in ("'", '"') else 0
        return quotes if written[quotes : len(written) - quotes] == event.value else None

    def _complain(self, event: Any, rule: str, sentence: str, fix: str) -> None:
        mark = event.start_mark
        self.problems.append(
            Problem(
                file=self.file,
                line=mark.line + 1,
                column=mark.column + 1,
                rule=rule,
                sentence=sentence,
                fix=fix,
                length=max(event.end_mark.index - mark.index, 1),
                excerpt=self.text.split("\n")[mark.line],
            )
        )
