"""What the steps of a recipe are given for a sample of its trigger, without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from connector.base import ActionSpec
from runtime.models import Event
from runtime.recipes.conditions import holds
from runtime.recipes.expressions.compiling import ExpressionProblem
from runtime.recipes.mapping import render
from runtime.recipes.model import Recipe, Step
from runtime.recipes.scope import scope_of


def preview(
    recipe: Recipe,
    event: Event,
    actions: Mapping[str, ActionSpec],
    *,
    rules: Mapping[str, Any],
    zone: tzinfo,
) -> dict[str, Any]:
    """The fields of each step by its id, or one sentence where it has none.

    What a step gives to later ones is not known here; it stands as `(id of customer)`.
    """
    scope = scope_of(recipe, event, rules, {}, zone)
    try:
        met, why = holds(recipe.conditions, scope)
        if not met:
            return {"": f"does not run: {why}"}
        found: dict[str, Any] = {}
        for step in recipe.steps:
            found[step.id] = _fields(step, scope)
            gives = actions[step.action].schema.get("x-gives", {"id": {}})
            scope["steps"][step.id] = {name: f"({name} of {step.id})" for name in gives}
    except ExpressionProblem as problem:
        return {"": f"stops: {problem.sentence}"}
    return found


def _fields(step: Step, scope: Mapping[str, Any]) -> Any:
    met, _ = holds(step.conditions, scope)
    return _filled(render(step.fields, scope)) if met else "left out"


def _filled(value: Any) -> Any:
    """Without what is empty, which actions leave out too."""
    if isinstance(value, Mapping):
        below = {key: _filled(one) for key, one in value.items()}
        return {key: one for key, one in below.items() if one not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_filled(one) for one in value]
    return value if isinstance(value, bool | None) else str(value)
