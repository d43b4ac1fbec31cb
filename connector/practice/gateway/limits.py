"""Intuit's limits per company: requests in a sliding second and minute, and requests at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.practice.clock import Clock
from connector.practice.switches import Switches


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `most` requests in any `seconds`."""

    most: int
    seconds: int


_MINUTE = 60
#: 500 a minute per company, 10 a second per company and app [C].
REQUESTS = (Rate(most=10, seconds=1), Rate(most=500, seconds=60))
#: Per company and app [C].
BATCHES = (Rate(most=40, seconds=60),)
#: E-mails of a sandbox company [C]; which day is meant is not known [U]: any 24 hours.
MAILS = (Rate(most=40, seconds=86_400),)
#: Requests at once per company and app: the older rule, still widely quoted [D].
AT_ONCE = 10
_DEFAULTS = Switches()


def admitted(
    times: Sequence[datetime], now: datetime, rates: Sequence[Rate]
) -> tuple[datetime, ...] | None:
    """The admitted times that still count, with `now`; None if that is more than `rates` allow.

    Times after `now`, from before the practice clock was turned back, do not count.
    """
    for rate in rates:
        if len(_since(times, now, rate.seconds)) >= rate.most:
            return None
    longest = max(rate.seconds for rate in rates)
    return (*_since(times, now, longest), now)


def _since(times: Sequence[datetime], now: datetime, seconds: int) -> list[datetime]:
    start = now - timedelta(seconds=seconds)
    return [time for time in times if start < time <= now]


class Limits:
    """Counts the requests of each company by the practice clock; there is one app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._requests: dict[str, tuple[datetime, ...]] = {}
        self._batches: dict[str, tuple[datetime, ...]] = {}
        self._mails: dict[str, tuple[datetime, ...]] = {}
        self._reports: dict[str, tuple[datetime, ...]] = {}
        self._items: dict[str, tuple[datetime, ...]] = {}
        self._all: tuple[datetime, ...] = ()
        self._at_once: Counter[str] = Counter()

    def enter(self, realm: str, *, batch: bool, switches: Switches = _DEFAULTS) -> bool:
        """Let a request in, or refuse it; who was let in must `leave`."""
        with self._lock:
            now = self._clock.now()
            came, before = self._requests.get(realm, ()), self._batches.get(realm, ())
            requests = admitted(came, now, REQUESTS)
            batches = admitted(before, now, BATCHES) if batch else before
            free = self._at_once[realm] < AT_ONCE and self._has_room(realm, now)
            if requests is None or batches is None or not free or not self._any(now, switches):
                if switches.throttled_calls_count:
                    self._requests[realm] = (*_since(came, now, _MINUTE), now)
                return False
            self._requests[realm], self._batches[realm] = requests, batches
            self._at_once[realm] += 1
            return True

    def item(self, realm: str) -> bool:
        """Let an item of a batch in, or refuse it, where items count like requests."""
        with self._lock:
            now = self._clock.now()
            if not self._has_room(realm, now):
                return False
            self._items[realm] = (*_since(self._items.get(realm, ()), now, _MINUTE), now)
            return True

    def forget(self, realm: str, *, batch: bool) -> None:
        """Let a request that was let in not have counted."""
        with self._lock:
            self._requests[realm] = self._requests.get(realm, ())[:-1]
            self._all = self._all[:-1]
            if batch:
                self._batches[realm] = self._batches.get(realm, ())[:-1]

    def _has_room(self, realm: str, now: datetime) -> bool:
        """Whether the minute has room for one more, requests and items of batches together."""
        came = (*self._requests.get(realm, ()), *self._items.get(realm, ()))
        return len(_since(came, now, _MINUTE)) < REQUESTS[1].most

    def _any(self, now: datetime, switches: Switches) -> bool:
        """Count a request to whichever company, or refuse it."""
        if not switches.all_a_minute:
            return True
        found = admitted(self._all, now, (Rate(most=switches.all_a_minute, seconds=_MINUTE),))
        self._all = found or self._all
        return found is not None

    def mail(self, realm: str) -> bool:
        """Let a request to send an e-mail in, or refuse it."""
        with self._lock:
            mails = admitted(self._mails.get(realm, ()), self._clock.now(), MAILS)
            if mails is None:
                return False
            self._mails[realm] = mails
            return True

    def report(self, realm: str, most: int) -> bool:
        """Let a request for a report in, or refuse it; `most` a minute, 0 = any number [U]."""
        with self._lock:
            rates = (Rate(most=most, seconds=60),)
            reports = admitted(self._reports.get(realm, ()), self._clock.now(), rates)
            if most and reports is None:
                return False
            self._reports[realm] = reports or ()
            return True

    def leave(self, realm: str) -> None:
        """A request that was let in has ended."""
        with self._lock:
            self._at_once[realm] -= 1

    def clear(self) -> None:
        """Forget what came; what is under way stays counted until it leaves."""
        with self._lock:
            self._requests.clear()
            self._batches.clear()
            self._mails.clear()
            self._reports.clear()
            self._items.clear()
            self._all = ()
