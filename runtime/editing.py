"""Saves, puts back, renames and deletes recipe files, and looks before it overwrites anything."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection

from runtime.atomic import locked, write_whole
from runtime.clock import Clock
from runtime.documents import decode
from runtime.problems import Problem, errors
from runtime.recipes import Recipe, files_below, parse_recipe
from runtime.recipes.files import ENDINGS, PARTS_FOLDERS
from runtime.recipes.installed import Beside, Installed
from runtime.recipes.loading import part_text
from runtime.recipes.templates.reading import holding
from runtime.shelf import Shelf, sayings
from runtime.shelf.files import OWN, original, path_of, plain
from runtime.store import notices, revisions, standing
from runtime.store.database import Database
from runtime.store.standing import Standing

#: The digest of a file that is not there.
ABSENT = ""


class CannotEdit(Exception):
    """What was asked for cannot be done; the text says why and that nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A recipe whose file was written and that is in force."""

    recipe: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be written to a recipe's file and the files beside it."""

    #: Path of the recipe as the user knows it, such as `recipes/paid.yaml`.
    file: str
    content: bytes
    #: Digest of the file as the editing began (`digest_of`); `ABSENT` where there was none.
    base: str
    #: Contents of tables and templates, by their paths below the folder.
    parts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """What putting a revision back would do."""

    draft: Draft
    revision: int
    #: What is there now, by the names that users know; a file that is missing is left out.
    now: Mapping[str, bytes]
    #: Names of files that are not as they were accepted last, so that an edit would be lost.
    edited: tuple[str, ...]
    #: Other recipes in force that use a file which changes.
    shared_with: tuple[str, ...]

    @property
    def wanted(self) -> Mapping[str, bytes]:
        """What would be there, by the names that users know."""
        root = self.draft.file.partition("/")[0]
        parts = {f"{root}/{path}": raw for path, raw in self.draft.parts.items()}
        return {self.draft.file: self.draft.content, **parts}


