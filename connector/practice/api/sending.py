"""Sending a form by e-mail: nothing leaves, but the form says that it was sent."""

from __future__ import annotations

from connector.practice.api.writing import find, store, unsupported
from connector.practice.books.change import Change
from connector.practice.entities import Entity
from connector.practice.faults import Fault
from connector.practice.shape import Record


def check_sendable(entity: Entity) -> None:
    """Raise Fault 500 for what is no form that a customer gets."""
    if "BillEmail" not in entity.fields or "DeliveryInfo" not in entity.fields:
        raise unsupported()


def sent(change: Change, entity: Entity, identity: str, address: str) -> tuple[Record, str]:
    """The form after it was sent to `address`, which it keeps; empty = to its BillEmail.

    Raises Fault 610, 2210 for what is no address, 6420 when there is none at all.
    """
    old = find(change, entity, identity)
    asked = {"Address": address} if address.strip() else None
    email = entity.fields["BillEmail"].clean(asked, "BillEmail") if asked else old.get("BillEmail")
    if not email:
        raise Fault("6420", "An e-mail address is required to send this.", element="BillEmail")
    delivered = {"DeliveryType": "Email", "DeliveryTime": change.stamp}
    marked = {"BillEmail": email, "EmailStatus": "EmailSent", "DeliveryInfo": delivered}
    change.name(entity.name, identity, "emailed")
    record = store(change, entity, {**old, **marked}, old)
    change.apply()
    return {entity.name: entity.present(change.books, record)}, identity
