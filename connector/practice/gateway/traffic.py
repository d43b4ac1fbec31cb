"""What happens around every call: the log, limits, injected faults, latency, headers."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

from flask import Flask, Response, g, request
from waitress.channel import ClientDisconnected

from connector.practice import faults
from connector.practice.entities import BY_LOWER_NAME
from connector.practice.gateway.calls import Call
from connector.practice.gateway.injection import Rule
from connector.practice.state import State
from connector.practice.storage import LoginFile
from connector.practice.wire import dump

_ENTITY_OF_STATEMENT = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)
#: Which build of the service answered; any text will do.
_VERSION = "1512.448"
#: Rules that leave the outcome of the work as it is.
_HARMLESS = frozenset({"delay", "lost_answer", "cut"})
LIMIT_REACHED = "The request limit was reached."
_REPORTS = "/reports/"
#: Characters of a statement that are kept in the log, where bodies of megabytes would stay long.
_QUERY_KEPT = 10_000
_WATCHED = ("/v3/", "/oauth2/", "/v2/", "/v1/")
_HTML = "<html><head><title>Service unavailable</title></head><body>Try later.</body></html>"


def watch(app: Flask, state: State, login: LoginFile | None) -> None:
    """Log every call of the imitated services, let injected faults strike, keep the login."""

    @app.before_request
    def before() -> Response | None:
        if not request.path.startswith(_WATCHED):
            return None
        call = g.call = _new_call()
        g.rule = None
        over = _over_a_limit(state)
        if over is not None:
            return over
        if state.switches.latency_ms:
            time.sleep(state.switches.latency_ms / 1000)
        rule = state.injections.take(method=call.method, path=call.path, entity=call.entity)
        g.rule = rule
        if rule is None:
            return None
        call.fault = rule.kind
        return None if rule.acts_after else _instead(state, rule)

    @app.after_request
    def after(response: Response) -> Response:
        if login is not None:
            # Before the answer: a token that the client knows must not be forgotten.
            login.keep()
        now = state.clock.now()
        if "call" in g:
            response = _finished(state, response)
            g.call.time = now.isoformat()
            state.calls.add(g.call)
        response.headers["Date"] = format_datetime(now, usegmt=True)
        return response

    @app.teardown_request
    def leave(error: BaseException | None) -> None:
        if "admitted" in g:
            state.limits.leave(g.admitted)


def _finished(state: State, response: Response) -> Response:
    """The answer as it leaves, metered, spoiled by a fault rule, and with its headers."""
    call = g.call
    _meter(state, response)
    if g.rule is not None and g.rule.acts_after:
        response = _spoiled(state, g.rule, response)
    call.tid = response.headers["intuit_tid"] = f"1-{uuid.uuid4().hex}"
    if call.path.startswith("/v3/"):
        response.headers["QBO-Version"] = _VERSION
    call.status = 0 if call.fault == "lost_answer" else response.status_code
    failed = 400 <= response.status_code < 500
    if "admitted" in g and failed and not state.switches.failed_calls_count:
        state.limits.forget(g.admitted, batch=_is_batch())
    return response


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    text = body if isinstance(body, str) else dump(body)
    return Response(text, status, mimetype="application/json")


def refusal(state: State, fault: faults.Fault, realm: str = "") -> Response:
    """The answer to a refused call, with the headers that belong to it.

    Its time is that of the company `realm` where there is such a one.
    """
    books = state.companies.get(realm)
    now = state.change(books).now if books else state.clock.now()
    body = faults.body(fault, now)
    if fault.code == "3001" and state.switches.throttle_body == "fault":
        body = {"Fault": faults.told(fault), "time": faults.stamp(now)}
    response = answer(body, fault.status)
    if fault.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
    return response


def _new_call() -> Call:
    """The call as far as it is known from its address."""
    parts = request.path.strip("/").split("/")
    entity = parts[3] if parts[0] == "v3" and len(parts) > 3 else ""
    call = Call(method=request.method, path=request.path)
    call.requestid = request.args.get("requestid", "")
    if entity == "query":
        statement = request.args.get("query") or request.get_data(as_text=True)
        call.query, entity = statement[:_QUERY_KEPT], asked_entity(statement)
    known = BY_LOWER_NAME.get(entity.lower())
    call.entity = known.name if known else entity
    return call


def asked_entity(statement: str) -> str:
    """What a statement asks for, as far as it can be seen without parsing it."""
    found = _ENTITY_OF_STATEMENT.search(statement)
    return found[1] if found else ""


def _realm() -> str:
    """The company in the address of a call to the accounting API; empty for other calls."""
    parts = request.path.split("/")
    return parts[3] if request.path.startswith("/v3/company/") else ""


def _over_a_limit(state: State) -> Response | None:
    """What Intuit's gateway answers to a call too many, before the service sees it."""
    realm, switches = _realm(), state.switches
    if not realm:
        return None
    if switches.limits == "intuit":
        if not state.limits.enter(realm, batch=_is_batch(), switches=switches):
            return _throttled(state, switches.retry_after_on_limits)
        g.admitted = realm
        most = switches.reports_a_minute
        if _REPORTS in request.path and not state.limits.report(realm, most):
            return _throttled(state, switches.retry_after_on_limits)
    if _is_read() and state.metering.used_up(switches.monthly_reads, now=state.clock.now()):
        return _throttled(state, 0)
    return None