class Editing:
    """Changes of recipe files by the program, one at a time over all processes."""

    def __init__(
        self,
        *,
        shelf: Shelf,
        database: Database,
        installed: Callable[[], Installed],
        clock: Clock,
        data: Path,
    ) -> None:
        self._shelf = shelf
        self._database = database
        self._installed = installed
        self._clock = clock
        self._data = data

    def digest_of(self, file: str) -> str:
        """The digest of a file as it is now, to be given as `base` when it is saved."""
        return _digest(self._read(file))

    def save(self, draft: Draft, who: str, note: str = "") -> Saved | list[Problem]:
        """Check, write and accept a recipe; its revision, or the problems and nothing is written.

        A file that was changed since `draft.base` is a problem too. `note` is for the history.
        """
        with self._lock():
            self._shelf.refresh()
            if _digest(self._read(draft.file)) != draft.base:
                return [sayings.changed_since(draft.file)]
            recipe, problems = self._parse(draft)
            if recipe is None or errors(problems):
                return problems
            rivals = self._shelf.rivals_of(recipe)
            if rivals:
                return rivals
            return self._write(draft, recipe, who, note)

    def restoration(self, recipe: str, revision: int | None) -> Restoration:
        """What putting a revision back would do; None: the newest. Raises CannotEdit."""
        row = self._row(recipe)
        old = self._database.read(revisions.recipe, recipe, revision or row.revision)
        if old is None:
            raise CannotEdit(f"{recipe} has no revision {revision}. Nothing was changed.")
        content = original(old.text, old.originals.get(OWN))
        parts = {path: original(old.parts[path], old.originals.get(path)) for path in old.parts}
        draft = Draft(file=row.file, content=content, base=self.digest_of(row.file), parts=parts)
        names = (row.file, *(self._name(path) for path in {**parts, **row.parts}))
        now = {name: raw for name in names if (raw := self._read(name)) is not None}
        return Restoration(
            draft=draft,
            revision=old.revision,
            now=now,
            edited=self.edited(row),
            shared_with=self._sharing(recipe, parts),
        )

    def edited(self, row: Standing) -> tuple[str, ...]:
        """The files of a recipe that are not as they were accepted last; missing ones are."""
        last = self._database.read(revisions.recipe, row.recipe, row.revision)
        if last is None:
            return ()
        texts = {OWN: last.text, **last.parts}
        names = {path: row.file if path == OWN else self._name(path) for path in texts}
        return tuple(
            names[path]
            for path, text in texts.items()
            # The same text in another encoding, or with other line ends, is no edit.
            if (raw := self._read(names[path])) is not None and plain(part_text(raw)) != plain(text)
        )

    def rename(self, recipe: str, to: str, who: str) -> str:
        """Give a recipe's file another name; what it is called then. Raises CannotEdit."""
        with self._lock():
            row = self._row(recipe)
            source, target = path_of(self._shelf.folder, row.file), self._target(to)
            if not source.is_file():
                raise CannotEdit(f"The file {row.file} is not there. Nothing was changed.")
            if target.exists():
                raise CannotEdit(f"{to} is there already. Nothing was changed.")
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            self._shelf.refresh({target: who})
            return self._name(target.relative_to(self._shelf.folder).as_posix())

    def delete(self, recipe: str, who: str) -> None:
        """Take a recipe out of force and delete its file. Raises CannotEdit.

        The file goes first: killed in between, it is as if a person had deleted it.
        """
        with self._lock():
            row = self._row(recipe)
            path_of(self._shelf.folder, row.file).unlink(missing_ok=True)
            self._database.write(_delete, row, self._clock.now(), who)
            self._shelf.refresh()

    def _write(self, draft: Draft, recipe: Recipe, who: str, note: str) -> Saved | list[Problem]:
        written = {}
        for path, raw in draft.parts.items():
            written[self._shelf.folder / path] = raw
        written[path_of(self._shelf.folder, draft.file)] = draft.content
        for file, raw in written.items():
            if not file.is_file() or file.read_bytes() != raw:
                file.parent.mkdir(parents=True, exist_ok=True)
                write_whole(file, raw, mode=0o644)
        self._shelf.refresh(dict.fromkeys(written, who))
        live = next((each for each in self._shelf.live if each.recipe.id == recipe.id), None)
        if live is None or live.recipe.digest != recipe.digest:
            return [each for each in self._shelf.problems if each.file == draft.file]
        saved = Saved(recipe=recipe.id, revision=live.revision)
        if note:
            now = self._clock.now()
            self._database.write(_note, saved, now, who, note)
        return saved

    def _parse(self, draft: Draft) -> tuple[Recipe | None, list[Problem]]:
        text, problems = decode(draft.content, draft.file)
        if text is None:
            return None, problems
        return parse_recipe(text, draft.file, self._installed(), self._beside(draft))

    def _beside(self, draft: Draft) -> Beside:
        """The files beside a recipe as they would be with a draft."""
        new = {path: part_text(raw) for path, raw in draft.parts.items()}
        read = holding(files_below(self._shelf.folder), self._shelf.held)

        def beside(path: str) -> str | None:
            return new[path] if path in new else read(path)

        return beside

    def _sharing(self, recipe: str, parts: Mapping[str, bytes]) -> tuple[str, ...]:
        changed = {path for path, raw in parts.items() if self._read(self._name(path)) != raw}
        return tuple(
            row.recipe
            for row in self._database.read(standing.every)
            if row.in_force and row.recipe != recipe and changed & set(row.parts)
        )

    def _row(self, recipe: str) -> Standing:
        row = self._database.read(standing.one, recipe)
        if row is None:
            raise CannotEdit(f'No recipe "{recipe}" was ever accepted here. Nothing was changed.')
        return row

    def _target(self, name: str) -> Path:
        inside = PurePosixPath(name.removeprefix(f"{self._shelf.folder.name}/"))
        hidden = inside.name[:1] in "._~#" or inside.is_absolute() or ".." in inside.parts
        if hidden or PARTS_FOLDERS & set(inside.parts[:-1]):
            raise CannotEdit(f"{name} would not be read as a recipe. Nothing was changed.")
        if inside.suffix.lower() not in ENDINGS:
            raise CannotEdit(f"The name {name} must end in .yaml. Nothing was changed.")
        return self._shelf.folder / inside

    def _name(self, inside: str) -> str:
        return f"{self._shelf.folder.name}/{inside}"

    def _read(self, name: str) -> bytes | None:
        path = path_of(self._shelf.folder, name)
        return path.read_bytes() if path.is_file() else None

    def _lock(self) -> AbstractContextManager[None]:
        return locked(self._data / "recipes.lock")


def _delete(tx: Connection, row: Standing, now: datetime, who: str) -> None:
    standing.stop(tx, row.recipe, now, who, f"{row.file} was deleted")
    ending = f"The recipe {row.recipe} was deleted on purpose."
    notices.resolve(tx, sayings.missing_key(row.recipe), now, ending)


def _note(tx: Connection, saved: Saved, now: datetime, who: str, text: str) -> None:
    what = standing.RESTORED
    standing.note(tx, now, who, what, recipe=saved.recipe, revision=saved.revision, text=text)


def _digest(raw: bytes | None) -> str:
    """What tells one content of a file from another; `ABSENT` where there is no file."""
    return ABSENT if raw is None else hashlib.sha256(raw).hexdigest()
