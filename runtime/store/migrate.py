"""Brings a database to the newest form of the tables; Alembic is imported only when needed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from runtime.store.database import Database

#: The newest migration; a test holds it against the folder.
HEAD = "0005"

_FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Create the tables or bring them up to date; does nothing when they are.

    Several processes may call it at once: the migration runs inside one write.
    """
    if _version(database) != HEAD:
        database.write(_upgrade)


def _version(database: Database) -> str | None:
    try:
        return database.read(_read_version)
    except SQLAlchemyError:
        return None  # no table yet


def _read_version(connection: Connection) -> str | None:
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(tx: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = tx
    command.upgrade(config, "head")
