"""How TinyDB keeps the settings file: opened for each read, replaced whole for each write."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TypeAlias

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document

from runtime.atomic import write_whole
from runtime.settings.model import BadSettings

#: Inode, time of change in nanoseconds, size; None where there is no file.
Mark: TypeAlias = tuple[int, int, int] | None

_TABLE = "settings"
_ROW = 1


class FileStorage(Storage):
    """TinyDB's own JSONStorage keeps its file open and so overwrites what an editor saved."""

    def __init__(self, path: Path) -> None:
        self._path = path
        #: What the last read found, and which file that was.
        self.content = b""
        self.mark: Mark = None

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables, or None where there is no file yet. Raises BadSettings."""
        try:
            with self._path.open("rb") as file:
                self.mark = mark_of(os.fstat(file.fileno()))
                self.content = file.read()
        except FileNotFoundError:
            self.content, self.mark = b"", None
            return None
        except OSError as error:
            raise _unreadable(self._path, str(error.strerror)) from error
        return _tables(self._path, self.content)

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace the file; the caller holds its lock."""
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(self._path, f"{text}\n".encode())


class SettingsFile:
    """The one row of the settings table."""

    def __init__(self, path: Path) -> None:
        self.storage = FileStorage(path)
        table = TinyDB(storage=lambda: self.storage)
        self._rows = table.table(_TABLE, cache_size=0)

    def read(self) -> dict[str, Any] | None:
        """The row as stored, or None where nothing was set up yet. Raises BadSettings."""
        row = self._rows.get(doc_id=_ROW)
        return dict(row) if isinstance(row, Document) else None

    def write(self, row: dict[str, Any]) -> None:
        """Put `row` in place of the old one; every row has the same keys.

        Not by `upsert`, which writes an empty table before its first row.
        """
        if self.read() is None:
            self._rows.insert(Document(row, doc_id=_ROW))
        else:
            self._rows.update(row, doc_ids=[_ROW])

    def overwrite(self, row: dict[str, Any]) -> None:
        """Write `row` whatever the file holds, even where it cannot be read."""
        self.storage.write({_TABLE: {str(_ROW): row}})


def mark_of(found: os.stat_result) -> Mark:
    """What tells one version of a file from the next."""
    return found.st_ino, found.st_mtime_ns, found.st_size


def _tables(path: Path, content: bytes) -> dict[str, dict[str, Any]]:
    try:
        tables = json.loads(content)
    except ValueError as error:
        raise _unreadable(path, f"it is not JSON ({error})") from error
    rows = tables.get(_TABLE) if isinstance(tables, dict) else None
    if not isinstance(rows, dict) or not isinstance(rows.get(str(_ROW)), dict):
        raise _unreadable(path, f'it has no row "{_ROW}" in "{_TABLE}"')
    return {_TABLE: {str(_ROW): rows[str(_ROW)]}}


def _unreadable(path: Path, reason: str) -> BadSettings:
    return BadSettings(
        f"The settings in {path.name} cannot be read: {reason}.",
        fix="Mend the file or put back its last good version; the database has every revision.",
    )
