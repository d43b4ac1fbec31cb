"""Which run is next: one customer's runs in order, paused companies left alone, no deadlock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.base import Happening
from runtime.models import NewRun, Run, RunState
from runtime.store import companies, events, runs
from runtime.store.database import Database, sqlite_url
from runtime.store.migrate import migrate

NOW = datetime(2026, 11, 7, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(sqlite_url(tmp_path))
    migrate(made)
    yield made
    made.close()


def add(database: Database, key: str, company: str = "c") -> int:
    def store(tx: object) -> int:
        number = len(events.recent(tx)) + 1  # type: ignore[arg-type]
        happening = Happening(
            identity=str(number), type="t", trigger="t", happened_at=NOW, data={}, raw=b"{}"
        )
        event, _ = events.add(tx, "crm", happening, {}, NOW)  # type: ignore[arg-type]
        new = NewRun(
            event=event,
            recipe="r",
            revision=1,
            settings_revision=1,
            company=company,
            order_key=f"{company}|{key}",
            received_at=NOW,
        )
        added = runs.add(tx, new, NOW)  # type: ignore[arg-type]
        assert added is not None
        return added

    return database.write(store)


def take(database: Database, now: datetime = NOW) -> Run | None:
    return database.write(runs.take, "w", now)


def taken(database: Database, now: datetime = NOW) -> list[int]:
    found = []
    while (run := take(database, now)) is not None:
        found.append(run.id)
    return found


def wait(database: Database, run: Run, seconds: float, awaits: str = "") -> None:
    database.write(
        runs.wait, run, {}, now=NOW, seconds=seconds, error="x", counts=True, awaits=awaits
    )


def test_one_customers_runs_go_one_at_a_time_in_order(database: Database) -> None:
    first, _, other = add(database, "a"), add(database, "a"), add(database, "b")
    assert taken(database) == [first, other]


def test_a_waiting_run_holds_back_its_customers_later_ones(database: Database) -> None:
    add(database, "a")
    second = add(database, "a")
    run = take(database)
    assert run is not None
    wait(database, run, 60)
    assert taken(database) == []
    again = take(database, NOW + timedelta(seconds=61))
    assert again is not None
    assert again.id == run.id
    assert again.fence == run.fence + 1
    database.write(runs.finish, again, RunState.SUCCEEDED, {}, now=NOW)
    assert taken(database) == [second]


def test_one_that_awaits_a_payment_does_not_hold_back_who_brings_it(database: Database) -> None:
    add(database, "a")
    second = add(database, "a")
    run = take(database)
    assert run is not None
    wait(database, run, 60, awaits="payment:ref:pi_1")
    assert taken(database) == [second]


def test_one_that_awaits_what_another_customers_run_makes_keeps_its_turn(
    database: Database,
) -> None:
    """Else an invoice could overtake the estimate that it is of, and would not close it."""
    add(database, "a")
    add(database, "a")
    run = take(database)
    assert run is not None
    wait(database, run, 60, awaits="item:row:x")
    assert taken(database) == []


def test_whoever_links_what_is_awaited_ends_the_wait(database: Database) -> None:
    add(database, "a")
    run = take(database)
    assert run is not None
    wait(database, run, 3600, awaits="payment:ref:pi_1")
    database.write(runs.end_waits, "c", ["payment:ref:pi_2"], NOW)
    database.write(runs.end_waits, "other", ["payment:ref:pi_1"], NOW)
    assert taken(database) == []
    database.write(runs.end_waits, "c", ["payment:ref:pi_1"], NOW)
    assert taken(database) == [run.id]


def test_a_paused_company_is_left_alone(database: Database) -> None:
    add(database, "a", "slow")
    quick = add(database, "b", "quick")
    database.write(companies.pause, "slow", 60.0, NOW)
    assert taken(database) == [quick]
    assert len(taken(database, NOW + timedelta(seconds=61))) == 1


def test_a_pause_does_not_outlive_a_clock_set_back(database: Database) -> None:
    add(database, "a")
    database.write(companies.pause, "c", 60.0, NOW + timedelta(hours=2))
    assert taken(database) == []
    database.write(companies.rearm, NOW)
    assert len(taken(database)) == 1


def test_at_most_ten_runs_of_a_company_are_under_way(database: Database) -> None:
    for number in range(12):
        add(database, str(number))
    assert len(taken(database)) == 10


def test_a_worker_that_was_overtaken_can_record_nothing(database: Database) -> None:
    add(database, "a")
    run = take(database)
    assert run is not None
    database.write(runs.take_over, ["w"], NOW, 10.0)
    assert take(database) is not None
    for call in (
        lambda: database.write(runs.progress, run, {}),
        lambda: database.write(runs.check_fence, run),
        lambda: database.write(runs.finish, run, RunState.DEAD, {}, now=NOW),
        lambda: wait(database, run, 1),
    ):
        with pytest.raises(runs.Fenced):
            call()


def test_calls_are_counted_over_all_workers(database: Database) -> None:
    waits = [database.write(companies.take_call, "c", 3, 5, NOW) for _ in range(4)]
    assert waits == [0, 0, 0, 1]
    later = NOW + timedelta(seconds=1)
    assert [database.write(companies.take_call, "c", 3, 5, later) for _ in range(3)] == [0, 0, 59]
    assert database.write(companies.take_call, "c", 3, 5, NOW + timedelta(seconds=60)) == 0


def test_a_clock_set_back_does_not_delay_what_is_queued(database: Database) -> None:
    queued = add(database, "a")
    assert taken(database, NOW - timedelta(hours=2)) == [queued]
