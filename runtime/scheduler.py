"""Ticks: APScheduler asks the store what is due; nothing is remembered here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)


class Ticker:
    """Calls functions at intervals, also when the machine's clock steps.

    APScheduler plans by the wall clock: set back by two hours, it would stop for two hours. A
    watchdog on a clock that never steps sees the silence and plans the ticks anew.
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._every: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._stop = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="tick-watchdog", daemon=True)

    def every(self, seconds: float, call: Callable[[], None], name: str) -> None:
        """Call `call` every so many seconds; an error in it is logged and does not end the ticks.

        Calls of one name never overlap; those that were missed are made up by one.
        """
        self._every[name] = seconds
        self._last[name] = self._elapsed()

        def tick() -> None:
            self._last[name] = self._elapsed()
            try:
                call()
            except Exception:  # one failed tick must not be the last
                log.exception("tick %s failed", name, extra={"action": "tick_failed"})

        self._scheduler.add_job(
            tick,
            IntervalTrigger(seconds=seconds, timezone=UTC),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to tick."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()
        self._watchdog.start()

    def stop(self) -> None:
        """End; a tick under way is waited for."""
        self._stop.set()
        self._scheduler.shutdown(wait=True)

    def mend(self) -> list[str]:
        """Plan the ticks anew that have been silent for too long; their names."""
        silent = [
            name
            for name, seconds in self._every.items()
            if self._elapsed() - self._last[name] > 3 * seconds + 2
        ]
        for name in silent:
            self._last[name] = self._elapsed()
            trigger = IntervalTrigger(seconds=self._every[name], timezone=UTC)
            self._scheduler.reschedule_job(name, trigger=trigger)
        return silent

    def _watch(self) -> None:
        while not self._stop.wait(2.0):
            for name in self.mend():
                log.warning("tick %s was silent; planned anew", name, extra={"action": "rearmed"})
