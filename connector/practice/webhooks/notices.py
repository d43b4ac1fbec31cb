"""What Intuit says in a webhook: its events, as CloudEvents and in the shape used before 2026."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from connector.practice.login.tokens import CLIENT_ID
from connector.practice.wire import dump

#: The kinds of record that Intuit announces [C].
ENTITIES = frozenset(
    {
        "Account",
        "Bill",
        "BillPayment",
        "Budget",
        "Class",
        "CreditMemo",
        "Currency",
        "Customer",
        "Department",
        "Deposit",
        "Employee",
        "Estimate",
        "Invoice",
        "Item",
        "JournalCode",
        "JournalEntry",
        "Payment",
        "PaymentMethod",
        "Preferences",
        "Purchase",
        "PurchaseOrder",
        "RefundReceipt",
        "SalesReceipt",
        "TaxAgency",
        "Term",
        "TimeActivity",
        "Transfer",
        "Vendor",
        "VendorCredit",
    }
)
SHAPES = ("cloudevents", "legacy")
_MERGEABLE = frozenset({"Customer", "Vendor"})
#: `intuit.` and the hash of something of the app's; which text Intuit hashes is not known.
_SOURCE = "intuit." + base64.b64encode(hashlib.sha256(CLIENT_ID.encode()).digest()).decode()


class Operation(StrEnum):
    """What happened to a record; the values are the words of the CloudEvents types."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    VOIDED = "voided"
    MERGED = "merged"
    EMAILED = "emailed"


_OLD_NAMES = {
    Operation.CREATED: "Create",
    Operation.UPDATED: "Update",
    Operation.DELETED: "Delete",
    Operation.VOIDED: "Void",
    Operation.MERGED: "Merge",
    Operation.EMAILED: "Emailed",
}


class Names(NamedTuple):
    """How one kind of event is called in both shapes."""

    #: `qbo.invoice.updated.v1`
    type: str
    #: `Invoice`
    name: str
    #: `Update`
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened in the books."""

    #: The same in every delivery; receivers recognise repeats by it.
    id: str
    realm: str
    entity: str
    operation: Operation
    #: Id of the record; of a merge, the record that stays.
    identity: str
    at: datetime
    #: Of a merge: Id of the record that went.
    deleted_id: str = ""


def names(entity: str, operation: str) -> Names:
    """The names of an event; raises ValueError for an operation that Intuit does not know."""
    known = Operation(operation)
    return Names(f"qbo.{entity.lower()}.{known}.v1", entity, _OLD_NAMES[known])


def is_announced(entity: str, operation: Operation) -> bool:
    """Whether Intuit sends an event: Preferences are only updated, only people merge [C]."""
    if entity == "Preferences":
        return operation is Operation.UPDATED
    if operation is Operation.MERGED:
        return entity in _MERGEABLE
    return entity in ENTITIES


def body(events: Sequence[Event], shape: str) -> bytes:
    """The body of one POST in one of SHAPES; it may hold events of several companies [C]."""
    told = _legacy(events) if shape == "legacy" else [_cloud_event(event) for event in events]
    return dump(told).encode()


def _cloud_event(event: Event) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": _SOURCE,
        "type": names(event.entity, event.operation).type,
        "datacontenttype": "application/json",
        "time": _utc(event.at, "seconds"),
        "intuitentityid": event.identity,
        "intuitaccountid": event.realm,
        "data": {"deletedid": event.deleted_id} if event.deleted_id else {},
    }


def _legacy(events: Sequence[Event]) -> dict[str, Any]:
    by_realm: dict[str, list[dict[str, str]]] = {}
    for event in events:
        by_realm.setdefault(event.realm, []).append(_legacy_entity(event))
    notifications = [
        {"realmId": realm, "dataChangeEvent": {"entities": entities}}
        for realm, entities in by_realm.items()
    ]
    return {"eventNotifications": notifications}


def _legacy_entity(event: Event) -> dict[str, str]:
    called = names(event.entity, event.operation)
    entity = {
        "id": event.identity,
        "operation": called.operation,
        "name": called.name,
        "lastUpdated": _utc(event.at, "milliseconds"),
    }
    return {**entity, "deletedId": event.deleted_id} if event.deleted_id else entity


def _utc(moment: datetime, digits: str) -> str:
    return moment.astimezone(UTC).isoformat(timespec=digits).replace("+00:00", "Z")
