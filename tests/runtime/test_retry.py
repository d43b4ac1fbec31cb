"""When a failed try is repeated, and when it is given up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import Consequence, Hold, NeedsReconnect, Rejected, Retryable, Uncertain
from runtime.retry import LEAST_TRIES, LEAST_WAIT, LONGEST, GiveUp, Later, decide

HOUR = 3600.0


@pytest.mark.parametrize(
    ("error", "tries", "waited", "verdict"),
    [
        (Retryable("x"), 0, 0.0, Later(seconds=5.0)),
        (Retryable("x"), 3, 0.0, Later(seconds=40.0)),
        (Retryable("x", retry_after=60), 0, 0.0, Later(seconds=60.0)),
        (Retryable("x", retry_after=1), 4, 0.0, Later(seconds=80.0)),
        (Retryable("x"), 30, HOUR, Later(seconds=LONGEST)),
        (Retryable("x"), LEAST_TRIES, LEAST_WAIT - 1, Later(seconds=LONGEST)),
        (Retryable("x"), LEAST_TRIES - 1, LEAST_WAIT, Later(seconds=LONGEST)),
        (Retryable("x"), LEAST_TRIES, LEAST_WAIT, GiveUp()),
        (Uncertain("x", settle=10), 0, 0.0, Later(seconds=10)),
        (Uncertain("x", settle=120), 1, 0.0, Later(seconds=120)),
        (Uncertain("x", settle=10), 5, 0.0, Later(seconds=160.0)),
        (Uncertain("x"), LEAST_TRIES, LEAST_WAIT, GiveUp()),
        (Rejected("x"), 0, 0.0, GiveUp()),
        (NeedsReconnect("x"), 0, 0.0, GiveUp()),
        (Hold("r", "x", fix="f"), 0, 0.0, GiveUp()),
    ],
)
def test_decide(error: Consequence, tries: int, waited: float, verdict: Later | GiveUp) -> None:
    assert decide(error, tries, waited, lambda: 1.0) == verdict


@given(st.integers(0, 500), st.floats(0, LEAST_WAIT - 1), st.floats(0, 1))
def test_nothing_is_given_up_before_72_hours_of_waiting(
    tries: int, waited: float, spread: float
) -> None:
    verdict = decide(Retryable("x"), tries, waited, lambda: spread)
    assert isinstance(verdict, Later)
    assert 1.0 <= verdict.seconds <= LONGEST
