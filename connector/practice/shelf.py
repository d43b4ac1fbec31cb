"""Where the companies' books are: a SQLite file for each in a folder, or all in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from connector.practice.books.books import Books
from connector.practice.books.store import OtherFormat
from connector.practice.entities import BY_NAME

_LOCK = "practice.lock"
#: What SQLite keeps beside a database while it is open.
_BESIDE = ("", "-wal", "-shm")


class FolderRefused(OSError):
    """The folder cannot be used, and what to do, in a sentence."""


class Shelf:
    """The folder of the companies, or no folder: then their books are gone with the process.

    One process uses a folder at a time. Raises FolderRefused.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = None if folder is None else _locked(folder)

    def companies(self, seed: Callable[[], list[Books]]) -> dict[str, Books]:
        """The companies of the folder; of the seed where it has none, or without a folder.

        Companies that were added later are among them.
        """
        if self._folder is None:
            return {books.realm: books for books in seed()}
        for fresh in seed():
            path = self._path(self._folder, fresh)
            if not path.exists():
                _make_file(fresh, path)
            fresh.store.close()
        found = [_opened(path) for path in sorted(self._folder.glob("*.sqlite"))]
        return {books.realm: books for books in found}

    def put(self, books: Books) -> Books:
        """The books of a new company as they are kept from now on."""
        if self._folder is None:
            return books
        path = self._path(self._folder, books)
        _make_file(books, path)
        books.store.close()
        return Books(BY_NAME, str(path))

    def remove(self, books: Books) -> None:
        """Close the books of a company and delete what is kept of it."""
        realm = books.realm
        books.store.close()
        if self._folder is not None:
            for suffix in _BESIDE:
                (self._folder / f"{realm}.sqlite{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Let another process use the folder."""
        if self._lock is not None:
            self._lock.release()

    @staticmethod
    def _path(folder: Path, books: Books) -> Path:
        return folder / f"{books.realm}.sqlite"


def _locked(folder: Path) -> FileLock:
    lock = FileLock(folder / _LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        sentence = f"Another practice company uses the folder {folder}. Stop it, or take another."
        raise FolderRefused(sentence) from error
    except OSError as error:
        sentence = f"The folder {folder} cannot be used: {error.strerror}. Choose another."
        raise FolderRefused(sentence) from error
    return lock


def _opened(path: Path) -> Books:
    try:
        return Books(BY_NAME, str(path))
    except OtherFormat as error:
        raise _refusal(path, str(error)) from error
    except sqlite3.Error as error:
        raise _refusal(path, f"{path} cannot be read: {error}.") from error


def _refusal(path: Path, what: str) -> FolderRefused:
    return FolderRefused(f"{what} Move the folder {path.parent} away to start anew.")


def _make_file(books: Books, path: Path) -> None:
    """The whole file at once: a stop in between leaves no half company."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    copy = Books(BY_NAME, str(temporary))
    copy.store.copy_from(books.store)
    copy.store.close()
    temporary.replace(path)
