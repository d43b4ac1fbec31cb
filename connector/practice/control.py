"""The control API under `/_control`: what tests and demonstrations do behind the books' back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from connector.practice import founding
from connector.practice.books.books import Books
from connector.practice.books.ledger import income_by_account
from connector.practice.entities import BY_LOWER_NAME, BY_NAME, ENTITIES
from connector.practice.entities.merging import merge
from connector.practice.faults import Fault
from connector.practice.gateway.traffic import answer
from connector.practice.seed import as_record
from connector.practice.shape import number
from connector.practice.snapshots import Snapshots
from connector.practice.state import State
from connector.practice.switches import changed
from connector.practice.webhooks.webhooks import subscription
from connector.practice.wire import load


def blueprint(state: State) -> Blueprint:
    """The routes of the control API; a wrong request is answered 400 with a sentence."""
    control = Blueprint("control", __name__, url_prefix="/_control")

    @control.errorhandler(ValueError)
    @control.errorhandler(Fault)
    def refuse(error: Exception) -> Response:
        return answer({"error": str(error)}, 400)

    _clock_routes(control, state)
    _fault_routes(control, state)
    _login_routes(control, state)
    _call_routes(control, state)
    _books_routes(control, state)
    _merge_route(control, state)
    _company_routes(control, state)
    _webhook_routes(control, state)
    _snapshot_routes(control, Snapshots(state))
    return control


def _clock_routes(control: Blueprint, state: State) -> None:
    @control.get("/clock")
    def show_clock() -> Response:
        return answer({"now": state.clock.now().isoformat()})

    @control.post("/clock")
    def turn() -> Response:
        told = _told("now", "advance")
        if "now" in told:
            state.clock.set(_moment(told["now"]))
        if "advance" in told:
            state.clock.advance(_seconds(told["advance"]))
        return answer({"now": state.clock.now().isoformat()})


def _fault_routes(control: Blueprint, state: State) -> None:
    @control.post("/faults")
    def add() -> Response:
        return answer({"id": state.injections.add(_with_floats(_told()))})

    @control.delete("/faults")
    def clear_faults() -> Response:
        state.injections.clear()
        return answer({})

    @control.post("/switches")
    def switch() -> Response:
        state.switch(changed(state.switches, _told()))
        return answer({})


def _login_routes(control: Blueprint, state: State) -> None:
    @control.post("/expire_access_tokens")
    def expire_access() -> Response:
        state.tokens.expire_access()
        return answer({})

    @control.post("/expire_refresh_tokens")
    def expire_refresh() -> Response:
        realm = _told("realm").get("realm")
        state.tokens.expire_refresh(_company(state, realm).realm if realm else None)
        return answer({})

    @control.post("/members")
    def member() -> Response:
        told = _told("realm", "person", "admin")
        if not isinstance(told.get("admin"), bool):
            raise ValueError("`admin` is true for an admin of the company, false for a member.")
        realm = _company(state, told.get("realm")).realm
        state.tokens.members.put(str(told.get("person")), realm, told["admin"])
        return answer({})


def _call_routes(control: Blueprint, state: State) -> None:
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


def _books_routes(control: Blueprint, state: State) -> None:
    @control.get("/books/<realm>")
    def show_books(realm: str) -> Response:
        return answer(told_books(_company(state, realm)))

    @control.post("/reset")
    def reset() -> Response:
        state.reset()
        return answer({})

    @control.post("/preferences")
    def prefer() -> Response:
        told = _told("realm", "set")
        books = _company(state, told.get("realm"))
        with books.store.transaction():
            preferences = books.preferences
            for path, value in told.get("set", {}).items():
                preferences = _with(preferences, path.split("."), value)
            books.store.put("Preferences", preferences)
        return answer(books.preferences)

    @control.post("/records")
    def put() -> Response:
        told = _told("realm", "entity", "record")
        return answer(_put(state, _company(state, told.get("realm")), told))


def _company_routes(control: Blueprint, state: State) -> None:
    @control.get("/companies")
    def list_companies() -> Response:
        return answer([founding.shown(state, books) for books in state.companies.values()])

    @control.post("/companies")
    def add_company() -> Response:
        told = _told("name", "country", "time_zone", "realm_id", "like")
        return answer(founding.shown(state, founding.add_company(state, told)))


def _snapshot_routes(control: Blueprint, snapshots: Snapshots) -> None:
    @control.get("/snapshots")
    def list_snapshots() -> Response:
        return answer(snapshots.names())

    @control.put("/snapshots/<name>")
    def take(name: str) -> Response:
        snapshots.take(name)
        return answer({})

    @control.post("/snapshots/<name>/restore")
    def restore(name: str) -> Response:
        snapshots.restore(name)
        return answer({})

    @control.delete("/snapshots/<name>")
    def forget(name: str) -> Response:
        snapshots.forget(name)
        return answer({})


def _merge_route(control: Blueprint, state: State) -> None:
    @control.post("/merge")
    def merge_two() -> Response:
        told = _told("realm", "entity", "from", "into")
        books = _company(state, told.get("realm"))
        kind, loser, winner = (str(told.get(key, "")) for key in ("entity", "from", "into"))
        change = state.change(books)
        with books.store.transaction():
            stays = merge(change, kind, loser, winner)
        state.announce(books, change)
        return answer(BY_NAME[kind].present(books, stays))


def _webhook_routes(control: Blueprint, state: State) -> None:
    webhooks = state.webhooks

    @control.get("/webhooks")
    def show_webhooks() -> Response:
        return answer(webhooks.told())

    @control.route("/webhooks", methods=["PUT", "POST"])
    def subscribe() -> Response:
        webhooks.subscribe(subscription(_told("url", "verifier", "shape", "entities")))
        return answer(webhooks.told())

    @control.delete("/webhooks")
    def unsubscribe() -> Response:
        webhooks.clear()
        return answer({})

    @control.post("/webhooks/deliver")
    def deliver() -> Response:
        webhooks.deliver()
        return answer(webhooks.outcomes())


def told_books(books: Books) -> dict[str, Any]:
    """Everything in one company's books."""
    with books.lock:
        records = {
            entity.name: [entity.present(books, one) for one in books.all(entity.name)]
            for entity in ENTITIES
            if entity.name not in ("CompanyInfo", "Preferences")
        }
        income = income_by_account(books.store)
        names = {account["Id"]: account["Name"] for account in books.all("Account")}
    return {
        "realm": books.realm,
        "name": books.name,
        "records": records,
        "preferences": books.preferences,
        "income_by_account": {account: str(total) for account, total in income.items()},
        "account_names": names,
    }


