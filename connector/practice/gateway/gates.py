"""What a call is let through, and what it is counted as: limits and metering."""

from __future__ import annotations

from flask import Response, g, request

from connector.practice import faults
from connector.practice.gateway.answers import LIMIT_REACHED, refusal
from connector.practice.state import State

#: Rules that leave the outcome of the work as it is.
_HARMLESS = frozenset({"delay", "lost_answer", "cut"})
_REPORTS = "/reports/"


def over_a_limit(state: State) -> Response | None:
    """What Intuit's gateway answers to a call too many, before the service sees it."""
    realm, switches = _realm(), state.switches
    if not realm:
        return None
    if switches.limits == "intuit":
        if not state.limits.enter(realm, batch=is_batch(), switches=switches):
            return _throttled(state, switches.retry_after_on_limits)
        g.admitted = realm
        most = switches.reports_a_minute
        if _REPORTS in request.path and not state.limits.report(realm, most):
            return _throttled(state, switches.retry_after_on_limits)
    if _is_read() and state.metering.used_up(switches.monthly_reads, now=state.clock.now()):
        return _throttled(state, 0)
    return None


def meter(state: State, response: Response) -> None:
    """Count a read that succeeded, whatever became of its answer on the way."""
    as_it_was = g.rule is None or g.rule.kind in _HARMLESS
    if _realm() and response.status_code == 200 and as_it_was:
        # A batch says itself how many of its items were reads.
        reads = 1 if _is_read() else g.get("reads", 0)
        state.metering.count(_realm(), reads, now=state.clock.now())


def is_batch() -> bool:
    """Whether the call is a batch."""
    return request.path.endswith("/batch")


def _is_read() -> bool:
    """Whether the call takes data out; a batch is counted by its items elsewhere."""
    return request.method == "GET" or request.path.endswith("/query")


def _realm() -> str:
    """The company in the address of a call to the accounting API; empty for other calls."""
    parts = request.path.split("/")
    return parts[3] if request.path.startswith("/v3/company/") else ""


def _throttled(state: State, retry_after: int) -> Response:
    response = refusal(state, faults.Fault("3001", LIMIT_REACHED))
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response
