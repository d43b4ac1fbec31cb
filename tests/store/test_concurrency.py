"""Three processes of eight threads on one row: none lost, none refused, one winner.

The same over PostgreSQL where BOOKRELAY_TEST_POSTGRES_URL names a server and a database on which
databases may be made, such as postgresql+psycopg://postgres@127.0.0.1:5499/postgres.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.pool import Pool
from typing import Any

import pytest
from sqlalchemy import select

from connector.base import Document, Linked
from runtime.models import NewRun
from runtime.store import audit, companies, events, ledger, runs, workers
from runtime.store.database import Database
from runtime.store.migrate import migrate
from runtime.store.schema import companies as company_table
from tests.store.rivals import ADDITIONS, COMPANY, NOW, THREADS, compete, document, happening

PROCESSES = 3
RIVALS = PROCESSES * THREADS


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Processes that are started anew, as on another machine."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as made:
        yield made
        made.close()
        made.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """One store and all who fight for it."""

    url: str
    database: Database
    pool: Pool

    def compete(self, what: str) -> list[Any]:
        """What each rival got."""
        bouts = [(self.url, what, process) for process in range(PROCESSES)]
        return [got for each in self.pool.starmap(compete, bouts, chunksize=1) for got in each]


@pytest.fixture
def arena(url: str, pool: Pool) -> Iterator[Arena]:
    """A migrated store."""
    database = Database(url)
    migrate(database)
    yield Arena(url=url, database=database, pool=pool)
    database.close()


def test_no_addition_is_lost_or_refused(arena: Arena) -> None:
    arena.database.write(companies.disconnect, COMPANY, "")
    assert arena.compete("count") == [ADDITIONS] * RIVALS
    stands = arena.database.read(lambda tx: tx.execute(select(company_table.c.in_minute)).scalar())
    assert stands == RIVALS * ADDITIONS


def test_one_rival_claims_a_document(arena: Arena) -> None:
    _runs(arena, RIVALS)
    got = Counter(arena.compete("claim"))
    assert got.pop("Request") == 1
    assert set(got) <= {"Taken", "Linked"}
    assert got.total() == RIVALS - 1
    for wanted in (document(), Document(kind="invoice", aliases=document().also)):
        linked = arena.database.read(ledger.look_up, COMPANY, wanted, RIVALS + 1)
        assert isinstance(linked, Linked)
        assert linked.id.startswith("made by ")


def test_each_run_goes_to_one_worker(arena: Arena) -> None:
    stored = _runs(arena, 5 * RIVALS)
    taken = [run for each in arena.compete("take") for run in each]
    assert sorted(taken) == stored


def test_one_event_is_stored_and_the_others_are_duplicates(arena: Arena) -> None:
    got = arena.compete("event")
    assert Counter(status for _, status in got) == {"stored": 1, "duplicate": RIVALS - 1}
    assert len({number for number, _ in got}) == 1
    assert len(arena.database.read(events.recent)) == 1


def test_a_lease_has_one_holder_at_a_time(arena: Arena) -> None:
    for number in (1, 2):
        fences = [fence for fence in arena.compete("lease") if fence is not None]
        assert fences == [number]
        assert arena.database.read(workers.holds, "token/x", number)
        arena.database.write(workers.release, "token/x", number)


def test_the_audit_chain_holds(arena: Arena) -> None:
    arena.compete("note")
    assert arena.database.read(audit.broken_at) is None


def _runs(arena: Arena, count: int) -> list[int]:
    """Store so many runs, each of a customer and a company of its own."""

    def store(tx: Any) -> list[int]:
        event, _ = events.add(tx, "leadexploder", happening("pay_0"), {}, NOW)
        news = [_run(event, number) for number in range(count)]
        return [run for run in (runs.add(tx, new, NOW) for new in news) if run is not None]

    stored = arena.database.write(store)
    assert len(stored) == count
    return stored


def _run(event: int, number: int) -> NewRun:
    return NewRun(
        event=event,
        recipe="payment-collected-to-paid-invoice",
        revision=1,
        settings_revision=1,
        company=f"company-{number}",
        order_key=f"company-{number}|x",
        received_at=NOW,
    )
