"""Renders every sample of the trigger through the fields of a step, as a run would."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from runtime.documents.mistakes import shown
from runtime.events import examples
from runtime.problems import Problem, Severity
from runtime.recipes.checking import made_up
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.checking.slot import Slot
from runtime.recipes.coercion import coerce
from runtime.recipes.conditions import Condition, holds
from runtime.recipes.expressions.compiling import (
    TABLES,
    ZONE,
    Compiled,
    ExpressionProblem,
    Scope,
    read_path,
)
from runtime.recipes.expressions.lookup import RowMissing


def reaching(sheet: Sheet, held: Collection[Condition]) -> Iterator[Scope]:
    """The samples of the trigger that meet the conditions on the event, each as a scope."""
    known = made_up.all_there(sheet.names.roots)
    asked = [one for one in held if one.field.startswith("trigger.")]
    for data in examples(sheet.trigger):
        scope = {**known, "trigger": data, TABLES: sheet.tables, ZONE: UTC}
        if _meets(asked, scope):
            yield scope


def elements(samples: Iterable[Scope], path: str, name: str) -> Iterator[Scope]:
    """The samples inside a loop: one for each element of the list at `path`."""
    for scope in samples:
        several = _read(scope, path)
        for element in several if isinstance(several, list) else ():
            yield {**scope, name: element}


def check(sheet: Sheet, slot: Slot) -> Iterator[Problem]:
    """What happens to a field with the samples that reach it."""
    compiled = sheet.readable(slot.value)
    if compiled is None or not _tables_read(sheet, compiled):
        return
    met = [scope for scope in sheet.samples if not _without(scope, compiled.paths)]
    failed = {index: why for index, one in enumerate(met) if (why := _why(slot, compiled, one))}
    if failed:
        yield _problem(sheet, slot, compiled, (met, failed))


def _problem(
    sheet: Sheet,
    slot: Slot,
    compiled: Compiled,
    tried: tuple[list[Scope], Mapping[int, tuple[str, str]]],
) -> Problem:
    met, failed = tried
    first, (reason, fix) = next(iter(failed.items()))
    others = [scope for index, scope in enumerate(met) if index not in failed]
    paths = compiled.paths
    where = _difference(met[first], paths, others) if others else _empty(met[first], paths)
    # Other events may have what is empty in all samples.
    every = not others and not where
    many = "every sample" if every else "some samples"
    sentence = f"{slot.words} fails with {many} of {sheet.trigger}{where}: {reason}"
    severity = Severity.ERROR if every else Severity.WARNING
    return sheet.document.problem(slot.at, "sample-fails", sentence, fix, severity=severity)


def _tables_read(sheet: Sheet, compiled: Compiled) -> bool:
    """Whether what an expression looks up is there; what is not is told elsewhere."""
    tables = sheet.tables
    return all(
        name in tables and column in tables[name].columns for name, column in compiled.lookups
    )


def _meets(conditions: Collection[Condition], scope: Scope) -> bool:
    try:
        return holds(conditions, scope)[0]
    except ExpressionProblem:
        return False


def _without(scope: Scope, paths: Collection[str]) -> bool:
    """Whether the sample lacks a whole group of the event that the field reads."""
    groups = {".".join(path.split(".")[:2]) for path in paths if path.startswith("trigger.")}
    return any(read_path(scope, group) is None for group in groups)


def _why(slot: Slot, compiled: Compiled, scope: Scope) -> tuple[str, str] | None:
    """Why a field cannot be filled from a sample, and the fix; None where it can."""
    try:
        value = compiled.render(scope)
    except RowMissing:
        return None  # a sample's own value need not be in a company's table
    except ExpressionProblem as problem:
        return problem.sentence, problem.fix
    schema = {"properties": {slot.name: slot.schema}}
    for complaint in coerce({slot.name: value}, schema, UTC)[1]:
        reason = complaint.removesuffix(".").removeprefix(f'"{slot.name}" ')
        return f"it {reason}", "name another field, or change it with a filter"
    return None


def _empty(scope: Scope, paths: Collection[str]) -> str:
    """The first value that a sample lacks, in words."""
    missing = next((path for path in paths if _read(scope, path) in (None, "")), "")
    return f", where {missing} is empty" if missing else ""


def _difference(scope: Scope, paths: Collection[str], others: Collection[Scope]) -> str:
    """What a failing sample has that no other has, in words."""
    for path in paths:
        value = _read(scope, path)
        if value not in [_read(other, path) for other in others]:
            return f", where {path} is {shown(value)}"
    return ""


def _read(scope: Scope, path: str) -> Any:
    try:
        return read_path(scope, path)
    except ExpressionProblem:
        return None
