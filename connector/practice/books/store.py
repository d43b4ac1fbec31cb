"""The SQLite database of one company, in a file or in memory: records, keys, names, answers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connector.practice.books.keys import EVERYWHERE, Key, key_of
from connector.practice.wire import dump, load

MEMORY = ":memory:"
_SCHEMA = (Path(__file__).parent / "store.sql").read_text(encoding="utf-8")
_STATEMENTS_KEPT = 512
_TEXTS_KEPT = 10_000
#: Raise it with each change of store.sql or of what postings mean: older files are refused then.
_FORMAT = 2
#: Of the tables of keys; raise it when their indexes change.
_LAYOUT = 2


class OtherFormat(Exception):
    """The file holds something else than this version keeps there."""


class Closed(Exception):
    """The books were closed: their company was removed, or the process ends."""


class Store:
    """One connection behind one lock: SQLite's own speed is enough for a practice company.

    `tables` says, for each kind of record, which of its fields can be asked for and how each
    compares. The `record` table is the truth; the tables of keys are made anew when `tables` is
    no longer what they were made for.
    """

    def __init__(self, location: str, tables: Mapping[str, Mapping[str, str]]) -> None:
        #: Hold it while reading several things that must fit together.
        self.lock = threading.RLock()
        #: Grows with each transaction, also one that is undone: what was read in it may be wrong.
        self.version = 0
        self._open = False
        self._closed = False
        #: Texts of records that were read lately.
        self._read: dict[tuple[str, str], str] = {}
        self._tables = {name: {**EVERYWHERE, **fields} for name, fields in tables.items()}
        self._db = sqlite3.connect(
            location,
            check_same_thread=False,
            isolation_level=None,
            cached_statements=_STATEMENTS_KEPT,
        )
        self._check_format(location)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "case_sensitive_like = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)
        self._prepare()

    def _check_format(self, location: str) -> None:
        try:
            [(tables,)] = self._db.execute("SELECT count(*) FROM sqlite_master").fetchall()
            [(found,)] = self._db.execute("PRAGMA user_version").fetchall()
        except sqlite3.DatabaseError as error:
            raise OtherFormat(f"{location} is no SQLite file.") from error
        if tables and found != _FORMAT:
            sentence = f"{location} was written by another version of the practice company."
            raise OtherFormat(sentence)
        self._db.execute(f"PRAGMA user_version = {_FORMAT}")

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._closed = True
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, durable at the end; one inside another belongs to the outer one.

        Raises Closed, as `run` does.
        """
        with self.lock:
            if self._open:
                yield
                return
            self.run("BEGIN IMMEDIATE")
            self._open = True
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._undo()
                raise
            finally:
                self._open = False
                self.version += 1

    def _undo(self) -> None:
        self._read.clear()
        # A full disk, for example, may have made SQLite undo it by itself.
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a statement; raises Closed."""
        with self.lock:
            self._check_open()
            return self._db.execute(statement, values).fetchall()

    def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement for each row of values."""
        with self.lock:
            self._db.executemany(statement, rows)

    def _check_open(self) -> None:
        if self._closed:
            raise Closed

    def body(self, entity: str, identity: str) -> str | None:
        """The JSON text of a record, None when there is none."""
        with self.lock:
            text = self._read.get((entity, identity))
            return self._found(entity, identity) if text is None else text

    def _found(self, entity: str, identity: str) -> str | None:
        rows = self.run("SELECT body FROM record WHERE entity = ? AND id = ?", (entity, identity))
        if not rows:
            return None
        if len(self._read) >= _TEXTS_KEPT:
            self._read.clear()
        self._read[entity, identity] = rows[0][0]
        return str(rows[0][0])

    def put(self, entity: str, record: dict[str, Any]) -> None:
        """Store a record in place of what had its id."""
        self._read.pop((entity, record["Id"]), None)
        [(position,)] = self.run(
            "INSERT INTO record (entity, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (entity, id) DO UPDATE SET body = excluded.body RETURNING position",
            (entity, record["Id"], dump(record)),
        )
        self._index(entity, position, record)

    def remove(self, entity: str, identity: str) -> None:
        """Delete a record."""
        self._read.pop((entity, identity), None)
        gone = self.run(
            "DELETE FROM record WHERE entity = ? AND id = ? RETURNING position", (entity, identity)
        )
        for (position,) in gone:
            self.run(f'DELETE FROM "{entity}" WHERE position = ?', (position,))

    def copy_from(self, other: Store) -> None:
        """Become what another store is."""
        with other.lock, self.lock:
            other._check_open()
            self._check_open()
            other._db.backup(self._db)
            self._read.clear()
            self.version += 1

    def _index(self, entity: str, position: int, record: dict[str, Any]) -> None:
        fields = self._tables[entity]
        keys: list[Key] = [key_of(record, field, kind) for field, kind in fields.items()]
        places = ", ".join("?" * (len(keys) + 1))
        self.run(f'INSERT OR REPLACE INTO "{entity}" VALUES ({places})', (position, *keys))

    def _prepare(self) -> None:
        made_for = dump([_LAYOUT, self._tables])
        with self.transaction():
            if self.run("SELECT value FROM setting WHERE key = 'tables'") == [(made_for,)]:
                return
            for entity, fields in self._tables.items():
                self._make_table(entity, fields)
            for entity, position, body in self.run("SELECT entity, position, body FROM record"):
                self._index(entity, position, load(body))
            self.run("INSERT OR REPLACE INTO setting VALUES ('tables', ?)", (made_for,))

    def _make_table(self, entity: str, fields: Mapping[str, str]) -> None:
        self.run(f'DROP TABLE IF EXISTS "{entity}"')
        columns = "".join(f', "{field}"' for field in fields)
        self.run(f'CREATE TABLE "{entity}" (position INTEGER PRIMARY KEY{columns})')
        for field, kind in fields.items():
            if kind != "flag":
                self._make_index(entity, field, f'"{field}"')
        if {"CustomerRef", "TxnDate"} <= set(fields):
            self._make_index(entity, "customer and day", '"CustomerRef", "TxnDate"')
        self._make_index(entity, "number of Id", 'CAST("Id" AS INTEGER)')

    def _make_index(self, entity: str, name: str, columns: str) -> None:
        self.run(f'CREATE INDEX "{entity} by {name}" ON "{entity}" ({columns})')
