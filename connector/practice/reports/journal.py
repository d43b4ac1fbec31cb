"""Single transactions as reports list them, with the accounts they post to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import Basis
from connector.practice.reports.parameters import Parameters
from connector.practice.reports.rows import age_of
from connector.practice.reports.sums import Scope

#: What QuickBooks calls a transaction where that is not its entity's name in words.
_TYPES = {
    "RefundReceipt": "Refund",
    "BillPayment": "Bill Payment (Check)",
    "Purchase": "Expense",
}
#: Of a report that lists transactions.
FEWEST_COLUMNS = 8
_SPLIT = "-Split-"


@dataclass(frozen=True, slots=True)
class Posted:
    """One posting, with what its transaction says."""

    entity: str
    identity: str
    day: str
    account: str
    cents: int
    #: `Customer:10`, `Vendor:20`, or empty.
    name: str
    memo: str
    number: str
    note: str
    #: Whether it is itself in the scope, not only another posting of its transaction.
    within: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The postings of one transaction on one day, the first of them its own side."""

    postings: tuple[Posted, ...]

    def others(self, account: str) -> list[str]:
        """The other accounts, each once."""
        return list(dict.fromkeys(one.account for one in self.postings if one.account != account))


class Journal:
    """The transactions of a period, in order of their dates."""

    def __init__(self, view: Change, asked: Parameters, scope: Scope) -> None:
        self._books = view.books
        rows = _read(view.books, asked, scope)
        ordered = sorted(rows, key=lambda one: (one.day, age_of(one.identity), one.entity))
        groups = groupby(ordered, key=lambda one: (one.day, one.entity, one.identity))
        self.entries = [Entry(tuple(postings)) for _, postings in groups]
        asked.check_room(len(self.entries) * FEWEST_COLUMNS)
        self.person = cache(self._person)

    def split(self, entry: Entry, account: str) -> str:
        """The id of the account on the other side, or `-Split-` where there are several."""
        others = entry.others(account)
        return others[0] if len(others) == 1 else _SPLIT

    def _person(self, name: str) -> str:
        entity, _, identity = name.partition(":")
        record = self._books.find(entity, identity) if entity in self._books.kinds else None
        return str((record or {}).get("DisplayName", ""))


def type_name(entity: str) -> str:
    """`SalesReceipt` as `Sales Receipt`."""
    words = "".join(f" {one}" if one.isupper() else one for one in entity).strip()
    return _TYPES.get(entity, words)


def _read(books: Books, asked: Parameters, scope: Scope) -> Iterator[Posted]:
    """All postings of the transactions of which one posting is in the scope."""
    where, values = scope.where()
    left_out = Basis.CASH if scope.basis == Basis.ACCRUAL else Basis.ACCRUAL
    start, end = asked.period.start.isoformat(), asked.period.end.isoformat()
    rows = books.store.run(
        "SELECT entity, id, day, account, amount, name, memo,"
        " coalesce(json_extract(body, '$.DocNumber'), json_extract(body, '$.PaymentRefNum'), ''),"
        f" coalesce(json_extract(body, '$.PrivateNote'), ''), {where}"
        " FROM posting LEFT JOIN record USING (entity, id)"
        " WHERE basis <> ? AND day BETWEEN ? AND ? AND (entity, id) IN"
        f" (SELECT entity, id FROM posting WHERE {where} AND day BETWEEN ? AND ?)"
        " ORDER BY posting.rowid",
        [*values, int(left_out), start, end, *values, start, end],
    )
    return (Posted(*row) for row in rows)
