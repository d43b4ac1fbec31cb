"""The control API under `/_control`: what tests and demonstrations do behind the books' back."""

from __future__ import annotations

from flask import Blueprint, Response

from connector.practice.control.books import (
    books_routes,
    company_routes,
    merge_route,
    snapshot_routes,
)
from connector.practice.control.machine import call_routes, clock_routes, fault_routes, login_routes
from connector.practice.control.webhooks import webhook_routes
from connector.practice.faults import Fault
from connector.practice.gateway.answers import answer
from connector.practice.snapshots import Snapshots
from connector.practice.state import State


def blueprint(state: State) -> Blueprint:
    """The routes of the control API; a wrong request is answered 400 with a sentence."""
    control = Blueprint("control", __name__, url_prefix="/_control")

    @control.errorhandler(ValueError)
    @control.errorhandler(Fault)
    def refuse(error: Exception) -> Response:
        return answer({"error": str(error)}, 400)

    clock_routes(control, state)
    fault_routes(control, state)
    login_routes(control, state)
    call_routes(control, state)
    books_routes(control, state)
    merge_route(control, state)
    company_routes(control, state)
    webhook_routes(control, state)
    snapshot_routes(control, Snapshots(state))
    return control
