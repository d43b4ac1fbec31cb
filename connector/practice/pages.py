"""The pages a person looks at: companies, the books of one, lists of records, and one record."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, render_template, request

from connector.practice.books import ledger
from connector.practice.books.books import Books
from connector.practice.entities import BY_LOWER_NAME, ENTITIES, Entity
from connector.practice.shape import Record
from connector.practice.state import State

_ROWS = 50
_LAST_PAGE = 10**9
#: Fields that say what a record is, the first that is filled.
_TITLES = ("DisplayName", "FullyQualifiedName", "Name", "DocNumber", "PaymentRefNum", "FileName")


def blueprint(state: State) -> Blueprint:
    """The routes of the pages."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def index() -> str:
        return render_template("index.html", companies=list(state.companies.values()))

    @pages.get("/books/<realm>")
    def show(realm: str) -> str:
        return render_template("books.html", **_overview(_books(state, realm)))

    @pages.get("/books/<realm>/<kind>")
    def show_list(realm: str, kind: str) -> str:
        return render_template("records.html", **_list(_books(state, realm), _kind(kind)))

    @pages.get("/books/<realm>/<kind>/<identity>")
    def show_record(realm: str, kind: str, identity: str) -> str:
        seen = _record(_books(state, realm), _kind(kind), identity)
        return render_template("record.html", **seen)

    return pages


def _books(state: State, realm: str) -> Books:
    return state.companies.get(realm) or abort(404)


def _kind(name: str) -> Entity:
    return BY_LOWER_NAME.get(name.lower()) or abort(404)


def _overview(books: Books) -> dict[str, Any]:
    """Accounts with their balances, how many records there are, and the latest of each kind."""
    with books.lock:
        kinds = [(entity.name, books.count(entity.name)) for entity in ENTITIES]
        kinds = [(name, count) for name, count in kinds if count]
        return {
            "books": books,
            "accounts": list(_balances(books)),
            "kinds": kinds,
            "latest": [
                (entity.name, [_row(entity, one, one) for one in books.latest(entity.name, _ROWS)])
                for entity in ENTITIES
                if entity.posting and books.count(entity.name)
            ],
        }


def _balances(books: Books) -> Iterator[tuple[Record, Decimal, Decimal]]:
    """(account, debit, credit) of each account that has a balance."""
    for account in books.all("Account"):
        balance = ledger.balance_of(books.store, account["Id"])
        if balance:
            yield account, max(balance, Decimal(0)), max(-balance, Decimal(0))


def _list(books: Books, entity: Entity) -> dict[str, Any]:
    page = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    with books.lock:
        count = books.count(entity.name)
        found = books.latest(entity.name, _ROWS, (page - 1) * _ROWS)
        rows = [_row(entity, one, entity.present(books, one)) for one in found]
    more = page * _ROWS < count
    return {"books": books, "kind": entity.name, "rows": rows, "page": page, "more": more}


def _record(books: Books, entity: Entity, identity: str) -> dict[str, Any]:
    """A record as the API shows it, flattened, with what it posted."""
    with books.lock:
        found = books.find(entity.name, identity) or abort(404)
        shown = entity.present(books, found)
        names = {account["Id"]: account["Name"] for account in books.all("Account")}
        postings = ledger.postings_of(books.store, entity.name, identity)
    return {
        "books": books,
        "kind": entity.name,
        "row": _row(entity, found, shown),
        "fields": list(_flat(shown)),
        "postings": [(one, names.get(one.account, "")) for one in postings],
    }


def _row(entity: Entity, stored: Record, record: Record) -> dict[str, Any]:
    """What a list shows of a record, which as readers see it may be wrapped."""
    party = record.get("CustomerRef") or record.get("VendorRef") or record.get("EntityRef") or {}
    return {
        "kind": entity.name,
        "id": stored["Id"],
        "title": next((record[field] for field in _TITLES if record.get(field)), ""),
        "date": record.get("TxnDate", ""),
        "party": party.get("name") or party.get("value", ""),
        "total": record.get("TotalAmt", record.get("Amount", "")),
        "open": record.get("Balance", record.get("UnappliedAmt", "")),
        "inactive": record.get("Active") is False,
    }


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of everything in a record."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path}[{index}]")
    else:
        yield path, value
