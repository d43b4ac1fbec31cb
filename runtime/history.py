"""Events, runs and holds in the form in which commands and pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from runtime.models import Event, Run, RunState
from runtime.store import events, runs


def event_record(tx: Connection, event: Event) -> dict[str, Any]:
    """An event as `events --json` gives it."""
    return {
        "id": str(event.id),
        "identity": event.identity,
        "connection": event.connection,
        "type": event.type,
        "received_at": _iso(event.received_at),
        "status": "ignored" if event.state == "ignored" else "stored",
        "note": event.note,
        "runs": [str(run) for run in runs.of_event(tx, event.id)],
    }


def run_record(run: Run) -> dict[str, Any]:
    """A run as `runs --json` gives it."""
    return {
        "id": str(run.id),
        "event": str(run.event),
        "recipe": run.recipe,
        "revision": run.revision,
        "settings_revision": run.settings_revision,
        "company": run.company,
        "state": run.state.value,
        "hold": dict(run.hold) if run.hold and run.state is RunState.HELD else None,
        "error": run.error,
        "steps": [_step(step, result) for step, result in run.steps.items()],
        "received_at": _iso(run.received_at),
        "booked_at": _iso(run.booked_at),
        "next_try_at": _iso(run.due_at) if run.state is RunState.WAITING else None,
    }


def hold_record(run: Run) -> dict[str, Any]:
    """A held or dead run as `holds --json` gives it."""
    hold = run.hold or {
        "reason": "dead",
        "sentence": run.error or "",
        "fix": "Replay it once the cause is mended.",
    }
    return {
        "run": str(run.id),
        "event": str(run.event),
        "reason": hold["reason"],
        "sentence": hold["sentence"],
        "fix": hold["fix"],
        "since": _iso(run.due_at),
    }


def all_events(tx: Connection) -> list[dict[str, Any]]:
    """The newest events."""
    return [event_record(tx, event) for event in events.recent(tx)]


def all_runs(tx: Connection) -> list[dict[str, Any]]:
    """The newest runs."""
    return [run_record(run) for run in runs.recent(tx)]


def all_holds(tx: Connection) -> list[dict[str, Any]]:
    """Every run that waits for a person."""
    return [hold_record(run) for run in runs.recent(tx, states=("held", "dead"))]


def one_event(tx: Connection, event: int) -> dict[str, Any] | None:
    """One event."""
    found = events.get(tx, event)
    return None if found is None else {**event_record(tx, found), "data": found.data}


def one_run(tx: Connection, run: int) -> dict[str, Any] | None:
    """One run with its trace."""
    found = runs.get(tx, run)
    if found is None:
        return None
    trace = [
        {**row, "at": _iso(row["at"]), "seconds": round(row["seconds"], 4)}
        for row in runs.attempts_of(tx, run)
    ]
    return {**run_record(found), "attempts": trace}


def _step(step: str, result: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": step,
        "action": result["action"],
        "state": result["state"],
        "quickbooks": result.get("quickbooks"),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