def _throttled(state: State, retry_after: int) -> Response:
    response = refusal(state, faults.Fault("3001", LIMIT_REACHED))
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _is_batch() -> bool:
    return request.path.endswith("/batch")


def _is_read() -> bool:
    """Whether the call takes data out; a batch is counted by its items elsewhere."""
    return request.method == "GET" or request.path.endswith("/query")


def _meter(state: State, response: Response) -> None:
    """Count a read that succeeded, whatever became of its answer on the way."""
    as_it_was = g.rule is None or g.rule.kind in _HARMLESS
    if _realm() and response.status_code == 200 and as_it_was:
        # A batch says itself how many of its items were reads.
        reads = 1 if _is_read() else g.get("reads", 0)
        state.metering.count(_realm(), reads, now=state.clock.now())


def _instead(state: State, rule: Rule) -> Response | None:
    """The answer of a rule that strikes before the work is done."""
    if rule.kind == "delay":
        time.sleep(rule.seconds)
        return None
    return _struck(state, rule)


def _spoiled(state: State, rule: Rule, response: Response) -> Response:
    """What a rule makes of the answer to work that was done."""
    if rule.kind == "delay":
        time.sleep(rule.seconds)
        return response
    if rule.kind == "lost_answer":
        return Response(_hang_up(), mimetype="application/json", direct_passthrough=True)
    if rule.kind == "cut":
        whole = response.get_data()
        response.set_data(whole[: len(whole) // 2])
        return response
    return _struck(state, rule)


def _hang_up() -> Iterator[bytes]:
    """Make Waitress close the connection without having sent a byte."""
    raise ClientDisconnected
    yield b""  # makes this function a generator


def _struck(state: State, rule: Rule) -> Response:
    if rule.kind == "html":
        return Response(_HTML, rule.status or 502, mimetype="text/html")
    if request.path.startswith(("/oauth2/", "/v2/")) and rule.kind == "fault":
        return answer({"error": rule.code or "invalid_grant"}, rule.status or 400)
    response = refusal(state, fault_of(rule))
    if rule.kind == "throttle" and rule.retry_after is not None:
        response.headers["Retry-After"] = str(rule.retry_after)
    if rule.kind == "fault_in_200":
        response.status_code = 200
    return response


def fault_of(rule: Rule) -> faults.Fault:
    """What QuickBooks would say; a bare status of the gateway gets the gateway's code."""
    gateway = {status: code for code, (_, status, _) in faults.GATEWAY.items()}
    default = {"throttle": "3001", "status": gateway.get(rule.status, "10000")}
    code = rule.code or default.get(rule.kind, "6000")
    detail = rule.detail or (LIMIT_REACHED if code == "3001" else "")
    return faults.Fault(code, detail, message=rule.message, status=rule.status)
