"""Liveness, ticks, workers and the audit chain: what keeps a Bookrelay going unattended."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from connector.errors import Hold
from runtime.clock import SetClock
from runtime.liveness import Liveness
from runtime.scheduler import Ticker
from runtime.store import audit, workers
from runtime.store.database import Database, StoreFull, sqlite_url
from runtime.store.migrate import HEAD, migrate
from runtime.store.schema import audit as audit_table
from tests.events import payment
from tests.harness import Harness

NOW = datetime(2026, 11, 7, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(sqlite_url(tmp_path))
    migrate(made)
    yield made
    made.close()


def test_a_worker_elsewhere_is_dead_after_silence_on_our_own_clock(
    database: Database, tmp_path: Path
) -> None:
    clock = SetClock(NOW)
    here = Liveness(database=database, folder=tmp_path, clock=clock)
    here.begin()
    database.write(workers.register, "far-1", "far", NOW)
    fence = database.write(workers.acquire, "poll/x", "far-1", "far-1")
    assert fence is not None
    here.take_over()
    clock.at += timedelta(hours=5)  # a step of the wall clock proves nothing
    here.take_over()
    assert database.read(workers.holds, "poll/x", fence)
    clock.seconds += 50
    database.write(workers.beat, "far-1")
    here.take_over()
    clock.seconds += 50
    here.take_over()
    assert database.read(workers.holds, "poll/x", fence)
    clock.seconds += 61
    here.take_over()
    assert not database.read(workers.holds, "poll/x", fence)
    here.end()


def test_a_worker_here_is_dead_when_its_lock_is_free(database: Database, tmp_path: Path) -> None:
    clock = SetClock(NOW)
    first = Liveness(database=database, folder=tmp_path, clock=clock)
    first.begin()
    second = Liveness(database=database, folder=tmp_path, clock=clock)
    second.begin()
    assert len(database.read(workers.beats)) == 2
    first.abandon()
    second.take_over()
    assert [worker for worker, _, _ in database.read(workers.beats)] == [second.worker]
    second.end()


def test_a_worker_declared_dead_by_mistake_comes_back(database: Database, tmp_path: Path) -> None:
    here = Liveness(database=database, folder=tmp_path, clock=SetClock(NOW))
    here.begin()
    database.write(workers.bury, [here.worker])
    here.beat()
    assert [worker for worker, _, _ in database.read(workers.beats)] == [here.worker]
    here.end()


def test_ticks_that_fell_silent_are_planned_anew() -> None:
    elapsed = [0.0]
    ticker = Ticker(lambda: elapsed[0])
    ticker.every(1.0, lambda: None, "due")
    ticker.start()
    try:
        job: Any = ticker._scheduler.get_job("due")
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=2))
        assert ticker.mend() == []
        elapsed[0] = 60.0
        assert ticker.mend() == ["due"]
        planned = ticker._scheduler.get_job("due").next_run_time
        assert planned - datetime.now(UTC) < timedelta(seconds=5)
    finally:
        ticker.stop()


def test_the_audit_chain_shows_where_it_was_changed(harness: Harness) -> None:
    database = harness.relay.database
    for number in ("1", "2", "3"):
        harness.post(payment(number))
    harness.work()
    assert database.read(audit.broken_at) is None
    changed = update(audit_table).where(audit_table.c.id == 2).values(detail="{}")
    database.write(lambda tx: tx.execute(changed).rowcount)
    assert database.read(audit.broken_at) == 2


def test_an_error_of_ours_holds_the_run_and_not_the_worker(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr("runtime.mapped.render", broken)
    harness.post(payment("1"))
    harness.post(payment("2"))
    with caplog.at_level(logging.CRITICAL):
        assert harness.work() == 2
    assert [hold["reason"] for hold in harness.holds()] == ["internal-error"] * 2
    assert "KeyError" in harness.holds()[0]["sentence"]
    monkeypatch.undo()
    harness.setup({"rules": {"net_days": 15}})
    harness.settle()
    assert [run["state"] for run in harness.runs()] == ["succeeded"] * 2


def test_a_store_that_cannot_be_written_says_so_and_keeps_nothing(database: Database) -> None:
    def write(tx: Any) -> None:
        workers.register(tx, "w", "h", NOW)
        tx.exec_driver_sql("this is no statement")

    with pytest.raises(StoreFull, match="nothing was kept"):
        database.write(write)
    assert database.read(workers.beats) == []


def test_a_refusing_write_of_a_group_does_not_undo_the_others(database: Database) -> None:
    import threading

    started = threading.Barrier(9)

    def one(number: int) -> None:
        def write(tx: Any) -> None:
            workers.register(tx, f"w{number}", "h", NOW)
            if number % 3 == 0:
                raise Hold("r", "x", fix="y")

        started.wait()
        try:
            database.write(write)
        except Hold:
            assert number % 3 == 0

    threads = [threading.Thread(target=one, args=(n,)) for n in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = {worker for worker, _, _ in database.read(workers.beats)}
    assert kept == {"w1", "w2", "w4", "w5", "w7", "w8"}


def test_head_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "runtime/store/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
