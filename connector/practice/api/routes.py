"""QuickBooks Online's accounting API, `/v3/company/<realm>/…`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, request

from connector.practice.api.batch import Batch, items_of
from connector.practice.api.cdc import changes
from connector.practice.api.files import address_of, uploaded
from connector.practice.api.media import (
    JSON,
    NOTHING,
    as_xml,
    check_content_type,
    text_of,
    wants_json,
)
from connector.practice.api.pdf import form
from connector.practice.api.repeats import digest
from connector.practice.api.saving import Saved, once, resolved, written
from connector.practice.api.sending import address_field, sent
from connector.practice.api.taxservice import made_tax_code
from connector.practice.api.writing import find, unsupported
from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities import BY_LOWER_NAME, Entity
from connector.practice.entities.currency.currencies import rate_asked
from connector.practice.faults import UNEXPECTED, Fault, business, stamp
from connector.practice.gateway.answers import LIMIT_REACHED, answer, refusal
from connector.practice.query.select import select
from connector.practice.query.statement import parse
from connector.practice.reports import report
from connector.practice.shape import Record
from connector.practice.state import State
from connector.practice.wire import as_written, load

_LONGEST_REQUEST_ID = 50
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def blueprint(state: State) -> Blueprint:
    """The routes of the accounting API."""
    api = Blueprint("api", __name__, url_prefix="/v3/company/<realm>")

    @api.errorhandler(Fault)
    def refuse(fault: Fault) -> Response:
        return refusal(state, fault, (request.view_args or {}).get("realm", ""))

    @api.after_request
    def translate(response: Response) -> Response:
        plain = not state.switches.accept_required or wants_json(request)
        return response if plain or not response.is_json else as_xml(response)

    _query_routes(api, state)
    _read_routes(api, state)

    @api.post("/batch")
    def batch(realm: str) -> Response:
        return _batch(state, _books(state, realm))

    @api.post("/upload")
    def upload(realm: str) -> Response:
        return _upload(state, _books(state, realm))

    @api.post("/taxservice/taxcode")
    def tax_code(realm: str) -> Response:
        return _made(state, _books(state, realm), made_tax_code)

    @api.post("/<name>/<identity>/send")
    def send(realm: str, name: str, identity: str) -> Response:
        return _send(state, _books(state, realm), _entity(name), identity)

    @api.post("/<name>")
    def save(realm: str, name: str) -> Response:
        return _save(state, _books(state, realm), _entity(name))

    @api.route("", methods=_METHODS, defaults={"rest": ""})
    @api.route("/<path:rest>", methods=_METHODS)
    def other(realm: str, rest: str) -> Response:
        _books(state, realm)
        raise unsupported()

    return api


def _query_routes(api: Blueprint, state: State) -> None:
    @api.get("/query")
    def ask(realm: str) -> Response:
        return _ask(state, _books(state, realm), request.args.get("query", ""))

    @api.post("/query")
    def ask_by_body(realm: str) -> Response:
        books = _books(state, realm)
        return _ask(state, books, _text(state, books, errors="replace"))


def _read_routes(api: Blueprint, state: State) -> None:
    @api.get("/preferences")
    def preferences(realm: str) -> Response:
        books = _books(state, realm)
        return _shown(state, books, {"Preferences": books.preferences})

    @api.get("/companyinfo/<same>")
    def company_info(realm: str, same: str) -> Response:
        books = _books(state, realm)
        if same != realm:
            raise Fault("610", f"Object Not Found : company {same}")
        return _shown(state, books, {"CompanyInfo": books.info})

    @api.get("/exchangerate")
    def exchange_rate(realm: str) -> Response:
        books = _books(state, realm)
        asked = request.args.get("sourcecurrencycode", ""), request.args.get("asofdate", "")
        found = rate_asked(state.change(books), *asked)
        return _shown(state, books, {"ExchangeRate": found})

    @api.get("/cdc")
    def cdc(realm: str) -> Response:
        books = _books(state, realm)
        return _shown(state, books, changes(state.change(books), request.args))

    @api.get("/download/<identity>")
    def download(realm: str, identity: str) -> Response:
        return Response(address_of(_books(state, realm), identity), mimetype="text/plain")

    @api.get("/reports/<name>")
    def show_report(realm: str, name: str) -> Response:
        return answer(report(state.change(_books(state, realm)), name, request.args))

    @api.get("/<name>/<identity>")
    def read(realm: str, name: str, identity: str) -> Response:
        books, entity = _books(state, realm), _entity(name)
        return _shown(state, books, {entity.name: _read(state, books, entity, identity)})

    @api.get("/<name>/<identity>/pdf")
    def pdf(realm: str, name: str, identity: str) -> Response:
        books, entity = _books(state, realm), _entity(name)
        address_field(entity)
        with books.lock:
            record = entity.present(books, find(state.change(books), entity, identity))
        return Response(form(books.name, entity.name, record), mimetype="application/pdf")


def _books(state: State, realm: str) -> Books:
    """The company; raises the gateway's 401 (3200) or 403 (3100), and Fault 6000 or 6190."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    realms = state.tokens.realms(token.strip()) if kind.lower() == "bearer" else None
    if realms is None:
        raise Fault("3200", "Token expired or invalid")
    if not realm.isdecimal():
        # What clients send that lost the id: "undefined", "null", "true".
        raise business(f"{UNEXPECTED} (-30003)")
    if realm not in realms or realm not in state.companies:
        raise Fault("3100", "The application is not authorized for this company")
    _check_status(state.switches.company_status)
    return state.companies[realm]


