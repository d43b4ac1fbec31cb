"""Days and times as events tell them, and the day that a time is in the company's zone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from runtime.recipes.expressions.values import Refused

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
#: Longer texts are no times, even with blanks around them.
_LONGEST = 64
#: About a century.
MOST_DAYS = 36_500


class NoOffset(Refused):
    """A time without its offset from UTC: its day depends on a zone that nobody told."""


def moment(value: object) -> date | datetime:
    """The day, or the time with its zone, that a value holds.

    Raises NoOffset for a time without an offset, Refused for anything else.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else _without_offset(value.isoformat())
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) and len(value) <= _LONGEST else ""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        found = _TIME.fullmatch(text)
        if found and found[1]:
            return datetime.fromisoformat(text.upper())
    except ValueError:
        found = None
    if found:
        return _without_offset(text)
    shown = f'"{value[:40]}"' if isinstance(value, str) else "this"
    raise Refused(f"{shown} is not a day", "give a day such as 2026-11-06")


def day_of(value: object, zone: tzinfo | None) -> date:
    """The day a value holds: a day itself, a time as it was in `zone`. Raises Refused."""
    found = moment(value)
    if not isinstance(found, datetime):
        return found
    if zone is None:
        raise Refused("the company's time zone is not known here", "set it in Settings")
    try:
        return found.astimezone(zone).date()
    except (OverflowError, ValueError):
        raise Refused(f'"{value}" is not a day', "give a day such as 2026-11-06") from None


def day_in(value: object) -> date | None:
    """The day that a text holds, or that a time has in its own offset; None where it has none."""
    try:
        found = moment(value) if isinstance(value, str) else None
    except Refused:
        return None
    return found.date() if isinstance(found, datetime) else found


def later(day: date, days: int) -> date:
    """`days` after a day, or before it where negative. Raises Refused where no such day is."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        sentence = f"{day} plus {days:,} days is beyond the calendar"
        raise Refused(sentence, "add fewer days") from None


def _without_offset(text: str) -> date:
    raise NoOffset(
        f'"{text}" does not say its offset from UTC, so its day is not known',
        "let it be sent as a time such as 2026-11-06T16:58:40-07:00",
    )
