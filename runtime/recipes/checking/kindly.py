"""Checks that each expression gives the kind of value that its field takes."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.documents import At
from runtime.problems import Problem
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.checking.slot import Slot
from runtime.recipes.expressions.compiling import as_keys
from runtime.recipes.expressions.kinds import Kind, fits, infer, kind_named
from runtime.recipes.names import declared_path

_WORDS = {
    Kind.TEXT: "text",
    Kind.NUMBER: "a number",
    Kind.MONEY: "an amount",
    Kind.DATE: "a day",
    Kind.TIME: "a time",
    Kind.FLAG: "true or false",
    Kind.LIST: "a list",
    Kind.GROUP: "a group of values",
    Kind.UNKNOWN: "something else",
}


def check(sheet: Sheet, slot: Slot) -> Iterator[Problem]:
    """An expression whose value never fits its field."""
    compiled = sheet.readable(slot.value)
    wanted = slot.schema.get("x-kind", "")
    if compiled is None or not wanted:
        return
    given = infer(compiled.source, lambda path: kind_of(sheet, path))
    if not fits(given, wanted):
        words = _WORDS[kind_named(wanted)]
        sentence = f"{slot.words} must be {words}, but {compiled.source} is {_WORDS[given]}"
        yield sheet.document.problem(slot.at, "wrong-kind", sentence, _fix(given, wanted))


def of_loop(sheet: Sheet, text: str, at: At) -> Iterator[Problem]:
    """A `for_each` that names no list."""
    compiled = sheet.readable(text)
    given = Kind.UNKNOWN if compiled is None else infer(text, lambda path: kind_of(sheet, path))
    if not fits(given, "list"):
        sentence = f"`for_each` needs a list, but this is {_WORDS[given]}"
        fix = "name a list such as trigger.invoice.lines"
        yield sheet.document.problem(at, "wrong-kind", sentence, fix)


def kind_of(sheet: Sheet, path: str) -> Kind:
    """The declared kind of a path; unknown where nothing is declared."""
    branches = declared_path(sheet.names, as_keys(path))
    return kind_named(branches[-1].kind) if branches else Kind.UNKNOWN


def _fix(given: Kind, wanted: str) -> str:
    if given is Kind.LIST:
        return "use `for_each:` to go through a list, or take one of it with | first"
    if given is Kind.GROUP:
        return "name one of its values"
    if wanted in ("list", "lines"):
        return "name a list, or write one with `for_each:`"
    return "name another field of the event"
