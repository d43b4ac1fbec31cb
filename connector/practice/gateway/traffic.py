"""What happens around every call: the log, limits, injected faults, latency, headers."""

from __future__ import annotations

import re
import time
import uuid
from email.utils import format_datetime

from flask import Flask, Response, g, request

from connector.practice.entities import BY_LOWER_NAME
from connector.practice.gateway.calls import Call
from connector.practice.gateway.gates import is_batch, meter, over_a_limit
from connector.practice.gateway.spoiling import instead, spoiled
from connector.practice.state import State
from connector.practice.storage import LoginFile

_ENTITY_OF_STATEMENT = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)
#: Which build of the service answered; any text will do.
_VERSION = "1512.448"
#: Characters of a statement that are kept in the log, where bodies of megabytes would stay long.
_QUERY_KEPT = 10_000
_WATCHED = ("/v3/", "/oauth2/", "/v2/", "/v1/")


def watch(app: Flask, state: State, login: LoginFile | None) -> None:
    """Log every call of the imitated services, let injected faults strike, keep the login."""

    @app.before_request
    def before() -> Response | None:
        if not request.path.startswith(_WATCHED):
            return None
        call = g.call = _new_call()
        g.rule = None
        over = over_a_limit(state)
        if over is not None:
            return over
        if state.switches.latency_ms:
            time.sleep(state.switches.latency_ms / 1000)
        rule = state.injections.take(method=call.method, path=call.path, entity=call.entity)
        g.rule = rule
        if rule is None:
            return None
        call.fault = rule.kind
        return None if rule.acts_after else instead(state, rule)

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
    meter(state, response)
    if g.rule is not None and g.rule.acts_after:
        response = spoiled(state, g.rule, response)
    call.tid = response.headers["intuit_tid"] = f"1-{uuid.uuid4().hex}"
    if call.path.startswith("/v3/"):
        response.headers["QBO-Version"] = _VERSION
    call.status = 0 if call.fault == "lost_answer" else response.status_code
    failed = 400 <= response.status_code < 500
    if "admitted" in g and failed and not state.switches.failed_calls_count:
        state.limits.forget(g.admitted, batch=is_batch())
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
