"""Writes a tree anew: block style, two blanks of indentation, keys in their order."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.documents.formatting.order import Order
from runtime.documents.formatting.scalars import block, written
from runtime.documents.formatting.tree import Entry, Node, Remark, content_column

#: Blanks of each level, and before a comment behind something.
INDENT = 2
_GAP = 2


class Layout:
    """Writes the values of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        #: The last line written belongs to a block of text that keeps the blank lines after it.
        self._keeps = False

    def lines(self, node: Node, order: Order, indent: int = 0) -> list[str]:
        """The lines of a group or list that has entries."""
        found: list[str] = []
        for entry in self._ordered(node, order):
            below = order.below(None if entry.key is None else entry.key.value)
            after_text, self._keeps = self._keeps, False
            lines = self._entry(entry, below, indent)
            found += [*_indented(entry.lead, indent, tight=after_text), *lines]
        return [*found, *_indented(node.foot, indent, tight=self._keeps)]

    def _ordered(self, node: Node, order: Order) -> list[Entry]:
        entries = node.entries or []
        if node.is_list:
            return entries
        keys = list(order.keys)
        place = {key: number for number, key in enumerate(keys)}
        return sorted(
            entries, key=lambda entry: place.get(entry.key.value if entry.key else "", len(keys))
        )

    def _entry(self, entry: Entry, order: Order, indent: int) -> list[str]:
        name = "-" if entry.key is None else f"{written(entry.key)}:"
        value = entry.value
        if value.entries and entry.key is None:
            return self._element(entry, order, indent)
        start = " " * indent + name
        if value.entries:
            inside = self.lines(value, order, indent + INDENT)
            return [_with_remark(start, entry.tail), *inside]
        entry.lead += value.foot
        if value.style in ("|", ">"):
            header, body = block(value, self._text, indent + INDENT)
            self._keeps = "+" in header
            return [_with_remark(f"{start} {header}", entry.tail), *body]
        said = written(value) if value.entries is None else ("[]" if value.is_list else "{}")
        return [_with_remark(f"{start} {said}".rstrip(), entry.tail)]

    def _element(self, entry: Entry, order: Order, indent: int) -> list[str]:
        """An element that is a group or list: its first line follows the dash."""
        self._hoist(entry, order)
        lines = self.lines(entry.value, order, indent + INDENT)
        return [" " * indent + "- " + lines[0][indent + INDENT :], *lines[1:]]

    def _hoist(self, entry: Entry, order: Order) -> None:
        """What stands before the first thing in an element goes before its dash."""
        first = self._ordered(entry.value, order)[0]
        if first.key is None and first.value.entries:
            self._hoist(first, order.below(None))
        entry.lead += first.lead
        first.lead = []


def _with_remark(line: str, remark: Remark | None) -> str:
    """A line with the comment behind it, as far to the right as before."""
    if remark is None:
        return line
    column = remark.column + content_column(line) - remark.indent
    return line.ljust(max(column, len(line) + _GAP)) + remark.text


def _indented(lines: Sequence[str], indent: int, *, tight: bool) -> list[str]:
    """Own lines at their depth; one blank line is as good as two, and `tight` starts with none."""
    pairs = zip(lines, ["" if tight else "x", *lines], strict=False)
    return [" " * indent + line if line else "" for line, above in pairs if line or above]
