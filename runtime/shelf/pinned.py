"""Recipes as they were at their revisions, kept at hand for as long as memory is no matter."""

from __future__ import annotations

import threading
from typing import TypeAlias

from runtime.recipes import Recipe

#: A recipe's id and the number of a revision.
Pin: TypeAlias = tuple[str, int]

#: Characters of all texts and tables that are kept; a recipe takes about four bytes for each.
MOST = 8_000_000


class Pinned:
    """The newest of what was put in; what it no longer has is read from the database again."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Pin, Recipe] = {}
        self._length = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, pin: Pin) -> Recipe | None:
        """The recipe, if it is kept."""
        return self._kept.get(pin)

    def put(self, pin: Pin, recipe: Recipe) -> None:
        """Keep a recipe, and drop the oldest for it where they are too long together."""
        with self._lock:
            before = self._kept.pop(pin, None)
            self._kept[pin] = recipe
            self._length += _length(recipe) - (_length(before) if before is not None else 0)
            while self._length > self._most and len(self._kept) > 1:
                self._length -= _length(self._kept.pop(next(iter(self._kept))))


def _length(recipe: Recipe) -> int:
    return len(recipe.text) + sum(map(len, recipe.parts.values()))
