"""The folder of a practice company: a SQLite file for each company, one JSON file for the login."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from connector.practice.books.books import Books
from connector.practice.entities import BY_NAME
from connector.practice.state import State
from connector.practice.switches import Switches
from connector.practice.wire import dump, load

_FILE = "login.json"


def open_companies(seed: Callable[[], list[Books]], folder: Path | None) -> dict[str, Books]:
    """The companies of the folder; of the seed where it has none, or where there is no folder."""
    if folder is None:
        return {books.realm: books for books in seed()}
    folder.mkdir(parents=True, exist_ok=True)
    for fresh in seed():
        path = folder / f"{fresh.realm}.sqlite"
        if not path.exists():
            _make_file(fresh, path)
        fresh.store.close()
    found = [Books(BY_NAME, str(path)) for path in sorted(folder.glob("*.sqlite"))]
    return {books.realm: books for books in found}


def _make_file(books: Books, path: Path) -> None:
    """The whole file at once: a stop in between leaves no half company."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    copy = Books(BY_NAME, str(temporary))
    copy.store.copy_from(books.store)
    copy.store.close()
    temporary.replace(path)


class LoginFile:
    """Keeps clock, switches and authorisations; a token that was given out is never forgotten."""

    def __init__(self, state: State, folder: Path) -> None:
        self._state = state
        self._file = folder / _FILE
        self._lock = threading.Lock()
        self._kept: tuple[int, ...] | None = None

    def keep(self, *, anyway: bool = False) -> None:
        """Write the file if something is new; counted reads alone are written only `anyway`."""
        with self._lock:
            version = self._state.version
            if version == self._kept and not anyway:
                return
            _replace(self._file, _told(self._state))
            self._kept = version

    def restore(self) -> None:
        """Take up what was kept, if anything."""
        if not self._file.exists():
            return
        kept = load(self._file.read_bytes())
        self._state.clock.load(kept["clock"])
        self._state.switch(Switches(**kept["switches"]))
        self._state.tokens.load(kept["grants"])
        self._state.webhooks.load(kept["webhooks"])
        self._state.metering.load(kept["metering"])


def _told(state: State) -> str:
    return dump(
        {
            "clock": state.clock.dump(),
            "switches": asdict(state.switches),
            "grants": state.tokens.dump(),
            "webhooks": state.webhooks.dump(),
            "metering": state.metering.told(),
        }
    )


def _replace(file: Path, text: str) -> None:
    """Write the file as a whole, or not at all."""
    temporary = file.with_name(f"{file.name}.new")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        # The new name is durable only when the folder is.
        os.fsync(folder)
    finally:
        os.close(folder)
