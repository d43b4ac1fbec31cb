"""What a YAML text says and where, as a tree that a formatter can write anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from runtime.documents.parsing import events

_LEADING = re.compile(r"[ ]*(?:-[ ]+)*")
_BLANK_END = re.compile(r"(?:\n *)+\Z")
_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(slots=True, kw_only=True)
class Remark:
    """A comment behind something on its line."""

    text: str
    #: Where it starts, and where its line does behind blanks and dashes: in a row of comments
    #: that stand below each other they go on to do so.
    column: int
    indent: int


@dataclass(slots=True, kw_only=True)
class Node:
    """A value: a scalar, or a group or list with its entries."""

    #: Span in the text; of a block, only the start is meant.
    start: int
    end: int
    line: int
    last_line: int
    column: int
    #: Written in brackets.
    flow: bool = False
    is_list: bool = False
    #: None for a scalar.
    entries: list[Entry] | None = None
    #: How a scalar is quoted; empty for a plain one.
    style: str = ""
    #: What a scalar says.
    value: str = ""
    #: Own lines after the last entry; empty ones are blank lines.
    foot: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """A value that is left out."""
        return self.entries is None and not self.style and not self.value


@dataclass(slots=True, kw_only=True)
class Entry:
    """One name with its value, or one element of a list."""

    key: Node | None
    value: Node
    #: The group or list it stands in.
    block: Node
    #: Own lines before it; empty ones are blank lines.
    lead: list[str] = field(default_factory=list)
    tail: Remark | None = None

    @property
    def first(self) -> Node:
        """Where it starts; of a list's element, without its dash."""
        return self.value if self.key is None else self.key

    @property
    def head_line(self) -> int:
        """The line (0-based) on which a comment behind it stands."""
        value = self.value
        if value.style in ("|", ">"):
            return value.line
        if self.key is not None and value.empty:
            # The parser puts what is left out where the next thing begins.
            return self.key.last_line
        block = bool(value.entries) and not value.flow
        return self.first.line if block else max(value.last_line, self.first.last_line)


def tree_of(text: str) -> Node | None:
    """The tree of a text that was read without an error; None where it says nothing."""
    told = events(text)
    next(told)
    if isinstance(next(told), StreamEndEvent):
        return None
    return _node(next(told), told, text)


def _node(event: Any, told: Iterator[Any], text: str) -> Node:
    node = Node(
        start=event.start_mark.index,
        end=event.end_mark.index,
        line=event.start_mark.line,
        last_line=event.end_mark.line,
        column=event.start_mark.column,
    )
    if isinstance(event, ScalarEvent):
        node.style, node.value = event.style or "", event.value
        if node.style in ("|", ">"):
            _end_of_block(node, text)
        return node
    assert isinstance(event, MappingStartEvent | SequenceStartEvent)  # noqa: S101 - for mypy
    node.flow, node.is_list = bool(event.flow_style), isinstance(event, SequenceStartEvent)
    node.entries = []
    for each in told:
        if isinstance(each, MappingEndEvent | SequenceEndEvent):
            node.end, node.last_line = each.end_mark.index, each.end_mark.line
            break
        key = None if node.is_list else _node(each, told, text)
        value = _node(each if key is None else next(told), told, text)
        node.entries.append(Entry(key=key, value=value, block=node))
    return node


def _end_of_block(node: Node, text: str) -> None:
    """A block of text ends with its last line; blank lines after it are its own only with `+`."""
    written = text[node.start : node.end]
    header = _HEADER.match(written)
    if header is not None and "+" not in header[0]:
        written = _BLANK_END.sub("", written)
    written = written.removesuffix("\n")
    node.end = node.start + len(written)
    node.last_line = node.line + written.count("\n")


def content_column(line: str) -> int:
    """Where a line starts to say something, behind blanks and dashes."""
    found = _LEADING.match(line)
    return found.end() if found else 0


def header_of(node: Node, text: str) -> str:
    """`|` or `>` with what follows it, of a block of text."""
    found = _HEADER.match(text, node.start)
    return found[0] if found else node.style


def entries_of(node: Node) -> Iterator[Entry]:
    """All entries at and below a node, each before those inside of it."""
    for entry in node.entries or ():
        yield entry
        yield from entries_of(entry.value)


def scalars_of(node: Node) -> Iterator[Node]:
    """All names and values at and below a node, in the order of the text."""
    if node.entries is None:
        yield node
    for entry in node.entries or ():
        if entry.key is not None:
            yield from scalars_of(entry.key)
        yield from scalars_of(entry.value)
