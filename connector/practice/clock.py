"""The practice clock: real time until it is set, then it stands still and is moved by hand."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

#: Between these, tokens and deliveries can be reckoned years ahead and back.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
_LONGEST_STEP = (LATEST - EARLIEST).total_seconds()
_SENTENCE = f"The practice clock goes from {EARLIEST.year} to {LATEST.year}."


def _check(moment: datetime) -> None:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(_SENTENCE)


class Clock:
    """Gives `now` with a zone; setting it stops it, so that tests repeat exactly."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stands_at: datetime | None = None
        self._ahead = timedelta()
        #: Grows with each setting.
        self.version = 0

    def now(self) -> datetime:
        """The practice time in UTC."""
        with self._lock:
            return self._stands_at or datetime.now(UTC) + self._ahead

    def set(self, moment: datetime | None) -> None:
        """Stop the clock at `moment` (with a zone); None lets it run with real time again.

        Raises ValueError for a moment that is not between EARLIEST and LATEST.
        """
        if moment is not None:
            _check(moment)
        with self._lock:
            self._stands_at = moment.astimezone(UTC) if moment else None
            self._ahead = timedelta()
            self.version += 1

    def advance(self, seconds: float) -> None:
        """Move the clock by `seconds`; a running one keeps running. Raises ValueError as `set`."""
        if abs(seconds) > _LONGEST_STEP:
            raise ValueError(_SENTENCE)
        step = timedelta(seconds=seconds)
        with self._lock:
            _check((self._stands_at or datetime.now(UTC) + self._ahead) + step)
            if self._stands_at:
                self._stands_at += step
            else:
                self._ahead += step
            self.version += 1

    def dump(self) -> dict[str, str | float | None]:
        """What must be kept over a restart."""
        with self._lock:
            stands = self._stands_at.isoformat() if self._stands_at else None
            return {"stands_at": stands, "ahead": self._ahead.total_seconds()}

    def load(self, kept: dict[str, str | float | None]) -> None:
        """Take up what `dump` gave."""
        stands = kept["stands_at"]
        with self._lock:
            self._stands_at = datetime.fromisoformat(str(stands)) if stands else None
            self._ahead = timedelta(seconds=float(kept["ahead"] or 0))
            self.version += 1
