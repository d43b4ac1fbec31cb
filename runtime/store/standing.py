"""Which recipes are in force, and what was done with each, when and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from runtime.store import audit, recipe_runs, revisions
from runtime.store.schema import recipe_changes, recipe_revisions, recipes

#: Who a change is laid to when a person saved, moved or deleted the file itself.
FILE = "file"
#: What the history calls the putting back of an old revision.
RESTORED = "restored"
#: In force with its file there, in force though its file is gone, not in force.
LIVE, GONE, STOPPED = "live", "gone", "stopped"
#: Accepted before this table was kept; in force where its file is still there.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a recipe stands, and its newest revision."""

    recipe: str
    #: Path as the user knows it.
    file: str
    #: live, gone, stopped or unknown
    state: str
    #: When it was first put in force, or again after it had stopped.
    since: datetime
    revision: int
    digest: str
    accepted_at: datetime
    #: Texts of its tables and its template, by path.
    parts: Mapping[str, str]

    @property
    def in_force(self) -> bool:
        """Whether it runs, where its last revision can be read."""
        return self.state != STOPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A recipe that was found free of mistakes, as it is to be kept."""

    recipe: str
    digest: str
    #: Path as the user knows it.
    file: str
    text: str
    #: Texts of tables and template, by path.
    parts: Mapping[str, str]
    #: Base64 of the files' bytes, by path, where they are not their text in UTF-8.
    originals: Mapping[str, str]
    #: The newest revision when the file was read; 0: none.
    base: int
    trigger: str
    #: The connection it must come from; None where any will do.
    source: str | None
    #: Its steps' ids with their actions; empty where held runs must not move to it.
    steps: Mapping[str, str] = field(default_factory=dict)


_newest = (
    select(func.max(recipe_revisions.c.revision))
    .where(recipe_revisions.c.recipe == recipes.c.recipe)
    .correlate(recipes)
    .scalar_subquery()
)
_STANDING = select(
    *recipes.c,
    recipe_revisions.c.revision,
    recipe_revisions.c.digest,
    recipe_revisions.c.accepted_at,
    recipe_revisions.c.parts,
).select_from(
    recipes.join(
        recipe_revisions,
        (recipe_revisions.c.recipe == recipes.c.recipe) & (recipe_revisions.c.revision == _newest),
    )
)


class Overtaken(Exception):
    """Another process accepted a newer text of the recipe meanwhile; nothing was kept."""


def every(tx: Connection) -> list[Standing]:
    """Every recipe ever accepted, those longest in force first."""
    ordered = tx.execute(_STANDING.order_by(recipes.c.since, recipes.c.file))
    return [Standing(**row._mapping) for row in ordered]


def one(tx: Connection, recipe: str) -> Standing | None:
    """How one recipe stands; None where no such recipe was ever accepted."""
    row = tx.execute(_STANDING.where(recipes.c.recipe == recipe)).first()
    return None if row is None else Standing(**row._mapping)


def newest_change(tx: Connection) -> int:
    """Number of the last change of any recipe; 0 when none."""
    return tx.execute(select(func.max(recipe_changes.c.id))).scalar() or 0


def history(tx: Connection, recipe: str) -> list[Row[Any]]:
    """What was done with a recipe, oldest first (`at, who, what, revision, note`)."""
    mine = select(recipe_changes).where(recipe_changes.c.recipe == recipe)
    return list(tx.execute(mine.order_by(recipe_changes.c.id)))


def accept(tx: Connection, new: Accepted, now: datetime, who: str = FILE) -> int:
    """Put a recipe in force; gives its revision, a new one where it differs from the newest.

    Runs held for what a recipe can mend move to a new revision. Raises Overtaken.
    """
    before = one(tx, new.recipe)
    newest = before.revision if before is not None else 0
    changed = before is None or before.digest != new.digest
    if changed and newest != new.base:
        raise Overtaken
    revision = newest + 1 if changed else newest
    if changed:
        revisions.keep_recipe(tx, new.recipe, revision, _body(new), now)
    _stand(tx, before, new, now)
    for what, text in _told(before, new, changed=changed):
        note(tx, now, who, what, recipe=new.recipe, revision=revision, text=text)
    if changed and before is not None and new.steps:
        _move(tx, new, revision, now)
    return revision


def vanish(tx: Connection, recipe: str, now: datetime, *, keep: bool) -> str:
    """Record that no file has `recipe` any more; gives its state after it.

    It stays in force where runs of it wait, or with `keep`.
    """
    row = one(tx, recipe)
    if row is None or row.state not in (LIVE, UNKNOWN):
        return row.state if row is not None else STOPPED
    if row.state == UNKNOWN:
        _put(tx, recipe, STOPPED)
        return STOPPED
    waiting = recipe_runs.waiting(tx, recipe)
    state = GONE if keep or waiting else STOPPED
    _put(tx, recipe, state)
    still = f"{len(waiting)} waiting runs; it keeps running" if state == GONE else ""
    text = f"{row.file} is no longer there" + (f"; {still}" if still else "")
    note(tx, now, FILE, state, recipe=recipe, revision=row.revision, text=text)
    return state


def stop(tx: Connection, recipe: str, now: datetime, who: str, text: str) -> bool:
    """Take a recipe out of force; False where it was not in force."""
    row = one(tx, recipe)
    if row is None or row.state == STOPPED:
        return False
    _put(tx, recipe, STOPPED)
    note(tx, now, who, STOPPED, recipe=recipe, revision=row.revision, text=text)
    return True


def note(
    tx: Connection, now: datetime, who: str, what: str, *, recipe: str, revision: int, text: str
) -> None:
    """Add to a recipe's history, and to the audit log."""
    row = {"recipe": recipe, "at": now, "who": who, "what": what}
    tx.execute(insert(recipe_changes), {**row, "revision": revision, "note": text})
    detail = {"recipe": recipe, "revision": revision, "note": text}
    audit.note(tx, now, who, f"recipe_{what}", detail)


