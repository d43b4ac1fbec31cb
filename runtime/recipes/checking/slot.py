"""One declared field of an action and what a recipe gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.documents import At
from runtime.recipes.expressions import Compiled, ExpressionProblem, as_keys, compile_value
from runtime.recipes.names import Names, locate


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A field and its value."""

    name: str
    #: As the recipe writes it.
    value: object
    at: At
    #: What is declared of it: `x-kind`, for a list `items`, for a group `properties`.
    schema: Mapping[str, Any]
    #: Whose field it is, such as `step "payment"`.
    of: str
    required: bool

    @property
    def words(self) -> str:
        """`"amount" of step "payment"`."""
        return f'"{self.name}" of {self.of}'


def readable(value: object, names: Names) -> Compiled | None:
    """An expression whose names all lead somewhere.

    None for a fixed value, and for one that is told elsewhere because it cannot be read.
    """
    if not isinstance(value, str) or "{{" not in value:
        return None
    try:
        compiled = compile_value(value)
    except ExpressionProblem:
        return None
    wrong = any(locate(names, as_keys(path)) for path in compiled.paths)
    return None if wrong else compiled
