"""The recipes in force: read anew when a file changes, the last good revision kept for the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from runtime.clock import Clock
from runtime.masking import Masker
from runtime.notices.deciding import concerned
from runtime.problems import Problem, errors
from runtime.recipes import Installed, Recipe, load_recipes
from runtime.recipes.files import PARTS_FOLDERS
from runtime.recipes.loading import revive
from runtime.recipes.rivals import settle
from runtime.recipes.templates.reading import FOLDER as TEMPLATES
from runtime.recipes.templates.reading import held_by
from runtime.shelf import sayings, telling
from runtime.shelf.files import Judged, Look, RecipeFiles, path_of
from runtime.shelf.notes import keep_notes
from runtime.shelf.pinned import Pinned
from runtime.store import revisions, standing
from runtime.store.database import Database
from runtime.store.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A recipe in force and the number of its revision."""

    recipe: Recipe
    revision: int


class Shelf:
    """The recipes of one data folder; safe to share between threads, and with other processes."""

    def __init__(
        self,
        *,
        database: Database,
        folder: Path,
        installed: Callable[[], Installed],
        clock: Clock,
        masker: Callable[[], Masker],
    ) -> None:
        self._database = database
        self.folder = folder
        self._installed = installed
        self._clock = clock
        self._masker = masker
        self._lock = threading.Lock()
        self._files = RecipeFiles(folder, clock)
        self._change = -1
        #: Templates that recipes in force use, as they were accepted, by path.
        self._held: Mapping[str, str] | None = None
        self._again = False
        self._pinned = Pinned()
        #: Recipes in force, in the order of their files.
        self.live: tuple[Live, ...] = ()
        #: What is wrong with the files as they are now.
        self.problems: tuple[Problem, ...] = ()

    @property
    def unsettled(self) -> bool:
        """Whether a file may still be being saved or replaced: it is judged at the next look."""
        return self._files.restless or self._again

    @property
    def held(self) -> Mapping[str, str]:
        """The templates that recipes in force use, as they were accepted, by path."""
        return self._held if self._held is not None else self._held_before()

    def refresh(self, trusted: Mapping[Path, str] | None = None) -> bool:
        """Look at the folder, and read what changed; True when anything may be other than before.

        A file that may be half saved is judged by a later look, unless it is `trusted`: written
        by this process, for the user who is named.
        """
        trusted = trusted or {}
        with self._lock:
            change = self._database.read(standing.newest_change)
            again = self._again or change != self._change
            if self._held is None:
                self._held = self._held_before()
            look = self._files.look(self._installed(), self._held, trusted, again=again)
            if look is None:
                return False
            self._again = True  # until all of it is stored
            rows = self._database.read(standing.every)
            if self._database.read(standing.newest_change) != change:
                return False  # another process was quicker: what was seen may be older than that
            self._again = self._put_in_force(look, rows, trusted)
            self._change = self._database.read(standing.newest_change)
            self._held = held_by(each.recipe for each in self.live)
            return True

    def look_up(self, recipe: str) -> Recipe | None:
        """A recipe by its id as its file is now, else as it was last accepted; stores nothing."""
        row = self._database.read(standing.one, recipe)
        found = load_recipes(self.folder, self._installed(), self._held_before())[0]
        current = next((each for each in found if each.id == recipe), None)
        return current or (self.pinned(recipe, row.revision) if row is not None else None)

    def newest(self, recipe: str, revision: int) -> Recipe | None:
        """A recipe as it is in force now; where it is not, as it was at `revision`, or None."""
        live = (each.recipe for each in self.live if each.recipe.id == recipe)
        return next(live, None) or self.pinned(recipe, revision)

    def pinned(self, recipe: str, revision: int) -> Recipe | None:
        """A recipe as it was at a revision, with its tables and template of then.

        None when this version of Bookrelay can no longer read it.
        """
        key = (recipe, revision)
        found = self._pinned.get(key)
        if found is None:
            stored = self._database.read(revisions.recipe, recipe, revision)
            if stored is None:
                return None
            found = revive(stored.text, stored.file, self._installed(), stored.parts.get)
            if found is not None:
                self._pinned.put(key, found)
        return found

    def rivals_of(self, recipe: Recipe) -> list[Problem]:
        """What would keep `recipe` from running beside the others that are in force."""
        others = [each.recipe for each in self.live if each.recipe.id != recipe.id]
        return settle([*others, recipe])[1]

    def _held_before(self) -> dict[str, str]:
        """The templates that the recipes used that were in force when the last process ended."""
        return {
            path: text
            for row in self._database.read(standing.every)
            for path, text in row.parts.items()
            if row.in_force and path.startswith(f"{TEMPLATES}/")
        }

    def _put_in_force(
        self, look: Look, known: Sequence[Standing], trusted: Mapping[Path, str]
    ) -> bool:
        """Accept what is new; True where another process was quicker, and it is to be seen anew."""
        rows = {row.recipe: row for row in known}
        whole = dict(_whole(look, rows.values()))
        kept = [recipe for row in rows.values() if (recipe := self._kept(row, look, whole))]
        found = sorted(
            [*kept, *(judged.recipe for judged in whole.values() if judged.recipe)],
            key=lambda recipe: _precedence(recipe, rows, look),
        )
        winners, rivalries = settle(found, lambda recipe: self._last_good(recipe, rows))
        overtaken = False
        live = []
        for recipe in winners:
            row, judged = rows.get(recipe.id), whole.get(recipe.file)
            if row is not None and (judged is None or judged.recipe is not recipe):
                live.append(Live(recipe=recipe, revision=row.revision))
                continue
            assert judged is not None  # noqa: S101 - a winner without a row was read, for mypy
            who = trusted.get(judged.path, standing.FILE)
            try:
                live.append(self._accept(recipe, judged, row, who))
            except standing.Overtaken:
                overtaken = True
                live += [each for each in self.live if each.recipe.id == recipe.id]
        self.live = tuple(sorted(live, key=lambda each: each.recipe.file))
        self._tell(look, rivalries)
        return overtaken

    def _kept(self, row: Standing, look: Look, whole: Mapping[str, Judged]) -> Recipe | None:
        """The newest revision of a recipe whose file cannot be used, or is gone, while it runs."""
        if not row.in_force:
            return None
        judged = look.judged.get(row.file)
        moved = any(each.recipe and each.recipe.id == row.recipe for each in whole.values())
        if row.file in look.present and row.file not in whole:
            settled = row.file not in look.unsettled
            if settled and judged is not None and not errors(judged.problems):
                self._switch_off(row)
                return None
            return self._standing(row)
        if moved:
            return None
        if look.folder and (row.file in look.present or look.gone(row.file)):
            state = self._vanish(row, look)
            return self._standing(row) if state == standing.GONE else None
        return None if row.state == standing.UNKNOWN else self._standing(row)

    def _standing(self, row: Standing) -> Recipe | None:
        """The newest revision of a recipe, under the name that its file has now."""
        recipe = self.pinned(row.recipe, row.revision)
        return None if recipe is None else replace(recipe, file=row.file)

    def _vanish(self, row: Standing, look: Look) -> str:
        if row.state == standing.GONE:
            return standing.GONE
        recipe = self.pinned(row.recipe, row.revision)
        now = self._clock.now()
        # A folder without any recipe is rather a disk that is not mounted than a decision.
        keep = not look.present
        return self._database.write(
            telling.vanish, row, concerned(recipe) if recipe else (), now, keep=keep
        )

    def _switch_off(self, row: Standing) -> None:
        text = f"{row.file} says that it is not enabled"
        now = self._clock.now()
        self._database.write(standing.stop, row.recipe, now, standing.FILE, text)

    def _last_good(self, recipe: Recipe, rows: Mapping[str, Standing]) -> Recipe | None:
        """The revision that keeps running where the edit of a file met a rival."""
        row = rows.get(recipe.id)
        if row is None or not row.in_force or row.file != recipe.file:
            return None
        return None if row.digest == recipe.digest else self._standing(row)

    def _accept(self, recipe: Recipe, judged: Judged, row: Standing | None, who: str) -> Live:
        """Put the recipe of a file in force. Raises Overtaken."""
        revision = row.revision if row is not None else 0
        as_before = (recipe.digest, recipe.file, standing.LIVE)
        if row is None or (row.digest, row.file, row.state) != as_before:
            new = acceptance(recipe, judged.originals, revision)
            revision = self._database.write(standing.accept, new, self._clock.now(), who)
        self._pinned.put((recipe.id, revision), recipe)
        return Live(recipe=recipe, revision=revision)

    def _tell(self, look: Look, rivalries: Iterable[Problem]) -> None:
        """Say what is wrong: as problems, in notes beside the files, and to the owners."""
        rows = self._database.read(standing.every)
        found = {problem for judged in look.judged.values() for problem in judged.problems}
        found |= {*look.problems, *rivalries, *_missing(rows, look, self.folder.name)}
        masker = self._masker()
        self.problems = tuple(sorted(_without_secrets(each, masker) for each in found))
        reports = [self._report(file, rows) for file in sorted({each.file for each in found})]
        broken = [report for report in reports if errors(report.problems)]
        paths = {report.file: path_of(self.folder, report.file) for report in broken}
        if look.folder:
            there = [report for report in broken if paths[report.file].is_file()]
            notes = {paths[report.file]: sayings.note_beside(report) for report in there}
            keep_notes(self.folder, notes, {path_of(self.folder, file) for file in look.unsettled})
            told = [sayings.broken(report) for report in there]
            telling.keep_notices(self._database, told, look.unsettled, self._clock.now())

    def _report(self, file: str, rows: Sequence[Standing]) -> sayings.Report:
        inside = file.removeprefix(f"{self.folder.name}/")
        concerns = [
            row for row in rows if row.in_force and (row.file == file or inside in row.parts)
        ]
        recipes = [self.pinned(row.recipe, row.revision) for row in concerns]
        to = (name for recipe in recipes if recipe is not None for name in concerned(recipe))
        return sayings.Report(
            file=file,
            is_part=PurePath(inside).parts[0] in PARTS_FOLDERS,
            problems=tuple(each for each in self.problems if each.file == file),
            running=tuple(concerns),
            recipients=tuple(dict.fromkeys(to)),
        )


