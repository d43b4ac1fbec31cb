"""The page at /: what came in, what is booked, what waits. Shown to this machine only."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, render_template, request

from runtime.history import all_holds, event_record, run_record
from runtime.notices.board import lasting_notices
from runtime.problems import errors
from runtime.settings import Settings
from runtime.shelf import Shelf
from runtime.store import events, runs
from runtime.store.database import Database

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_SHOWN = 200


def overview(database: Database, shelf: Shelf, settings: Callable[[], Settings]) -> Blueprint:
    """The blueprint."""
    blueprint = Blueprint("overview", __name__)

    @blueprint.before_request
    def only_here() -> None:
        # There is no login yet, and these are other people's books.
        if request.remote_addr not in _LOOPBACK or "X-Forwarded-For" in request.headers:
            abort(403)

    @blueprint.get("/")
    def home() -> str:
        recent = database.read(runs.recent, limit=_SHOWN)
        told = {e.id: e for e in database.read(events.recent, limit=_SHOWN)}
        return render_template(
            "overview.html",
            holds=database.read(all_holds),
            runs=[(run_record(run), told.get(run.event)) for run in reversed(recent)],
            ignored=[database.read(event_record, e) for e in told.values() if e.note],
            problems=shelf.problems,
            errors=len(errors(shelf.problems)),
            notices=database.read(lasting_notices, settings().notifications),
            recipes=shelf.live,
            counts=database.read(runs.counts),
        )

    @blueprint.after_request
    def guarded(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return blueprint
