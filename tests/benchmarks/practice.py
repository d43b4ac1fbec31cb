"""How fast the practice company answers: records by id, and queries over 100,000 invoices."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from connector.practice.books.books import Books
from connector.practice.entities import BY_NAME
from tests.benchmarks.gets import Target, measure
from tests.benchmarks.practice_books import QUERIES, filled
from tests.benchmarks.processes import REALM, Process

_CONNECTIONS = 8
_RECORDS = 200
REPORTS = ("ProfitAndLoss", "BalanceSheet", "CustomerBalance", "AgedReceivables")
_PERIOD = {"start_date": "2024-01-01", "end_date": "2025-12-31"}
_PATH = f"/v3/company/{REALM}"


@dataclass(frozen=True, slots=True)
class Served:
    """A practice company that answers."""

    api: str
    token: str
    process: Process

    def query(self, session: requests.Session, statement: str) -> dict[str, Any]:
        """The QueryResponse of a statement."""
        answer = session.get(
            f"{self.api}{_PATH}/query",
            params={"query": statement},
            headers={"Accept": "application/json", "Authorization": f"Bearer {self.token}"},
            timeout=60,
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()["QueryResponse"]
        return found


def practice(invoices: int, seconds: float, folder: Path) -> dict[str, Any]:
    """Figures of the shipped server: in memory, with a file, and with a file of many invoices."""
    kept = folder / "practice"
    with serving(folder) as served:
        memory = _gets(served, seconds)
    with serving(folder, kept) as served:
        file = _gets(served, seconds)
    began = time.monotonic()
    _fill(kept / f"{REALM}.sqlite", invoices)
    print(f"practice: {invoices} invoices in {time.monotonic() - began:.0f} s", flush=True)
    began = time.monotonic()
    with serving(folder, kept) as served:
        started = time.monotonic() - began
        queries = _queries(served)
        reports = _reports(served)
        memory_mb = served.process.memory()
    return {
        "memory": memory,
        "file": file,
        "invoices": invoices,
        "start_seconds": round(started, 1),
        "memory_mb": round(memory_mb, 1),
        "query_ms": queries,
        "slowest_query_ms": max(queries.values()),
        "report_ms": reports,
    }


@contextmanager
def serving(folder: Path, data: Path | None = None) -> Iterator[Served]:
    """The shipped server as a process of its own, signed in to."""
    words = ["app.py", "practice", "--port", "0", *(["--data", str(data)] if data else [])]
    with Process(words, folder / "practice.log") as process:
        told = json.loads(process.line())
        form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
        auth = (told["client_id"], told["client_secret"])
        tokens = requests.post(told["token"], data=form, auth=auth, timeout=20).json()
        yield Served(told["api"], tokens["access_token"], process)


def _gets(served: Served, seconds: float) -> dict[str, float]:
    """GETs by id over keep-alive connections, of invoices with three lines."""
    paths = [f"{_PATH}/invoice/{identity}" for identity in _make(served)]
    target = Target(int(served.api.rpartition(":")[2]), served.token)
    measure(target, paths, connections=_CONNECTIONS, seconds=seconds / 4)
    found = measure(target, paths, connections=_CONNECTIONS, seconds=seconds)
    return {
        "per_second": round(found.per_second, 1),
        "p50_ms": round(found.p50, 2),
        "p99_ms": round(found.p99, 2),
    }


def _make(served: Served) -> Iterator[str]:
    """The ids of fresh invoices."""
    kind = "SalesItemLineDetail"
    line = {"Amount": 100, "DetailType": kind, kind: {"ItemRef": {"value": "1"}}}
    body = {"CustomerRef": {"value": "10"}, "Line": [line] * 3}
    with requests.Session() as session:
        session.headers["Accept"] = "application/json"
        session.headers["Authorization"] = f"Bearer {served.token}"
        for _ in range(_RECORDS):
            answer = session.post(f"{served.api}{_PATH}/invoice", json=body, timeout=20)
            answer.raise_for_status()
            yield answer.json()["Invoice"]["Id"]


def _queries(served: Served) -> dict[str, float]:
    """Median milliseconds of each statement, the network included."""
    with requests.Session() as session:
        return {name: _median(served, session, text) for name, text in QUERIES.items()}


def _reports(served: Served) -> dict[str, float]:
    """Milliseconds of each report over two years, by month where it can be."""
    found = {}
    with requests.Session() as session:
        for name in REPORTS:
            began = time.perf_counter()
            answer = session.get(
                f"{served.api}{_PATH}/reports/{name}",
                params={**_PERIOD, "summarize_column_by": "Month"},
                headers={"Accept": "application/json", "Authorization": f"Bearer {served.token}"},
                timeout=60,
            )
            answer.raise_for_status()
            found[name] = round((time.perf_counter() - began) * 1000, 1)
    return found


def _median(served: Served, session: requests.Session, statement: str) -> float:
    times = []
    for _ in range(15):
        began = time.perf_counter()
        served.query(session, statement)
        times.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(times), 2)


def _fill(file: Path, invoices: int) -> None:
    """Put a company with so many invoices in place of the one in the file."""
    full, kept = filled(invoices), Books(BY_NAME, str(file))
    kept.store.copy_from(full.store)
    full.store.close()
    kept.store.close()
