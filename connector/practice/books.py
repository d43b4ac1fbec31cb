"""The books of one company in memory: records, numbers, names, balances and one lock.

Stored records are never changed in place: a write puts a new mapping, so that a reader may keep
what it was given. Everything that changes the books goes through a `Change`, which is put into
effect as a whole or not at all. Durability by SQLite comes later; until then `storage.py` writes
the state as one file.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from connector.practice.faults import Fault, inactive, not_found
from connector.practice.replay import Replay
from connector.practice.shape import Record
from connector.practice.switches import Switches

#: Transactions share one sequence of ids; each list has its own.
TRANSACTIONS = frozenset(
    {"Invoice", "Payment", "Estimate", "SalesReceipt", "CreditMemo", "RefundReceipt", "Deposit"}
)
#: Where names must be unique: the space of names and the field that holds them.
_SPACES = {
    "Customer": ("people", "DisplayName"),
    "Vendor": ("people", "DisplayName"),
    "Employee": ("people", "DisplayName"),
    "Item": ("Item", "FullyQualifiedName"),
    "Account": ("Account", "FullyQualifiedName"),
    "Class": ("Class", "FullyQualifiedName"),
    "Department": ("Department", "FullyQualifiedName"),
    "Term": ("Term", "Name"),
    "PaymentMethod": ("PaymentMethod", "Name"),
    "TaxCode": ("TaxCode", "Name"),
}
#: What QuickBooks calls a kind of record in "Invalid Reference Id".
_LABELS = {"Account": "Accounts", "Customer": "Names", "Vendor": "Names", "Item": "Items"}
_DELETED = " (deleted"
_FIRST_NUMBER = 1001


class Books:
    """One company: hold `lock` while reading several records that must fit together."""

    def __init__(self, *, realm: str, name: str, zone: str) -> None:
        self.realm = realm
        self.name = name
        self.zone = ZoneInfo(zone)
        self.lock = threading.RLock()
        self.info: Record = {}
        self.preferences: Record = {}
        self.records: dict[str, dict[str, Record]] = defaultdict(dict)
        self.sequences: dict[str, int] = {}
        #: The last automatic document number by entity.
        self.last_number: dict[str, int] = {}
        #: Grows with each change; tells whether there is something to save.
        self.version = 0
        self.replay = Replay()
        self._names: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        self._numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._balances: dict[str, Decimal] = defaultdict(Decimal)

    def find(self, entity: str, identity: str) -> Record | None:
        """The record, or None."""
        return self.records[entity].get(identity)

    def all(self, entity: str) -> list[Record]:
        """All records of one kind in order of their making."""
        with self.lock:
            return list(self.records[entity].values())

    def next_id(self, entity: str) -> str:
        """The id that the next new record of this kind gets; storing the record uses it up."""
        key = "Transaction" if entity in TRANSACTIONS else entity
        return str(self.sequences.get(key, 0) + 1)

    def put(self, entity: str, record: Record) -> None:
        """Store a record in place of what had its id."""
        with self.lock:
            self._forget(entity, self.records[entity].get(record["Id"]))
            self.records[entity][record["Id"]] = record
            self._note(entity, record)
            self.version += 1

    def remove(self, entity: str, identity: str) -> None:
        """Delete a record."""
        with self.lock:
            self._forget(entity, self.records[entity].pop(identity, None))
            self.version += 1

    def owners(self, space: str, name: str) -> set[tuple[str, str]]:
        """(entity, id) of the records that have this name, whatever its case."""
        return self._names.get((space, _key(name)), set())

    def numbered(self, entity: str, number: str) -> set[str]:
        """Ids of the records that have this document number."""
        return self._numbers.get((entity, _key(number)), set())

    def balance(self, customer: str) -> Decimal:
        """What a customer owes: open invoices less unapplied payments."""
        return self._balances.get(customer, Decimal("0.00"))

    def preference(self, path: str) -> object:
        """A preference by dotted path, None where it is not set."""
        value: object = self.preferences
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _note(self, entity: str, record: Record) -> None:
        identity = record["Id"]
        for name in _names_of(entity, record):
            self._names[name].add((entity, identity))
        if record.get("DocNumber"):
            self._numbers[entity, _key(record["DocNumber"])].add(identity)
        self._owe(entity, record, 1)
        key = "Transaction" if entity in TRANSACTIONS else entity
        if identity.isdecimal():
            self.sequences[key] = max(self.sequences.get(key, 0), int(identity))

    def _forget(self, entity: str, record: Record | None) -> None:
        if record is None:
            return
        for name in _names_of(entity, record):
            self._names[name].discard((entity, record["Id"]))
        if record.get("DocNumber"):
            self._numbers[entity, _key(record["DocNumber"])].discard(record["Id"])
        self._owe(entity, record, -1)

    def _owe(self, entity: str, record: Record, sign: int) -> None:
        if entity == "Invoice":
            owed = Decimal(record.get("Balance", 0))
        elif entity == "Payment":
            owed = -Decimal(record.get("UnappliedAmt", 0))
        else:
            return
        customer = (record.get("CustomerRef") or {}).get("value", "")
        self._balances[customer] += sign * owed


class Change:
    """One write in the making: sees its own changes, is put into effect by `commit`."""

    def __init__(
        self, books: Books, *, now: datetime, switches: Switches, allow_duplicate: bool = False
    ) -> None:
        self.books = books
        self.now = now.astimezone(books.zone)
        self.switches = switches
        #: `include=allowduplicatedocnum` was given.
        self.allow_duplicate = allow_duplicate
        self._pending: dict[tuple[str, str], Record | None] = {}
        self._numbers: dict[str, int] = {}

    @property
    def today(self) -> str:
        """The company's date."""
        return self.now.date().isoformat()

    @property
    def stamp(self) -> str:
        """The company's time as MetaData has it."""
        return self.now.isoformat(timespec="seconds")

    def find(self, entity: str, identity: str) -> Record | None:
        """The record as it will stand, or None."""
        if (entity, identity) in self._pending:
            return self._pending[entity, identity]
        return self.books.find(entity, identity)

    def put(self, entity: str, record: Record) -> None:
        """Plan to store a record."""
        self._pending[entity, record["Id"]] = record

    def remove(self, entity: str, identity: str) -> None:
        """Plan to delete a record."""
        self._pending[entity, identity] = None

    def touch(self, entity: str, record: Record) -> None:
        """Plan to store a record that changed because of another one."""
        stored = self.books.find(entity, record["Id"]) or record
        step = 1 if self.switches.links_touch_token else 0
        meta = {**record["MetaData"], "LastUpdatedTime": self.stamp}
        token = str(int(stored["SyncToken"]) + step)
        self.put(entity, {**record, "SyncToken": token, "MetaData": meta})

    def next_number(self, entity: str) -> str:
        """The document number after the last one that was given automatically."""
        self._numbers[entity] = self.books.last_number.get(entity, _FIRST_NUMBER - 1) + 1
        return str(self._numbers[entity])

    def commit(self) -> None:
        """Put everything planned into effect."""
        self.books.last_number.update(self._numbers)
        for (entity, identity), record in self._pending.items():
            if record is None:
                self.books.remove(entity, identity)
            else:
                self.books.put(entity, record)

    def refer(self, entity: str, identity: str, *, known: Iterable[str] = ()) -> Record:
        """The record that a reference names.

        Raises Fault 2500 when there is none, 610 when it is inactive and not in `known`, the ids
        that this record referred to before.
        """
        record = self.find(entity, identity)
        if record is None:
            raise not_found(_LABELS.get(entity, entity), identity)
        if record.get("Active") is False and identity not in known:
            raise inactive(f"{entity} {identity}")
        return record

    def check_open(self, txn_date: str) -> None:
        """Raise Fault 6210 for a date on or before the closing date of the books."""
        closed = self.books.preference("AccountingInfoPrefs.BookCloseDate")
        if closed and txn_date <= str(closed):
            raise Fault("6210", f"The account period has closed (books are closed to {closed}).")

    def check_unique(self, entity: str, name: str, own: str) -> None:
        """Raise Fault 6240 when another record of the same space has this name."""
        space = _SPACES[entity][0]
        spaces = (space, f"{space} once") if self.switches.inactive_names_clash else (space,)
        for one in spaces:
            if self.books.owners(one, name) - {(entity, own)}:
                raise Fault("6240", "The name supplied already exists. : null")


def _key(name: str) -> str:
    return name.strip().casefold()


def _names_of(entity: str, record: Record) -> list[tuple[str, str]]:
    space, field = _SPACES.get(entity, ("", ""))
    name = str(record.get(field) or record.get("Name") or "")
    if not space or not name:
        return []
    found = [(space, _key(name))]
    if record.get("Active") is False and _DELETED in name:
        found.append((f"{space} once", _key(name[: name.rindex(_DELETED)])))
    return found
