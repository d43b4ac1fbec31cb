"""Control of the books: shown whole, put back, written past the rules, merged, founded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from connector.practice import founding
from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import income_by_account
from connector.practice.control.bodies import body_of, company
from connector.practice.entities import BY_LOWER_NAME, BY_NAME, ENTITIES
from connector.practice.entities.merging import merge
from connector.practice.gateway.answers import answer
from connector.practice.seed import as_record
from connector.practice.shape import problems
from connector.practice.snapshots import Snapshots
from connector.practice.state import State

_LONGEST_ID = 15
#: Dots in the path of a preference.
_DEEPEST = 10


def books_routes(control: Blueprint, state: State) -> None:
    """One company's books: all of them, its preferences, records past the rules; and reset."""

    @control.get("/books/<realm>")
    def show_books(realm: str) -> Response:
        return answer(told_books(company(state, realm)))

    @control.post("/reset")
    def reset() -> Response:
        state.reset()
        return answer({})

    @control.post("/preferences")
    def prefer() -> Response:
        told = body_of("realm", "set")
        return answer(_preferred(company(state, told.get("realm")), told.get("set", {})))

    @control.post("/records")
    def put() -> Response:
        told = body_of("realm", "entity", "record")
        return answer(_put(state, company(state, told.get("realm")), told))


def company_routes(control: Blueprint, state: State) -> None:
    """Which companies there are, and one more."""

    @control.get("/companies")
    def list_companies() -> Response:
        return answer([founding.shown(state, books) for books in state.companies.values()])

    @control.post("/companies")
    def add_company() -> Response:
        told = body_of("name", "country", "time_zone", "realm_id", "like")
        return answer(founding.shown(state, founding.add_company(state, told)))


def merge_route(control: Blueprint, state: State) -> None:
    """Two customers or vendors become one."""

    @control.post("/merge")
    def merge_two() -> Response:
        told = body_of("realm", "entity", "from", "into")
        books = company(state, told.get("realm"))
        kind, loser, winner = (str(told.get(key, "")) for key in ("entity", "from", "into"))
        with books.lock:
            # Stamped and told once it is its turn, as every other write is.
            change = state.change(books)
            with books.store.transaction():
                stays = merge(change, kind, loser, winner)
            state.announce(books, change)
            return answer(BY_NAME[kind].present(books, stays))


def snapshot_routes(control: Blueprint, snapshots: Snapshots) -> None:
    """Copies of all companies: taken, listed, gone back to, forgotten."""

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


def _preferred(books: Books, wanted: Any) -> dict[str, Any]:
    """The preferences with these values by dotted path; raises ValueError."""
    if not isinstance(wanted, dict):
        raise ValueError("`set` is an object of values by dotted path.")
    with books.store.transaction():
        preferences = books.preferences
        for path, value in wanted.items():
            preferences = _with(preferences, path.split(".", _DEEPEST), value)
        strange = problems(BY_NAME["Preferences"].fields, preferences, "Preferences")
        if strange:
            raise ValueError(f"The preferences cannot be kept: {' '.join(strange)}")
        if "HomeCurrency" not in preferences.get("CurrencyPrefs", {}):
            raise ValueError("A company has a CurrencyPrefs.HomeCurrency.")
        books.store.put("Preferences", preferences)
    return preferences


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
        identity = _identity(record.get("Id") or change.next_id(entity.name))
        full = as_record(entity.name, {**record, "Id": identity}, stamp=change.stamp)
        strange = problems(entity.fields, full, entity.name)
        if strange:
            raise ValueError(f"The record cannot be kept: {' '.join(strange)}")
        change.put(entity.name, full)
        _apply(change)
    return full


def _identity(told: Any) -> str:
    """An id that the sequence of its kind can count on from, where it is a number."""
    identity = str(told)
    if len(identity) > _LONGEST_ID or (identity.isdecimal() and not identity.isascii()):
        raise ValueError(f"An Id is a number of at most {_LONGEST_ID} digits.")
    return identity


def _apply(change: Change) -> None:
    """Put a record that no rule was asked about into effect, if its entry can be made."""
    try:
        change.apply()
    except KeyError as error:
        raise ValueError(
            f"The record lacks {error}, which its entry in the ledger needs."
        ) from error