def _check_status(status: str) -> None:
    """Raise Fault 6190 for a company whose subscription has ended."""
    if status != "active":
        detail = "Subscription period has ended or canceled or there was a billing problem"
        raise Fault("6190", detail, status=403 if status == "ended_403" else 400)


def _read(state: State, books: Books, entity: Entity, identity: str) -> Any:
    """A record as its reader sees it; what is shown as it is stored is not even parsed."""
    with books.lock:
        text = books.store.body(entity.name, identity) if entity.is_verbatim(books) else None
        if text is not None:
            return as_written(text)
        return entity.present(books, find(state.change(books), entity, identity))


def _entity(name: str) -> Entity:
    entity = BY_LOWER_NAME.get(name)
    if entity is None:
        raise unsupported()
    return entity


def _shown(state: State, books: Books, envelope: dict[str, Any]) -> Response:
    return answer({**envelope, "time": stamp(state.change(books).now)})


def _ask(state: State, books: Books, text: str) -> Response:
    statement = parse(text)
    view = state.change(books)
    with books.lock:
        found = select(view, statement)
    return answer({"QueryResponse": found, "time": stamp(view.now)})


def _text(state: State, books: Books, errors: str = "strict") -> str:
    """The body as text; raises Fault 2010 for what is none in its charset."""
    american = books.info.get("Country", "US") == "US"
    latin = american and state.switches.default_charset == "country"
    return text_of(request, "iso-8859-1" if latin else "utf-8", errors)


def _key() -> str:
    """The requestid, empty where none is sent; raises Fault 2130."""
    key = request.args.get("requestid", "")
    if len(key) > _LONGEST_REQUEST_ID:
        raise Fault("2130", f"A request id has at most {_LONGEST_REQUEST_ID} characters.")
    return key


def _save(state: State, books: Books, entity: Entity) -> Response:
    check_content_type(request, JSON)
    operation, options = request.args.get("operation", "update").lower(), _includes()

    def work(change: Change) -> tuple[Record, str]:
        body = load(_text(state, books))
        return written(change, entity, body, resolved(entity, operation, options))

    duplicates = "allowduplicatedocnum" in options
    sent = digest(request.get_data())
    return _answered(once(state, books, _key(), work, sent=sent, allow_duplicate=duplicates))


def _made(
    state: State, books: Books, make: Callable[[Change, Any], tuple[Record, str]]
) -> Response:
    """What a service made of a body; its answer has no envelope."""
    check_content_type(request, JSON)
    body = _text(state, books)

    def work(change: Change) -> tuple[Record, str]:
        return make(change, load(body))

    return _answered(
        once(state, books, _key(), work, sent=digest(body.encode()), timed=False, timed_faults=True)
    )


def _send(state: State, books: Books, entity: Entity, identity: str) -> Response:
    check_content_type(request, NOTHING)
    address_field(entity)
    if state.switches.limits == "intuit" and not state.limits.mail(books.realm):
        raise Fault("3001", LIMIT_REACHED)
    address = request.args.get("sendTo", "")

    def work(change: Change) -> tuple[Record, str]:
        return sent(change, entity, identity, address)

    return _answered(once(state, books, _key(), work, sent=digest(address.encode())))


def _answered(made: Saved) -> Response:
    g.call.replayed = made.replayed
    g.call.committed = "" if made.replayed else made.answer.committed
    return answer(made.answer.body, made.answer.status)


def _batch(state: State, books: Books) -> Response:
    check_content_type(request, JSON)
    requestid = request.args.get("requestid", "")
    items = items_of(load(_text(state, books)), requestid, state.switches.batch_most)
    batch = Batch(state, books, requestid)
    answers = batch.answers(items)
    g.reads, g.call.committed = batch.metered, ",".join(batch.committed)
    return answer({"BatchItemResponse": answers, "time": stamp(state.change(books).now)})


def _upload(state: State, books: Books) -> Response:
    saved = list(uploaded(state, books, _key()))
    made = [one.answer for one in saved if not one.replayed]
    g.call.committed = ",".join(one.committed for one in made if one.committed)
    answers = [load(one.answer.body) for one in saved]
    return answer({"AttachableResponse": answers, "time": stamp(state.change(books).now)})


def _includes() -> list[str]:
    return request.args.get("include", "").lower().split(",")
