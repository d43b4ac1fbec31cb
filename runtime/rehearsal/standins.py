"""Stands in for what a rehearsal cannot look up, so that it still shows all that is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connector.base import Books, Chosen, Record
from connector.quickbooks.items import CHOOSERS
from connector.quickbooks.lookups import ACCOUNTS, ITEMS
from connector.quickbooks.references import KINDS
from runtime.settings.model import MATCH_KEYS

#: What is said of an account that no company names yet.
_UNSET = "not known yet"
_UNDEPOSITED = "Undeposited Funds"


def list_of(query: str, books: Books) -> tuple[Record, ...]:
    """A list as the settings lead one to expect it; empty where they say nothing of it."""
    if query == ACCOUNTS:
        named = dict.fromkeys(_accounts(books))
        undeposited = {**_record("account", _UNDEPOSITED), "AccountSubType": "UndepositedFunds"}
        return (*(_record("account", name) for name in named), undeposited)
    if query == ITEMS:
        return tuple(_items(books))
    return ()


def record_of(kind: str, name: str) -> Chosen:
    """The record that a recipe names, taken for granted."""
    return Chosen(id=_id(KINDS[kind].noun, name), name=name)


def books_without_company(books: Books, data: Mapping[str, Any]) -> Books:
    """Books in which each line of the event has a row, and each use an account."""
    rows = {}
    for line in _lines(data):
        chooser = next((key for key in CHOOSERS if line.get(key)), None)
        if chooser is not None:
            row = {"match": {chooser: line[chooser]}, "income_account": _UNSET}
            rows[chooser, str(line[chooser])] = row
    uses = dict.fromkeys(("deposits", "tips", "discounts", "fees"), _UNSET)
    return replace(
        books, account_mapping=tuple(rows.values()), accounts=uses, match_keys=MATCH_KEYS
    )


def _accounts(books: Books) -> Iterator[str]:
    yield from (str(row["income_account"]) for row in books.account_mapping)
    yield from books.accounts.values()
    yield from books.deposit_to.values()


def _items(books: Books) -> Iterator[Record]:
    for row in books.account_mapping:
        if row.get("item"):
            account = {"value": _id("account", str(row["income_account"]))}
            item = _record("item", str(row["item"]))
            yield {**item, "Type": "Service", "IncomeAccountRef": account}


def _lines(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for part in data.values():
        lines = part.get("lines") if isinstance(part, Mapping) else None
        yield from (line for line in lines or () if isinstance(line, Mapping))


def _record(noun: str, name: str) -> dict[str, Any]:
    return {"Id": _id(noun, name), "Name": name}


def _id(noun: str, name: str) -> str:
    return f"(id of {noun} {name})"
