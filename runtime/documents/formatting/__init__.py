"""Formats the YAML files that people write, without changing what they say."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from ruamel.yaml.error import YAMLError

from runtime.documents.decoding import decode, encoding
from runtime.documents.formatting.layout import Layout
from runtime.documents.formatting.order import Order
from runtime.documents.formatting.remarks import attach, remarks_in
from runtime.documents.formatting.tree import Node, tree_of
from runtime.documents.reading import read_document
from runtime.problems import Problem, errors

#: By a key that only files of this kind have.
_SCHEMAS = {"recipe": "recipe-format", "recipe_template": "recipe-template"}
#: The first line by which an editor finds the schema.
_MODELINE = re.compile(r"#\s*(?:yaml-language-server\s*:|\$schema:)")


def formatted(text: str, file: str, order: str = "") -> tuple[str | None, list[Problem]]:
    """A text in the form of the shipped recipes, or None and what keeps it from being read.

    `order` names the schema whose order of keys is taken; without it they stay as they are. Line
    ends stay of the kind they are. What the text says, and every comment, stays the same: where
    that could not be kept, which would be a mistake of this program, the file is refused.
    """
    document, problems = read_document(text, file)
    if document is None or errors(problems):
        return None, problems
    try:
        made = _made(document.text, Order.of(order) if order else Order({}))
        same = _same(document.text, made, document.value, file)
    except YAMLError:  # it could only be read after mending
        same = False
    if not same:
        return None, [*problems, _refused(file)]
    return made.replace("\n", _line_end(text)), problems


def formatted_bytes(raw: bytes, file: str) -> tuple[bytes | None, list[Problem]]:
    """The same of a file's bytes: encoding and byte order mark stay, keys come in their order.

    JSON is left alone: its form is that of the program that wrote it.
    """
    text, problems = decode(raw, file)
    if text is None:
        return None, problems
    if PurePath(file).suffix.lower() == ".json":
        return raw, []
    made, problems = formatted(text, file, _order_of(text, file))
    if made is None:
        return None, problems
    name, mark = encoding(raw)
    return mark + made.encode(name), problems


def _order_of(text: str, file: str) -> str:
    """The schema of what a file is, as its first keys tell; empty for another kind of file."""
    document, _ = read_document(text, file)
    top = document.value if document is not None else None
    keys = top if isinstance(top, dict) else {}
    return next((schema for key, schema in _SCHEMAS.items() if key in keys), "")


def _made(text: str, order: Order) -> str:
    # Where a group in brackets is indented with tabs, they mean nothing.
    source = text.replace("\t", " ") if text.lstrip()[:1] in ("{", "[") else text
    root = tree_of(source)
    if root is None or (root.entries is None and not root.value):
        return text
    attach(source, root)
    layout = Layout(source)
    if not root.entries:
        return text
    head = _head(root)
    lines = layout.lines(root, order)
    while lines and not lines[0]:
        lines = lines[1:]
    return "\n".join([*head, *lines]) + "\n"


def _head(root: Node) -> list[str]:
    """What stands above everything: it stays there, the line for editors first."""
    first = (root.entries or [])[0]
    lines, first.lead = first.lead, []
    modelines = [line for line in lines if _MODELINE.match(line)]
    rest = [line for line in lines if not _MODELINE.match(line)]
    if not modelines and rest[:1] == [""]:
        rest = rest[1:]
    return [*modelines, *rest]


def _same(old: str, new: str, value: object, file: str) -> bool:
    """Whether a new text says what the old one did, comments included."""
    document, problems = read_document(new, file)
    if document is None or errors(problems) or not _equal(document.value, value):
        return False
    return _comments(old) == _comments(new)


def _comments(text: str) -> Counter[str]:
    root = tree_of(text)
    return Counter() if root is None else Counter(said for _, said in remarks_in(text, root))


def _equal(one: Any, other: Any) -> bool:
    """Equal in kind too: 3.10 is not 3.1, and true is not 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return str(one) == str(other) if isinstance(one, Decimal) else bool(one == other)


def _line_end(text: str) -> str:
    if "\r" not in text:
        return "\n"
    windows = text.count("\r\n")
    return "\r\n" if windows >= text.count("\n") - windows and windows else "\r"


def _refused(file: str) -> Problem:
    return Problem(
        file=file,
        rule="cannot-format",
        sentence="this file cannot be formatted without changing what it says; it is left as it is",
        fix="nothing has to be done; tell the makers of Bookrelay if you can",
    )
