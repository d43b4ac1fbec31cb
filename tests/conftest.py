"""A practice company over real HTTP and a Bookrelay in this process, with a clock that is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.practice.server import Running
from tests.answers import WATCH, start
from tests.harness import Harness


@pytest.fixture(autouse=True)
def _every_answer_fits() -> Iterator[None]:
    """No test may see an answer of the practice company that QuickBooks could not give."""
    yield
    misfits = WATCH.told()
    assert not misfits, "\n".join(misfits[:20])


@pytest.fixture
def practice() -> Iterator[Running]:
    """The practice company with the two fixture companies."""
    with start() as running:
        yield running


@pytest.fixture
def harness(practice: Running, tmp_path: Path) -> Iterator[Harness]:
    """A Bookrelay that is set up for the first fixture company."""
    made = Harness(practice, tmp_path / "data", now=datetime(2026, 11, 7, 0, 0, tzinfo=UTC))
    made.setup()
    yield made
    made.close()


@pytest.fixture
def make_harness(practice: Running, tmp_path: Path) -> Iterator[Callable[..., Harness]]:
    """Makes Bookrelays over one practice company, each with a data folder of its own."""
    made: list[Harness] = []

    def make(name: str = "data", **options: object) -> Harness:
        now = datetime(2026, 11, 7, 0, 0, tzinfo=UTC)
        harness = Harness(practice, tmp_path / name, now=now, **options)  # type: ignore[arg-type]
        made.append(harness)
        return harness

    yield make
    for harness in made:
        harness.close()
