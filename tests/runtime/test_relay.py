"""The heart: it starts and stops for real, and a clock that steps moves what waits with it."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import Options, build
from runtime.relay import Heart, Relay, pollable
from runtime.scheduler import Ticker
from runtime.store import runs, workers
from runtime.store.database import Database, sqlite_url
from tests.events import payment
from tests.harness import SECRET, STRIPE_SECRET, Harness

#: Seconds after which a test that waits for a thread gives up.
PATIENCE = 20.0


class Quick(Heart):
    """A heart that beats fast, and says when each duty was done twice and a run booked."""

    TICK, BEAT, POLL = 0.05, 0.05, 0.05

    def __init__(self, relay: Relay) -> None:
        super().__init__(relay, Ticker(relay.clock.elapsed))
        self.left = {"tick": 2, "beat": 2, "poll": 2}
        self.all_done, self.booked = threading.Event(), threading.Event()

    def _did(self, duty: str) -> None:
        self.left[duty] -= 1
        if all(left <= 0 for left in self.left.values()):
            self.all_done.set()

    def tick(self) -> None:
        super().tick()
        self._did("tick")
        if self._relay.database.read(runs.counts).get("succeeded"):
            self.booked.set()

    def beat(self) -> None:
        super().beat()
        self._did("beat")

    def poll(self) -> None:
        super().poll()
        self._did("poll")


def test_a_heart_books_what_waits_and_leaves_in_good_order(harness: Harness) -> None:
    harness.post(payment("2001"))
    harness.relay.liveness.abandon()
    relay = build(Options(data=harness.data, environment={}))
    heart = Quick(relay)
    heart.start()
    try:
        assert heart.all_done.wait(PATIENCE)
        assert heart.booked.wait(PATIENCE)
    finally:
        heart.stop()
    assert [record["DocNumber"] for record in harness.records("Invoice")] == ["2001"]
    after = Database(sqlite_url(harness.data))
    left = [worker for worker, _, _ in after.read(workers.beats)]
    after.close()
    assert relay.liveness.worker not in left
    assert not list((harness.data / "workers").glob(f"{relay.liveness.worker}*"))


def test_problems_in_recipes_are_told_at_the_start(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    (harness.data / "recipes" / "broken.yaml").write_text("name: [\n")
    harness.relay.liveness.abandon()
    heart = Quick(build(Options(data=harness.data, environment={})))
    with caplog.at_level(logging.WARNING, "runtime.relay"):
        heart.start()
        heart.stop()
    told = [r for r in caplog.records if getattr(r, "action", "") == "recipe_problem"]
    assert told
    assert "broken.yaml" in told[0].getMessage()


def _waiting(harness: Harness) -> int:
    """A run that QuickBooks has put off for 600 seconds; its id."""
    harness.control("faults", {"kind": "throttle", "retry_after": 600, "times": 1})
    harness.post(payment("2001"))
    harness.work()
    (run,) = harness.relay.database.read(runs.recent)
    assert (run.state, run.due_at) == ("waiting", harness.clock.now() + timedelta(seconds=600))
    return run.id


def _due(harness: Harness, run: int) -> datetime:
    found = harness.relay.database.read(runs.get, run)
    assert found is not None
    return found.due_at


@pytest.mark.parametrize("hours", [-2, 2])
def test_what_waits_moves_with_a_clock_that_steps(
    harness: Harness, hours: int, caplog: pytest.LogCaptureFixture
) -> None:
    run = _waiting(harness)
    due = _due(harness, run)
    harness.clock.at += timedelta(hours=hours)  # the clock that never steps stays
    with caplog.at_level(logging.WARNING, "runtime.relay"):
        harness.tick()
        harness.tick()
    assert _due(harness, run) == due + timedelta(hours=hours)
    stepped = [r for r in caplog.records if getattr(r, "action", "") == "clock_stepped"]
    assert [r.getMessage() for r in stepped] == [f"the clock stepped by {hours * 3600} s"]


def test_time_that_passes_is_no_step(harness: Harness) -> None:
    run = _waiting(harness)
    due = _due(harness, run)
    harness.clock.move(599)
    harness.tick()
    assert _due(harness, run) == due
    assert harness.work() == 0
    harness.clock.move(1)
    harness.tick()
    assert harness.work() == 1
    assert harness.relay.database.read(runs.counts) == {"succeeded": 1}


def test_a_changed_recipe_is_read_at_the_next_tick(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    path = harness.data / "recipes" / "payment-collected-to-paid-invoice.yaml"
    with caplog.at_level(logging.INFO, "runtime.relay"):
        harness.tick()
        assert not caplog.records
        path.write_text(path.read_text() + "\nenabled: false\n")
        harness.tick()
    assert [getattr(r, "action", "") for r in caplog.records] == ["recipes_read"]
    harness.post(payment("2001"))
    harness.settle()
    assert harness.records("Invoice") == []


def test_a_beat_shows_life_and_buries_the_dead(harness: Harness) -> None:
    now = harness.clock.now()
    harness.relay.database.write(workers.register, "gone", "elsewhere", now)
    harness.heart.beat()
    before = {w: beat for w, _, beat in harness.relay.database.read(workers.beats)}
    assert "gone" in before  # silent, but not for long enough
    harness.clock.move(61)
    harness.heart.beat()
    after = {w: beat for w, _, beat in harness.relay.database.read(workers.beats)}
    own = harness.relay.liveness.worker
    assert after == {own: before[own] + 1}


def test_every_connection_can_be_asked_with_its_secrets(harness: Harness) -> None:
    found = pollable(harness.relay)
    assert {name: account["webhook_secret"] for name, (_, account) in found.items()} == {
        "leadexploder": SECRET,
        "stripe": STRIPE_SECRET,
    }
    for connector, account in found.values():
        assert connector.polls(account) is False
    harness.heart.poll()  # nobody has an address to ask
    assert harness.runs() == []


def test_settings_edited_by_hand_are_adopted_at_a_tick(harness: Harness) -> None:
    revision = harness.relay.settings.current().revision
    path = _settings_file(harness.data)
    path.write_text(path.read_text().replace("Sparrow Home Services LLC", "Sparrow By Hand"))
    harness.tick()
    now = harness.relay.settings.current()
    assert [each.name for each in now.companies.values()] == ["Sparrow By Hand"]
    assert now.revision == revision + 1


def _settings_file(data: Path) -> Path:
    (found,) = (p for p in data.glob("settings*") if "Sparrow" in p.read_text(errors="replace"))
    return found