def _stand(tx: Connection, before: Standing | None, new: Accepted, now: datetime) -> None:
    if before is None:
        row = {"recipe": new.recipe, "file": new.file, "state": LIVE, "since": now}
        tx.execute(insert(recipes), row)
        return
    values: dict[str, Any] = {"file": new.file, "state": LIVE}
    if before.state == STOPPED:
        values["since"] = now
    tx.execute(update(recipes).where(recipes.c.recipe == new.recipe).values(**values))


def _told(before: Standing | None, new: Accepted, *, changed: bool) -> list[tuple[str, str]]:
    """What the history says of an acceptance."""
    told = []
    if before is not None and before.state in (GONE, STOPPED):
        told.append(("returned", f"{new.file} is there again"))
    if before is not None and before.file != new.file:
        told.append(("renamed", f"{before.file} became {new.file}"))
    if changed:
        told.append(("accepted", new.file))
    return told


def _move(tx: Connection, new: Accepted, revision: int, now: datetime) -> None:
    newer = recipe_runs.Newer(
        recipe=new.recipe,
        revision=revision,
        trigger=new.trigger,
        source=new.source,
        steps=new.steps,
    )
    moved = recipe_runs.move_held(tx, newer, now)
    if moved:
        numbers = ", ".join(map(str, moved))
        text = f"held runs go on with this revision: {numbers}"
        note(tx, now, "run", "runs_moved", recipe=new.recipe, revision=revision, text=text)


def _put(tx: Connection, recipe: str, state: str) -> None:
    tx.execute(update(recipes).where(recipes.c.recipe == recipe).values(state=state))


def _body(new: Accepted) -> dict[str, Any]:
    return {
        "digest": new.digest,
        "file": new.file,
        "text": new.text,
        "parts": dict(new.parts),
        "originals": dict(new.originals),
    }
