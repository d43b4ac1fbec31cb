"""What every report must look like: Header, Columns and Rows as QuickBooks has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_HEADER = {
    *("Time", "ReportName", "DateMacro", "ReportBasis", "StartPeriod", "EndPeriod", "Option"),
    *("SummarizeColumnsBy", "Currency", "Customer", "Vendor", "Employee", "Item", "Class"),
    "Department",
}
_ALWAYS = {"Time", "ReportName", "StartPeriod", "EndPeriod", "Currency", "Option"}
_ROW = {"type", "group", "ColData", "Header", "Rows", "Summary"}
_MONEY = re.compile(r"|-?\d+\.\d\d")
_AMOUNTS = {"Money", "subt_nat_amount", "rbal_nat_amount"}


def misshapen(report: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a report, one sentence each."""
    if set(report) != {"Header", "Columns", "Rows"}:
        yield f"A report does not hold {sorted(report)}."
        return
    header, columns = report["Header"], report["Columns"]["Column"]
    if not _ALWAYS <= set(header) <= _HEADER:
        yield f"The header has {sorted(header)}."
    options = {one["Name"]: one["Value"] for one in header["Option"]}
    rows = report["Rows"].get("Row", [])
    if options.get("NoReportData") != ("false" if rows else "true"):
        yield f"NoReportData is {options.get('NoReportData')} with {len(rows)} rows."
    for column in columns:
        if set(column) != {"ColTitle", "ColType", "MetaData"}:
            yield f"A column has {sorted(column)}."
        if [one["Name"] for one in column["MetaData"]].count("ColKey") != 1:
            yield f"The column {column['ColTitle']} has no ColKey of its own."
    kinds = [column["ColType"] for column in columns]
    for row in rows:
        yield from _row(row, kinds)


def _row(row: Mapping[str, Any], kinds: list[str]) -> Iterator[str]:
    if not set(row) <= _ROW:
        yield f"A row has {sorted(row)}."
    data = row.get("type") == "Data"
    if data != ("ColData" in row) or data == ("Summary" in row):
        yield f"A row of type {row.get('type')} has {sorted(row)}."
    holders = [row, row.get("Header", {}), row.get("Summary", {})]
    for cells in (holder["ColData"] for holder in holders if "ColData" in holder):
        yield from _cells(cells, kinds)
    if "Rows" in row and not row["Rows"].get("Row"):
        yield "A section has an empty list of rows."
    for inner in row.get("Rows", {}).get("Row", []):
        yield from _row(inner, kinds)


def _cells(cells: list[Mapping[str, Any]], kinds: list[str]) -> Iterator[str]:
    if len(cells) != len(kinds):
        yield f"A row has {len(cells)} cells for {len(kinds)} columns."
    for cell, kind in zip(cells, kinds, strict=False):
        if not {"value"} <= set(cell) <= {"value", "id"}:
            yield f"A cell has {sorted(cell)}."
        if kind in _AMOUNTS and not _MONEY.fullmatch(str(cell.get("value"))):
            yield f"An amount is {cell.get('value')!r}."
