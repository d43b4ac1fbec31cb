"""How a run ends when it does not succeed: what each consequence leaves in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from connector.errors import (
    Awaiting,
    Consequence,
    Hold,
    NeedsReconnect,
    Rejected,
    Retryable,
    Skipped,
    Uncertain,
)
from runtime import retry
from runtime.models import Run, RunState
from runtime.store import companies, ledger, runs


def record_end(
    tx: Connection,
    run: Run,
    steps: Mapping[str, Any],
    error: Consequence,
    said: str,
    *,
    now: datetime,
    spread: Callable[[], float],
) -> RunState:
    """Record that `run` stopped with `error`; `said` is its sentence with secrets masked.

    Returns where it stands now. Raises Fenced.
    """
    match error:
        case Awaiting():
            awaited = error.names[0] if error.names else ""
            later = retry.Later(seconds=error.retry_after or 0.0, counts=False)
            _wait(tx, run, steps, later, said, now, awaited)
            return RunState.WAITING
        case Retryable() | Uncertain():
            verdict = retry.decide(error, run.tries, run.waited, spread)
            if isinstance(verdict, retry.Later):
                _wait(tx, run, steps, verdict, said, now)
                return RunState.WAITING
            runs.finish(tx, run, RunState.DEAD, steps, now=now, error=said)
            ledger.let_go(tx, run.id)
            return RunState.DEAD
        case Skipped():
            runs.finish(tx, run, RunState.SKIPPED, steps, now=now, error=said)
            ledger.let_go(tx, run.id)
            return RunState.SKIPPED
        case _:
            hold = {"reason": reason_of(error), "sentence": said, "fix": error.fix}
            runs.finish(tx, run, RunState.HELD, steps, now=now, hold=hold)
            ledger.let_go(tx, run.id)
            if isinstance(error, NeedsReconnect):
                companies.disconnect(tx, run.company, said)
            return RunState.HELD


def contradiction(error: ledger.Contradiction) -> Hold:
    """The hold for a document whose names belong to two records."""
    return Hold(
        "contradiction",
        f"{error} Nothing was booked.",
        fix="Two records stand for one thing: merge or void one in QuickBooks, then release.",
    )


def reason_of(error: Consequence) -> str:
    """The slug of a hold (contract.md)."""
    match error:
        case Hold():
            return error.reason
        case NeedsReconnect():
            return "reconnect"
        case Rejected():
            return "rejected"
        case _:
            return "unknown"


def _wait(
    tx: Connection,
    run: Run,
    steps: Mapping[str, Any],
    later: retry.Later,
    said: str,
    now: datetime,
    awaited: str = "",
) -> None:
    runs.wait(
        tx,
        run,
        steps,
        now=now,
        seconds=later.seconds,
        error=said,
        counts=later.counts,
        awaits=awaited,
    )
