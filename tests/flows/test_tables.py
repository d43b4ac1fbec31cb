"""A payment goes by a lookup table, held while the table lacks its row, and booked once after."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.events import line, payment
from tests.flows.paid import add
from tests.flows.tagging import Tags
from tests.harness import Harness

USE = """\
recipe: 1
id: payments-by-table
name: Collected payments, by our table
use: payment-by-service-table@1
inputs:
  services: tables/services.csv
  deposit_to: Checking
"""


@pytest.fixture
def table(harness: Harness) -> Path:
    """The table of a company that books payments by it."""
    folder = harness.data / "recipes"
    (folder / "tables").mkdir()
    add(harness, "enabled: false")
    (folder / "payments.yaml").write_text(USE)
    file = folder / "tables" / "services.csv"
    file.write_bytes(
        "Service_Type;Item;Class\r\nPlumbing ;Hours;North\r\n".lower().encode("cp1252")
    )
    harness.tick()
    assert not harness.relay.shelf.problems, str(harness.relay.shelf.problems)
    return file


def test_what_the_table_says_is_booked(harness: Harness, table: Path) -> None:
    tags = Tags(harness)
    harness.post(payment(lines=[line("60.00", "plumbing")]))
    harness.work()
    assert [run["error"] for run in harness.runs()] == [None]
    (invoice,) = harness.records("Invoice")
    (detail,) = [
        row["SalesItemLineDetail"] for row in invoice["Line"] if row["DetailType"][:2] == "Sa"
    ]
    assert (detail["ItemRef"]["value"], detail["ClassRef"]["value"]) == ("2", tags.north)
    (paid,) = harness.records("Payment")
    assert paid["DepositToAccountRef"]["value"] == "92"


def test_a_missing_row_holds_the_run_until_the_table_has_it(harness: Harness, table: Path) -> None:
    Tags(harness)
    harness.post(payment(lines=[line("60.00", "gutter_guard")]))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "table-row-missing"
    assert hold["sentence"].startswith(
        '"item" in entry 1 of "lines": "gutter_guard" is not in the column "service_type" of '
        'tables/services.csv, so its "item" is not known.'
    )
    assert "dd a row for" in hold["fix"]
    assert harness.records("Invoice") == []
    first = harness.runs()[0]["revision"]
    table.write_bytes(table.read_bytes() + b"gutter_guard;Hours;\r\n")
    harness.tick()
    harness.settle()
    assert harness.holds() == []
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
    assert harness.runs()[0]["revision"] == first + 1
    assert len(harness.records("Invoice")) == len(harness.records("Payment")) == 1
