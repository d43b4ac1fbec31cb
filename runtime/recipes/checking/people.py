"""Checks who is told of a recipe's trouble, where the recipients of Settings are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.documents import At
from runtime.documents.hints import hint
from runtime.problems import Problem, Severity
from runtime.recipes.checking.sheet import Sheet

#: What `notify:` calls the owner of the recipe.
OWNER = "owner"


def check(sheet: Sheet, recipe: Mapping[str, Any]) -> Iterator[Problem]:
    """Names under `owner:` and `notify:` that nobody has."""
    yield from _named(sheet, ("owner",), recipe.get("owner"))
    told = recipe.get("on_error")
    names = told.get("notify") if isinstance(told, Mapping) else None
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if name == OWNER and not recipe.get("owner"):
            sentence = 'this recipe has no owner, so "owner" tells nobody'
            yield _problem(sheet, ("on_error", "notify", index), sentence, "add owner: at the top")
        elif name != OWNER:
            yield from _named(sheet, ("on_error", "notify", index), name)


def _named(sheet: Sheet, at: At, name: object) -> Iterator[Problem]:
    known = sheet.installed.recipients
    if known is None or not isinstance(name, str) or "@" in name:
        return
    if name.casefold() not in {one.casefold() for one in known}:
        sentence = f'there is no recipient "{name}" in Settings, so nobody is told'
        fix = hint(name, sorted(known), has="there are") or "add it in Settings, notifications"
        yield _problem(sheet, at, sentence, fix)


def _problem(sheet: Sheet, at: At, sentence: str, fix: str) -> Problem:
    return sheet.document.problem(at, "unknown-recipient", sentence, fix, severity=Severity.WARNING)
