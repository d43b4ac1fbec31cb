"""All that the practice company knows: companies, clock, switches, tokens, faults, calls."""

from __future__ import annotations

from collections.abc import Callable

from connector.practice.books import Books, Change
from connector.practice.calls import Calls
from connector.practice.clock import Clock
from connector.practice.injection import Injections
from connector.practice.limits import Limits
from connector.practice.metering import Metering
from connector.practice.posting import Poster
from connector.practice.switches import Switches
from connector.practice.tokens import Tokens
from connector.practice.webhooks import Webhooks


class State:
    """One practice login; `seed` makes its companies, now and after each reset."""

    def __init__(self, seed: Callable[[], list[Books]]) -> None:
        self._seed = seed
        self.clock = Clock()
        self.switches = Switches()
        self.tokens = Tokens(self.clock)
        self.injections = Injections()
        self.calls = Calls()
        self.limits = Limits(self.clock)
        self.metering = Metering()
        self.webhooks = Webhooks(self.clock, lambda: self.switches, Poster())
        self.companies = {books.realm: books for books in seed()}
        self._resets = 0

    def reset(self) -> None:
        """Back to the seed and to the defaults; what was authorised stays authorised."""
        self.companies = {books.realm: books for books in self._seed()}
        self.switches = Switches()
        self.injections.clear()
        self.calls.clear()
        self.limits.clear()
        self.metering.clear()
        self.webhooks.clear()
        self.tokens.members.reset()
        self.clock.set(None)
        self._resets += 1

    def change(self, books: Books, *, allow_duplicate: bool = False) -> Change:
        """A view of a company's books at this moment, to read or to write through."""
        return Change(
            books,
            now=self.clock.now(),
            switches=self.switches,
            allow_duplicate=allow_duplicate,
        )

    @property
    def version(self) -> tuple[int, ...]:
        """Differs whenever there is something new to save."""
        books = (books.version for books in self.companies.values())
        return (self._resets, self.tokens.version, *books)
