"""Sums over the ledger, in cents; every figure of a report is one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.practice.books.ledger import Basis
from connector.practice.books.store import Store
from connector.practice.wire import dump


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which postings a report looks at."""

    #: ACCRUAL or CASH; what counts on both is always included.
    basis: Basis
    #: Columns of `posting`, or SQL over them, each with the values it may have.
    filters: Mapping[str, tuple[str, ...]]

    def where(self, **also: Iterable[str]) -> tuple[str, list[Any]]:
        """A condition, and the values of its question marks; `also` holds more filters."""
        left_out = Basis.CASH if self.basis == Basis.ACCRUAL else Basis.ACCRUAL
        tests = ["basis <> ?"]
        values: list[Any] = [int(left_out)]
        for column, wanted in (*self.filters.items(), *also.items()):
            tests.append(f"{column} IN (SELECT value FROM json_each(?))")
            values.append(dump(list(wanted)))
        return " AND ".join(tests), values


def by_account(
    store: Store, scope: Scope, *, key: str, since: str = "", until: str
) -> list[tuple[str, str, int]]:
    """(account, key, cents) of the postings dated `since` to `until`; `key` is a column of it."""
    where, values = scope.where()
    return store.run(
        f"SELECT account, {key}, sum(amount) FROM posting"
        f" WHERE {where} AND day BETWEEN ? AND ? GROUP BY account, {key}",
        [*values, since, until],
    )


def by_name(
    store: Store,
    scope: Scope,
    accounts: Iterable[str],
    *,
    key: str = "name",
    since: str = "",
    until: str,
) -> dict[str, int]:
    """Cents by the name of a customer, vendor or employee, on some accounts."""
    where, values = scope.where(account=accounts)
    rows = store.run(
        f"SELECT {key} AS one, sum(amount) FROM posting WHERE {where} AND day BETWEEN ? AND ?"
        " GROUP BY one",
        [*values, since, until],
    )
    return dict(rows)


def keys(
    store: Store, scope: Scope, accounts: Iterable[str], *, key: str, since: str, until: str
) -> list[str]:
    """The different values of a column in these postings."""
    where, values = scope.where(account=accounts)
    rows = store.run(
        f"SELECT DISTINCT {key} FROM posting WHERE {where} AND day BETWEEN ? AND ?",
        [*values, since, until],
    )
    return [value for (value,) in rows]


def span(store: Store) -> tuple[str, str]:
    """The dates of the first and of the last posting; empty where there is none."""
    [(first, last)] = store.run("SELECT min(day), max(day) FROM posting")
    return first or "", last or ""


@dataclass(frozen=True, slots=True)
class Debt:
    """One debt or credit as far as it is open."""

    name: str
    #: When it is due, or what it is dated where nothing is due.
    due: str
    day: str
    cents: int


def open_debts(
    store: Store, scope: Scope, accounts: Iterable[str], *, made_until: str, paid_until: str
) -> list[Debt]:
    """What is open of each debt dated up to `made_until`, less what paid it up to `paid_until`."""
    where, values = scope.where(account=accounts)
    rows = store.run(
        "SELECT name, coalesce(max(iif(debt = '', iif(due = '', day, due), NULL)), min(day)),"
        " coalesce(max(iif(debt = '', day, NULL)), min(day)) AS made, sum(amount)"
        f" FROM posting WHERE {where} AND day <= ?"
        " GROUP BY iif(debt = '', entity || ':' || id, debt), name"
        " HAVING sum(amount) <> 0 AND made <= ?",
        [*values, paid_until, made_until],
    )
    return [Debt(*row) for row in rows]
