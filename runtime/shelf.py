"""The recipes in force: read anew when a file changes, the last good revision kept for the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.clock import Clock
from runtime.problems import Problem, errors
from runtime.recipes import Installed, Recipe, load_recipes, parse_recipe
from runtime.store import revisions
from runtime.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A recipe in force and the number of its revision."""

    recipe: Recipe
    revision: int


class Shelf:
    """The recipes of one data folder."""

    def __init__(
        self,
        *,
        database: Database,
        folder: Path,
        installed: Callable[[], Installed],
        clock: Clock,
    ) -> None:
        self._database = database
        self._folder = folder
        self._installed = installed
        self._clock = clock
        self._lock = threading.Lock()
        self._marks: Mapping[str, tuple[int, int]] | None = None
        self._pinned: dict[tuple[str, int], Recipe] = {}
        #: Recipes in force, in the order of their files.
        self.live: tuple[Live, ...] = ()
        #: What is wrong with the files as they are now.
        self.problems: tuple[Problem, ...] = ()

    def refresh(self) -> bool:
        """Read the folder again if a file changed; True when it did."""
        with self._lock:
            marks = _marks(self._folder)
            if marks == self._marks:
                return False
            recipes, problems = load_recipes(self._folder, self._installed())
            live = [self._accept(recipe) for recipe in recipes]
            found = {each.recipe.id for each in live}
            # The loser of two rivals is whole and still left out: that is what its problem says.
            broken = {problem.file for problem in errors(problems) if problem.rule != "two-recipes"}
            live += [kept for kept in self._last_good(broken) if kept.recipe.id not in found]
            self.live, self.problems, self._marks = tuple(live), tuple(problems), marks
            return True

    def look_up(self, recipe: str) -> Recipe | None:
        """A recipe by its id as its file is now, else as it was last accepted; stores nothing."""
        found = (each for each in load_recipes(self._folder, self._installed())[0])
        current = next((each for each in found if each.id == recipe), None)
        if current is not None:
            return current
        rows = self._database.read(revisions.newest_recipes)
        row = next((row for row in rows if row.recipe == recipe), None)
        return None if row is None else self.pinned(row.recipe, row.revision)

    def newest(self, recipe: str, revision: int) -> Recipe | None:
        """A recipe as it is in force now; where it is not, as it was at `revision`, or None."""
        live = (each.recipe for each in self.live if each.recipe.id == recipe)
        return next(live, None) or self.pinned(recipe, revision)

    def pinned(self, recipe: str, revision: int) -> Recipe | None:
        """A recipe as it was at a revision; None when that can no longer be read."""
        key = (recipe, revision)
        if key not in self._pinned:
            stored = self._database.read(revisions.recipe, recipe, revision)
            if stored is None:
                return None
            parsed, _ = parse_recipe(stored.text, stored.file, self._installed())
            if parsed is None:
                return None
            self._pinned[key] = parsed
        return self._pinned[key]

    def _accept(self, recipe: Recipe) -> Live:
        revision = self._database.write(
            revisions.accept_recipe,
            recipe.id,
            recipe.digest,
            recipe.file,
            recipe.text,
            self._clock.now(),
        )
        self._pinned[recipe.id, revision] = recipe
        return Live(recipe=recipe, revision=revision)

    def _last_good(self, broken: Collection[str]) -> list[Live]:
        """The newest accepted revisions of files that cannot be used as they are."""
        if not broken:
            return []
        kept = []
        for row in self._database.read(revisions.newest_recipes):
            recipe = self.pinned(row.recipe, row.revision) if row.file in broken else None
            if recipe is not None:
                kept.append(Live(recipe=recipe, revision=row.revision))
        return kept


def _marks(folder: Path) -> dict[str, tuple[int, int]]:
    marks = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".yaml", ".yml", ".json", ".txt", ".csv"):
            stat = path.stat()
            marks[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return marks
