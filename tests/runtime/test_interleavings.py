"""Awkward moments between a write and its record: nothing is doubled, and nobody is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.events import NEW, payment
from tests.harness import Harness


class Killed(BaseException):
    """The process ended here."""


class DieAfter:
    """Ends the process at the first `then` that follows the n-th `point`."""

    def __init__(self, point: str, then: str, n: int = 1) -> None:
        self._point, self._then, self._left = point, then, n

    def __call__(self, point: str) -> None:
        if self._left == 0 and point == self._then:
            self._left = -1
            raise Killed(point)
        if point == self._point:
            self._left -= 1


def _started(make: Callable[..., Harness], **options: object) -> Harness:
    harness = make(**options)
    harness.setup()
    return harness


def test_a_refusal_that_was_not_recorded_leads_to_the_suffix_all_the_same(
    make_harness: Callable[..., Harness],
) -> None:
    harness = _started(make_harness)
    harness.control("switches", {"replay": False})
    harness.post(payment("3001", contact={**NEW, "name": "Rivera Plumbing", "company": None}))
    harness.again(DieAfter("sending", "yield"))
    with pytest.raises(Killed):
        harness.work()
    harness.again()
    harness.settle()
    assert [run["state"] for run in harness.runs()] == ["succeeded"], harness.holds()
    names = [c["DisplayName"] for c in harness.records("Customer")]
    assert names.count("Rivera Plumbing (2)") == 1
    assert [i["Balance"] for i in harness.records("Invoice")] == [0]
