"""What people set up: read when it changes, changed under one lock, every change numbered."""

from runtime.settings.build import Revisions, settings_from
from runtime.settings.model import (
    MATCH_KEYS,
    RULES,
    UNCONNECTED,
    BadSettings,
    Company,
    Connection,
    Environment,
    Limits,
    QuickBooks,
    Settings,
)
from runtime.settings.store import RecordRevision, SettingsStore

__all__ = [
    "MATCH_KEYS",
    "RULES",
    "UNCONNECTED",
    "BadSettings",
    "Company",
    "Connection",
    "Environment",
    "Limits",
    "QuickBooks",
    "RecordRevision",
    "Revisions",
    "Settings",
    "SettingsStore",
    "settings_from",
]
