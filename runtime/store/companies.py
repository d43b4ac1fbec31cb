"""What all workers must know of a company: paused, disconnected, how many calls went out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Double, bindparam, select, type_coerce, update

from runtime.store import dialect
from runtime.store.schema import companies

_BLANK = {
    "paused_until": None,
    "pause": 0.0,
    "disconnected": "",
    "second": 0,
    "in_second": 0,
    "minute": 0,
    "in_minute": 0,
}
_COUNTERS = select(
    companies.c.second, companies.c.in_second, companies.c.minute, companies.c.in_minute
).where(companies.c.company == bindparam("realm"))


def pause(tx: Connection, company: str, seconds: float, now: datetime) -> None:
    """Let no run of a company start for `seconds` (throttling)."""
    _ensure(tx, company)
    until = now + timedelta(seconds=seconds)
    here = update(companies).where(companies.c.company == company)
    tx.execute(here.values(paused_until=until, pause=seconds))


def rearm(tx: Connection, now: datetime) -> None:
    """End pauses that a clock set back has put too far away."""
    until = type_coerce(companies.c.paused_until, Double)
    too_far = until > companies.c.pause + (now.timestamp() + 5.0)
    tx.execute(update(companies).where(too_far).values(paused_until=None))


def disconnect(tx: Connection, company: str, why: str) -> None:
    """Note that a company must be connected again; an empty sentence: it works."""
    _ensure(tx, company)
    here = update(companies).where(companies.c.company == company)
    tx.execute(here.values(disconnected=why))


def disconnected(tx: Connection, company: str) -> str:
    """Why a company must be connected again, or an empty text."""
    why = select(companies.c.disconnected).where(companies.c.company == company)
    return tx.execute(why).scalar() or ""


def take_call(
    tx: Connection, company: str, per_second: int, per_minute: int, now: datetime
) -> float:
    """Count one call over all workers; returns 0, or the seconds to wait before asking again."""
    _ensure(tx, company)
    at = now.timestamp()
    second, minute = int(at), int(at // 60)
    row = tx.execute(_COUNTERS, {"realm": company}).one()
    in_second = row.in_second if row.second == second else 0
    in_minute = row.in_minute if row.minute == minute else 0
    if in_minute >= per_minute:
        return 60 - at % 60
    if in_second >= per_second:
        return 1 - at % 1
    values = {
        "second": second,
        "in_second": in_second + 1,
        "minute": minute,
        "in_minute": in_minute + 1,
    }
    tx.execute(update(companies).where(companies.c.company == company).values(**values))
    return 0.0


def _ensure(tx: Connection, company: str) -> None:
    tx.execute(dialect.insert_once(companies), {"company": company, **_BLANK})
