"""Steps of the wall clock are seen, and waits neither end early nor never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.clock import SetClock, SteppedClock, StepWatch, SystemClock
from tests.events import payment
from tests.harness import Harness


def test_a_step_is_told_once_and_drift_is_not() -> None:
    clock = SetClock(datetime(2026, 11, 7, tzinfo=UTC))
    watch = StepWatch(clock)
    clock.move(3600)
    assert watch.step() == 0.0
    clock.at += timedelta(hours=2)
    assert watch.step() == 7200.0
    assert watch.step() == 0.0
    clock.at -= timedelta(seconds=3)
    assert watch.step() == 0.0


def test_the_stepped_clock_reads_its_file(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    clock = SteppedClock(file)
    real = SystemClock().now()
    assert abs((clock.now() - real).total_seconds()) < 5
    file.write_text("-7200")
    assert -7205 < (clock.now() - real).total_seconds() < -7190
    file.write_text("garbage")
    assert abs((clock.now() - real).total_seconds()) < 5


@pytest.mark.parametrize("hours", [2, -2])
def test_a_step_while_running_moves_what_waits(harness: Harness, hours: int) -> None:
    rule = {"match": {"method": "POST", "path": "/invoice"}, "kind": "lost_answer", "times": 1}
    harness.control("faults", rule)
    harness.post(payment())
    harness.tick()
    harness.work()
    harness.clock.at += timedelta(hours=hours)
    harness.tick()
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["waiting"]
    harness.settle(120, step=5)
    assert [run["state"] for run in harness.runs()] == ["succeeded"]


def test_a_clock_set_back_while_nobody_ran_does_not_stop_a_run(harness: Harness) -> None:
    rule = {"match": {"method": "POST", "path": "/invoice"}, "kind": "lost_answer", "times": 1}
    harness.control("faults", rule)
    harness.post(payment())
    harness.work()
    harness.clock.at -= timedelta(hours=2)
    harness.again()
    harness.settle(120, step=5)
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
    assert len(harness.records("Invoice")) == 1
