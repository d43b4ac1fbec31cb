"""Gives every comment and blank line of a text to the entry it belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from runtime.documents.formatting.tree import (
    Entry,
    Node,
    Remark,
    content_column,
    entries_of,
    header_of,
    scalars_of,
)

_REMARK = re.compile(r"#[^\n]*")


def remarks_in(text: str, root: Node) -> list[tuple[int, str]]:
    """Every comment of a text: its index, and what it says."""
    return [
        (found.start(), found[0].rstrip())
        for start, end in _gaps(text, root)
        for found in _REMARK.finditer(text, start, end)
    ]


def attach(text: str, root: Node) -> None:
    """Put the comments and blank lines of `text` beside the entries of its tree."""
    _Attaching(text, root).all()


def _gaps(text: str, root: Node) -> Iterator[tuple[int, int]]:
    """The spans of a text that are no part of a name or a value."""
    last = 0
    for node in scalars_of(root):
        if node.style in ("|", ">"):
            header = node.start + len(header_of(node, text))
            yield last, node.start
            yield header, max(text.find("\n", header, node.end), header)
        else:
            yield last, node.start
        last = max(node.end, last)
    yield last, len(text)


class _Attaching:
    """One text whose comments are being given to entries."""

    def __init__(self, text: str, root: Node) -> None:
        self._text = text
        self._root = root
        self._lines = text.split("\n")
        self._entries = list(entries_of(root))
        self._starts = [entry.first.start for entry in self._entries]
        self._holders = {id(entry.value): entry for entry in self._entries}
        #: Lines inside of values, where a blank line is content.
        self._inside = {
            line for node in scalars_of(root) for line in range(node.line + 1, node.last_line + 1)
        }

    def all(self) -> None:
        for index, remark in remarks_in(self._text, self._root):
            line = self._text.count("\n", 0, index)
            column = index - self._text.rfind("\n", 0, index) - 1
            before = self._lines[line][:column]
            if not before.strip() or not self._behind(index, line, column, remark):
                self._own_line(index, line, column, remark)
        seen = set()
        for entry in self._entries:
            if entry.first.start not in seen and self._blank_before(entry.first.line):
                entry.lead.append("")
            seen.add(entry.first.start)

    def _blank_before(self, line: int) -> bool:
        above = line - 1
        return above >= 0 and not self._lines[above].strip() and above not in self._inside

    def _behind(self, index: int, line: int, column: int, remark: str) -> bool:
        """A comment behind an entry; False where what stands before it is none."""
        entry = self._before(index)
        while entry is not None and entry.block.flow and entry.block.end <= index:
            entry = self._holders.get(id(entry.block))
        if entry is None or entry.head_line != line:
            return False
        if entry.tail is not None or (entry.key is None and entry.value.entries):
            entry.lead.append(remark)
            return True
        indent = content_column(self._lines[line])
        column = 0 if entry.block.flow else column  # nothing stands above or below it
        entry.tail = Remark(text=remark, column=column, indent=indent)
        return True

    def _own_line(self, index: int, line: int, column: int, remark: str) -> None:
        """A comment before the next entry, or after the last one of a block that ends there."""
        lines = [""] if self._blank_before(line) else []
        self._place(index, column).extend([*lines, remark])

    def _place(self, index: int, column: int) -> list[str]:
        following = bisect_right(self._starts, index)
        after = self._entries[following] if following < len(self._entries) else None
        blocks = self._open(index)
        brackets = [block for block in blocks if block.flow]
        if brackets and (after is None or after.first.start > brackets[-1].end):
            return brackets[-1].foot
        if after is not None and column <= self._column(after):
            return after.lead
        inner = next((b for b in reversed(blocks) if b.column <= column), self._root)
        same = next(block for block in blocks or [inner] if block.column >= inner.column)
        if after is not None and any(same is block for block in self._chain(after)):
            return after.lead
        return same.foot

    def _column(self, entry: Entry) -> int:
        """Column of an entry's block, which for brackets is that of what holds them."""
        blocks = [block for block in self._chain(entry) if not block.flow]
        return blocks[-1].column if blocks else 0

    def _open(self, index: int) -> list[Node]:
        """The blocks that are open at an index, from the outermost on."""
        before = self._before(index)
        if before is None:
            return [self._root]
        blocks = list(self._chain(before))
        if before.value.flow and before.value.entries is not None:
            blocks.append(before.value)
        return [block for block in blocks if not block.flow or block.start < index < block.end]

    def _before(self, index: int) -> Entry | None:
        place = bisect_right(self._starts, index)
        return self._entries[place - 1] if place else None

    def _chain(self, entry: Entry) -> list[Node]:
        """The blocks around an entry, from the outermost on."""
        found = [entry.block]
        while (holder := self._holders.get(id(found[0]))) is not None:
            found.insert(0, holder.block)
        return found
