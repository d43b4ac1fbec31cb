"""Which names must differ from which, and who has them."""

from __future__ import annotations

from connector.practice.books.keys import folded
from connector.practice.books.store import Store
from connector.practice.shape import Record

#: Where names must be unique: the space of names and the field that holds them.
_SPACES = {
    "Customer": ("people", "DisplayName"),
    "Vendor": ("people", "DisplayName"),
    "Employee": ("people", "DisplayName"),
    "Item": ("Item", "FullyQualifiedName"),
    "Account": ("Account", "FullyQualifiedName"),
    "Class": ("Class", "FullyQualifiedName"),
    "Department": ("Department", "FullyQualifiedName"),
    "Term": ("Term", "Name"),
    "PaymentMethod": ("PaymentMethod", "Name"),
    "TaxCode": ("TaxCode", "Name"),
    "TaxRate": ("TaxRate", "Name"),
    "TaxAgency": ("TaxAgency", "DisplayName"),
}
_DELETED = " (deleted"
#: The names that inactive records had before.
_ONCE = " once"


def note_names(store: Store, entity: str, record: Record) -> None:
    """Let a record have its names, and no others."""
    forget_names(store, entity, record["Id"])
    for space, key in _names_of(entity, record):
        store.run("INSERT INTO name VALUES (?, ?, ?, ?)", (space, key, entity, record["Id"]))


def forget_names(store: Store, entity: str, identity: str) -> None:
    """Free the names of a record."""
    store.run("DELETE FROM name WHERE entity = ? AND id = ?", (entity, identity))


def owners(store: Store, entity: str, name: str, *, once: bool) -> set[tuple[str, str]]:
    """(entity, id) of all that have this name where `entity` must differ.

    With `once`, also of inactive records that had it before they were renamed.
    """
    space = _SPACES[entity][0]
    spaces = (space, space + _ONCE) if once else (space, space)
    rows = store.run(
        "SELECT entity, id FROM name WHERE space IN (?, ?) AND key = ?", (*spaces, folded(name))
    )
    return {(entity, identity) for entity, identity in rows}


def _names_of(entity: str, record: Record) -> list[tuple[str, str]]:
    space, field = _SPACES.get(entity, ("", ""))
    name = str(record.get(field) or record.get("Name") or "")
    if not space or not name:
        return []
    found = [(space, folded(name))]
    if record.get("Active") is False and _DELETED in name:
        found.append((space + _ONCE, folded(name[: name.rindex(_DELETED)])))
    return found
