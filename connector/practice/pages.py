"""The pages a person looks at: the companies, and the books of one of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from connector.practice.books.books import Books
from connector.practice.books.ledger import income_by_account
from connector.practice.state import State


def blueprint(state: State) -> Blueprint:
    """The routes of the pages."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def index() -> str:
        return render_template("index.html", companies=list(state.companies.values()))

    @pages.get("/books/<realm>")
    def show(realm: str) -> str:
        books = state.companies.get(realm)
        if books is None:
            abort(404)
        return render_template("books.html", **_seen(books))

    return pages


def _seen(books: Books) -> dict[str, Any]:
    with books.lock:
        names = {one["Id"]: one["Name"] for one in books.all("Account")}
        income = income_by_account(books.store)
        customers = [(one, books.balance(one["Id"])) for one in books.all("Customer")]
        return {
            "name": books.name,
            "realm": books.realm,
            "customers": customers,
            "invoices": books.all("Invoice"),
            "payments": books.all("Payment"),
            "estimates": books.all("Estimate"),
            "income": [(key, names.get(key, ""), total) for key, total in income.items()],
        }
