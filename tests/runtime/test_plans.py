"""Statements of the hot path find their rows by an index, however many past events there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event as listen_for

from runtime.store import backfills, companies, events, mending, runs, tallies
from tests.events import payment
from tests.harness import Harness

BIG = ("events", "runs", "documents", "aliases", "requests", "attempts", "audit")
LONG_AGO = datetime(2026, 11, 7, tzinfo=UTC)


@pytest.fixture
def statements(harness: Harness) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, text: str, values: Any, _x: Any, many: bool) -> None:
        seen.append((text, values[0] if many else values))

    listen_for.listen(harness.relay.database.engine, "before_cursor_execute", note)
    return seen


def scans(harness: Harness, seen: list[tuple[str, Any]]) -> list[str]:
    """Every statement that reads a big table from end to end."""
    found = []
    for text, values in list(seen):
        if not text.startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
            continue
        plan = harness.relay.database.read(_explain, text, values)
        for step in plan:
            words = step.split()
            last_entry = words[1] == "audit" and "LIMIT" in text  # one row, from the end
            big = words[1] in (*BIG, "before", "flying") and not last_entry
            whole = "INDEX" not in step or "runs_of_recipe" in step or "events_of_trigger" in step
            if words[0] == "SCAN" and big and whole:
                found.append(f"{step}: {text}")
    return found


def _explain(tx: Any, text: str, values: Any) -> list[str]:
    return [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]


def test_a_paid_invoice_scans_nothing(harness: Harness, statements: list[tuple[str, Any]]) -> None:
    harness.post(payment("1"))
    harness.work()
    harness.post(payment("2"))
    harness.tick()
    harness.work()
    assert len(statements) > 50
    assert scans(harness, statements) == []


@pytest.mark.parametrize(
    "duty",
    [
        lambda tx: runs.take_over(tx, ["dead"], datetime(2026, 11, 7, tzinfo=UTC), 10.0),
        lambda tx: mending.rearm(tx, datetime(2026, 11, 7, tzinfo=UTC)),
        lambda tx: mending.shift(tx, 7200.0),
        lambda tx: mending.release_held(tx, 9, datetime(2026, 11, 7, tzinfo=UTC)),
        lambda tx: mending.release_reconnected(tx, datetime(2026, 11, 7, tzinfo=UTC)),
        lambda tx: mending.needs_mending(tx, 9, datetime(2026, 11, 7, tzinfo=UTC)),
        lambda tx: runs.recent(tx, states=("held", "dead")),
        lambda tx: runs.any_stuck(tx),
        lambda tx: events.unmatched(tx),
        lambda tx: companies.rearm(tx, datetime(2026, 11, 7, tzinfo=UTC)),
        lambda tx: tallies.stuck_for(tx),
        lambda tx: tallies.arrived(tx, "payment_collected", None, 3),
        lambda tx: tallies.arrived(tx, "payment_collected", "leadexploder", 3),
        lambda tx: tallies.came(tx, "r", LONG_AGO, LONG_AGO),
        lambda tx: tallies.reached(tx, "r", LONG_AGO, LONG_AGO, enough=50),
        lambda tx: backfills.under_way(tx, "r"),
        lambda tx: runs.has(tx, 1, "r"),
    ],
)
def test_the_duties_of_a_tick_scan_nothing(
    harness: Harness, statements: list[tuple[str, Any]], duty: Callable[[Any], object]
) -> None:
    harness.relay.database.write(duty)
    assert scans(harness, statements) == []


def test_a_scan_would_be_seen(harness: Harness, statements: list[tuple[str, Any]]) -> None:
    harness.relay.database.read(runs.counts)
    assert scans(harness, statements) != []
