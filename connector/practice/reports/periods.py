"""Periods of a report: fiscal years and quarters, weeks, QuickBooks' names for ranges of dates."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
#: How many months a period has.
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_UNITS = (
    "week",
    "month",
    "fiscal quarter",
    "fiscal year",
    "calendar quarter",
    "calendar year",
)
#: QuickBooks' date macros [C], in lower case; `all` is for the caller to resolve.
MACROS = frozenset(
    {"all", "today", "yesterday", "next 4 weeks"}
    | {
        f"{when} {unit}{rest}"
        for when in ("this", "last")
        for unit in _UNITS
        for rest in ("", "-to-date")
    }
    | {f"next {unit}" for unit in _UNITS}
)


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, both ends included."""

    start: date
    end: date


def macro_period(macro: str, today: date, first_month: int) -> Period:
    """The days that a macro other than `all` means; `first_month` begins the fiscal year.

    Weeks begin on Sunday [U]. "Last … to date" ends as far into its period as today is into this
    one.
    """
    if macro == "today":
        return Period(today, today)
    if macro == "yesterday":
        return Period(today - _DAY, today - _DAY)
    if macro == "next 4 weeks":
        start = start_of("week", today, 1) + _WEEK
        return Period(start, start + 4 * _WEEK - _DAY)
    when, unit = macro.removesuffix("-to-date").split(" ", 1)
    kind = unit.removeprefix("fiscal ").removeprefix("calendar ")
    start = start_of(kind, today, first_month if unit.startswith("fiscal") else 1)
    step = {"this": 0, "last": -1, "next": 1}[when]
    begins = shifted(start, kind, step)
    whole = Period(begins, shifted(start, kind, step + 1) - _DAY)
    if not macro.endswith("-to-date"):
        return whole
    return Period(begins, min(shifted(today, kind, step), whole.end))


def start_of(kind: str, day: date, first_month: int) -> date:
    """The first day of the day, week, month, quarter or year that `day` is in."""
    if kind == "day":
        return day
    if kind == "week":
        return day - timedelta(days=(day.weekday() + 1) % 7)
    inside = (day.month - first_month) % _MONTHS[kind]
    return shifted(day.replace(day=1), "month", -inside)


def shifted(day: date, kind: str, steps: int) -> date:
    """The same day some weeks, months, quarters or years later; the last one of a shorter month."""
    if kind in ("day", "week"):
        return day + steps * (_WEEK if kind == "week" else _DAY)
    months = day.year * 12 + day.month - 1 + steps * _MONTHS[kind]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
