"""The columns of a report: periods, or what its postings are for; and the sums in each of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, islice

from connector.practice.books.books import Books
from connector.practice.reports import sums
from connector.practice.reports.parameters import PEOPLE, PERIODS, THINGS, Parameters
from connector.practice.reports.periods import Period, shifted, start_of

#: Cents per column.
Amounts = list[int]
_DAY = "day"
_REST = "Not Specified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of amounts."""

    title: str
    #: What identifies it beside its dates.
    key: str
    #: None where the column is no part of the period.
    period: Period | None = None


TOTAL = Column(title="Total", key="total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The columns, and how postings are divided among them."""

    columns: tuple[Column, ...]
    #: The period of each column; for columns that are no periods all the same.
    periods: tuple[Period, ...]
    #: The column of `posting` that tells them apart.
    key: str
    #: Its values; empty for periods.
    places: Mapping[str, int]
    #: Whether amounts of different columns add up to something.
    additive: bool = True


def axis(
    books: Books, asked: Parameters, accounts: Iterable[str], *, by: str, standing: bool = False
) -> Axis:
    """The columns of a report over some accounts; `by` is one of SUMMARIES.

    With `standing` they show what stands at their end rather than what happened in them.
    """
    if by in THINGS:
        return _things(books, asked, accounts, by=by, standing=standing)
    if by == "Total":
        one = (asked.period,)
        return Axis(columns=(TOTAL,), periods=one, key=_DAY, places={}, additive=False)
    kind, fiscal = PERIODS[by]
    divisions = divided(asked.period, kind, asked.first_month if fiscal else 1)
    periods = tuple(islice(divisions, asked.room + 1 if asked.room else None))
    asked.check_room(len(periods))
    titled = [(title(one), one) for one in periods]
    columns = tuple(Column(title=text, key=text, period=one) for text, one in titled)
    return Axis(columns=columns, periods=periods, key=_DAY, places={}, additive=not standing)


def divided(period: Period, kind: str, first_month: int) -> Iterator[Period]:
    """The days, weeks, … that a period touches, the first and the last cut to it."""
    start = period.start
    while start <= period.end:
        following = shifted(start_of(kind, start, first_month), kind, 1)
        yield Period(start, min(following - timedelta(days=1), period.end))
        start = following


def amounts(
    books: Books, asked: Parameters, axis: Axis, spans: Sequence[tuple[date | None, date]]
) -> dict[str, Amounts]:
    """Sums by account and column over the days of each column, None = since the beginning.

    Both ends grow from column to column, and no day in between is left out.
    """
    if not spans:
        return {}
    since = [start.isoformat() if start else "" for start, _ in spans]
    until = [end.isoformat() for _, end in spans]
    rows = sums.by_account(books.store, asked.scope, key=axis.key, since=since[0], until=until[-1])
    asked.check_room(len({account for account, _, _ in rows}) * len(spans))
    steps: dict[str, Amounts] = defaultdict(lambda: [0] * (len(spans) + 1))
    for account, key, cents in rows:
        if axis.key != _DAY:
            first = axis.places.get(key, len(spans) - 1)
            after = first + 1
        else:
            first, after = bisect_left(until, key), bisect_right(since, key)
        steps[account][first] += cents
        steps[account][after] -= cents
    return {account: list(accumulate(found[:-1])) for account, found in steps.items()}


def title(period: Period) -> str:
    """Whole months as `Nov 2026`, `Jan - Mar 2026` or `2026`; other days as `Nov 1 - 6, 2026`."""
    start, end = period.start, period.end
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    same_year, same_month = (
        start.year == end.year,
        (start.year, start.month) == (end.year, end.month),
    )
    if not whole:
        return _days(start, end)
    if same_month:
        return f"{end:%b %Y}"
    if same_year:
        return str(end.year) if end.month - start.month == 11 else f"{start:%b} - {end:%b %Y}"
    return f"{start:%b %Y} - {end:%b %Y}"


def _days(start: date, end: date) -> str:
    if start == end:
        return f"{end:%b} {end.day}, {end.year}"
    if start.year != end.year:
        return f"{start:%b} {start.day}, {start.year} - {end:%b} {end.day}, {end.year}"
    month = "" if start.month == end.month else f"{end:%b} "
    return f"{start:%b} {start.day} - {month}{end.day}, {end.year}"


def _things(
    books: Books, asked: Parameters, accounts: Iterable[str], *, by: str, standing: bool
) -> Axis:
    key, entity = THINGS[by]
    since = "" if standing else asked.period.start.isoformat()
    until = asked.period.end.isoformat()
    found = sums.keys(books.store, asked.scope, accounts, key=key, since=since, until=until)
    prefix = f"{entity}:" if entity in PEOPLE else ""
    known = {one.removeprefix(prefix) for one in found if one and one.startswith(prefix)}
    named = [(_name_of(books, entity, identity), identity) for identity in known]
    named.sort(key=lambda one: (one[0].casefold(), one[1]))
    columns = [Column(title=name, key=identity) for name, identity in named]
    places = {f"{prefix}{identity}": place for place, (_, identity) in enumerate(named)}
    if len(known) < len(found):
        columns.append(Column(title=_REST, key="not_specified"))
    periods = (asked.period,) * len(columns)
    return Axis(columns=tuple(columns), periods=periods, key=key, places=places)


def _name_of(books: Books, entity: str, identity: str) -> str:
    record = books.find(entity, identity) or {}
    return str(record.get("FullyQualifiedName") or record.get("DisplayName") or identity)
