"""One declared field of an action and what a recipe gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.documents import At


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
