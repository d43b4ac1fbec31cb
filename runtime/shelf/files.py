"""Looks at a folder of recipes: reads only what changed, and judges nothing that is half saved."""

from __future__ import annotations

import base64
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import TypeAlias

from runtime.clock import Clock
from runtime.documents import decode, first_bytes
from runtime.problems import Problem
from runtime.recipes import Beside, Installed, Recipe, files_below
from runtime.recipes.files import recipe_files, wrong_endings
from runtime.recipes.installed import Files
from runtime.recipes.loading import name_of, read_recipe
from runtime.recipes.templates.reading import check_templates, holding

#: Time of change in nanoseconds, size, inode; of a folder its names; None where there is none.
Mark: TypeAlias = tuple[int, int, int] | frozenset[str] | None

#: Seconds for which a saved file must lie still, unless two looks find it the same.
MOMENT = 2.0
#: End of the names of the notes that are left beside files with problems.
NOTE = ".PROBLEMS.txt"
#: The recipe's own file among `originals`, where tables and templates have their paths.
OWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the reading of one recipe file gave."""

    path: Path
    #: The files that were read for it, as they were: the recipe, its tables, its template.
    marks: Mapping[Path, Mark]
    #: Templates that are read as they were, by path.
    held: Mapping[str, str | None]
    recipe: Recipe | None
    problems: tuple[Problem, ...]
    #: Base64 of the bytes of files that are not their text in UTF-8: with a byte order mark,
    #: in UTF-16, with line ends of Windows.
    originals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies in the folder, by the names that users know."""

    #: False where there is no such folder.
    folder: bool
    #: Of a file that may be half saved it is the judgement from before, if there is one.
    judged: Mapping[str, Judged]
    #: Files never seen before that may be half saved; filled by the first look only.
    hasty: Mapping[str, Judged]
    #: Files that may be half saved.
    unsettled: frozenset[str]
    present: frozenset[str]
    #: What is wrong with templates, and with names of files.
    problems: tuple[Problem, ...]
    #: What was there at the look before; None at the first one.
    before: frozenset[str] | None

    def gone(self, name: str) -> bool:
        """Whether a file was missing at two looks, and so is not just being replaced."""
        return name not in self.present and self.before is not None and name not in self.before


