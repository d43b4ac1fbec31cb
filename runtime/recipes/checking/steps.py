"""Checks the steps of a recipe: their ids, their actions, and what stands under `with:`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.documents import At
from runtime.documents.hints import hint
from runtime.events import Branch
from runtime.problems import Problem
from runtime.recipes.checking import certain, conditions, fields, samples, values
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.conditions import Condition
from runtime.recipes.names import result_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """A step that comes before: what it gives, and when it is done at all."""

    gives: Mapping[str, Any] | None
    conditions: tuple[Condition, ...]

    def result(self, held: Collection[Condition]) -> Branch:
        """What a later step may read, that is done where the conditions `held` hold."""
        return result_of(self.gives, skipped=any(one not in held for one in self.conditions))


def check(sheet: Sheet, recipe: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong under `do:`."""
    steps = recipe.get("do")
    outer = certain.placed(recipe, ())
    earlier: dict[str, _Earlier] = {}
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if not isinstance(step, Mapping):
            continue
        at: At = ("do", index)
        own = certain.placed(step, at)
        held = [one.condition for one in (*outer, *own)]
        results = {name: one.result(held) for name, one in earlier.items()}
        here = sheet.with_names(sheet.names.with_steps(results)).with_present(certain.filled(held))
        here = here.with_samples(samples.reaching(here, held))
        yield from _step(here, step, at, earlier)
        yield from certain.check(here, own, outer)
        if isinstance(step.get("id"), str):
            conditions_of = tuple(one.condition for one in own)
            earlier.setdefault(step["id"], _earlier(sheet, step, conditions_of))


def _earlier(sheet: Sheet, step: Mapping[str, Any], conditions: tuple[Condition, ...]) -> _Earlier:
    action = sheet.installed.actions.get(str(step.get("action")))
    gives = None if action is None else action.schema.get("x-gives")
    return _Earlier(gives=gives, conditions=conditions)


def _step(
    sheet: Sheet, step: Mapping[str, Any], at: At, earlier: Collection[str]
) -> Iterator[Problem]:
    yield from conditions.check(sheet, step, at)
    yield from _action(sheet, step, at, earlier)
    if isinstance(step.get("with"), Mapping):
        yield from values.check(sheet, step["with"], (*at, "with"))
    name = step.get("id")
    if isinstance(name, str) and name in earlier:
        sentence = f'two steps have the id "{name}"'
        fix = "rename one of them"
        yield sheet.document.problem((*at, "id"), "two-steps", sentence, fix)


def _action(
    sheet: Sheet, step: Mapping[str, Any], at: At, earlier: Collection[str]
) -> Iterator[Problem]:
    name, actions = step.get("action"), sheet.installed.actions
    if isinstance(name, str) and name not in actions:
        fix = hint(name, sorted(actions), has="there are")
        sentence = f'there is no action "{name}"'
        yield sheet.document.problem((*at, "action"), "unknown-action", sentence, fix)
    elif isinstance(name, str) and isinstance(step.get("with"), Mapping):
        group = fields.Group(
            given=step["with"],
            at=(*at, "with"),
            schema=actions[name].schema,
            of=f'step "{step.get("id", "")}"',
            earlier=earlier,
        )
        yield from fields.check(sheet, group)
