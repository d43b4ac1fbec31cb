"""Named copies of all companies, to go back to: what a test or a demonstration begins from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.practice.books.books import Books
from connector.practice.entities import BY_NAME
from connector.practice.state import State
from connector.practice.switches import Switches


@dataclass(frozen=True, slots=True)
class _Snapshot:
    companies: Mapping[str, Books]
    clock: dict[str, Any]
    switches: Switches


class Snapshots:
    """The copies, kept in memory for as long as the process lives.

    A copy holds the books, the clock and the switches; who is signed in is not part of it.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._taken: dict[str, _Snapshot] = {}

    def names(self) -> list[str]:
        """What can be gone back to."""
        with self._state.lock:
            return sorted(self._taken)

    def take(self, name: str) -> None:
        """Copy everything under this name, in place of what had it."""
        state = self._state
        with state.lock:
            companies = {realm: _copy(books) for realm, books in state.companies.items()}
            self.forget(name)
            self._taken[name] = _Snapshot(companies, state.clock.dump(), state.switches)

    def restore(self, name: str) -> None:
        """Go back; raises ValueError for a name that was never taken.

        A company that is younger than the snapshot stays as it is.
        """
        state = self._state
        with state.lock:
            if name not in self._taken:
                known = ", ".join(self.names()) or "none"
                raise ValueError(f"There is no snapshot {name!r}; there are: {known}.")
            snapshot = self._taken[name]
            for realm, books in snapshot.companies.items():
                if realm in state.companies:
                    state.companies[realm].store.copy_from(books.store)
            state.clock.load(snapshot.clock)
            state.switch(snapshot.switches)

    def forget(self, name: str) -> None:
        """Free the memory of a snapshot, if there is one of this name."""
        with self._state.lock:
            found = self._taken.pop(name, None)
            for books in found.companies.values() if found else ():
                books.store.close()


def _copy(books: Books) -> Books:
    copy = Books(BY_NAME)
    copy.store.copy_from(books.store)
    return copy
