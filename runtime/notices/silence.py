"""Decides whether a recipe that expects events has been without them for too long. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from runtime.recipes import Expectation

_SATURDAY = 5
_HOURS, _DAYS = {"hour": 1}, {"day": 1, "week": 7}


def is_silent(
    expected: Expectation,
    arrived: Sequence[datetime],
    accepted_at: datetime,
    zones: Collection[tzinfo],
    now: datetime,
) -> bool:
    """Whether fewer events than expected have come for the whole length of the expectation.

    `arrived` are the times of the last events, the newest first, `expected.least` of them or all
    there are. A recipe gets the full length from `accepted_at`, when it was first accepted.
    With several `zones`, those of the companies, it must have passed in every one.
    """
    enough = len(arrived) >= expected.least
    since = max(accepted_at, arrived[expected.least - 1]) if enough else accepted_at
    return all(now >= deadline(expected, since, zone) for zone in zones)


def deadline(expected: Expectation, since: datetime, zone: tzinfo) -> datetime:
    """When the length of an expectation that began at `since` is over, in UTC.

    Days, weeks and working days end at the time of day in `zone` at which they began, also where
    the clocks were changed between; a working day is one from Monday to Friday, and what begins
    at a weekend begins on Monday at midnight.
    """
    if expected.unit in _HOURS:
        return since.astimezone(UTC) + timedelta(hours=expected.count)
    local = since.astimezone(zone)
    day, at = local.date(), local.time()
    if expected.unit in _DAYS:
        return _moment(day + timedelta(days=expected.count * _DAYS[expected.unit]), at, zone)
    if _is_weekend(day):
        day, at = _next_working_day(day), time.min
    for _ in range(expected.count):
        day = _next_working_day(day)
    return _moment(day, at, zone)


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while _is_weekend(day):
        day += timedelta(days=1)
    return day


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)
