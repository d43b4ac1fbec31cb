"""Runs: adding them, handing each to one worker at a time, and recording how they end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from runtime.models import NewRun, Run, RunState
from runtime.store import dialect
from runtime.store.schema import (
    ACTIVE,
    READY,
    STUCK,
    attempts,
    awaiting,
    companies,
    in_state,
    requests,
    runs,
)

_COLUMNS = [c for c in runs.c if c.name not in ("delay", "reason", "backfill")]

_before = runs.alias("before")
_RUNS_NOW = _before.c.state == "running"
#: A run that goes on as if it had never been tried; what its steps have done stays.
AFRESH: Mapping[str, Any] = {
    "state": "queued",
    "delay": 0.0,
    "tries": 0,
    "waited": 0.0,
    "reason": "",
    "hold": None,
    "error": None,
}
#: Runs of one company that may be under way at once, over all workers (Intuit: 10 calls).
IN_FLIGHT = 10
_flying = runs.alias("flying")
_in_flight = (
    select(func.count())
    .select_from(_flying)
    .where(_flying.c.company == runs.c.company, in_state(_flying, "running"))
    .correlate(runs)
    .scalar_subquery()
)
#: The oldest run that is due, whose customer has no earlier or running one, whose company may.
_NEXT = (
    select(runs.c.id)
    .where(
        in_state(runs, *READY),
        runs.c.backfill == bindparam("old"),
        # A queued run is due whatever the clock says, so that one set back does not delay it.
        or_(runs.c.state == "queued", runs.c.due_at <= bindparam("now")),
        ~exists().where(
            _before.c.order_key == runs.c.order_key,
            in_state(_before, *ACTIVE),
            _before.c.id != runs.c.id,
            or_(_before.c.id < runs.c.id, _RUNS_NOW),
            # What comes live overtakes a backfill, but for a run of it that is under way.
            or_(_before.c.backfill == runs.c.backfill, runs.c.backfill, _RUNS_NOW),
            # A payment that is awaited may come by a later run of the same customer; anything else
            # is being made by a run that has begun already, so that the order can be kept.
            or_(_before.c.state != "waiting", _before.c.reason.not_like("payment:%")),
        ),
        ~exists().where(
            companies.c.company == runs.c.company, companies.c.paused_until > bindparam("now")
        ),
        _in_flight < IN_FLIGHT,
    )
    .order_by(runs.c.id)
    .limit(1)
)
_TAKE = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(state="running", worker=bindparam("by"), fence=runs.c.fence + 1)
    .returning(*_COLUMNS)
)


class Fenced(Exception):
    """Another worker has taken this run over; what this one wanted to record is refused."""


def add(tx: Connection, new: NewRun, now: datetime) -> int | None:
    """Store a run; None when this event has one for that recipe and company already."""
    row = {
        "event": new.event,
        "recipe": new.recipe,
        "revision": new.revision,
        "settings_revision": new.settings_revision,
        "company": new.company,
        "order_key": new.order_key,
        "state": "held" if new.hold else "queued",
        "due_at": now,
        "delay": 0.0,
        "tries": 0,
        "waited": 0.0,
        "worker": "",
        "fence": 0,
        "reason": new.hold["reason"] if new.hold else "",
        "hold": new.hold,
        "error": None,
        "steps": {},
        "received_at": new.received_at,
        "booked_at": None,
        "backfill": new.backfill,
    }
    return tx.execute(dialect.insert_once(runs, returning="id"), row).scalar()


_HAS = select(runs.c.id).where(
    runs.c.event == bindparam("of_event"), runs.c.recipe == bindparam("of_recipe")
)


def has(tx: Connection, event: int, recipe: str) -> bool:
    """Whether an event has started a recipe, for whichever company."""
    values = {"of_event": event, "of_recipe": recipe}
    return tx.execute(_HAS, values).first() is not None


def take(tx: Connection, worker: str, now: datetime) -> Run | None:
    """Give the next due run to `worker`, with a fencing number of its own.

    Those of backfills are taken only where nothing that came live is due.
    """
    found = _next(tx, now)
    if found is None:
        return None
    return _run(tx.execute(_TAKE, {"run": found, "by": worker}).one())


def _next(tx: Connection, now: datetime) -> int | None:
    for backfill in (False, True):
        found: int | None = tx.execute(_NEXT, {"now": now, "old": backfill}).scalar()
        if found is not None:
            return found
    return None


_OWNED = and_(runs.c.id == bindparam("run"), runs.c.fence == bindparam("held_fence"))
_FINISH = (
    update(runs)
    .where(_OWNED)
    .values(
        state=bindparam("new_state"),
        steps=bindparam("new_steps"),
        reason=bindparam("new_reason"),
        hold=bindparam("new_hold"),
        error=bindparam("new_error"),
        booked_at=bindparam("new_booked_at"),
        due_at=bindparam("at"),
        worker="",
    )
)
_PROGRESS = update(runs).where(_OWNED).values(steps=bindparam("new_steps"))
_WAIT = (
    update(runs)
    .where(_OWNED)
    .values(
        state="waiting",
        due_at=bindparam("due"),
        delay=bindparam("new_delay"),
        tries=bindparam("new_tries"),
        waited=bindparam("new_waited"),
        reason=bindparam("new_reason"),
        error=bindparam("new_error"),
        steps=bindparam("new_steps"),
        worker="",
    )
)


def progress(tx: Connection, run: Run, steps: Mapping[str, Any]) -> None:
    """Record what finished steps gave. Raises Fenced."""
    _guarded(tx, _PROGRESS, run, {"new_steps": dict(steps)})


def finish(
    tx: Connection,
    run: Run,
    state: RunState,
    steps: Mapping[str, Any],
    *,
    now: datetime,
    hold: Mapping[str, Any] | None = None,
    error: str | None = None,
) -> None:
    """End a run, or put it before a person; its due time says since when. Raises Fenced."""
    values = {
        "new_state": state.value,
        "new_steps": dict(steps),
        "new_reason": hold["reason"] if hold else "",
        "new_hold": hold,
        "new_error": error,
        "new_booked_at": now if state is RunState.SUCCEEDED else None,
        "at": now,
    }
    _guarded(tx, _FINISH, run, values)


def wait(
    tx: Connection,
    run: Run,
    steps: Mapping[str, Any],
    *,
    now: datetime,
    seconds: float,
    error: str,
    counts: bool,
    awaits: str = "",
) -> None:
    """Put a run off for `seconds`; `counts` where it was a failed try.

    `awaits` is the "kind:alias" name of a document whose linking ends the wait. Raises Fenced.
    """
    values = {
        "due": now + timedelta(seconds=seconds),
        "new_delay": seconds,
        "new_tries": run.tries + counts,
        "new_waited": run.waited + (seconds if counts else 0.0),
        "new_error": error,
        "new_reason": awaits,
        "new_steps": dict(steps),
    }
    _guarded(tx, _WAIT, run, values)


def _guarded(tx: Connection, statement: Any, run: Run, values: dict[str, Any]) -> None:
    done = tx.execute(statement, {"run": run.id, "held_fence": run.fence, **values})
    if done.rowcount != 1:
        raise Fenced(f"Run {run.id} was taken over by another worker.")


def trace(
    tx: Connection,
    run: int,
    *,
    step: str,
    at: datetime,
    seconds: float,
    outcome: str,
    text: str,
) -> None:
    """Keep one attempt for the history."""
    row = {
        "run": run,
        "step": step,
        "at": at,
        "seconds": seconds,
        "outcome": outcome,
        "trace": text,
    }
    tx.execute(insert(attempts), row)


_AWAITED = (
    update(runs)
    .where(
        awaiting(runs),
        runs.c.reason.in_(bindparam("names", expanding=True)),
        runs.c.company == bindparam("realm"),
    )
    .values(due_at=bindparam("now"), delay=0.0)
)


_ANY_AWAITING = select(runs.c.id).where(awaiting(runs)).limit(1)


def end_waits(tx: Connection, company: str, linked: list[str], now: datetime) -> None:
    """Let the runs that await one of the `linked` documents go on."""
    if tx.execute(_ANY_AWAITING).scalar() is not None:
        tx.execute(_AWAITED, {"names": linked, "realm": company, "now": now})


def assign(tx: Connection, run: Run, company: str, order_key: str) -> None:
    """Say which company a run is for, once that is known. Raises Fenced."""
    check_fence(tx, run)
    here = update(runs).where(runs.c.id == run.id)
    tx.execute(here.values(company=company, order_key=order_key))


def requeue(tx: Connection, run: int, settings_revision: int, now: datetime) -> bool:
    """Let one run go on now, under the current settings; False while it is under way."""
    again = and_(runs.c.id == run, runs.c.state != "running")
    values = {**AFRESH, "settings_revision": settings_revision, "due_at": now}
    return tx.execute(update(runs).where(again).values(**values)).rowcount == 1


def skip(tx: Connection, run: int, why: str) -> bool:
    """End a held or dead run without doing anything, for a stated reason."""
    stuck = and_(runs.c.id == run, runs.c.state.in_(["held", "dead"]))
    values = {"state": "skipped", "error": why, "reason": "", "hold": None}
    return tx.execute(update(runs).where(stuck).values(**values)).rowcount == 1


def take_over(tx: Connection, dead: list[str], now: datetime, settle: float) -> int:
    """Free the runs of dead workers; those with a request under way first let it settle.

    The wait is counted from now and not from the sending, so that no step of the clock while
    nobody ran can make a look-up come too early.
    """
    theirs = and_(in_state(runs, "running"), runs.c.worker.in_(dead))
    unsure = exists().where(
        requests.c.run == runs.c.id,
        requests.c.state == "sent",
    )
    freed = {"state": "waiting", "worker": "", "reason": ""}
    later = {"due_at": now + timedelta(seconds=settle), "delay": settle}
    slow = tx.execute(update(runs).where(theirs, unsure).values(**freed, **later)).rowcount
    fast = {**freed, "due_at": now, "delay": 0.0}
    return slow + tx.execute(update(runs).where(theirs).values(**fast)).rowcount


def give_back(tx: Connection, run: Run, now: datetime, settle: float) -> None:
    """Put back a run whose end its own worker could not record (the disk was full)."""
    mine = and_(runs.c.id == run.id, runs.c.fence == run.fence, runs.c.state == "running")
    values = {"state": "waiting", "due_at": now + timedelta(seconds=settle), "delay": settle}
    tx.execute(update(runs).where(mine).values(**values, worker="", reason=""))


_FENCE = select(runs.c.fence).where(runs.c.id == bindparam("run"))


def check_fence(tx: Connection, run: Run) -> None:
    """Refuse to go on with a run that another worker has taken over. Raises Fenced."""
    if tx.execute(_FENCE, {"run": run.id}).scalar() != run.fence:
        raise Fenced(f"Run {run.id} was taken over by another worker.")


def ready(tx: Connection, now: datetime) -> bool:
    """Whether any run is due."""
    return _next(tx, now) is not None


def get(tx: Connection, run: int) -> Run | None:
    """One run."""
    row = tx.execute(select(*_COLUMNS).where(runs.c.id == run)).first()
    return None if row is None else _run(row)


def of_event(tx: Connection, event: int) -> list[int]:
    """The runs an event started."""
    return list(tx.execute(select(runs.c.id).where(runs.c.event == event)).scalars())


def recent(tx: Connection, *, states: tuple[str, ...] = (), limit: int = 10_000) -> list[Run]:
    """The newest runs, oldest of them first, where given only those in `states`."""
    statement = select(*_COLUMNS).order_by(runs.c.id.desc()).limit(limit)
    if states:
        statement = statement.where(in_state(runs, *states))
    return [_run(row) for row in reversed(tx.execute(statement).all())]


def any_stuck(tx: Connection) -> bool:
    """Whether any run waits for a person."""
    return tx.execute(select(runs.c.id).where(in_state(runs, *STUCK)).limit(1)).first() is not None


def counts(tx: Connection) -> dict[str, int]:
    """How many runs are in each state."""
    grouped = select(runs.c.state, func.count()).group_by(runs.c.state)
    return {str(state): int(n) for state, n in tx.execute(grouped).all()}


def attempts_of(tx: Connection, run: int) -> list[dict[str, Any]]:
    """The trace of a run, oldest first."""
    rows = tx.execute(select(attempts).where(attempts.c.run == run).order_by(attempts.c.id))
    return [dict(row._mapping) for row in rows]


def _run(row: Row[Any]) -> Run:
    values = dict(row._mapping)
    return Run(**{**values, "state": RunState(values["state"])})
