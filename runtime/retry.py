"""Decides what happens after a failed try: wait how long, or give up. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connector.errors import Consequence, Retryable, Uncertain

#: A run is given up only after this many tries ...
LEAST_TRIES = 20
#: ... and this many seconds of waiting: 72 hours in which Bookrelay was running.
LEAST_WAIT = 72 * 3600.0
#: Seconds: the first wait at most, and the longest.
FIRST, LONGEST = 5.0, 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Try again after some seconds."""

    seconds: float
    #: False where the wait is no failed try (waiting for another run).
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """No machine will try this again."""


def decide(
    error: Consequence, tries: int, waited: float, spread: Callable[[], float]
) -> Later | GiveUp:
    """What to do after `error`, the `tries`-th failure of a run that has waited `waited` seconds.

    `spread` gives a number from 0 to 1 (full jitter); what the other side asks for is honoured.
    """
    if not isinstance(error, (Retryable, Uncertain)):
        return GiveUp()
    if tries >= LEAST_TRIES and waited >= LEAST_WAIT:
        return GiveUp()
    ceiling = min(LONGEST, FIRST * 2.0 ** min(tries, 16))
    wait = max(1.0, ceiling * spread())
    if isinstance(error, Uncertain):
        return Later(seconds=error.settle if tries < 2 else max(wait, error.settle))
    return Later(seconds=max(wait, error.retry_after or 0.0))
