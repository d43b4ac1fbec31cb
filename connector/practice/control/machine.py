"""Control of what is around the books: clock, faults, switches, sign-in, the log of calls."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from connector.practice.control.bodies import body_of, company, moment_of, seconds, with_floats
from connector.practice.gateway.answers import answer
from connector.practice.state import State
from connector.practice.switches import changed


def clock_routes(control: Blueprint, state: State) -> None:
    """The practice clock: shown, stopped, moved."""

    @control.get("/clock")
    def show_clock() -> Response:
        return answer({"now": state.clock.now().isoformat()})

    @control.post("/clock")
    def turn() -> Response:
        told = body_of("now", "advance")
        if "now" in told:
            state.clock.set(moment_of(told["now"]))
        if "advance" in told:
            state.clock.advance(seconds(told["advance"]))
        return answer({"now": state.clock.now().isoformat()})


def fault_routes(control: Blueprint, state: State) -> None:
    """Fault rules and switches."""

    @control.get("/faults")
    def show_faults() -> Response:
        return answer(state.injections.told())

    @control.post("/faults")
    def add() -> Response:
        return answer({"id": state.injections.add(with_floats(body_of()))})

    @control.delete("/faults")
    def clear_faults() -> Response:
        state.injections.clear()
        return answer({})

    @control.get("/switches")
    def show_switches() -> Response:
        return answer(asdict(state.switches))

    @control.post("/switches")
    def switch() -> Response:
        with state.lock:
            state.switch(changed(state.switches, body_of()))
        return answer({})


def login_routes(control: Blueprint, state: State) -> None:
    """Tokens that end early, and who is an admin."""

    @control.post("/expire_access_tokens")
    def expire_access() -> Response:
        state.tokens.expire_access()
        return answer({})

    @control.post("/expire_refresh_tokens")
    def expire_refresh() -> Response:
        realm = body_of("realm").get("realm")
        state.tokens.expire_refresh(company(state, realm).realm if realm else None)
        return answer({})

    @control.post("/members")
    def member() -> Response:
        told = body_of("realm", "person", "admin")
        if not isinstance(told.get("admin"), bool):
            raise ValueError("`admin` is true for an admin of the company, false for a member.")
        realm = company(state, told.get("realm")).realm
        state.tokens.members.put(str(told.get("person")), realm, told["admin"])
        return answer({})


def call_routes(control: Blueprint, state: State) -> None:
    """The log of calls, and the count of metered reads."""

    @control.get("/calls")
    def show_calls() -> Response:
        return answer(state.calls.told())

    @control.get("/metering")
    def show_metering() -> Response:
        return answer(state.metering.told())

    @control.delete("/calls")
    def clear_calls() -> Response:
        state.calls.clear()
        return answer({})
