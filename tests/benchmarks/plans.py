"""Which of the hot statements would read a whole big table: EXPLAIN QUERY PLAN of each of them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app import Options, build, create_app, heart_of
from runtime.models import RunState
from runtime.relay import Relay
from runtime.store import runs
from tests.benchmarks.workload import request_of, sales

#: Milliseconds from which a statement is told of whatever its plan says.
SLOW = 2.0
#: Tables that stay small.
_SMALL = "companies|leases|workers|secrets|cursors|recipe_revisions|settings_revisions|CONSTANT"
_SCAN = re.compile(rf"^SCAN (?!(?:{_SMALL})\b)\S+(?: USING (?:COVERING )?INDEX (\w+))?")


def plans(data: Path) -> list[dict[str, Any]]:
    """The statements of an event and of ticks that scan or are slow, with plan and milliseconds.

    A scan of a partial index reads only what is in work, and is left out. A scan that takes no
    time ended at its first row, or was not needed.
    """
    relay = build(Options(data=data, environment={}))
    with _heard(relay) as statements:
        _live(relay)
    raw = relay.database.engine.raw_connection()
    try:
        partial = _partial_indexes(raw)
        found = [_scan(raw, text, values, partial) for text, values in statements.items()]
    finally:
        raw.close()
        relay.database.close()
    return sorted((e for e in found if e is not None), key=lambda e: -e["ms"])


@contextmanager
def _heard(relay: Relay) -> Iterator[dict[str, Any]]:
    """The distinct statements that were executed, with parameters."""
    heard: dict[str, Any] = {}

    def hear(_c: Any, _cursor: Any, text: str, values: Any, _context: Any, many: bool) -> None:
        heard.setdefault(text, values[0] if many else values)

    event.listen(relay.database.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(relay.database.engine, "before_cursor_execute", hear)


def _live(relay: Relay) -> None:
    """What a server does: begin, take an event in, book it, tick, answer health checks."""
    relay.safe.refresh()
    relay.shelf.refresh()
    relay.liveness.begin()
    heart = heart_of(relay)
    heart.tick()
    web = create_app(relay).test_client()
    for sale in sales(3, "q0x"):
        head, _, body = request_of(sale, "/").partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
        web.post("/hooks/leadexploder", data=body, headers=dict(lines))
        web.post("/hooks/leadexploder", data=body, headers=dict(lines))
        relay.workers.drain()
    states = {run.state for run in relay.database.read(runs.recent, limit=3)}
    if states != {RunState.SUCCEEDED}:
        raise RuntimeError(f"the events were not booked: {states}")
    heart.tick()
    heart.beat()
    for page in ("/healthz", "/readyz"):
        web.get(page)
    relay.liveness.end()


def _partial_indexes(raw: Any) -> set[str]:
    rows = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall()
    return {name for name, sql in rows if sql and " WHERE " in sql.upper()}


def _scan(raw: Any, text: str, values: Any, partial: set[str]) -> dict[str, Any] | None:
    if not text.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
        return None
    steps = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    bad = [step for step in steps if _reads_all(step, partial)]
    took = _milliseconds(raw, text, values)
    if not bad and took < SLOW:
        return None
    plan = "; ".join(bad or steps)
    return {"statement": " ".join(text.split()), "plan": plan, "ms": took}


def _milliseconds(raw: Any, text: str, values: Any) -> float:
    """The best of three, undone each time."""
    best = float("inf")
    for _ in range(3):
        raw.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        try:
            raw.execute(text, values).fetchall()
        finally:
            took = time.perf_counter() - began
            raw.execute("ROLLBACK")
        best = min(best, took)
    return round(best * 1000, 3)


def _reads_all(step: str, partial: set[str]) -> bool:
    scan = _SCAN.match(step)  # of a table or its alias
    return scan is not None and scan[1] not in partial
