"""Beats and leases: only a live holder keeps one, and an old fencing number opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from runtime.store import workers
from runtime.store.database import Database
from runtime.store.schema import metadata

NOW = datetime(2026, 11, 7, tzinfo=UTC)


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database("sqlite://")
    made.write(metadata.create_all)
    yield made
    made.close()


def test_a_beat_counts_until_the_worker_is_buried(database: Database) -> None:
    database.write(workers.register, "w1", "here", NOW)
    assert database.write(workers.beat, "w1") is True
    assert database.write(workers.beat, "w1") is True
    assert database.read(workers.beats) == [("w1", "here", 2)]
    database.write(workers.bury, ["w1"])
    assert database.write(workers.beat, "w1") is False
    assert database.read(workers.beats) == []


def test_a_worker_that_registers_again_is_one_worker(database: Database) -> None:
    database.write(workers.register, "w1", "here", NOW)
    database.write(workers.register, "w1", "there", NOW)
    ((worker, host, _),) = database.read(workers.beats)
    assert (worker, host) == ("w1", "there")


def test_a_lease_has_one_holder(database: Database) -> None:
    fence = database.write(workers.acquire, "tokens", "w1", "w1/a")
    assert fence is not None
    assert database.write(workers.acquire, "tokens", "w1", "w1/b") is None
    assert database.write(workers.acquire, "other", "w1", "w1/b") is not None
    assert database.read(workers.holds, "tokens", fence) is True


def test_a_holder_that_asks_again_gets_a_new_number(database: Database) -> None:
    old = database.write(workers.acquire, "tokens", "w1", "w1/a")
    new = database.write(workers.acquire, "tokens", "w1", "w1/a")
    assert old is not None
    assert new is not None
    assert new > old
    assert database.read(workers.holds, "tokens", old) is False
    database.write(workers.release, "tokens", old)
    assert database.read(workers.holds, "tokens", new) is True


def test_a_lease_that_was_given_back_is_nobodys(database: Database) -> None:
    fence = database.write(workers.acquire, "tokens", "w1", "w1/a")
    assert fence is not None
    database.write(workers.release, "tokens", fence)
    assert database.read(workers.holds, "tokens", fence) is False
    assert database.write(workers.acquire, "tokens", "w2", "w2/a") == fence + 1


def test_burying_frees_the_leases_of_the_dead_only(database: Database) -> None:
    dead = database.write(workers.acquire, "tokens/1", "w1", "w1/a")
    live = database.write(workers.acquire, "tokens/2", "w2", "w2/a")
    assert dead is not None
    assert live is not None
    database.write(workers.bury, ["w1"])
    assert database.read(workers.holds, "tokens/1", dead) is False
    assert database.read(workers.holds, "tokens/2", live) is True
    assert database.write(workers.acquire, "tokens/1", "w2", "w2/b") == dead + 1


def test_nobody_holds_a_lease_that_was_never_given(database: Database) -> None:
    assert database.read(workers.holds, "tokens", 1) is False
