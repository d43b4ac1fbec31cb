"""Numbered revisions of recipes and settings: what a run was rendered with can be seen for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from runtime.store import dialect
from runtime.store.schema import recipe_revisions, settings_revisions


def keep_recipe(
    tx: Connection, recipe: str, revision: int, body: Mapping[str, Any], now: datetime
) -> None:
    """Keep one revision of a recipe: `digest, file, text, parts, originals`."""
    row = {"recipe": recipe, "revision": revision, "accepted_at": now, **body}
    tx.execute(insert(recipe_revisions), row)


def recipe(tx: Connection, recipe: str, revision: int) -> Row[Any] | None:
    """One revision (`file`, `text`, `parts`, `originals`, `digest`, `accepted_at`)."""
    return tx.execute(
        select(recipe_revisions).where(
            recipe_revisions.c.recipe == recipe, recipe_revisions.c.revision == revision
        )
    ).first()


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
