"""Numbered revisions of recipes and settings: what a run was rendered with can be seen for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from runtime.store import dialect
from runtime.store.schema import recipe_revisions, settings_revisions


def accept_recipe(
    tx: Connection, recipe: str, digest: str, file: str, text: str, now: datetime
) -> int:
    """The number of this text of a recipe; a new one when it differs from the newest."""
    newest = (
        select(recipe_revisions.c.revision, recipe_revisions.c.digest)
        .where(recipe_revisions.c.recipe == recipe)
        .order_by(recipe_revisions.c.revision.desc())
        .limit(1)
    )
    found = tx.execute(newest).first()
    if found is not None and found.digest == digest:
        return int(found.revision)
    revision = int(found.revision) + 1 if found is not None else 1
    row = {
        "recipe": recipe,
        "revision": revision,
        "digest": digest,
        "file": file,
        "text": text,
        "accepted_at": now,
    }
    tx.execute(insert(recipe_revisions), row)
    return revision


def recipe(tx: Connection, recipe: str, revision: int) -> Row[Any] | None:
    """The stored text of one revision (`file`, `text`, `digest`, `accepted_at`)."""
    return tx.execute(
        select(recipe_revisions).where(
            recipe_revisions.c.recipe == recipe, recipe_revisions.c.revision == revision
        )
    ).first()


def newest_recipes(tx: Connection) -> list[Row[Any]]:
    """The newest revision of every recipe ever accepted."""
    newest = (
        select(recipe_revisions.c.recipe, func.max(recipe_revisions.c.revision).label("top"))
        .group_by(recipe_revisions.c.recipe)
        .subquery()
    )
    joined = recipe_revisions.join(
        newest,
        (recipe_revisions.c.recipe == newest.c.recipe)
        & (recipe_revisions.c.revision == newest.c.top),
    )
    return list(tx.execute(select(recipe_revisions).select_from(joined)))


def accept_settings(tx: Connection, revision: int, body: Mapping[str, Any], now: datetime) -> None:
    """Keep one revision of the settings."""
    row = {"revision": revision, "body": dict(body), "accepted_at": now}
    tx.execute(dialect.upsert(settings_revisions, "revision"), row)


def settings(tx: Connection, revision: int) -> Mapping[str, Any] | None:
    """The body of one revision of the settings."""
    body = select(settings_revisions.c.body).where(settings_revisions.c.revision == revision)
    found: Mapping[str, Any] | None = tx.execute(body).scalar()
    return found


def newest_settings(tx: Connection) -> int:
    """The highest revision of the settings the database knows; 0 when none."""
    return tx.execute(select(func.max(settings_revisions.c.revision))).scalar() or 0
