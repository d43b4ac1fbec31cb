"""How a value is written into a file: in the style of what it replaces, quoted where it must be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from runtime.documents.document import Spot
from runtime.documents.values import plain

#: What YAML gives a meaning of its own at the start of a value, and what looks like it.
_STARTERS = frozenset("-?:,[]{}#&*!|>'\"%@`=<.~\u2018\u2019\u201a\u201c\u201d\u201e")
#: Letters that stand for themselves in any style; no control characters, no line ends.
_PRINTABLE = re.compile(
    "[\x20-\x7e\xa1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff\ue000-\ufefe]*"
)
#: What JSON leaves as it is and YAML does not read.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_HEADER = re.compile(r"[|>][-+]?(?P<remark>[ \t]+#[^\n]*)?(?:\n|$)")


def scalars(value: object, spot: Spot, old: str, *, inside: bool, strict: bool) -> Iterator[str]:
    """The ways to write a value in place of `old`, the most alike first.

    `inside`: among brackets; `strict`: in a JSON file.
    """
    if not isinstance(value, str):
        yield _bare(value)
        return
    header = _HEADER.match(old) if spot.form in ("|", ">") else None
    if header is not None:
        yield from _block_of_text(value, old, header)
    elif not strict and spot.form == "'" and _PRINTABLE.fullmatch(value):
        yield _single(value)
    elif not strict and spot.form not in ("'", '"') and _stands_bare(value, inside=inside):
        yield value
    elif not strict and spot.form != '"' and '"' in value and _PRINTABLE.fullmatch(value):
        yield _single(value)
    yield double(value) + ((header["remark"] or "") if header else "")


def double(text: str) -> str:
    """A text in double quotes, as YAML and JSON both read it."""
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))


def name(key: str, *, strict: bool) -> str:
    """A key as it is written; in JSON always in quotes."""
    return key if not strict and _NAME.fullmatch(key) else double(key)


def flow(value: object, *, strict: bool) -> str:
    """A value on one line, groups in brackets."""
    if isinstance(value, Mapping):
        pairs = (
            f"{name(key, strict=strict)}: {flow(each, strict=strict)}"
            for key, each in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each, strict=strict) for each in value) + "]"
    return double(value) if isinstance(value, str) else _bare(value)


def block(value: object) -> list[str]:
    """A group's lines in block style, without the indentation of the place it goes to."""
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, each in value.items():
            lines += pair(key, each)
    elif isinstance(value, list):
        for each in value:
            lines += entry(each)
    else:
        lines = [flow(value, strict=False)]
    return lines


def pair(key: str, value: object) -> list[str]:
    """The lines of a key and its value."""
    written = name(key, strict=False)
    if isinstance(value, Mapping | list) and value:
        return [f"{written}:", *(f"  {line}" for line in block(value))]
    return [f"{written}: {_short(value)}"]


def entry(value: object) -> list[str]:
    """The lines of an entry of a list, its dash included."""
    if isinstance(value, Mapping | list) and value:
        first, *rest = block(value)
        return [f"- {first}", *(f"  {line}" for line in rest)]
    return [f"- {_short(value)}"]


def normal(value: Any) -> Any:
    """A value as it will be read again; raises ValueError for what no file can say."""
    if isinstance(value, Mapping):
        return {str(key): normal(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [normal(each) for each in value]
    if value is None or isinstance(value, str | bool):
        return value
    read = plain(_bare(value)) if isinstance(value, int | Decimal) else ""
    if isinstance(read, str):
        raise ValueError(value)
    return read


def _short(value: object) -> str:
    bare = isinstance(value, str) and _stands_bare(value, inside=False)
    return str(value) if bare else flow(value, strict=False)


def _bare(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _stands_bare(text: str, *, inside: bool) -> bool:
    """Whether a text is read as itself without quotes."""
    return (
        bool(_PRINTABLE.fullmatch(text))
        and text == text.strip()
        and text[:1] not in _STARTERS
        and isinstance(plain(text), str)
        and text[:1] != ""
        and "{{" not in text
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not (inside and set(text) & set(",[]{}:?"))
    )


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _block_of_text(text: str, old: str, header: re.Match[str]) -> Iterator[str]:
    """A text as a block, where a block can say it."""
    body = text.rstrip("\n")
    lines = body.split("\n")
    usable = all(line == "" or line.strip(" ") for line in lines) and not lines[0].startswith(" ")
    if not body or not usable or not all(_PRINTABLE.fullmatch(line) for line in lines):
        return
    ends = len(text) - len(body)
    sign = ">" if old[0] == ">" and len(lines) == 1 else "|"
    chomp = "-" if ends == 0 else "" if ends == 1 else "+"
    before = next((line for line in old.split("\n")[1:] if line.strip()), "  ")
    blanks = " " * (len(before) - len(before.lstrip(" ")))
    lines += [""] * (ends - 1)
    written = [f"{blanks}{line}" if line else "" for line in lines]
    yield "\n".join([f"{sign}{chomp}{header['remark'] or ''}", *written])
