"""Asks a practice company for reports, and reads them as a client would: by group and by id."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Row = dict[str, Any]


def ask(client: Any, name: str, **parameters: str) -> dict[str, Any]:
    """A report; `class_` stands for the parameter `class`."""
    response = get(client, name, **parameters)
    assert response.status_code == 200, response.text
    return response.json()


def get(client: Any, name: str, **parameters: str) -> Any:
    url = f"{client.base}/reports/{name}"
    sent = {key.rstrip("_"): value for key, value in parameters.items()}
    return client.http.get(url, params=sent, timeout=60)


def refusal(client: Any, name: str, **parameters: str) -> str:
    """The code of a refused report."""
    response = get(client, name, **parameters)
    assert response.status_code == 400, response.text
    fault = response.json()["Fault"]
    assert fault["type"] == "ValidationFault"
    return fault["Error"][0]["code"]


def rows(report: dict[str, Any]) -> Iterator[Row]:
    """All rows at every depth, a section before what is in it."""
    yield from _within(report["Rows"])


def _within(holder: dict[str, Any]) -> Iterator[Row]:
    for row in holder.get("Row", []):
        yield row
        yield from _within(row.get("Rows", {}))


def values(cells: list[Row]) -> list[str]:
    return [cell["value"] for cell in cells]


def group(report: dict[str, Any], name: str) -> list[Decimal]:
    """The sums of a group, 0 where there is none."""
    for row in rows(report):
        if row.get("group") == name:
            cells = row["Summary"]["ColData"] if "Summary" in row else row["ColData"]
            return [amount(cell) for cell in values(cells)[1:]]
    return [Decimal(0)] * (len(report["Columns"]["Column"]) - 1)


def lines(report: dict[str, Any]) -> dict[str, list[str]]:
    """The amounts of each data row, and of each section's head, by title."""
    found = {}
    for row in rows(report):
        cells = row.get("ColData") or row.get("Header", {}).get("ColData")
        if cells:
            found[cells[0]["value"]] = values(cells)[1:]
    return found


def titles(report: dict[str, Any]) -> list[str]:
    """Of the columns after the first."""
    return [column["ColTitle"] for column in report["Columns"]["Column"][1:]]


def amount(text: str) -> Decimal:
    return Decimal(text or "0")
