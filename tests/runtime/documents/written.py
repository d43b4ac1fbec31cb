"""Texts as people write YAML, with the values they stand for: every style, remarks, blank lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from hypothesis import strategies as st

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
NAMES = ["id", "name", "with", "a b", "12", "on", "Zo\xeb"]
WORDS = [
    "no",
    "01234",
    "12:30",
    "a#b",
    "it's",
    "+1555",
    "Zo\xeb",
    "a-b",
    "x,y",
    "10.10.1",
    "\u4e2d",
]
SIGNS = "ab\xeb\u4e2d\U0001f600 \\'\"#:{}[],&*!|>%@`-?\xa0"
TEXTS = st.text(alphabet=SIGNS + "\n\t\x07\u2028", max_size=12)
BARE: list[tuple[str, Any]] = [
    ("true", True),
    ("false", False),
    ("null", None),
    ("12", 12),
    ("-3", -3),
    ("3.10", Decimal("3.10")),
]


@st.composite
def documents(draw: Draw) -> tuple[str, Any]:
    """A YAML text and its value, a group or a list at the top."""
    lines, value = _group(draw, 3)
    text = "\n".join(["# the top", *lines] if draw(st.booleans()) else lines)
    return text + ("\n" if draw(st.booleans()) or lines[-1][:1] in (" ", "") else ""), value


@st.composite
def json_documents(draw: Draw) -> tuple[str, Any]:
    """A JSON text and its value."""
    inner = st.recursive(
        st.none() | st.booleans() | st.integers(-99, 99) | TEXTS,
        lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
        max_leaves=8,
    )
    value = draw(st.dictionaries(TEXTS, inner, min_size=1, max_size=3))
    layout = draw(st.sampled_from([None, 2, "\t"]))
    return json.dumps(value, indent=layout, ensure_ascii=False).replace("\u2028", r"\u2028"), value


def _group(draw: Draw, depth: int) -> tuple[list[str], Any]:
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
        lines, value = [], {}
        for name in names:
            key = draw(st.sampled_from([name, f'"{name}"', f"'{name}'"]))
            written, value[name] = _behind(draw, f"{key}:", depth)
            lines += _remarks(draw) + written
        return lines, value
    lines, entries = [], []
    for _ in range(draw(st.integers(1, 3))):
        written, inner = _behind(draw, "-", depth)
        lines += _remarks(draw) + written
        entries.append(inner)
    return lines, entries


def _behind(draw: Draw, lead: str, depth: int) -> tuple[list[str], Any]:
    """A value behind its name or dash."""
    kind = draw(st.sampled_from(["scalar", "scalar", "text", "flow", "empty", "group"]))
    if kind == "group" and depth:
        lines, value = _group(draw, depth - 1)
        if (
            lead == "-"
            and lines[0].strip()
            and not lines[0].startswith("#")
            and draw(st.booleans())
        ):
            return [f"- {lines[0]}", *_indented(lines[1:], 2)], value
        by = 0 if isinstance(value, list) and lead != "-" and draw(st.booleans()) else 2
        return [lead + _remark(draw), *_indented(lines, by)], value
    if kind == "text":
        return _block_of_text(draw, lead)
    if kind == "empty":
        return [lead + _remark(draw)], None
    if kind == "flow":
        written, value = _flow(draw, 2)
        return [f"{lead} {written}{_remark(draw)}"], value
    written, value = _scalar(draw, inside=False)
    first, *rest = written.split("\n")
    return [f"{lead} {first}{'' if rest else _remark(draw)}", *_indented(rest, 3)], value


def _scalar(draw: Draw, *, inside: bool) -> tuple[str, Any]:
    style = draw(st.sampled_from(["bare", "plain", "single", "double", "lines"]))
    word = draw(st.sampled_from(WORDS if not inside else [w for w in WORDS if "," not in w]))
    if style == "bare":
        return draw(st.sampled_from(BARE))  # type: ignore[no-any-return]
    if style == "plain":
        return word, word
    if style == "lines" and not inside:
        quote = draw(st.sampled_from(['"', ""]))
        return f"{quote}{word}\nmore{quote}", f"{word} more"
    text = draw(TEXTS)
    if style == "single" and not set(text) & set("\n\x07\u2028"):
        return "'" + text.replace("'", "''") + "'", text
    return json.dumps(text).replace("\u2028", "\\u2028"), text


def _flow(draw: Draw, depth: int) -> tuple[str, Any]:
    if depth == 0 or draw(st.booleans()):
        return _scalar(draw, inside=True)
    parts = [_flow(draw, depth - 1) for _ in range(draw(st.integers(0, 3)))]
    if draw(st.booleans()):
        return "[" + ", ".join(written for written, _ in parts) + "]", [value for _, value in parts]
    pairs = list(zip(["k", "l", "m"], parts, strict=False))
    written = ", ".join(f"{name}: {part[0]}" for name, part in pairs)
    return "{" + written + "}", {name: part[1] for name, part in pairs}


def _block_of_text(draw: Draw, lead: str) -> tuple[list[str], Any]:
    lines = draw(st.lists(st.sampled_from(["one", "two # no remark", "{{ x }}", ""]), max_size=3))
    ends = draw(st.sampled_from(["", "-", "+"]))
    lines = ["first", *lines]
    body = "\n".join(lines).rstrip("\n")
    kept = "\n" * (1 + len("\n".join(lines)) - len(body)) if ends == "+" else "" if ends else "\n"
    written = [f"{lead} |{ends}{_remark(draw)}", *_indented(lines, 2)]
    return written, body + kept


def _indented(lines: list[str], by: int) -> list[str]:
    return [" " * by + line if line else line for line in lines]


def _remark(draw: Draw) -> str:
    return draw(st.sampled_from(["", "", "  # a remark"]))  # type: ignore[no-any-return]


def _remarks(draw: Draw) -> list[str]:
    return draw(st.sampled_from([[], [], ["# a line of its own"]]))  # type: ignore[no-any-return]
