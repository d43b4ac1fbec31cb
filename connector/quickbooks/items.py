"""Which item, and so which income account, a line is booked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.base import (
    DAY,
    Books,
    Chosen,
    Document,
    Find,
    Link,
    Linked,
    Need,
    Read,
    Record,
    Write,
)
from connector.errors import Hold, Rejected
from connector.quickbooks import language
from connector.quickbooks.lookups import ITEMS, MOMENT, Part, income_account, set_account
from connector.quickbooks.names import ITEM_NAME, clean, normal, numbered, title
from connector.quickbooks.references import choose

#: The fields of a line that choose its row.
CHOOSERS = ("service_type", "category", "product_id", "name", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Where a line goes."""

    item: str
    #: The item's name, for `rules.line_text: category_only`.
    label: str
    taxable: bool
    #: QuickBooks' ids of class and location, where the recipe or the mapping names them.
    klass: str | None = None
    location: str | None = None
    #: Name of the income account; empty where the item alone says it.
    account: str = ""
    #: What decided it, for people.
    why: str = ""


def choose_row(rows: Sequence[Mapping[str, Any]], line: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first row of the account mapping all of whose `match` values the line has.

    Raises Hold when no row matches.
    """
    for row in rows:
        if all(_fits(line, key, wanted) for key, wanted in row["match"].items()):
            return row
    given = ", ".join(f"{key} {line[key]}" for key in CHOOSERS if line.get(key))
    raise Hold(
        "unmapped",
        f"No row of the account mapping fits a line with {given or 'no service type'}, so its "
        "income account is not known. Nothing was booked.",
        fix=_row_to_add(line),
    )


def booking_of(line: Mapping[str, Any], books: Books) -> Part[Booking]:
    """The item of a line: the one the recipe names, else that of its account mapping row.

    Raises Hold where it is unmapped or the mapping does not work.
    """
    if line.get("item"):
        return _explicit(line)
    row = choose_row(books.account_mapping, line)
    name = _row_name(row)
    account = yield from income_account(str(row["income_account"]), name)
    if row.get("item"):
        item = yield from _named_item(str(row["item"]), account)
    else:
        kind = "NonInventory" if line.get("kind") == "product" else "Service"
        item = yield from _own_item(_row_key(row), name, account, kind)
    klass = yield from _tag("class", line.get("class"), row, books)
    location = yield from _tag("location", None, row, books)
    return Booking(
        item=item,
        label=name,
        taxable=_taxable(line, bool(row.get("taxable", False))),
        klass=klass,
        location=location,
        account=str(account.get("Name", "")),
        why=f"the account mapping's row for {_row_match(row)}",
    )


def _explicit(line: Mapping[str, Any]) -> Booking:
    """An existing item, used as it is."""
    item, klass = line["item"], line.get("class")
    return Booking(
        item=item.id,
        label=item.name,
        taxable=_taxable(line, False),
        klass=klass.id if klass else None,
        why="the recipe names the item",
    )


def _taxable(line: Mapping[str, Any], otherwise: bool) -> bool:
    said = line.get("taxable")
    return otherwise if said is None else bool(said)


def _tag(
    kind: str, chosen: Chosen | None, row: Mapping[str, Any], books: Books
) -> Part[str | None]:
    """Id of the class or location of a line: the recipe's, else its mapping row's."""
    if chosen is None and row.get(kind):
        who = f"The account mapping's row for {_row_match(row)}"
        chosen = yield from choose(kind, str(row[kind]), who, books)
    return chosen.id if chosen else None


def item_on_account(use: str, label: str, why: str, books: Books) -> Part[str]:
    """Our item on the account that the settings name for `use` (tips, deposits)."""
    account = yield from set_account(books.accounts, use, why)
    item = yield from _own_item(f"use={use}", label, account, "Service")
    return item


def _fits(line: Mapping[str, Any], key: str, wanted: Any) -> bool:
    given = line.get(key)
    return given is not None and normal(str(given)) == normal(str(wanted))


def _row_to_add(line: Mapping[str, Any]) -> str:
    key = next((key for key in CHOOSERS if line.get(key)), "name")
    return (
        f"Add a row with match: {{{key}: {line.get(key) or '…'}}} and its income_account to the "
        "account mapping; what waits is booked by itself."
    )


def _row_key(row: Mapping[str, Any]) -> str:
    return "&".join(f"{key}={normal(str(row['match'][key]))}" for key in sorted(row["match"]))


def _row_match(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {row['match'][key]}" for key in CHOOSERS if key in row["match"])


def _row_name(row: Mapping[str, Any]) -> str:
    values = [str(row["match"][key]) for key in CHOOSERS if key in row["match"]]
    return clean(" ".join(title(value) for value in values), ITEM_NAME)


def _named_item(name: str, account: Record) -> Part[str]:
    found: list[Record] = []
    for age in (DAY, MOMENT):  # it may have been made or corrected since the list was read
        records = yield Read(query=ITEMS, cached=True, age=age)
        found = [each for each in records if normal(name) in map(normal, _names(each))]
        if found and _posts_to(found[0], account):
            return str(found[0]["Id"])
    if found:
        raise Hold(
            "account-unset",
            f'The item "{name}" of the account mapping posts to another account than '
            f'"{account.get("Name")}". Nothing was booked.',
            fix="Choose another item or account in that row; the item is never changed by us.",
        )
    raise Hold(
        "account-unset",
        f'QuickBooks has no active item "{name}", which the account mapping names. '
        "Nothing was booked.",
        fix="Create or reactivate it, or take `item` out of that row to let Bookrelay make one.",
    )


def _names(item: Record) -> tuple[str, str]:
    return item.get("Name", ""), item.get("FullyQualifiedName", "")


def _own_item(key: str, name: str, account: Record, kind: str) -> Part[str]:
    """The item that belongs to a mapping row and its account; found, or made once."""
    document = Document(kind="item", aliases=(f"row:{key}@{account['Id']}",))
    linked = yield Need(document=document)
    if linked is not None:
        return str(linked.id)
    taken = {normal(i.get("Name", "")): i for i in (yield Read(query=ITEMS, cached=True))}
    same = taken.get(normal(name))
    if same is not None and _posts_to(same, account) and same.get("Type") == kind:
        found = Linked(kind="item", id=str(same["Id"]), facts={"name": same["Name"]})
        linked = yield Link(document=document, linked=found)
        return str(linked.id)
    free = name if same is None else _free_name(f"{name} - {account.get('Name', '')}", taken)
    try:
        written = yield _creation(document, free, account, kind)
    except Rejected as refusal:
        if refusal.code != "6240":
            raise
        # The name belongs to an item that was made or switched off since the list was read.
        free = _free_name(f"{free} - {account.get('Name', '')}", taken)
        written = yield _creation(document, free, account, kind)
    return str(written.id)


def _creation(document: Document, name: str, account: Record, kind: str) -> Write:
    reference = {"value": str(account["Id"]), "name": account.get("Name", "")}
    body = {"Name": name, "Type": kind, "IncomeAccountRef": reference, "Taxable": False}
    return Write(
        document=document,
        operation="create",
        path="item",
        body=body,
        facts={"name": name},
        find=(
            Find(
                query=f"select * from Item where {language.equals('Name', name)}",
                expect={"Name": name, "IncomeAccountRef.value": str(account["Id"])},
            ),
        ),
    )


def _posts_to(item: Record, account: Record) -> bool:
    reference = item.get("IncomeAccountRef") or {}
    return str(reference.get("value")) == str(account["Id"]) and bool(item.get("Active", True))


def _free_name(name: str, taken: Mapping[str, Record]) -> str:
    name = clean(name, ITEM_NAME)
    n = 2
    free = name
    while normal(free) in taken:
        free = numbered(name, n, ITEM_NAME)
        n += 1
    return free
