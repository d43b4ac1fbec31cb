"""One write in the making: it sees its own changes and is put into effect as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from connector.practice.books import ledger
from connector.practice.books.books import Books
from connector.practice.books.names import forget_names, note_names, owners
from connector.practice.books.store import Store
from connector.practice.faults import Fault, inactive, not_found
from connector.practice.shape import Record
from connector.practice.switches import Switches

#: What QuickBooks calls a kind of record in "Invalid Reference Id".
_LABELS = {"Account": "Accounts", "Customer": "Names", "Vendor": "Names", "Item": "Items"}
#: How the text about a name that is taken ends, by switch.
_NAME_TAKEN = {
    "null": "null",
    "hint": "Another customer, vendor or employee is already using this name.",
    "id": "{0} ID is: {1}",
}
_FIRST_NUMBER = 1001
#: Where Intuit's own clocks stand.
_PACIFIC = ZoneInfo("America/Los_Angeles")


def _zone(clock: str, books: Books) -> ZoneInfo:
    """Where the clock stands that a switch names."""
    return _PACIFIC if clock == "pacific" else books.zone


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of one record."""

    entity: str
    identity: str
    #: created, updated, deleted, voided, merged, emailed
    operation: str
    #: Of a merge: the id of the record that went.
    deleted_id: str = ""


class Change:
    """One write; `apply` puts it into effect."""

    def __init__(
        self, books: Books, *, now: datetime, switches: Switches, allow_duplicate: bool = False
    ) -> None:
        self.books = books
        self.now = now.astimezone(_zone(switches.stamps_by, books))
        self.switches = switches
        #: `include=allowduplicatedocnum` was given.
        self.allow_duplicate = allow_duplicate
        #: What happened, once it is put into effect.
        self.happened: list[Happened] = []
        self._pending: dict[tuple[str, str], Record | None] = {}
        self._named: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, int] = {}
        self._effects: list[Callable[[Store], None]] = []

    @property
    def today(self) -> str:
        """The date by which a transaction is dated that has none of its own."""
        return self.now.astimezone(_zone(self.switches.today_by, self.books)).date().isoformat()

    @property
    def stamp(self) -> str:
        """The time as MetaData has it."""
        return self.now.isoformat(timespec="seconds")

    def find(self, entity: str, identity: str) -> Record | None:
        """The record as it will stand, or None."""
        if (entity, identity) in self._pending:
            return self._pending[entity, identity]
        return self.books.find(entity, identity)

    def next_id(self, entity: str) -> str:
        """The id for one more new record of this kind in this change."""
        key = self.books.kinds[entity].numbered_with
        self._numbers[key] = self._numbers.get(key, self.books.last(key)) + 1
        return str(self._numbers[key])

    def next_number(self, entity: str) -> str:
        """The document number after the last one that was given automatically."""
        key = f"number of {entity}"
        last = self._numbers.get(key) or self.books.last(key) or _FIRST_NUMBER - 1
        self._numbers[key] = last + 1
        return str(self._numbers[key])

    def put(self, entity: str, record: Record) -> None:
        """Plan to store a record."""
        self._pending[entity, record["Id"]] = record

    def remove(self, entity: str, identity: str) -> None:
        """Plan to delete a record."""
        self._pending[entity, identity] = None

    def name(self, entity: str, identity: str, operation: str) -> None:
        """Say what is done to a record where "updated" is not the word."""
        self._named[entity, identity] = operation

    def establish(self, entity: str, record: Record) -> None:
        """Store a record that the books themselves need while they post."""
        self.put(entity, record)
        self._store(entity, record)

    def touch(self, entity: str, record: Record) -> None:
        """Plan to store a record that changed because of another one."""
        stored = self.books.find(entity, record["Id"]) or record
        step = 1 if self.switches.links_touch_token else 0
        meta = {**record["MetaData"], "LastUpdatedTime": self.stamp}
        token = str(int(stored["SyncToken"]) + step)
        self.put(entity, {**record, "SyncToken": token, "MetaData": meta})

    def afterwards(self, effect: Callable[[Store], None]) -> None:
        """Do this too once everything else is in effect."""
        self._effects.append(effect)

    def apply(self) -> None:
        """Put everything planned into effect, the ledger included."""
        with self.books.store.transaction():
            for (entity, identity), record in self._pending.items():
                self.happened.append(self._happening(entity, identity, record))
                if record is None:
                    self._delete(entity, identity)
                else:
                    self._store(entity, record)
            for (entity, identity), record in list(self._pending.items()):
                self._post(entity, identity, record)
            for key, last in self._numbers.items():
                self._count(key, last)
            for effect in self._effects:
                effect(self.books.store)

    def refer(self, entity: str, identity: str, *, known: Iterable[str] = ()) -> Record:
        """The record that a reference names.

        Raises Fault 2500 when there is none, 610 (by switch another) when it is inactive and not
        in `known`, the ids that this record referred to before.
        """
        record = self.find(entity, identity)
        if record is None:
            raise not_found(_LABELS.get(entity, entity), identity)
        if record.get("Active") is False and identity not in known:
            raise inactive(f"{entity} {identity}", self.switches.inactive_code)
        return record

    def check_open(self, txn_date: str) -> None:
        """Raise Fault 6210 for a date on or before the closing date of the books."""
        closed = self.books.preference("AccountingInfoPrefs.BookCloseDate")
        if closed and txn_date <= str(closed):
            raise Fault("6210", f"The account period has closed (books are closed to {closed}).")

    def check_unique(self, entity: str, name: str, own: str) -> None:
        """Raise Fault 6240 when another record has this name where it must be unique."""
        once = self.switches.inactive_names_clash
        rivals = owners(self.books.store, entity, name, once=once) - {(entity, own)}
        if rivals:
            kind, identity = min(rivals)
            words = _NAME_TAKEN[self.switches.duplicate_name_words].format(kind.lower(), identity)
            raise Fault("6240", f"The name supplied already exists. : {words}")

    def _happening(self, entity: str, identity: str, record: Record | None) -> Happened:
        if record is None:
            return Happened(entity, identity, "deleted")
        before = self.books.store.body(entity, identity)
        usual = "created" if before is None else "updated"
        return Happened(entity, identity, self._named.get((entity, identity), usual))

    def _store(self, entity: str, record: Record) -> None:
        store, identity = self.books.store, record["Id"]
        store.put(entity, record)
        note_names(store, entity, record)
        if identity.isdecimal():
            self._count(self.books.kinds[entity].numbered_with, int(identity))

    def _delete(self, entity: str, identity: str) -> None:
        store = self.books.store
        store.remove(entity, identity)
        forget_names(store, entity, identity)
        at = int(self.now.timestamp() * 1_000_000)
        values = (entity, identity, at, self.stamp)
        store.run("INSERT OR REPLACE INTO deleted VALUES (?, ?, ?, ?)", values)

    def _post(self, entity: str, identity: str, record: Record | None) -> None:
        rule = self.books.kinds[entity].post
        if rule is None:
            return
        postings = rule(self, record) if record else []
        day = record.get("TxnDate", "") if record else ""
        ledger.post(self.books.store, entity, identity, day, postings)

    def _count(self, key: str, last: int) -> None:
        self.books.store.run(
            "INSERT INTO sequence VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET last = max(last, excluded.last)",
            (key, last),
        )
