"""Names of list records: unique, in a hierarchy, and set aside while a record is inactive."""

from __future__ import annotations

from itertools import count

from connector.practice.books.change import Change
from connector.practice.faults import Fault, business
from connector.practice.shape import Record

_LEVELS = 5


def settle_name(
    change: Change, entity: str, record: Record, old: Record | None, *, field: str
) -> Record:
    """Give the record its final name and Active; raises Fault 6240 when the name is taken.

    An inactive record is renamed "… (deleted)", as QuickBooks does, and gets its name back when
    it is made active again.
    """
    was_active = old is None or old.get("Active", True)
    active = record.get("Active")
    active = was_active if active is None else active
    name = record[field]
    if active and not was_active:
        name = name.rsplit(" (deleted", 1)[0]
    if not active and was_active:
        name = _free(change, entity, record, name)
    full = _path(change, entity, record) + name
    if active:
        change.check_unique(entity, _unique_by(field, name, full), record["Id"])
    return {**record, field: name, "FullyQualifiedName": full, "Active": active}


def _unique_by(field: str, name: str, full: str) -> str:
    """People are unique by their own name, lists by the name with its parents."""
    return name if field == "DisplayName" else full


def _free(change: Change, entity: str, record: Record, name: str) -> str:
    for number in count():
        candidate = f"{name} (deleted{f'-{number}' if number else ''})"
        try:
            change.check_unique(entity, candidate, record["Id"])
        except Fault:
            continue
        return candidate
    raise AssertionError("count() does not end")


def _path(change: Change, entity: str, record: Record) -> str:
    """The names of the parents, each with a colon behind it."""
    names: list[str] = []
    parent = record.get("ParentRef")
    while parent:
        above = change.refer(entity, parent["value"])
        names.insert(0, above.get("DisplayName") or above["Name"])
        parent = above.get("ParentRef")
        if above["Id"] == record["Id"] or len(names) >= _LEVELS:
            raise business(f"{entity} can be nested {_LEVELS} levels deep, and not in itself.")
    return "".join(f"{name}:" for name in names)
