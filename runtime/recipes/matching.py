"""Decides which recipes an event starts; conditions are looked at later, so that a skip is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from runtime.recipes.model import Recipe


class Triggered(Protocol):
    """An event, as far as matching looks at it."""

    @property
    def trigger(self) -> str:
        """Trigger name as recipes write it; empty when no recipe can use it."""

    @property
    def connection(self) -> str:
        """Name of the connection it came by."""


def match(event: Triggered, recipes: Iterable[Recipe]) -> list[Recipe]:
    """The enabled recipes whose trigger, and source where they name one, are the event's."""
    return [
        recipe
        for recipe in recipes
        if recipe.enabled
        and recipe.trigger == event.trigger
        and recipe.source in (None, event.connection)
    ]
