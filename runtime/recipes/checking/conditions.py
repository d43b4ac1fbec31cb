"""Checks the conditions of `only_if`: the names they read, the values they compare with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from runtime.documents import At
from runtime.problems import Problem
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.conditions import ORDERED, field_path
from runtime.recipes.expressions.compiling import as_keys
from runtime.recipes.expressions.days import day_in
from runtime.recipes.names import locate

_PATH = re.compile(r"[A-Za-z0-9_.-]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(sheet: Sheet, part: Mapping[str, Any], path: At) -> Iterator[Problem]:
    """What is wrong with the conditions of a recipe or a step, each for itself."""
    entries = part.get("only_if")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping):
            yield from _entry(sheet, entry, (*path, "only_if", index))


def _entry(sheet: Sheet, entry: Mapping[str, Any], place: At) -> Iterator[Problem]:
    field = entry.get("field")
    if isinstance(field, str) and _PATH.fullmatch(field_path(field)):
        yield from _named(sheet, (*place, "field"), field)
    for operator, operand in entry.items():
        if operator != "field" and _has_template(operand):
            sentence = "a condition compares with a fixed value, not with {{ … }}"
            fix = "write the value itself"
            at = (*place, operator)
            yield sheet.document.problem(at, "template-in-condition", sentence, fix)
        if operator in ORDERED:
            yield from _day(sheet, operand, (*place, operator))


def _day(sheet: Sheet, operand: object, at: At) -> Iterator[Problem]:
    """A bound that looks like a day and is none."""
    if isinstance(operand, str) and _DAY.fullmatch(operand) and day_in(operand) is None:
        sentence = f'"{operand}" is no day: there is no such day in the calendar'
        yield sheet.document.problem(at, "wrong-form", sentence, "write a real day")


def _has_template(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_has_template, value))
    return isinstance(value, str) and "{{" in value


def _named(sheet: Sheet, path: At, text: str) -> Iterator[Problem]:
    field = field_path(text)
    mistake = locate(sheet.names, as_keys(field))
    if mistake is not None:
        before = field.split(".")[: mistake.names - 1]
        offset = text.index(field) + sum(len(name) + 1 for name in before)
        length = len(field.split(".")[mistake.names - 1])
        yield sheet.document.problem(
            path, "unknown-name", mistake.sentence, mistake.fix, offset=offset, length=length
        )
