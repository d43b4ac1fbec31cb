"""Builds plain values from the parser's events, and notes where each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from runtime.documents import yaml_mistakes
from runtime.documents.document import At, Spot
from runtime.documents.mending import Mends
from runtime.documents.parsing import events

DEEPEST = 60

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}
_SURROGATE = re.compile("[\ud800-\udfff]")
_COLON = re.compile(r"[ \t]*:")
_OPENING = (MappingStartEvent, SequenceStartEvent)
_CLOSING = (MappingEndEvent, SequenceEndEvent)
#: How many keys of a file's top level must be there twice for it to be pasted twice.
_PASTED = 3


class TooDeep(Exception):
    """Values are nested deeper than anybody means."""


def plain(text: str) -> object:
    """What a text without quotes is read as."""
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


class Slipped:
    """Something that was read, though surely not as it was meant."""

    __slots__ = ("column", "fix", "length", "line", "rule", "sentence")

    def __init__(self, event: Any, rule: str, sentence: str, fix: str) -> None:
        self.line: int = event.start_mark.line
        self.column: int = event.start_mark.column
        self.length: int = max(event.end_mark.index - event.start_mark.index, 1)
        self.rule, self.sentence, self.fix = rule, sentence, fix


class Reader:
    """One reading of a text, as far as the parser gets."""

    def __init__(self, mends: Mends, text: str) -> None:
        self.text = text
        self._mends = mends
        self.found: list[Slipped] = []
        self.spots: dict[At, Spot] = {}
        #: Groups with the lines (0-based) from their start to the next thing after them.
        self.groups: list[tuple[At, int, int]] = []
        #: Where the last quoted text stood, and which brackets were open when the parser stopped.
        self.quoted: tuple[Any, Any] | None = None
        self.brackets: list[tuple[str, int, int]] = []
        #: Lines (0-based) inside a text that spans several, where a tab is content.
        self.inside: set[int] = set()
        #: Lines of quoted texts that span several, the first included.
        self.in_quotes: set[int] = set()
        #: Where a JSON file is indented with tabs, they mean nothing.
        source = text.replace("\t", " ") if text.lstrip()[:1] in ("{", "[") else text
        self.braces = source is not text
        self._events: Iterator[Any] = events(source)
        self._end = 0

    def read(self) -> object:
        """The value of the text; raises YAMLError where the parser stops, TooDeep."""
        next(self._events)
        if isinstance(next(self._events), StreamEndEvent):
            return None
        value = self._value(next(self._events), (), None)
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._complain(event, "two-documents", *yaml_mistakes.TWO_DOCUMENTS)
                break
        return value

    def _value(self, event: Any, path: At, key: Any) -> object:
        if isinstance(event, AliasEvent):
            self._complain(event, "anchor", *yaml_mistakes.ANCHOR)
            self._note(event, path, key, "")
            return None
        if event.anchor:
            self._complain(event, "anchor", *yaml_mistakes.ANCHOR)
        if event.tag:
            self._complain(event, "tag", *yaml_mistakes.TAG)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path, key)
        if len(path) > DEEPEST:
            raise TooDeep
        if event.flow_style:
            return self._bracketed(event, path, key)
        is_map = isinstance(event, MappingStartEvent)
        value = self._mapping(path) if is_map else self._list(path)
        self._note(event, path, key, ":" if is_map else "-", end=self._end)
        return value

    def _bracketed(self, event: Any, path: At, key: Any) -> object:
        mark = event.start_mark
        if self.text.startswith("{{", mark.index):
            return self._unquoted(event, path, key)
        sign = "{" if isinstance(event, MappingStartEvent) else "["
        self.brackets.append((sign, mark.line, mark.column))
        value = self._mapping(path) if sign == "{" else self._list(path)
        self.brackets.pop()
        self._note(event, path, key, sign, end=self._end)
        return value

    def _scalar(self, event: Any, path: At, key: Any) -> object:
        style = event.style
        if event.end_mark.line > event.start_mark.line:
            self.inside.update(range(event.start_mark.line + 1, event.end_mark.line + 1))
            if style in ("'", '"'):
                self.in_quotes.update(range(event.start_mark.line, event.end_mark.line + 1))
        if style in ("|", ">"):
            self._note(event, path, key, style, end=self._end_of_block(event))
            return event.value
        if style is None and not event.value and key is not None:
            self._nothing(path, key)
            return None
        self._note(event, path, key, style or "", shift=self._shift(event))
        if style is not None:
            self.quoted = (event.start_mark, event.end_mark)
            return _whole(event.value)
        if self._mends.meant:
            line, column = event.start_mark.line, event.start_mark.column
            meant = self._mends.meant.get((line, self._mends.user_column(line, column)))
            if meant is not None:
                return meant
        found = yaml_mistakes.suspicious(event, self.text)
        if found is not None:
            self._complain(event, *found)
        return plain(event.value)

    def _nothing(self, path: At, key: Any) -> None:
        """A name without a value: it stands behind the colon, wherever the parser puts it."""
        mark = key.end_mark
        colon = _COLON.match(self.text, mark.index)
        at = colon.end() if colon else mark.index
        self._end = at
        start = key.start_mark
        self.spots.setdefault(
            path,
            Spot(
                mark.line + 1,
                mark.column + 1 + at - mark.index,
                start.line + 1,
                start.column + 1,
                at,
                at,
                start.index,
                mark.index,
            ),
        )

    def _mapping(self, path: At) -> object:
        found: dict[str, object] = {}
        first: dict[str, int] = {}
        again: list[Any] = []
        for key in self._until(MappingEndEvent, path):
            name = self._key(key)
            value = self._value(next(self._events), (*path, name), key)
            if name in found:
                again.append((name, key))
            found.setdefault(name, value)
            first.setdefault(name, key.start_mark.line + 1)
        self._twice(again, first, at_root=not path)
        return found

    def _twice(self, again: list[Any], first: Mapping[str, int], *, at_root: bool) -> None:
        """Names that a group has twice; a whole recipe that is there twice is told once."""
        if at_root and len(again) >= _PASTED and again[0][0] == next(iter(first)):
            sentence = (
                f"the file begins anew here; what it says from line {first[again[0][0]]} on "
                "is there twice"
            )
            self._complain(again[0][1], "pasted-twice", sentence, "delete one of the two")
            return
        for name, key in again:
            sentence = f'"{name}" is written twice; the first one is on line {first[name]}'
            self._complain(key, "duplicate-key", sentence, "keep one of the two")

    def _key(self, event: Any) -> str:
        if isinstance(event, ScalarEvent) and (event.value or event.style is not None):
            self._end = event.end_mark.index
            if event.style is None and event.value[0] in yaml_mistakes.CURLY:
                self._complain(event, *yaml_mistakes.curly(event.value))
            return _whole(event.value)
        if isinstance(event, _OPENING):
            self._skip()
        self._complain(event, "syntax", "there is no name before the colon", "write `name: value`")
        return ""

    def _list(self, path: At) -> list[object]:
        found: list[object] = []
        for event in self._until(SequenceEndEvent, path):
            found.append(self._value(event, (*path, len(found)), None))
        return found

    def _until(self, end: Any, path: At) -> Iterator[Any]:
        line = -1
        for event in self._events:
            line = event.start_mark.line if line < 0 else line
            if isinstance(event, end):
                # A block ends where its last value does, the parser tells only what comes next.
                if event.end_mark.index > event.start_mark.index:
                    self._end = event.end_mark.index
                self.groups.append((path, line, event.end_mark.line))
                return
            yield event

    def _unquoted(self, start: Any, path: At, key: Any) -> str:
        """`{{ x }}` without quotes: told once, read as the text that was meant."""
        end = self._skip()
        rest = self.text[start.start_mark.index :].split("\n", 1)[0]
        value = rest.split(" #")[0].rstrip()
        self._complain(start, *yaml_mistakes.unquoted(value), length=len(value))
        self._note(start, path, key, "", end=end)
        return self.text[start.start_mark.index : end]

    def _skip(self) -> int:
        """Pass over what was opened; gives the index after its end."""
        depth = 1
        while True:
            event = next(self._events)
            depth += isinstance(event, _OPENING)
            depth -= isinstance(event, _CLOSING)
            if depth == 0:
                return int(event.end_mark.index)
            if depth > DEEPEST:
                raise TooDeep

    def _note(
        self,
        event: Any,
        path: At,
        key: Any,
        form: str,
        *,
        end: int | None = None,
        shift: int | None = None,
    ) -> None:
        mark = event.start_mark
        self._end = end = event.end_mark.index if end is None else end
        at = mark if key is None else key.start_mark
        key_end = end if key is None else key.end_mark.index
        if path not in self.spots:
            self.spots[path] = Spot(
                mark.line + 1,
                mark.column + 1,
                at.line + 1,
                at.column + 1,
                mark.index,
                end,
                at.index,
                key_end,
                form,
                shift,
            )

    def _shift(self, event: Any) -> int | None:
        written = self.text[event.start_mark.index : event.end_mark.index]
        quotes = 0 if event.style is None else 1
        return quotes if written[quotes : len(written) - quotes] == event.value else None

    def _end_of_block(self, event: Any) -> int:
        """The end of a block of text, before the line end of its last line."""
        written = self.text[event.start_mark.index : event.end_mark.index]
        head, _, body = written.partition("\n")
        if "+" in head.split("#")[0] or head.lstrip("|>+-")[:1].isdigit():
            return int(event.start_mark.index) + len(written.removesuffix("\n"))
        lines = body.split("\n")
        deep = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), 0)
        while lines and not lines[-1].strip(" ") and len(lines[-1]) <= deep:
            lines.pop()
        return int(event.start_mark.index) + len("\n".join([head, *lines]))

    def _complain(self, event: Any, rule: str, sentence: str, fix: str, *, length: int = 0) -> None:
        slipped = Slipped(event, rule, sentence, fix)
        slipped.length = length or slipped.length
        self.found.append(slipped)
