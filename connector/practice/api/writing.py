"""A write from body to record: create, full and sparse update, delete, void."""

from __future__ import annotations

from typing import Any

from connector.practice.api.texts import cut, with_custom_fields
from connector.practice.api.wrapping import opened, wrapping
from connector.practice.books.change import Change
from connector.practice.entities import Entity
from connector.practice.faults import UNEXPECTED, Fault, business, missing
from connector.practice.shape import Record, clean

#: Lines of a transaction, and those of them that are taxable [C].
_MOST_LINES, _MOST_TAXED = 10_000, 750


def write(change: Change, entity: Entity, body: Any, operation: str) -> Record:
    """Do one operation and put it into effect; the record as it is answered.

    `operation` is empty for create and update, else `delete` or `void`. The caller holds the
    lock of the books. Raises Fault, and then nothing has changed.
    """
    if not isinstance(body, dict):
        raise Fault("2010", "The request body must be a JSON object.")
    if not entity.writable or operation not in ("", "delete", "void"):
        raise unsupported()
    body = opened(entity, body)
    if operation:
        record = _end(change, entity, body, operation)
    else:
        record = _save(change, entity, body)
    change.apply()
    return record


def unsupported() -> Fault:
    """500: the operation does not exist."""
    return Fault("500", "Operation is not supported.", status=500)


def find(change: Change, entity: Entity, identity: str) -> Record:
    """The record as it stands; raises Fault 610, or 2030 for an id that none can have."""
    found = change.find(entity.name, identity)
    if found is None and not identity.isdecimal():
        raise Fault("2030", f"Invalid ID : {identity}", element="Id")
    if found is None:
        raise Fault("610", f"Object Not Found : {entity.name} {identity} does not exist.")
    return found


def _save(change: Change, entity: Entity, body: Record) -> Record:
    if change.switches.long_texts == "cut":
        body = cut(body, entity.fields)
    cleaned = with_custom_fields(clean(body, entity.fields), change.switches)
    _check_size(cleaned)
    _check_customer(body, cleaned)
    sparse = bool(cleaned.pop("sparse", None))
    identity, token = cleaned.pop("Id", None), cleaned.pop("SyncToken", None)
    if identity is None:
        old, merged = None, cleaned
        identity = change.next_id(entity.name)
    else:
        old = _current(change, entity, identity, token)
        merged = _merged(entity, old, cleaned) if sparse else cleaned
    filled = {key: value for key, value in merged.items() if value is not None}
    record = entity.complete(change, {**filled, "Id": identity}, old)
    _check_period(change, entity, record, old)
    return store(change, entity, record, old)


def _check_customer(body: Record, cleaned: Record) -> None:
    """Raise Fault 6000 for a CustomerRef that is there and empty: QuickBooks stumbles over it."""
    if isinstance(body.get("CustomerRef"), dict) and cleaned.get("CustomerRef", 0) is None:
        raise business(f"{UNEXPECTED} (-30000)")


def _check_size(cleaned: Record) -> None:
    """Raise Fault 6000 for too many lines or links [C]; which code it is, is not known [U]."""
    lines = cleaned.get("Line") or ()
    taxed = sum(1 for line in lines if _tax_code(line) not in ("", "NON"))
    if max(len(lines), len(cleaned.get("LinkedTxn") or ())) > _MOST_LINES or taxed > _MOST_TAXED:
        raise business(
            f"A transaction has at most {_MOST_LINES:,} lines, {_MOST_TAXED} of them taxable."
        )


def _tax_code(line: Record) -> str:
    code = (line.get("SalesItemLineDetail") or {}).get("TaxCodeRef") or {}
    return str(code.get("value") or "")


def _end(change: Change, entity: Entity, body: Record, operation: str) -> Record:
    sent = clean(body, entity.fields)
    identity = sent.get("Id")
    if not identity:
        raise missing("Id")
    old = _current(change, entity, identity, sent.get("SyncToken"))
    _check_period(change, entity, old, None)
    if operation == "void":
        allowed = change.switches.void_undocumented or not entity.void_by_switch
        if entity.void is None or not allowed:
            raise unsupported()
        change.name(entity.name, identity, "voided")
        return store(change, entity, entity.void(change, old), old)
    if entity.remove is None:
        raise unsupported()
    entity.remove(change, old)
    change.remove(entity.name, identity)
    gone = {"status": "Deleted", "domain": "QBO", "Id": identity}
    return {**gone, **wrapping(entity, old)}


def _current(change: Change, entity: Entity, identity: str, token: Any) -> Record:
    """The record as it stands; raises Fault 610, 2020 or 5010."""
    old = find(change, entity, identity)
    if token is None:
        raise missing("SyncToken")
    if str(token) != old["SyncToken"]:
        detail = (
            "Stale Object Error : You and another user were working on this at the same time."
            " The other user saved first, so yours was not saved."
        )
        raise Fault("5010", detail)
    return old


def _merged(entity: Entity, old: Record, sent: Record) -> Record:
    """What a sparse update makes of a record."""
    kept = _writable(entity, old)
    if entity.sections:
        sent = {
            key: {**kept[key], **value} if isinstance(value, dict) and key in kept else value
            for key, value in sent.items()
            if value is not None
        }
    return {**kept, **sent}


def _writable(entity: Entity, record: Record) -> Record:
    """What a client may write of a stored record."""
    return {
        key: value
        for key, value in record.items()
        if key in entity.fields and entity.fields[key].writable and key not in ("Id", "SyncToken")
    }


def _check_period(change: Change, entity: Entity, record: Record, old: Record | None) -> None:
    if entity.posting:
        for one in (record, old):
            if one is not None:
                change.check_open(one["TxnDate"])


def store(change: Change, entity: Entity, record: Record, old: Record | None) -> Record:
    """Plan to store a record with its head: SyncToken and times, counted on from `old`."""
    created = old["MetaData"]["CreateTime"] if old else change.stamp
    head = {
        "domain": "QBO",
        "sparse": False,
        "Id": record["Id"],
        "SyncToken": str(int(old["SyncToken"]) + 1) if old else "0",
        "MetaData": {"CreateTime": created, "LastUpdatedTime": change.stamp},
    }
    stored = {**head, **record, **head}
    change.put(entity.name, stored)
    return stored
