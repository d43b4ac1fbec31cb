"""What many threads of many processes do to one store at the same moment, and what each got."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from connector.base import Document, Happening, Write
from runtime.store import audit, events, ledger, runs, workers
from runtime.store.database import Database
from runtime.store.schema import companies

NOW = datetime(2026, 11, 7, tzinfo=UTC)
COMPANY = "9341455600000001"
#: Threads of each process; times each adds one.
THREADS, ADDITIONS = 8, 20


def compete(url: str, what: str, process: int) -> list[Any]:
    """Let the threads of this process do `what` all at once; what each of them got."""
    database = Database(url)
    start = threading.Barrier(THREADS)

    def work(thread: int) -> Any:
        start.wait(timeout=60)
        return _CONTESTS[what](database, process * THREADS + thread)

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(work, range(THREADS)))
    finally:
        database.close()


def happening(identity: str) -> Happening:
    """An event that all of them bring."""
    return Happening(
        identity=identity,
        type="payment.collected",
        trigger="payment_collected",
        happened_at=NOW,
        data={"payment": {"id": identity}},
        raw=b"{}",
    )


def document() -> Document:
    """What all of them want to make."""
    return Document(kind="invoice", aliases=("crm:leadexploder/inv_1",), also=("job:x/1/",))


def _count(database: Database, me: int) -> int:
    """Add one, again and again, to a number that is read first."""
    for _ in range(ADDITIONS):
        database.write(_add_one)
    return ADDITIONS


def _add_one(tx: Connection) -> None:
    here = companies.c.company == COMPANY
    stands = tx.execute(select(companies.c.in_minute).where(here)).scalar_one()
    tx.execute(update(companies).where(here).values(in_minute=stands + 1))


def _claim(database: Database, me: int) -> str:
    """Claim one document; who gets it records the answer."""
    write = Write(document=document(), operation="create", path="invoice", body={"by": me})
    run = me + 1
    got = database.write(ledger.claim, COMPANY, run, write, str(me).encode(), NOW)
    if isinstance(got, ledger.Request):
        database.write(ledger.answered, got, f"made by {run}", {}, NOW)
    return type(got).__name__


def _take(database: Database, me: int) -> list[int]:
    """Take runs until there are none."""
    taken = []
    while (run := database.write(runs.take, f"worker-{me}", NOW)) is not None:
        taken.append(run.id)
    return taken


def _event(database: Database, me: int) -> tuple[int, str]:
    """Store the event that all others bring too."""
    return database.write(events.add, "leadexploder", happening("pay_1"), {}, NOW)


def _lease(database: Database, me: int) -> int | None:
    """Take the one lease."""
    return database.write(workers.acquire, "token/x", f"worker-{me // THREADS}", f"holder-{me}")


def _note(database: Database, me: int) -> None:
    """Append to the chained audit log."""
    for number in range(3):
        database.write(audit.note, NOW, f"rival {me}", "noted", {"number": number})


_CONTESTS: dict[str, Callable[[Database, int], Any]] = {
    "count": _count,
    "claim": _claim,
    "take": _take,
    "event": _event,
    "lease": _lease,
    "note": _note,
}