def _with_floats(told: dict[str, Any]) -> dict[str, Any]:
    """Seconds and rates as floats: they are not money."""
    loose = ("seconds", "rate")
    return {
        key: float(value) if key in loose and isinstance(value, Decimal) else value
        for key, value in told.items()
    }


def _told(*allowed: str) -> dict[str, Any]:
    """The JSON object of the request; raises ValueError for other keys than `allowed`."""
    told = load(request.get_data() or b"{}")
    if not isinstance(told, dict):
        raise ValueError("The body must be a JSON object.")
    strange = set(told) - set(allowed) if allowed else set()
    if strange:
        raise ValueError(f"Unknown: {', '.join(sorted(strange))}; known: {', '.join(allowed)}.")
    return told


def _seconds(told: Any) -> float:
    found = number.clean(told, "advance")
    if found is None:
        raise ValueError("`advance` takes a number of seconds.")
    return float(found)


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("The time needs an offset, such as 2026-11-06T10:00:00-07:00.")
    return moment


def _company(state: State, realm: Any) -> Books:
    if realm not in state.companies:
        raise ValueError(f"There is no company {realm}.")
    return state.companies[realm]


def _with(tree: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """The tree with one value set, or removed by None."""
    head, *rest = path
    if rest:
        below = tree.get(head)
        return {**tree, head: _with(below if isinstance(below, dict) else {}, rest, value)}
    if value is None:
        return {key: kept for key, kept in tree.items() if key != head}
    return {**tree, head: value}


def _put(state: State, books: Books, told: dict[str, Any]) -> dict[str, Any]:
    entity = BY_LOWER_NAME.get(str(told.get("entity")).lower())
    record = told.get("record")
    if entity is None or not isinstance(record, dict):
        raise ValueError("A record needs `entity` (one that is practised) and `record`, an object.")
    with books.store.transaction():
        change = state.change(books)
        identity = str(record.get("Id") or change.next_id(entity.name))
        full = as_record(entity.name, {**record, "Id": identity}, stamp=change.stamp)
        change.put(entity.name, full)
        change.apply()
    return full