class RecipeFiles:
    """One folder of recipes, looked at again and again."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._marks: Mapping[Path, Mark] | None = None
        self._judged: dict[str, Judged] = {}
        self._installed: Installed | None = None
        self._held: Mapping[str, str] = {}
        self._restless = True
        self._present: frozenset[str] | None = None

    def look(
        self,
        installed: Installed,
        held: Mapping[str, str],
        trusted: Collection[Path] = (),
        *,
        again: bool = False,
    ) -> Look | None:
        """What lies there now; None where it is as it was at the look before, unless `again`.

        `held` has the templates that accepted recipes use, as they were then. `trusted` are files
        that are known to be whole, because this process has written them.
        """
        before, self._marks = self._marks, _marks(self._folder)
        same = self._installed == installed
        quiet = same and before == self._marks and not self._restless
        if quiet and not trusted and not again:
            return None
        if not same:
            self._judged.clear()
        self._installed, self._held = installed, held
        return self._look(before, trusted)

    def _look(self, before: Mapping[Path, Mark] | None, trusted: Collection[Path]) -> Look:
        hasty: dict[str, Judged] = {}
        unsettled: set[str] = set()
        present = {name_of(self._folder, path): path for path in recipe_files(self._folder)}
        for name, path in present.items():
            known = self._judged.get(name)
            if known is not None and self._is_as(known):
                continue
            found = self._judge(path)
            if self._settled(found.marks, before, trusted) and _complete(found):
                self._judged[name] = found
            else:
                unsettled.add(name)
                hasty |= {name: found} if before is None else {}
        self._judged = {name: one for name, one in self._judged.items() if name in present}
        problems = self._others(before, trusted, unsettled)
        last, self._present = self._present, frozenset(present)
        self._restless = bool(unsettled) or last != self._present
        return Look(
            folder=self._folder.is_dir(),
            judged=dict(self._judged),
            hasty=hasty,
            unsettled=frozenset(unsettled),
            present=self._present,
            problems=problems,
            before=last,
        )

    def _others(
        self,
        before: Mapping[Path, Mark] | None,
        trusted: Collection[Path],
        unsettled: set[str],
    ) -> tuple[Problem, ...]:
        """What is wrong with other files than recipes, as far as they are not half saved."""
        found = []
        for problem in (*wrong_endings(self._folder), *self._templates()):
            path = path_of(self._folder, problem.file)
            if self._settled({path: _mark(path)}, before, trusted):
                found.append(problem)
            else:
                unsettled.add(problem.file)
        return tuple(found)

    def _templates(self) -> list[Problem]:
        assert self._installed is not None  # noqa: S101 - set by `look`, for mypy
        files = Files(beside=files_below(self._folder), root=self._folder.name)
        return check_templates(files, self._installed, self._held)

    @property
    def restless(self) -> bool:
        """Whether a file may still be being saved, so that another look is due."""
        return self._restless

    def _is_as(self, known: Judged) -> bool:
        held = all(self._held.get(path) == text for path, text in known.held.items())
        return held and all(self._mark(path) == mark for path, mark in known.marks.items())

    def _settled(
        self,
        marks: Mapping[Path, Mark],
        before: Mapping[Path, Mark] | None,
        trusted: Collection[Path],
    ) -> bool:
        now = self._clock.now().timestamp()
        for path, mark in marks.items():
            if not isinstance(mark, tuple) or path in trusted:
                continue
            if _mark(path) != mark:
                return False  # it changed while it was read
            age = now - mark[0] / 1e9
            if before is None and 0 <= age < MOMENT:
                return False
            if before is not None and before.get(path) != mark and age < MOMENT:
                return False
        return True

    def _judge(self, path: Path) -> Judged:
        marks: dict[Path, Mark] = {path: self._mark(path)}
        held: dict[str, str | None] = {}
        assert self._installed is not None  # noqa: S101 - set by `look`, for mypy
        beside = self._watched(marks, held)
        recipe, problems = read_recipe(self._folder, path, self._installed, beside)
        return Judged(
            path=path,
            marks=marks,
            held=held,
            recipe=recipe,
            problems=tuple(problems),
            originals=dict(self._originals(path, recipe)) if recipe is not None else {},
        )

    def _watched(self, marks: dict[Path, Mark], held: dict[str, str | None]) -> Beside:
        """Reads files beside a recipe and keeps in mind which they were."""
        read = holding(files_below(self._folder), self._held)

        def watched(path: str) -> str | None:
            file = self._folder / os.path.normpath(path)
            marks[file] = self._mark(file)
            held[path] = self._held.get(path)
            return read(path)

        return watched

    def _mark(self, path: Path) -> Mark:
        """The mark of a file as this look found it; of a folder the names of its files."""
        marks = self._marks or {}
        if path in marks:
            return marks[path]
        names = frozenset(each.name for each in marks if each.parent == path)
        return names or None

    def _originals(self, path: Path, recipe: Recipe) -> Iterator[tuple[str, str]]:
        texts = {OWN: (path, recipe.text)}
        texts |= {part: (self._folder / part, text) for part, text in recipe.parts.items()}
        for name, (file, text) in texts.items():
            raw = _bytes(file)
            if raw != text.encode() and name not in self._held:
                yield name, base64.b64encode(raw).decode()


def path_of(folder: Path, name: str) -> Path:
    """The path of a file of the folder by the name that users know."""
    return folder / name.removeprefix(f"{folder.name}/")


def original(text: str, encoded: str | None) -> bytes:
    """The bytes of a file of which a revision keeps this text."""
    return text.encode() if encoded is None else base64.b64decode(encoded)


def _complete(found: Judged) -> bool:
    """Whether the bytes that are kept are those of the text that was read."""
    recipe, encoded = found.recipe, found.originals.get(OWN)
    if recipe is None or encoded is None:
        return True
    text, _ = decode(base64.b64decode(encoded), recipe.file)
    return text is not None and plain(text) == recipe.text


def plain(text: str) -> str:
    """A text as the reader keeps it: line ends as `\\n`, without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _bytes(file: Path) -> bytes:
    try:
        return first_bytes(file)
    except OSError:
        return b""  # gone again: its mark will differ


def _marks(folder: Path) -> dict[Path, Mark]:
    """All files of the folder that may matter; notes about problems do not."""
    paths = (path for path in folder.rglob("*") if not path.name.endswith(NOTE))
    found = {path: _mark(path) for path in paths if path.name[0] != "."}
    return {path: mark for path, mark in found.items() if mark is not None}


def _mark(path: Path) -> Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if S_ISREG(found.st_mode) else None
