"""Writes single values: quotes only where they are needed, numbers and days as they were."""

from __future__ import annotations

import re

from runtime.documents.formatting.tree import Node, header_of

TEMPLATE = "{{"

#: What a text without quotes cannot start with, contain, or end with.
_START = re.compile(r"""[-?:](?:\s|$)|[,\[\]{}#&*!|>'"%@`\s\u2018-\u201f]|---|\.\.\.|=$|<<$""")
_INSIDE = re.compile(r":(?:\s|$)|\s#|[\n\t\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]|\s$")
#: What our reader, or another reader of YAML, takes for a number, a day, true, false or nothing.
_OTHER_KIND = re.compile(
    r"[-+]?\.?[0-9].*|[-+]?\.(?:inf|nan)|~|null|true|false|yes|no|on|off|y|n|",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def written(node: Node) -> str:
    """A name or value on one line; empty for a value that is left out."""
    value = node.value
    if _SURROGATE.search(value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if TEMPLATE in value:
        return quoted(value)
    if node.style == "" and (node.line == node.last_line or _bare(value)):
        return value
    return value if _bare(value) and not _OTHER_KIND.fullmatch(value) else quoted(value)


def quoted(value: str) -> str:
    """In double quotes, or in single ones where those would need escapes."""
    if ('"' in value or "\\" in value) and not _CONTROL.search(value):
        return "'" + value.replace("'", "''") + "'"
    return '"' + re.sub(r'[\\"]|' + _CONTROL.pattern, _escaped, value) + '"'


def block(node: Node, text: str, indent: int) -> tuple[str, list[str]]:
    """Header and lines of a block of text whose lines stand `indent` deep."""
    header = header_of(node, text)
    if node.value and not node.value.endswith("\n"):
        # Else a file that ends without a line end would give the text one.
        header = re.sub(r"[-+]", "", header) + "-"
    lines = text[node.start : node.end].split("\n")[1:]
    old = _depth(header, node, lines)
    moved = [(" " * indent + line[old:]) if line[old:] else "" for line in lines]
    return re.sub(r"[0-9]", "2", header), moved


def _depth(header: str, node: Node, lines: list[str]) -> int:
    """How deep the lines of a block of text stand."""
    deep = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")]
    if not re.search(r"[0-9]", header):
        return deep[0] if deep else 0
    # The content itself says how many blanks of its first line are its own.
    first = next(iter(node.value.split("\n")), "")
    own = len(first) - len(first.lstrip(" "))
    return max((deep[0] if deep else 0) - own, 0)


def _bare(value: str) -> bool:
    return bool(value) and not _START.match(value) and not _INSIDE.search(value)


def _escaped(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}"
