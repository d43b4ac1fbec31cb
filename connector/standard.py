"""The standard events: their names, and the envelope that carries them.

An envelope is `{"type", "timestamp", "test", "location", "data"}`; the webhook adds its id in a
header, the poll as `id` in the element. Every CRM or payment connector may give these events.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connector.base import BadWebhook, Happening

_TYPES = {
    "contact": "created updated deleted merged",
    "estimate": "sent accepted declined updated expired",
    "job": "closed reopened cancelled",
    "invoice": "created sent updated voided deleted",
    "payment": "collected refunded reversed",
    "deposit": "collected forfeited",
}

#: Every standard type, such as `payment.collected`.
STANDARD_TYPES: frozenset[str] = frozenset(
    f"{thing}.{what}" for thing, whats in _TYPES.items() for what in whats.split()
)

#: Their names in recipes, such as `payment_collected`.
STANDARD_TRIGGERS: frozenset[str] = frozenset(type_.replace(".", "_") for type_ in STANDARD_TYPES)


def trigger_of(type_: str, data: Mapping[str, Any]) -> str:
    """The trigger a recipe names, or empty when `type_` is not a standard event.

    Money before the work is `deposit_collected` however it is told: as `deposit.collected`, or as
    `payment.collected` whose payment has the kind deposit.
    """
    if type_ not in STANDARD_TYPES:
        return ""
    payment = data.get("payment")
    kind = payment.get("kind") if isinstance(payment, Mapping) else None
    if type_ == "payment.collected" and kind == "deposit":
        return "deposit_collected"
    return type_.replace(".", "_")


def happening(envelope: Any, *, identity: str, raw: bytes) -> Happening:
    """What an envelope says. `identity` is the webhook's id, `raw` the bytes to keep.

    Raises BadWebhook (400) with a sentence for an envelope that breaks the contract; an unknown
    type does not: it is told as ignored, so that a newer CRM loses nothing.
    """
    if not isinstance(envelope, dict):
        raise BadWebhook(400, "The body is not a JSON object.")
    type_ = envelope.get("type")
    if not isinstance(type_, str) or not type_:
        raise BadWebhook(400, 'The event has no "type".')
    data = envelope.get("data")
    if not isinstance(data, dict):
        raise BadWebhook(400, f'The event {type_} has no "data" object.')
    trigger = trigger_of(type_, data)
    return Happening(
        identity=_payment_id(data) or identity if trigger == "deposit_collected" else identity,
        type=type_,
        trigger=trigger,
        happened_at=moment(envelope.get("timestamp")),
        data=data,
        location=_text(envelope.get("location")),
        test=_test(envelope.get("test")),
        contact=_contact(data),
        ignored="" if trigger else f"{type_} is not an event that Bookrelay knows.",
        raw=raw,
    )


def moment(value: Any) -> datetime:
    """An RFC 3339 time with its offset. Raises BadWebhook (400) for anything else."""
    try:
        time = datetime.fromisoformat(value)
        time.astimezone(UTC)  # the first and last hours of the calendar cannot be converted
    except (TypeError, ValueError, OverflowError):
        raise BadWebhook(
            400, 'The "timestamp" is not a time such as 2026-11-06T16:58:40-07:00.'
        ) from None
    if time.tzinfo is None:
        raise BadWebhook(400, 'The "timestamp" has no offset from UTC, so its day is not certain.')
    return time


def _test(value: Any) -> bool:
    """A test event must never be taken for a real one, so only true, false or nothing will do."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise BadWebhook(400, 'The field "test" must be true or false.')


def _payment_id(data: Mapping[str, Any]) -> str:
    """A deposit is told in two spellings, each with its own webhook; the payment's id is one."""
    payment = data.get("payment")
    return _text(payment.get("id")) if isinstance(payment, Mapping) else ""


def _contact(data: Mapping[str, Any]) -> str:
    contact = data.get("contact")
    if not isinstance(contact, Mapping):
        return ""
    return _text(contact.get("id")) or _text(contact.get("email")).strip().lower()


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (bool, dict, list)) else str(value)
