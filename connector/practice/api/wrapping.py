"""Kinds whose bodies wrap another record, as a recurring transaction wraps an invoice."""

from __future__ import annotations

from connector.practice.entities import Entity
from connector.practice.faults import Fault, missing
from connector.practice.shape import Record

_HEAD = ("Id", "SyncToken", "sparse")


def opened(entity: Entity, body: Record) -> Record:
    """The body with the identity of its inner record as its own; raises Fault 2010 or 2020."""
    if not entity.wraps:
        return body
    found = [name for name in body if name in entity.wraps]
    if not found:
        raise missing("Transaction")
    if len(found) > 1 or not isinstance(body[found[0]], dict):
        raise Fault("2010", f"{entity.name} holds one transaction, an object.", element=found[0])
    inner = body[found[0]]
    head = {key: inner[key] for key in _HEAD if key in inner}
    rest = {key: value for key, value in inner.items() if key not in ("Id", "SyncToken")}
    return {**body, **head, found[0]: rest}


def wrapping(entity: Entity, record: Record) -> Record:
    """The names under which a deleted record is answered, each with an empty one."""
    return {name: {} for name in entity.wraps if name in record}
