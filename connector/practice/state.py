"""All that the practice company knows: companies, clock, switches, tokens, faults, calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cached_property, partial

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.clock import Clock
from connector.practice.downloads import Downloads
from connector.practice.gateway.calls import Calls
from connector.practice.gateway.injection import Injections
from connector.practice.gateway.limits import Limits
from connector.practice.gateway.metering import Metering
from connector.practice.login.tokens import Tokens
from connector.practice.shelf import Shelf
from connector.practice.switches import Switches
from connector.practice.webhooks.poster import Poster
from connector.practice.webhooks.webhooks import Webhooks

#: Kinds that webhooks know by another name; that this is meant by "Currency" is unconfirmed.
_ANNOUNCED_AS = {"CompanyCurrency": "Currency"}


class State:
    """One practice login over the companies of a shelf; `seed` is what a reset goes back to."""

    def __init__(self, shelf: Shelf, seed: Callable[[], list[Books]]) -> None:
        #: Hold it while changing which companies there are, or all of them. It is taken before
        #: the lock of any books.
        self.lock = threading.RLock()
        self._shelf = shelf
        self._seed = seed
        self.clock = Clock()
        self.switches = Switches()
        self.tokens = Tokens(self.clock)
        self.injections = Injections()
        self.calls = Calls()
        self.limits = Limits(self.clock)
        self.metering = Metering()
        self.webhooks = Webhooks(self.clock, lambda: self.switches, Poster())
        self.downloads = Downloads(self.clock)
        #: By realm; never changed, but replaced as a whole, so that it can be read meanwhile.
        self.companies: Mapping[str, Books] = shelf.companies(seed)
        for books in self.companies.values():
            self._equip(books)
        self._settings = 0

    def add(self, books: Books) -> Books:
        """Put a new company beside the others; its books as they are kept."""
        with self.lock:
            kept = self._shelf.put(books)
            self._equip(kept)
            self.companies = {**self.companies, kept.realm: kept}
        return kept

    def close(self) -> None:
        """Close all books."""
        for books in self.companies.values():
            books.store.close()
        self._shelf.close()

    def reset(self) -> None:
        """Back to the seed and to the defaults; what was authorised stays authorised.

        Companies that are not in the seed are removed.
        """
        with self.lock:
            self._reset_companies()
            self.switch(Switches())
        self.injections.clear()
        self.calls.clear()
        self.limits.clear()
        self.metering.clear()
        self.webhooks.clear()
        self.tokens.members.reset()
        self.clock.set(None)

    def _reset_companies(self) -> None:
        stay = {fresh.realm for fresh in self._fresh}
        added = [books for realm, books in self.companies.items() if realm not in stay]
        self.companies = {realm: self.companies[realm] for realm in self.companies if realm in stay}
        for books in added:
            self._shelf.remove(books)
        for fresh in self._fresh:
            self.companies[fresh.realm].store.copy_from(fresh.store)

    @cached_property
    def _fresh(self) -> list[Books]:
        return self._seed()

    def _equip(self, books: Books) -> None:
        books.download = partial(self.downloads.address, books.realm)

    def switch(self, switches: Switches) -> None:
        """Work by these switches from now on."""
        self.switches = switches
        self._settings += 1

    def change(self, books: Books, *, allow_duplicate: bool = False) -> Change:
        """A view of a company's books at this moment, to read or to write through."""
        return Change(
            books,
            now=self.clock.now(),
            switches=self.switches,
            allow_duplicate=allow_duplicate,
        )

    def announce(self, books: Books, change: Change) -> None:
        """Tell the webhooks what a change did, once it is in effect."""
        for one in change.happened:
            self.webhooks.note(
                realm=books.realm,
                entity=_ANNOUNCED_AS.get(one.entity, one.entity),
                operation=one.operation,
                identity=one.identity,
                at=change.now,
                deleted_id=one.deleted_id,
            )

    @property
    def version(self) -> tuple[int, ...]:
        """Differs whenever the login has something new to keep; companies keep themselves."""
        return (self._settings, self.tokens.version, self.clock.version, self.webhooks.version)
