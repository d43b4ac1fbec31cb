"""The rows of a report before they are written: lines with amounts, nested in sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from connector.practice.reports.columns import Amounts
from connector.practice.shape import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line; with rows below it or a summary it is a section."""

    title: str = ""
    id: str = ""
    group: str = ""
    #: Its own cents per column.
    amounts: Amounts
    rows: tuple[Row, ...] = ()
    #: The title of its sum; empty where a row stands for itself.
    summary: str = ""

    @property
    def total(self) -> Amounts:
        """Its own amounts with those of all rows below it."""
        return added(self.amounts, *(row.total for row in self.rows))

    @property
    def size(self) -> int:
        """How many rows it comes to."""
        return 1 + sum(row.size for row in self.rows)


def added(*several: Amounts) -> Amounts:
    """The sum column by column; the first one says how many there are."""
    return [sum(column) for column in zip(*several, strict=True)]


def negated(amounts: Amounts) -> Amounts:
    """Credits above zero."""
    return [-cents for cents in amounts]


def section(group: str, title: str, rows: Iterable[Row], *, width: int, summary: str = "") -> Row:
    """A group of rows, `width` columns wide."""
    return Row(
        group=group,
        title=title,
        amounts=[0] * width,
        rows=tuple(rows),
        summary=summary or f"Total {title}",
    )


def sum_row(group: str, title: str, amounts: Amounts) -> Row:
    """A sum between groups, such as the gross profit: a section without rows."""
    return Row(group=group, amounts=amounts, summary=title)


def nested(records: Iterable[Record], amounts: Mapping[str, Amounts]) -> list[Row]:
    """The records that have amounts, those with a parent among the records below it.

    In order of their names. A parent without amounts of its own stands for its children.
    """
    known = {record["Id"]: record for record in records}
    below: dict[str, list[Record]] = {}
    for record in known.values():
        parent = (record.get("ParentRef") or {}).get("value", "")
        below.setdefault(parent if parent in known else "", []).append(record)
    width = max((len(one) for one in amounts.values()), default=0)

    def rows_of(parent: str) -> list[Row]:
        found = []
        for record in sorted(below.get(parent, ()), key=_order):
            rows, title = tuple(rows_of(record["Id"])), title_of(record)
            own = amounts.get(record["Id"])
            if rows or own:
                line = Row(title=title, id=record["Id"], amounts=own or [0] * width)
                summary = f"Total {title}" if rows else ""
                found.append(replace(line, rows=rows, summary=summary))
        return found

    return rows_of("")


def title_of(record: Record) -> str:
    """What a record is called beside its parent."""
    return str(record.get("DisplayName") or record.get("Name") or record["Id"])


def arranged(rows: Iterable[Row], sort: str) -> tuple[Row, ...]:
    """Rows without a group in order of their sums, at every depth; "" leaves them as they are."""
    found = [replace(row, rows=arranged(row.rows, sort)) for row in rows]
    if sort and not any(row.group for row in found):
        found.sort(key=_sum, reverse=sort == "descend")
    return tuple(found)


def _sum(row: Row) -> int:
    return sum(row.total)


def _order(record: Record) -> tuple[str, tuple[int, str]]:
    return title_of(record).casefold(), age_of(record["Id"])


def age_of(identity: str) -> tuple[int, str]:
    """Sorts ids in the order in which they were given, also those that are no numbers."""
    return len(identity), identity
