"""`expect`: when a recipe counts as silent, over weekends and changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.notices.silence import deadline, is_silent
from runtime.recipes import Expectation
from runtime.recipes.phrases import expectation

BOISE = ZoneInfo("America/Boise")
ZONES: list[tzinfo] = [UTC, BOISE, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")]
ACCEPTED = datetime(2026, 1, 5, tzinfo=UTC)

moments = st.timedeltas(timedelta(), timedelta(days=1100)).map(
    lambda gone: datetime(2025, 1, 1, tzinfo=UTC) + gone
)
expectations = st.builds(
    lambda least, count, unit: Expectation(least=least, count=count, unit=unit),
    st.integers(1, 4),
    st.integers(1, 9),
    st.sampled_from(["hour", "day", "working day", "week"]),
)


@pytest.mark.parametrize(
    ("phrase", "since", "until"),
    [
        # Thursday to Tuesday: Friday, Monday, Tuesday.
        ("at least 1 per 3 working days", "2026-11-05 10:00", "2026-11-10 10:00"),
        ("at least 1 per working day", "2026-11-06 23:59", "2026-11-09 23:59"),
        # What begins at a weekend begins on Monday.
        ("at least 1 per working day", "2026-11-07 00:00", "2026-11-10 00:00"),
        ("at least 1 per working day", "2026-11-08 15:00", "2026-11-10 00:00"),
        ("at least 1 per day", "2026-11-07 15:00", "2026-11-08 15:00"),
        ("at least 1 per 2 weeks", "2026-11-07 15:00", "2026-11-21 15:00"),
        # The clocks went back on 1 November and forward on 8 March, at 2 in the morning.
        ("at least 1 per day", "2026-10-31 12:00", "2026-11-01 12:00"),
        ("at least 1 per 24 hours", "2026-10-31 12:00", "2026-11-01 11:00"),
        ("at least 1 per working day", "2026-03-06 12:00", "2026-03-09 12:00"),
        ("at least 1 per day", "2026-03-07 02:30", "2026-03-08 03:30"),
    ],
)
def test_how_long_an_expectation_is(phrase: str, since: str, until: str) -> None:
    began = datetime.fromisoformat(since).replace(tzinfo=BOISE)
    ends = datetime.fromisoformat(until).replace(tzinfo=BOISE)
    assert deadline(expectation(phrase), began, BOISE) == ends


def test_the_last_events_count_from_the_newest_back() -> None:
    expected = expectation("at least 2 per day")
    noon = datetime(2026, 11, 5, 12, tzinfo=UTC)
    two = [noon, noon - timedelta(hours=6)]
    assert not is_silent(expected, two, ACCEPTED, [UTC], noon + timedelta(hours=17))
    assert is_silent(expected, two, ACCEPTED, [UTC], noon + timedelta(hours=18))
    assert is_silent(expected, two[:1], ACCEPTED, [UTC], noon)
    assert not is_silent(expected, two[:1], noon, [UTC], noon + timedelta(hours=23))


def test_it_must_be_silent_in_the_zone_of_every_company() -> None:
    expected = expectation("at least 1 per working day")
    friday = datetime(2026, 11, 7, 3, 0, tzinfo=UTC)  # Saturday in UTC, Friday evening in Boise
    assert is_silent(expected, [friday], ACCEPTED, [BOISE], friday + timedelta(days=3))
    later = friday + timedelta(days=2, hours=22)
    assert not is_silent(expected, [friday], ACCEPTED, [UTC, BOISE], later)


@given(expectations, moments, st.sampled_from(ZONES), st.integers(0, 500), st.integers(0, 500))
def test_silence_once_begun_lasts_until_an_event_comes(
    expected: Expectation, since: datetime, zone: tzinfo, hours: int, more: int
) -> None:
    zones = [zone]
    seen = [since] * expected.least
    soon = since + timedelta(hours=hours)
    later = soon + timedelta(hours=more)
    if is_silent(expected, seen, since, zones, soon):
        assert is_silent(expected, seen, since, zones, later)
    assert not is_silent(expected, [later] * expected.least, since, zones, later)


@given(expectations, moments, moments, st.sampled_from(ZONES))
def test_a_recipe_just_accepted_gets_the_full_length(
    expected: Expectation, accepted: datetime, long_ago: datetime, zone: tzinfo
) -> None:
    old = [min(accepted, long_ago)] * expected.least
    last_moment = deadline(expected, accepted, zone) - timedelta(seconds=1)
    for seen in ([], old):
        assert not is_silent(expected, seen, accepted, [zone], last_moment)


@given(moments, st.integers(1, 9), st.sampled_from(ZONES))
def test_working_days_hold_as_many_hours_of_monday_to_friday(
    since: datetime, count: int, zone: tzinfo
) -> None:
    """Counted hour by hour by another way, to the hour by which clocks are changed."""
    expected = Expectation(least=1, count=count, unit="working day")
    ends = deadline(expected, since, zone)
    at, worked = since, 0.0
    while at < ends:
        step = min(timedelta(hours=1), ends - at)
        middle = (at + step / 2).astimezone(zone)
        worked += step.total_seconds() if middle.weekday() < 5 else 0.0
        at += step
    assert abs(worked - count * 86_400) <= 2 * 3600
