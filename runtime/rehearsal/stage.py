"""What a rehearsal may look at: the ledger, pinned names and QuickBooks, with nothing written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from connector.base import DAY, Books, Chosen, Document, Linked, Read, Record
from connector.errors import Awaiting, Consequence
from connector.quickbooks.references import KINDS
from runtime.rehearsal import standins
from runtime.store import ledger, pins
from runtime.store.database import Database

_ENTITY = re.compile(r"from (\w+)", re.IGNORECASE)
#: What lists are called, by entity.
_CALLED = {
    "Account": "accounts",
    "Item": "items",
    "Term": "terms",
    "PaymentMethod": "payment methods",
    "Class": "classes",
    "Department": "locations",
    "Customer": "customers",
    "Invoice": "invoices",
    "preferences": "preferences",
}
_LOOK_AGAIN = 30.0


class Reads(Protocol):
    """A company's QuickBooks, as far as it is read."""

    def kept(self, query: str, age: float) -> tuple[Record, ...] | None:
        """A list that was read within `age` seconds."""

    def read_at(self, query: str) -> datetime | None:
        """When that was."""

    def read(self, query: str, *, keep: bool, age: float) -> tuple[Record, ...]:
        """Ask QuickBooks."""


@dataclass(kw_only=True)
class Stage:
    """One rehearsal's view of a company; collects what it relied on and what it missed."""

    database: Database
    books: Books
    #: None where QuickBooks is not to be asked, or there is no company.
    quickbooks: Reads | None
    #: False: lists that are kept are used, but nothing is asked.
    may_ask: bool
    #: The run of the event, whose own claims do not stand in its way; 0 where there is none.
    run: int = 0
    #: When the lists that were used were read, by what they are called.
    lists: dict[str, datetime] = field(default_factory=dict)
    #: What could not be looked up, in words; keys only, in order.
    missing: dict[str, None] = field(default_factory=dict)
    #: Why QuickBooks could not be asked, where it was tried.
    away: str = ""
    _records: dict[str, dict[str, Record]] = field(default_factory=dict)

    def read(self, read: Read) -> tuple[Record, ...]:
        """The answer to a read: kept, asked for, or what stands in for it."""
        records = self._kept(read) if read.cached else None
        if records is None:
            records = self._asked(read)
        called = called_of(read.query)
        if records is None:
            self.missing[called] = None
            records = standins.list_of(read.query, self.books)
        elif read.cached and self.quickbooks is not None:
            at = self.quickbooks.read_at(read.query)
            self.lists |= {called: at} if at else {}
        self._know(read.query, records)
        return records

    def known(self, document: Document) -> Linked | None:
        """What the ledger has. Raises Awaiting while a run is making it."""
        if not self.books.company:
            return None
        standing = self.database.read(ledger.look_up, self.books.company, document, self.run)
        if standing is None or isinstance(standing, Linked):
            return standing
        by = standing.run if isinstance(standing, ledger.Taken) else standing.request.run
        raise Awaiting(
            f"Run {by} is making the same {document.kind} and is not done with it; this event "
            "would wait for it.",
            look_again=_LOOK_AGAIN,
        )

    def recall(self, kind: str, name: str) -> Chosen | None:
        """What a name is pinned to; where its list cannot be had it is taken for granted."""
        found = None
        if self.books.company:
            found = self.database.read(pins.get, self.books.company, kind, name)
        if found is None and not self._can_list(kind):
            self.missing[KINDS[kind].nouns] = None
            found = standins.record_of(kind, name)
        if found is not None:
            self.made(KINDS[kind].entity, found.id, {"Name": found.name})
        return found

    def made(self, entity: str, identity: str, record: Record) -> None:
        """Remember a record by its id, for names."""
        self._records.setdefault(entity.lower(), {}).setdefault(identity, record)

    def find(self, entity: str, identity: str) -> Record | None:
        """A record that was met, by its id."""
        return self._records.get(entity.lower(), {}).get(identity)

    @property
    def _asks(self) -> bool:
        return self.quickbooks is not None and self.may_ask and not self.away

    def _can_list(self, kind: str) -> bool:
        return self._asks or self._kept(Read(query=KINDS[kind].active)) is not None

    def _kept(self, read: Read) -> tuple[Record, ...] | None:
        age = read.age if self._asks else DAY
        return None if self.quickbooks is None else self.quickbooks.kept(read.query, age)

    def _asked(self, read: Read) -> tuple[Record, ...] | None:
        if self.quickbooks is None or not self._asks:
            return None
        try:
            return self.quickbooks.read(read.query, keep=read.cached, age=read.age)
        except Consequence as failure:
            self.away = failure.sentence
            return None

    def _know(self, query: str, records: tuple[Record, ...]) -> None:
        entity = entity_of(query)
        for record in records:
            if record.get("Id"):
                self.made(entity, str(record["Id"]), record)


def entity_of(query: str) -> str:
    """The entity that a statement asks for, or the path itself."""
    found = _ENTITY.search(query)
    return found[1] if found else query


def called_of(query: str) -> str:
    """What people call the list that a statement asks for."""
    entity = entity_of(query)
    return _CALLED.get(entity, entity)
