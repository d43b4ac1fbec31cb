"""A report as QuickBooks writes it: Header, Columns and Rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.practice.books.change import Change
from connector.practice.reports.columns import TOTAL, Amounts, Axis, Column
from connector.practice.reports.parameters import Parameters
from connector.practice.reports.rows import Row

#: A filter as the header of a report names it.
_HEADER_FILTERS = ("customer", "vendor", "employee", "item", "class", "department")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished report, not yet written."""

    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    #: Rows times columns.
    cells: int
    #: More options of the header, by name.
    options: Mapping[str, str] = field(default_factory=dict)
    has_basis: bool = True


def summary_report(first: str, axis: Axis, rows: Iterable[Row], **more: Any) -> Report:
    """A report whose rows have one amount per column, and the sum of them where that means
    something; `first` is the kind of thing that the rows are (Account, Customer).
    """
    total = axis.additive
    columns = [*axis.columns, TOTAL] if total else list(axis.columns)
    made = [_row(row, total=total) for row in rows]
    return Report(
        columns=[heading("", first, first.lower()), *map(_column, columns)],
        rows=made,
        cells=sum(row.size for row in rows) * (len(columns) + 1),
        **more,
    )


def document(name: str, view: Change, asked: Parameters, report: Report) -> dict[str, Any]:
    """The whole answer."""
    empty = "false" if report.rows else "true"
    standard = {"AccountingStandard": "GAAP"} if report.has_basis else {}
    options = {**standard, **report.options, "NoReportData": empty}
    header: dict[str, Any] = {"Time": view.stamp, "ReportName": name}
    if asked.macro:
        header["DateMacro"] = asked.macro
    if report.has_basis:
        header["ReportBasis"] = asked.basis.name.title()
    home = view.books.preferences.get("CurrencyPrefs", {}).get("HomeCurrency", {"value": "USD"})
    header |= {
        "StartPeriod": asked.period.start.isoformat(),
        "EndPeriod": asked.period.end.isoformat(),
        "SummarizeColumnsBy": asked.by,
        "Currency": home["value"],
    }
    header |= {
        name.title(): asked.filters[name] for name in _HEADER_FILTERS if name in asked.filters
    }
    header["Option"] = [{"Name": key, "Value": value} for key, value in options.items()]
    rows = {"Row": report.rows} if report.rows else {}
    return {"Header": header, "Columns": {"Column": report.columns}, "Rows": rows}


def heading(title: str, kind: str, key: str, **dates: str) -> dict[str, Any]:
    """The head of a column."""
    data = [{"Name": name, "Value": value} for name, value in (*dates.items(), ("ColKey", key))]
    return {"ColTitle": title, "ColType": kind, "MetaData": data}


def money(cents: int) -> str:
    """Dollars with two decimals, empty for nothing."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}" if cents else ""


def cell(value: str, identity: str = "") -> dict[str, str]:
    """One value, with the id of the record it names."""
    return {"value": value, "id": identity} if identity else {"value": value}


def _column(column: Column) -> dict[str, Any]:
    dates = {}
    if column.period:
        dates["StartDate"] = column.period.start.isoformat()
        dates["EndDate"] = column.period.end.isoformat()
    return heading(column.title, "Money", column.key, **dates)


def _row(row: Row, *, total: bool) -> dict[str, Any]:
    first = cell(row.title, row.id)
    if not row.summary:
        return _grouped(row, {"type": "Data", "ColData": [first, *_cells(row.amounts, total)]})
    made: dict[str, Any] = {"type": "Section"}
    if row.title:
        made["Header"] = {"ColData": [first, *_cells(row.amounts, total)]}
    if row.rows:
        made["Rows"] = {"Row": [_row(one, total=total) for one in row.rows]}
    made["Summary"] = {"ColData": [cell(row.summary), *_cells(row.total, total)]}
    return _grouped(row, made)


def _grouped(row: Row, made: dict[str, Any]) -> dict[str, Any]:
    return {**made, "group": row.group} if row.group else made


def _cells(amounts: Amounts, total: bool) -> list[dict[str, str]]:
    shown = [*amounts, sum(amounts)] if total else amounts
    return [cell(money(cents)) for cents in shown]
