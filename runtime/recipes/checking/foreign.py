"""Finds values meant as expressions that are none: signs of other programs, or braces left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runtime.problems import Problem
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.checking.slot import Slot
from runtime.recipes.expressions.compiling import as_keys
from runtime.recipes.names import declared_path

_DOLLAR = re.compile(r"\$\{[ ]*([\w.]*)[^{}]*\}")
_SINGLE = re.compile(r"(?<![{$])\{[ ]*(\w+(?:\.\w+)+)[ ]*\}(?!\})")
_BARE = re.compile(r"(\w+(?:\.\w+)+)", re.ASCII)
_USUAL = "trigger.contact.name"


def check(sheet: Sheet, slot: Slot) -> Iterator[Problem]:
    """A text that would end up in the books as it stands, though a field of the event is meant."""
    text = slot.value
    if not isinstance(text, str):
        return
    if text.startswith("={{"):
        sentence = "the = before {{ would become part of the value"
        yield sheet.document.problem(slot.at, "not-an-expression", sentence, "delete the =")
        return
    found = _DOLLAR.search(text) or _single(sheet, text) or _bare(sheet, text)
    if found is not None:
        meant = found[1] if found[1].partition(".")[0] in sheet.names.roots else _USUAL
        sentence = f'"{found[0][:60]}" is no expression: it would be sent as it stands'
        fix = f"write the field of the event in double braces, such as {{{{ {meant} }}}}"
        offset, length = found.start(), len(found[0])
        yield sheet.document.problem(
            slot.at, "not-an-expression", sentence, fix, offset=offset, length=length
        )


def _single(sheet: Sheet, text: str) -> re.Match[str] | None:
    found = _SINGLE.search(text)
    return found if found and found[1].partition(".")[0] in sheet.names.roots else None


def _bare(sheet: Sheet, text: str) -> re.Match[str] | None:
    found = _BARE.fullmatch(text.strip())
    return found if found and declared_path(sheet.names, as_keys(found[0])) else None
