"""Answers of the imitated services: JSON, and refusals with the headers that belong to them."""

from __future__ import annotations

from typing import Any

from flask import Response

from connector.practice import faults
from connector.practice.state import State
from connector.practice.wire import dump

LIMIT_REACHED = "The request limit was reached."


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
