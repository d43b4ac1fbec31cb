"""What an injected fault makes of a call: an answer in place of the work, or a spoiled one."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Response, request
from waitress.channel import ClientDisconnected

from connector.practice import faults
from connector.practice.gateway.answers import LIMIT_REACHED, answer, refusal
from connector.practice.gateway.injection import Rule
from connector.practice.state import State

_HTML = "<html><head><title>Service unavailable</title></head><body>Try later.</body></html>"


def instead(state: State, rule: Rule) -> Response | None:
    """The answer of a rule that strikes before the work is done."""
    if rule.kind == "delay":
        time.sleep(rule.seconds)
        return None
    return _struck(state, rule)


def spoiled(state: State, rule: Rule, response: Response) -> Response:
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
