"""Rewrites the tables of the practice company's manual: `python -m` this module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from connector.practice import switches
from connector.practice.entities import ENTITIES
from connector.practice.switches import Switches

MANUAL = Path(switches.__file__).with_name("README.md")
_FIELD = re.compile(r"((?:    #:[^\n]*\n)+)    (\w+):")


def with_tables(text: str) -> str:
    """The manual with fresh tables between its markers."""
    for name, rows in (("switches", _switches()), ("kinds", _kinds())):
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"The manual needs the lines {begin} and {end}, in this order.")
        text = f"{before}{begin}\n{chr(10).join(rows)}\n{end}{after}"
    return text


def _switches() -> Iterator[str]:
    """A row for each switch: what it is at first, and what its comment says."""
    source = Path(switches.__file__).read_text(encoding="utf-8")
    said = {
        name: " ".join(line.strip().removeprefix("#:").strip() for line in comment.splitlines())
        for comment, name in _FIELD.findall(source)
    }
    yield "| switch | at first | meaning |"
    yield "|---|---|---|"
    for field in fields(Switches):
        default = str(field.default).lower() if isinstance(field.default, bool) else field.default
        yield f"| `{field.name}` | `{default}` | {said[field.name]} |"


def _kinds() -> Iterator[str]:
    """A row for each kind of record: what can be done, and what can be asked by."""
    yield "| kind | delete | void | fields for queries beside Id and the times in MetaData |"
    yield "|---|---|---|---|"
    for kind in sorted(ENTITIES, key=lambda one: one.name):
        removed = "yes" if kind.remove else "–"
        voided = ("by switch" if kind.void_by_switch else "yes") if kind.void else "–"
        only = "" if kind.writable else " (read only)"
        asked = ", ".join(f"`{field}`" for field in kind.filters) or "–"
        yield f"| {kind.name}{only} | {removed} | {voided} | {asked} |"


if __name__ == "__main__":
    MANUAL.write_text(with_tables(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
