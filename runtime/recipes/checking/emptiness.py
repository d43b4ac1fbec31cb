"""Warns where a value may be empty though a run needs it: such a run would be held."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.documents import At
from runtime.problems import Problem, Severity
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.checking.slot import Slot
from runtime.recipes.expressions.compiling import (
    ExpressionProblem,
    as_keys,
    read_path,
)
from runtime.recipes.names import declared_path

_RULE = "may-be-empty"


def check(sheet: Sheet, slot: Slot) -> Iterator[Problem]:
    """A required field that some events leave empty."""
    path = _emptied_by(sheet, slot.value) if slot.required else ""
    if path and not path.startswith("steps."):
        of_event = path.startswith("trigger.")
        what = f"some events of {sheet.trigger}" if of_event else "some of them"
        sentence = f'{slot.words} may be empty: {what} have no "{path}"; such a run would be held'
        fix = "add | default(…) with another value"
        if of_event:
            fix = f"{fix}, or an `only_if:` with field: {path} and is_present: true"
        yield sheet.document.problem(slot.at, _RULE, sentence, fix, severity=Severity.WARNING)


def of_skipped(sheet: Sheet, text: str, at: At) -> Iterator[Problem]:
    """An expression that reads what a step gives that may have been left out."""
    path = _emptied_by(sheet, text) if "steps." in text else ""
    if path.startswith("steps."):
        step = path.split(".")[1]
        sentence = (
            f'"{path}" may be empty: step "{step}" is left out where its `only_if:` does not hold'
        )
        fix = "add | default(…) with another value, or give this step the same `only_if:`"
        yield sheet.document.problem(at, _RULE, sentence, fix, severity=Severity.WARNING)


def _emptied_by(sheet: Sheet, value: object) -> str:
    """The path whose absence leaves an expression empty; empty where nothing does."""
    compiled = sheet.readable(value)
    if compiled is None or not all(declared_path(sheet.names, as_keys(p)) for p in compiled.paths):
        return ""
    scope = sheet.least
    try:
        if compiled.render(scope) not in (None, "", []):
            return ""
        return next((path for path in compiled.paths if read_path(scope, path) is None), "")
    except ExpressionProblem:
        return ""