def _without_secrets(problem: Problem, masker: Masker) -> Problem:
    """A problem as it may be sent and kept; without its line where that has a secret."""
    shown = problem.excerpt if masker.text(problem.excerpt) == problem.excerpt else ""
    sentence, fix = masker.text(problem.sentence), masker.text(problem.fix)
    return replace(problem, sentence=sentence, fix=fix, excerpt=shown)


def acceptance(recipe: Recipe, originals: Mapping[str, str], base: int) -> standing.Accepted:
    """A recipe as it is to be kept; `base` is the newest revision that it follows."""
    return standing.Accepted(
        recipe=recipe.id,
        digest=recipe.digest,
        file=recipe.file,
        text=recipe.text,
        parts=recipe.parts,
        originals=originals,
        base=base,
        trigger=recipe.trigger,
        source=recipe.source,
        steps={step.id: step.action for step in recipe.steps} if recipe.enabled else {},
    )


def _whole(look: Look, rows: Iterable[Standing]) -> Iterator[tuple[str, Judged]]:
    """The files that are free of mistakes, those that wait to be enabled left out.

    A file that is new at the start is taken though it may be half saved: no revision of it could
    run instead, and what is saved in the next second is its next revision. What was read of any
    other unsettled file is old: another process may have accepted a newer text of it meanwhile.
    """
    known = {row.file for row in rows if row.in_force}
    new = {name: judged for name, judged in look.hasty.items() if name not in known}
    settled = {name: one for name, one in look.judged.items() if name not in look.unsettled}
    for name, judged in {**new, **settled}.items():
        if judged.recipe is not None:
            yield name, judged


def _precedence(recipe: Recipe, rows: Mapping[str, Standing], look: Look) -> tuple[Any, ...]:
    """Of rivals the one comes first that runs unchanged, then a changed one, then a new one."""
    row = rows.get(recipe.id)
    if row is None or row.state == standing.STOPPED:
        return 2, 0.0, recipe.file
    moved = row.file != recipe.file and row.file in look.present
    rank = 2 if moved else 0 if row.digest == recipe.digest else 1
    return rank, row.since.timestamp(), recipe.file


def _missing(rows: Sequence[Standing], look: Look, folder: str) -> Iterator[Problem]:
    if not look.folder:
        yield sayings.no_folder(folder)
    for row in rows:
        if row.state == standing.GONE:
            yield sayings.gone(row.file, row.recipe)
