"""Builds single deliveries of the sample week: complete events, as their sources send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from runtime.demo.people import contact, sample

_OFFSET = "-07:00"  # America/Boise in November
ZERO = Decimal("0.00")


class Way(StrEnum):
    """How a delivery reaches Bookrelay."""

    WEBHOOK = "webhook"
    #: The same webhook once more, as senders do when they are not sure.
    AGAIN = "again"
    #: The webhook was lost; only the CRM's list of events has it.
    POLL = "poll"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to Bookrelay."""

    #: Day and time in Boise, e.g. `2026-11-02T09:10`.
    at: str
    connection: str
    #: The webhook-id, or Stripe's event id.
    identity: str
    #: The body: an envelope of the CRM, or an event of Stripe.
    event: Mapping[str, Any]
    way: Way = Way.WEBHOOK
    #: What happens, for who watches.
    words: str

    @property
    def type(self) -> str:
        """The event's type as its source calls it."""
        return str(self.event["type"])


def line(
    service_type: str,
    amount: str,
    text: str,
    *,
    quantity: str = "1",
    category: str | None = None,
    kind: str = "service",
) -> dict[str, Any]:
    """One line over `amount`; what is not taxed says so."""
    return {
        "service_type": service_type or None,
        "category": category,
        "kind": kind,
        "description": text,
        "quantity": quantity,
        "unit_price": str(Decimal(amount) / Decimal(quantity)),
        "amount": amount,
        "taxable": False,
    }


def _sum(lines: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(each["amount"]) for each in lines), ZERO)


def _told(at: str, identity: str, kind: str, data: dict[str, Any], words: str) -> Delivery:
    event = {"type": kind, "timestamp": f"{at}:00{_OFFSET}", "test": False, "data": data}
    return Delivery(
        at=at,
        connection="leadexploder",
        identity=f"msg_{identity}",
        event=event,
        words=f"{kind} {words}",
    )


def contact_created(at: str, who: str) -> Delivery:
    """A contact that was added in the CRM."""
    person = contact(who)
    return _told(at, f"contact_{who}", "contact.created", {"contact": person}, person["name"])


def estimate_accepted(at: str, who: str, number: str, lines: list[dict[str, Any]]) -> Delivery:
    """An estimate that the customer accepted."""
    person = contact(who)
    estimate = {
        "id": f"est_{number}",
        "number": f"E-{number}",
        "issued_on": "2026-10-30",
        "accepted_at": f"{at}:00{_OFFSET}",
        "expires_on": "2026-11-30",
        "lines": lines,
        "discount": "0.00",
        "tax": "0.00",
        "total": str(_sum(lines)),
    }
    words = f"E-{number} over {estimate['total']}, {person['name']}"
    data = {"estimate": estimate, "contact": person}
    return _told(at, f"est_{number}", "estimate.accepted", data, words)


def job_closed(
    at: str,
    who: str,
    number: str,
    lines: list[dict[str, Any]],
) -> Delivery:
    """A job that was done, with what will be billed for it."""
    person = contact(who)
    job = {
        "id": f"job_{number}",
        "number": number,
        "closed_at": f"{at}:00{_OFFSET}",
        "lines": lines,
        "discount": "0.00",
        "tax": "0.00",
        "total": str(_sum(lines)),
    }
    words = f"{number}, {person['name']}"
    return _told(at, f"job_{number}", "job.closed", {"job": job, "contact": person}, words)


def payment_collected(
    at: str,
    who: str,
    number: str,
    lines: list[dict[str, Any]],
    method: str,
    *,
    part: str = "",
    check: str | None = None,
    way: Way = Way.WEBHOOK,
    **invoice: str,
) -> Delivery:
    """A payment of an invoice, or of `part` of it; `invoice` has its discount, tax, tip …"""
    person = contact(who)
    bill = _invoice(at, number, lines, invoice)
    amount = part or bill["total"]
    identity = f"pay_{number}" + (f"_{part[:3]}" if part else "")
    by_processor = method in ("card", "ach")
    payment = {
        "id": identity,
        "amount": amount,
        "currency": "USD",
        "collected_at": f"{at}:00{_OFFSET}",
        "method": method,
        "check_number": check,
        "processor": "stripe" if by_processor else None,
        "processor_ref": f"pi_Example{number}" if by_processor else None,
        "kind": "payment",
    }
    of = f" of {bill['total']}" if part else ""
    words = f"{number} over {amount}{of}, {person['name']}, {method}"
    data = {"payment": payment, "invoice": bill, "contact": person}
    return replace(_told(at, identity, "payment.collected", data, words), way=way)


def _invoice(
    at: str, number: str, lines: list[dict[str, Any]], more: Mapping[str, str]
) -> dict[str, Any]:
    discount, tax, tip = (Decimal(more.get(key, "0.00")) for key in ("discount", "tax", "tip"))
    return {
        "id": f"inv_{number}",
        "number": number,
        "job_id": more.get("job", f"job_of_{number}"),
        "estimate_id": more.get("estimate"),
        "issued_on": at[:10],
        "lines": lines,
        "discount": str(discount),
        "tax": str(tax),
        "tip": str(tip),
        "total": str(_sum(lines) - discount + tax + tip),
    }


def processor_told(at: str, name: str, words: str) -> Delivery:
    """What Stripe sends; `name` is that of its sample."""
    event = sample("stripe", name)
    return Delivery(
        at=at,
        connection="stripe",
        identity=event["id"],
        event=event,
        words=f"{event['type']} {words}",
    )
