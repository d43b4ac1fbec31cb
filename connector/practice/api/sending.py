"""Sending a form by e-mail: nothing leaves, but the form says that it was sent."""

from __future__ import annotations

from connector.practice.api.writing import find, store, unsupported
from connector.practice.books.change import Change
from connector.practice.entities import Entity
from connector.practice.faults import Fault
from connector.practice.shape import Record

#: Where a form keeps whom it goes to: the vendor of an order, or the customer.
_ADDRESSES = ("POEmail", "BillEmail")


def address_field(entity: Entity) -> str:
    """Where it keeps its address; raises Fault 500 for what is no form that anyone gets."""
    found = [field for field in _ADDRESSES if field in entity.fields]
    if not found or "EmailStatus" not in entity.fields:
        raise unsupported()
    return found[0]


def sent(change: Change, entity: Entity, identity: str, address: str) -> tuple[Record, str]:
    """The form after it was sent to `address`, which it keeps; empty = to its own.

    Raises Fault 610, 2210 for what is no address, 6420 when there is none at all.
    """
    old = find(change, entity, identity)
    field = address_field(entity)
    asked = {"Address": address} if address.strip() else None
    email = entity.fields[field].clean(asked, field) if asked else old.get(field)
    if not email:
        raise Fault("6420", "An e-mail address is required to send this.", element=field)
    marked = {field: email, "EmailStatus": "EmailSent"}
    if "DeliveryInfo" in entity.fields:
        marked["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": change.stamp}
    change.name(entity.name, identity, "emailed")
    record = store(change, entity, {**old, **marked}, old)
    change.apply()
    return {entity.name: entity.present(change.books, record)}, identity
