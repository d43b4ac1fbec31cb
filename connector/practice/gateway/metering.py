"""Counts the reads that Intuit's App Partner Program meters ("CorePlus": data out)."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime


class Metering:
    """Reads per company and month; which time zone ends Intuit's month is not known [U]: UTC.

    GET, query, reports and CDC count; writes, OAuth and failed calls do not [C]. Each read in a
    batch counts as one call, by switch [D]: whoever carries out a batch says how many there were.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._months: dict[str, Counter[str]] = defaultdict(Counter)

    def count(self, realm: str, reads: int = 1, *, now: datetime) -> None:
        """Add successful reads of one company at `now` (with a zone)."""
        if reads:
            with self._lock:
                self._months[_month(now)][realm] += reads

    def used_up(self, monthly: int, *, now: datetime, besides: int = 0) -> bool:
        """Whether this month's reads of all companies have reached `monthly`; 0 = no limit.

        `besides` are reads of a call that is not finished yet. Intuit counts per developer
        workspace, not per company, and then blocks until the next month [C].
        """
        with self._lock:
            months = self._months.get(_month(now), Counter())
            return 0 < monthly <= months.total() + besides

    def told(self) -> dict[str, dict[str, int]]:
        """Months (2026-11), each with the reads of its companies."""
        with self._lock:
            return {month: dict(counted) for month, counted in sorted(self._months.items())}

    def load(self, kept: Mapping[str, Mapping[str, int]]) -> None:
        """Go on from what `told` gave."""
        with self._lock:
            self._months = defaultdict(
                Counter, {month: Counter(row) for month, row in kept.items()}
            )

    def clear(self) -> None:
        """Start again from nothing."""
        with self._lock:
            self._months.clear()


def _month(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m}"
