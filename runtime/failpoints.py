"""Kills this very process at a chosen point, for the tests that prove nothing is lost by it."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Mapping

from runtime.clock import Observe


def failpoint_of(environment: Mapping[str, str]) -> Observe:
    """A watcher that ends the process by SIGKILL at the n-th time a point is reached.

    BOOKRELAY_TEST_KILL is `<point>:<n>`, e.g. `sending:12`; without it nothing is watched. The
    points are those that the conversation and the database report: commit, yield, sending,
    received, found.
    """
    wanted = environment.get("BOOKRELAY_TEST_KILL", "")
    if not wanted:
        return lambda point: None
    name, _, number = wanted.partition(":")
    counted = itertools.count(1)

    def watch(point: str) -> None:
        if point == name and next(counted) == int(number or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    return watch
