"""Checks the steps of a recipe: their ids, their actions, and what stands under `with:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.documents import At
from runtime.documents.hints import hint
from runtime.problems import Problem
from runtime.recipes.checking import conditions, fields, values
from runtime.recipes.checking.sheet import Sheet


def check(sheet: Sheet, recipe: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong under `do:`."""
    steps = recipe.get("do")
    earlier: list[str] = []
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if not isinstance(step, Mapping):
            continue
        at: At = ("do", index)
        yield from _step(sheet.with_names(sheet.names.with_steps(earlier)), step, at, earlier)
        if isinstance(step.get("id"), str):
            earlier.append(step["id"])


def _step(sheet: Sheet, step: Mapping[str, Any], at: At, earlier: list[str]) -> Iterator[Problem]:
    yield from conditions.check(sheet, step, at)
    yield from _action(sheet, step, at, earlier)
    if isinstance(step.get("with"), Mapping):
        yield from values.check(sheet, step["with"], (*at, "with"))
    if step.get("id") in earlier:
        sentence = f'two steps have the id "{step["id"]}"'
        fix = "rename one of them"
        yield sheet.document.problem((*at, "id"), "two-steps", sentence, fix)


def _action(sheet: Sheet, step: Mapping[str, Any], at: At, earlier: list[str]) -> Iterator[Problem]:
    name, given = step.get("action"), step.get("with")
    actions = sheet.installed.actions
    if not isinstance(name, str):
        return
    if name not in actions:
        fix = hint(name, sorted(actions), has="there are")
        sentence = f'there is no action "{name}"'
        yield sheet.document.problem((*at, "action"), "unknown-action", sentence, fix)
    elif isinstance(given, Mapping):
        group = fields.Group(
            given=given,
            at=(*at, "with"),
            schema=actions[name].schema,
            of=f'step "{step.get("id", "")}"',
            earlier=earlier,
        )
        yield from fields.check(sheet, group)
