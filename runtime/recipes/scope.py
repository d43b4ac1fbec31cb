"""What the expressions of a recipe may read while it handles one event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from runtime.models import Event
from runtime.recipes.expressions.compiling import TABLES, ZONE
from runtime.recipes.model import Recipe


def scope_of(
    recipe: Recipe,
    event: Event,
    rules: Mapping[str, Any],
    steps: Mapping[str, Mapping[str, Any]],
    zone: tzinfo,
) -> dict[str, Any]:
    """The values by first name; `steps` has what finished steps gave, by id."""
    return {
        "trigger": event.data,
        "event": event.envelope(),
        "rules": rules,
        "inputs": recipe.inputs,
        "steps": dict(steps),
        TABLES: recipe.tables,
        ZONE: zone,
    }
