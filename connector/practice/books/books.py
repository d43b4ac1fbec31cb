"""The books of one company as readers see them: records, numbers, names, balances, preferences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connector.practice.books import ledger
from connector.practice.books.answers import Answer
from connector.practice.books.kept import Kept
from connector.practice.books.keys import folded, key_of
from connector.practice.books.store import MEMORY, Store
from connector.practice.shape import Record
from connector.practice.wire import dump, load


class Books:
    """One company. Hold `lock` while reading several records that must fit together.

    Everything that changes the books goes through a `Change`, which is put into effect as a whole
    or not at all.
    """

    def __init__(self, kinds: Mapping[str, Kept], location: str = MEMORY) -> None:
        #: The kinds of records by name.
        self.kinds = kinds
        self.store = Store(
            location, {name: {**kind.filters, **kind.lookups} for name, kind in kinds.items()}
        )
        self.lock = self.store.lock
        #: Gives a temporary address of the file of an Attachable; empty while nothing is served.
        self.download: Callable[[str], str] = lambda identity: ""
        self._settings: tuple[int, Record, Record] = (-1, {}, {})

    @property
    def info(self) -> Record:
        """The CompanyInfo, empty in books that nobody has set up."""
        return self._read_settings()[0]

    @property
    def preferences(self) -> Record:
        """The Preferences."""
        return self._read_settings()[1]

    @property
    def realm(self) -> str:
        """The company's id."""
        return self.setting("realm")

    @property
    def name(self) -> str:
        """The company's name."""
        return str(self.info["CompanyName"])

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.info["DefaultTimeZone"])

    @property
    def version(self) -> int:
        """Grows with each change."""
        return self.store.version

    def setting(self, key: str) -> str:
        """A setting of the database itself, empty where it is not set."""
        found = self.store.run("SELECT value FROM setting WHERE key = ?", (key,))
        return str(found[0][0]) if found else ""

    def find(self, entity: str, identity: str) -> Record | None:
        """The record, or None."""
        body = self.store.body(entity, identity)
        return None if body is None else load(body)

    def all(self, entity: str) -> list[Record]:
        """All records of one kind in order of their making."""
        rows = self.store.run(
            "SELECT body FROM record WHERE entity = ? ORDER BY position", (entity,)
        )
        return [load(body) for (body,) in rows]

    def having(self, entity: str, **fields: Any) -> list[Record]:
        """The records whose fields (of `filters` or `lookups`) have these values, oldest first."""
        kinds = {**self.kinds[entity].filters, **self.kinds[entity].lookups}
        keys = [
            key_of({field: {"value": value} if kinds[field] == "ref" else value}, field, kind)
            for field, value in fields.items()
            for kind in (kinds[field],)
        ]
        where = " AND ".join(f'k."{field}" IS ?' for field in fields)
        rows = self.store.run(
            f'SELECT r.body FROM "{entity}" k JOIN record r USING (position)'
            f" WHERE {where} ORDER BY position",
            keys,
        )
        return [load(body) for (body,) in rows]

    def at(self, positions: list[int]) -> list[Record]:
        """The records at these places of the `record` table, in this order."""
        return [load(text) for text in self.texts_at(positions)]

    def texts_at(self, positions: list[int]) -> list[str]:
        """The same as JSON texts."""
        rows = self.store.run(
            "SELECT position, body FROM record WHERE position IN (SELECT value FROM json_each(?))",
            (dump(positions),),
        )
        bodies = dict(rows)
        return [bodies[position] for position in positions]

    def count(self, entity: str) -> int:
        """How many records of one kind there are."""
        [(count,)] = self.store.run(f'SELECT count(*) FROM "{entity}"')
        return int(count)

    def latest(self, entity: str, rows: int, skip: int = 0) -> list[Record]:
        """The newest records of one kind, the newest first."""
        found = self.store.run(
            f'SELECT position FROM "{entity}" ORDER BY position DESC LIMIT ? OFFSET ?', (rows, skip)
        )
        return self.at([position for (position,) in found])

    def next_id(self, entity: str) -> str:
        """The id that the next new record of this kind gets; storing the record uses it up."""
        return str(self.last(self.kinds[entity].numbered_with) + 1)

    def last(self, sequence: str) -> int:
        """The last number that a sequence gave, 0 before the first."""
        found = self.store.run("SELECT last FROM sequence WHERE key = ?", (sequence,))
        return int(found[0][0]) if found else 0

    def numbered(self, entity: str, number: str) -> set[str]:
        """Ids of the records that have this document number."""
        rows = self.store.run(
            f'SELECT "Id" FROM "{entity}" WHERE "DocNumber" = ?', (folded(number),)
        )
        return {identity for (identity,) in rows}

    def family(self, entity: str, identity: str) -> list[str]:
        """The ids of a record and of all that are below it; the kind must look up `ParentRef`."""
        rows = self.store.run(
            "WITH RECURSIVE below (id) AS (SELECT ? UNION"
            f' SELECT k."Id" FROM "{entity}" k JOIN below ON k."ParentRef" = below.id)'
            " SELECT id FROM below",
            (folded(identity),),
        )
        return [found for (found,) in rows]

    def balance(self, customer: str) -> Decimal:
        """What a customer owes: open invoices less credits and unapplied payments."""
        return ledger.owed_by(self.store, f"Customer:{customer}")

    def payable(self, vendor: str) -> Decimal:
        """What a vendor is owed: open bills less credits and payments that are not applied."""
        return -ledger.owed_by(self.store, f"Vendor:{vendor}")

    def preference(self, path: str) -> object:
        """A preference by dotted path, None where it is not set."""
        value: object = self.preferences
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def answered(self, requestid: str) -> Answer | None:
        """The first answer to this requestid."""
        found = self.store.run(
            "SELECT status, body, committed, sent, at FROM answer WHERE key = ?", (requestid,)
        )
        if not found:
            return None
        status, body, committed, sent, at = found[0]
        return Answer(status=status, body=body, committed=committed, sent=sent, at=at)

    def keep_answer(self, requestid: str, answer: Answer) -> None:
        """Remember the first answer to a requestid."""
        self.store.run(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)",
            (requestid, answer.status, answer.body, answer.committed, answer.sent, answer.at),
        )

    def _read_settings(self) -> tuple[Record, Record]:
        with self.lock:
            version, info, preferences = self._settings
            if version != self.store.version:
                info = self.find("CompanyInfo", "1") or {}
                preferences = self.find("Preferences", "1") or {}
                self._settings = (self.store.version, info, preferences)
        return info, preferences
