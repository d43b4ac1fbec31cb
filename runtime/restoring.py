"""Puts the settings file back from the database when it is lost or broken at the start."""

from __future__ import annotations

import logging

from runtime.settings import BadSettings, SettingsStore
from runtime.store import revisions
from runtime.store.database import Database

log = logging.getLogger(__name__)


def restore_settings(settings: SettingsStore, database: Database) -> None:
    """Make sure there are settings in force if there ever were.

    Raises BadSettings when the file is broken and the database has no revision to put back.
    """
    newest = database.read(revisions.newest_settings)
    body = database.read(revisions.settings, newest)
    try:
        if settings.current().revision or body is None:
            return
    except BadSettings:
        if body is None:
            raise
    settings.put_back(body, newest)
    log.warning(
        "settings.json was lost or broken; revision %s was put back from the database",
        newest,
        extra={"action": "settings_restored"},
    )
