"""Checks what starts a recipe: its trigger, its connection, its first day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from runtime.documents.hints import hint
from runtime.problems import Problem
from runtime.recipes.checking.sheet import Sheet

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def trigger_of(recipe: Mapping[str, Any]) -> str:
    """The trigger that a recipe names; empty where it names none."""
    name = _when(recipe).get("trigger")
    return name if isinstance(name, str) else ""


def check(sheet: Sheet, recipe: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong under `when:`."""
    when = _when(recipe)
    yield from _trigger(sheet, when.get("trigger"))
    yield from _start_from(sheet, when.get("start_from"))


def _when(recipe: Mapping[str, Any]) -> Mapping[str, Any]:
    when = recipe.get("when")
    return when if isinstance(when, Mapping) else {}


def _trigger(sheet: Sheet, trigger: object) -> Iterator[Problem]:
    known = sheet.installed.triggers
    if isinstance(trigger, str) and trigger not in known:
        fix = hint(trigger, sorted(known), has="there are")
        sentence = f'there is no trigger "{trigger}"'
        yield sheet.document.problem(("when", "trigger"), "unknown-trigger", sentence, fix)


def _start_from(sheet: Sheet, day: object) -> Iterator[Problem]:
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        sentence = f'"when.start_from" cannot be "{day}": there is no such day'
        fix = "write a real day"
        yield sheet.document.problem(("when", "start_from"), "wrong-form", sentence, fix)
