"""The time: handed in everywhere, so that a test or a stepping clock cannot surprise anyone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The wall clock, in UTC; may step."""

    def elapsed(self) -> float:
        """Seconds on a clock that never steps."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds since some moment, never stepping."""
        return time.monotonic()


class SteppedClock(SystemClock):
    """The machine's clock plus the seconds that stand in a file: lets a test step a real process.

    Chosen by the environment variable BOOKRELAY_TEST_CLOCK, the path of that file.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """The wall clock, moved by the offset in the file."""
        try:
            offset = float(self._file.read_text() or 0)
        except (OSError, ValueError):
            offset = 0.0
        return super().now() + timedelta(seconds=offset)


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    at: datetime
    seconds: float = 0.0

    def now(self) -> datetime:
        """The time it was set to."""
        return self.at

    def elapsed(self) -> float:
        """The seconds it was moved by."""
        return self.seconds

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


class StepWatch:
    """Notices when the wall clock steps against the one that never does."""

    #: Seconds below which a difference is drift and no step.
    TOLERANCE = 5.0

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = self._difference()

    def step(self) -> float:
        """Seconds the wall clock has stepped since the last call; 0 when it has not."""
        offset = self._difference()
        step, self._offset = offset - self._offset, offset
        return step if abs(step) > self.TOLERANCE else 0.0

    def _difference(self) -> float:
        return self._clock.now().timestamp() - self._clock.elapsed()


#: Tells a test where a worker is: "commit", "sending", "received" ...
Observe = Callable[[str], None]
