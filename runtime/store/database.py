"""Opens the database and runs every write in one short transaction; SQLite or PostgreSQL."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

P = ParamSpec("P")
T = TypeVar("T")

#: How many waiting writes share one commit; bounds how long a writer can be kept.
_GROUP = 32
#: Seconds a writer waits for another process before it gives up.
_BUSY_SECONDS = 30


class StoreFull(Exception):
    """The store cannot be written: the disk is full or the database refuses; nothing was kept."""


class _Ticket:
    """One write waiting for its turn, and what became of it."""

    __slots__ = ("call", "done", "error", "result")

    def __init__(self, call: Callable[[Connection], Any]) -> None:
        self.call = call
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None


class Database:
    """Reads from anywhere; writes one group at a time, each in a savepoint of its own.

    Waiting writers of one process share a commit (and so its fsync): the first to get the lock
    runs the writes of all who queue behind it. No transaction is open during a network call
    because a write is a function that is given nothing but the transaction.
    """

    def __init__(self, url: str, *, observe: Callable[[str], None] | None = None) -> None:
        self.engine: Engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._queue: deque[_Ticket] = deque()
        self._lock = threading.Lock()
        self._writer: Connection | None = None
        self._observe = observe
        #: Each thread keeps its reading connection: taking one from the pool costs as much as a
        #: small query.
        self._mine = threading.local()
        self._readers: list[Connection] = []

    def write(
        self, call: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `call(tx, ...)` in a transaction and return its result once it is on disk.

        Raises StoreFull when it cannot be stored, and whatever `call` raised.
        """
        ticket = _Ticket(lambda tx: call(tx, *args, **kwargs))
        self._queue.append(ticket)
        with self._lock:
            if not ticket.done:
                self._commit([self._queue.popleft() for _ in range(min(_GROUP, len(self._queue)))])
            while not ticket.done:
                self._commit([self._queue.popleft() for _ in range(min(_GROUP, len(self._queue)))])
        if ticket.error is not None:
            raise ticket.error
        result: T = ticket.result
        return result

    def read(
        self, call: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `call(connection, ...)` for reading only."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is None or connection.closed:
            connection = self._mine.connection = self._reader()
        try:
            return call(connection, *args, **kwargs)
        except SQLAlchemyError:
            connection.invalidate()
            connection.close()
            raise

    def close(self) -> None:
        """Give the connections back; the store cannot be used afterwards."""
        with self._lock:
            for connection in [*self._readers, *([self._writer] if self._writer else [])]:
                connection.close()
            self._readers.clear()
            self._writer = None
        self.engine.dispose()

    def _reader(self) -> Connection:
        """A connection on which every statement sees what is committed by then."""
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with self._lock:
            self._readers.append(connection)
        return connection

    def _commit(self, group: list[_Ticket]) -> None:
        try:
            tx = self._begin()
            for ticket in group:
                _run(tx, ticket, alone=len(group) == 1)
            if len(group) == 1 and group[0].error is not None:
                tx.rollback()
            else:
                tx.commit()
        except OperationalError as error:
            self._abandon()
            full = StoreFull(f"The store could not be written ({error.orig}); nothing was kept.")
            _fail(group, full)
        except BaseException as error:
            self._abandon()
            _fail(group, error)
            raise
        finally:
            for ticket in group:
                ticket.done = True
        if self._observe is not None:
            self._observe("commit")

    def _begin(self) -> Connection:
        if self._writer is None:
            self._writer = self.engine.connect()
        if self.is_sqlite:
            self._writer.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # One writer at a time, as on SQLite, so that the reads that decide stay true.
            self._writer.execute(text("SELECT pg_advisory_xact_lock(7266001)"))
        return self._writer

    def _abandon(self) -> None:
        if self._writer is not None:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None


def _run(tx: Connection, ticket: _Ticket, *, alone: bool) -> None:
    if alone:
        try:
            ticket.result = ticket.call(tx)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - handed to the caller whose write it is
            ticket.error = error
        return
    tx.exec_driver_sql("SAVEPOINT one")
    try:
        ticket.result = ticket.call(tx)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - handed to the caller whose write it is
        ticket.error = error
        tx.exec_driver_sql("ROLLBACK TO one")
    tx.exec_driver_sql("RELEASE one")


def _fail(group: list[_Ticket], error: BaseException) -> None:
    for ticket in group:
        ticket.error = ticket.error or error


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=20)
    engine = create_engine(
        url,
        pool_size=40,
        connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: None)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # BEGIN is ours to say; reads see one statement at a time
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        "cache_size=-8000",
        "journal_size_limit=67108864",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def sqlite_url(folder: Path) -> str:
    """The URL of the database file in a data folder."""
    return f"sqlite:///{folder / 'bookrelay.sqlite'}"
