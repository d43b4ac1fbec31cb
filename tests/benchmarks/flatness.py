"""Whether a new event costs the same on a full store: two servers, turn and turn about.

The full store holds copies of what one real event left behind, under other names.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.contest import Size, burst, idle_times, run_states, trouble
from tests.benchmarks.processes import Bookrelay, Stub, set_up

#: Tables with rows of events, and the columns that are ids of rows of one of them.
_IDS: Mapping[str, Mapping[str, str]] = {
    "events": {"id": "events"},
    "runs": {"id": "runs", "event": "events"},
    "documents": {"id": "documents", "run": "runs"},
    "aliases": {"document": "documents"},
    "requests": {"document": "documents", "run": "runs"},
    "attempts": {"id": "attempts", "run": "runs"},
    "audit": {"id": "audit"},
}
#: Ids of copies and of their QuickBooks records begin here.
_FAR = 1_000_000
#: Copies were received so many seconds before, so that they count for no recipe's limit of an hour.
_BEFORE = 86_400


def flatness(past: int, size: Size, folder: Path) -> dict[str, Any]:
    """Cost of a new event on an empty and on a full store, and their ratios."""
    empty, full = folder / "flat-empty", folder / "flat-full"
    with Stub(folder) as stub:
        for data in (empty, full):
            set_up(data, stub)
            _first(data, stub)
        began = time.monotonic()
        fill(full / "bookrelay.sqlite", past, "f0x")
        print(f"flatness: {past} past events in {time.monotonic() - began:.0f} s", flush=True)
        with Bookrelay(empty) as small, Bookrelay(full) as large:
            time.sleep(2)
            columns = [
                {
                    "empty": _measure(small, stub, f"e{number}x", size, folder),
                    "full": _measure(large, stub, f"g{number}x", size, folder),
                }
                for number in range(size.rounds)
            ]
            complaints = [*small.complaints(), *large.complaints()]
    cost = {
        which: {key: median(each[which][key] for each in columns) for key in columns[0][which]}
        for which in ("empty", "full")
    }
    return {
        "past_events": past,
        "file_mb": round((full / "bookrelay.sqlite").stat().st_size / 1e6),
        **{which: _rounded(values) for which, values in cost.items()},
        "full_to_empty": _rounded({key: cost["full"][key] / cost["empty"][key] for key in _RATIOS}),
        "trouble": trouble(run_states(full), complaints),
    }


_RATIOS = ("cpu_ms_per_event", "idle_ms", "ack_p50_ms")


def _first(data: Path, stub: Stub) -> None:
    """One event, whose rows become the pattern."""
    stub.ask("reset")
    with Bookrelay(data) as relay:
        idle_times(relay.hook, stub, "f0x", 1)


def _measure(relay: Bookrelay, stub: Stub, tag: str, size: Size, folder: Path) -> dict[str, float]:
    stub.ask("reset")
    idle = idle_times(relay.hook, stub, f"i{tag}", size.idle)["median"]
    stub.ask("reset")
    told = burst(relay, relay.hook, stub, tag, size, folder)
    return {
        "idle_ms": idle,
        **{key: told[key] for key in ("cpu_ms_per_event", "whole_per_second", "ack_p50_ms")},
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {key: round(value, 3) for key, value in values.items()}


def fill(file: Path, past: int, tag: str) -> None:
    """Copy what the first event of round `tag` left behind `past` times."""
    store = sqlite3.connect(file, isolation_level=None)
    store.row_factory = sqlite3.Row
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
        store.execute(f"PRAGMA {pragma}")
    pattern = _pattern(store, tag)
    store.execute("BEGIN")
    for table, rows in pattern.items():
        if rows:
            names = list(rows[0])
            marks = ", ".join("?" for _ in names)
            columns = ", ".join(f'"{name}"' for name in names)
            copies = _copies(table, rows, past, f"{tag}000000")
            store.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", copies)
    store.execute("COMMIT")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


def _pattern(store: sqlite3.Connection, tag: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of the first event, by table."""
    run = store.execute("SELECT min(id) FROM runs").fetchone()[0]
    mine = {
        "events": "id = (SELECT min(id) FROM events)",
        "runs": f"id = {run}",
        "documents": f"run = {run} AND kind <> 'item'",
        "aliases": f"document IN (SELECT id FROM documents WHERE run = {run} AND kind <> 'item')",
        "requests": f"run = {run} AND path <> 'item'",
        "attempts": f"run = {run}",
        "audit": "what = 'run_succeeded' AND id = (SELECT min(id) FROM audit "
        "WHERE what = 'run_succeeded')",
    }
    return {
        table: [dict(row) for row in store.execute(f"SELECT * FROM {table} WHERE {which}")]
        for table, which in mine.items()
    }


def _copies(
    table: str, rows: Sequence[Mapping[str, Any]], count: int, name: str
) -> Iterator[tuple[Any, ...]]:
    """`count` copies of rows: own ids, own names, nothing else changed."""
    ids = _IDS[table]
    for number in range(count):
        new = f"{name[:3]}{number + 100_000:06d}"
        for row in rows:
            yield tuple(_copy(ids, key, value, number, (name, new)) for key, value in row.items())


def _copy(ids: Mapping[str, str], key: str, value: Any, number: int, names: tuple[str, str]) -> Any:
    if key in ids:
        # Up to 50 rows of a table belong to one event.
        return None if value is None else _FAR + number * 50 + value
    if key == "received_at":
        return value - _BEFORE
    if key == "key":
        return hashlib.sha256(f"{value}{number}".encode()).hexdigest()[:36]
    if key == "quickbooks_id":
        return str(_FAR + number * 50 + int(value))
    if isinstance(value, bytes):
        return _renamed(value.decode(), *names).encode()
    if isinstance(value, str):
        if key == "alias" and value.startswith("qbo:"):
            return f"qbo:{_FAR + number * 50 + int(value[4:])}"
        return _renamed(value, *names)
    return value


def _renamed(text: str, old: str, new: str) -> str:
    """Invoices are called `tag000000`, people `tag 000000`, their addresses `tag.000000`."""
    for between in ("", " ", "."):
        text = text.replace(f"{old[:3]}{between}{old[3:]}", f"{new[:3]}{between}{new[3:]}")
    return text
