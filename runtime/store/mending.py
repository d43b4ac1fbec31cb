"""Lets runs go on when what they waited for is mended: settings, a login, a clock that stepped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Double, and_, exists, or_, select, type_coerce, update

from runtime.store.schema import READY, STUCK, companies, in_state, runs

#: Each with the states of its index, so that the index is used.
_HELD = and_(in_state(runs, *STUCK), runs.c.state == "held")
#: A flood is looked at by a person: no change of settings lets it go on.
_MENDABLE = runs.c.reason != "flood"
_WAITING = and_(in_state(runs, *READY), runs.c.state == "waiting")
#: The due time as plain seconds, for arithmetic.
_due_seconds = type_coerce(runs.c.due_at, Double)


def needs_mending(tx: Connection, settings_revision: int, now: datetime) -> bool:
    """Whether any run could be released, or is due too far away (a write is saved otherwise)."""
    at = now.timestamp()
    held = exists().where(
        _HELD,
        or_(runs.c.settings_revision < settings_revision, runs.c.reason == "reconnect"),
        _MENDABLE,
    )
    far = exists().where(_WAITING, _due_seconds > runs.c.delay + (at + 5.0))
    paused = exists().where(companies.c.paused_until.is_not(None))
    return bool(tx.execute(select(or_(held, far, paused))).scalar())


def release_held(tx: Connection, settings_revision: int, now: datetime) -> int:
    """Look again at every run held under older settings; returns how many."""
    older = and_(_HELD, runs.c.settings_revision < settings_revision, _MENDABLE)
    values = {"state": "queued", "settings_revision": settings_revision, "due_at": now}
    return tx.execute(update(runs).where(older).values(**values, delay=0.0)).rowcount


def release_reconnected(tx: Connection, now: datetime) -> int:
    """Let the runs of companies that are connected again go on; returns how many."""
    gone = exists().where(companies.c.company == runs.c.company, companies.c.disconnected != "")
    waiting = and_(_HELD, runs.c.reason == "reconnect", ~gone)
    values = {"state": "queued", "due_at": now, "delay": 0.0}
    return tx.execute(update(runs).where(waiting).values(**values)).rowcount


def rearm(tx: Connection, now: datetime) -> int:
    """Mend due times that a clock set back has put too far away; returns how many."""
    at = now.timestamp()
    too_far = and_(_WAITING, _due_seconds > runs.c.delay + (at + 5.0))
    return tx.execute(update(runs).where(too_far).values(due_at=runs.c.delay + at)).rowcount


def shift(tx: Connection, seconds: float) -> int:
    """Move all due times by a step of the clock, so that nothing comes early or late."""
    moved = update(runs).where(_WAITING)
    return tx.execute(moved.values(due_at=_due_seconds + seconds)).rowcount
