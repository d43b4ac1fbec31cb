"""Builds standard events for tests: complete and consistent unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

DANA: Mapping[str, Any] = {
    "id": "c_501",
    "name": "Dana Whitfield",
    "first_name": "Dana",
    "last_name": "Whitfield",
    "email": "dana.whitfield@example.com",
    "phone": "+12085550143",
}
NEW: Mapping[str, Any] = {
    "id": "c_900",
    "name": "Robin Vale",
    "first_name": "Robin",
    "last_name": "Vale",
    "company": None,
    "email": "robin.vale@example.com",
    "phone": "+12085550177",
    "billing_address": {
        "line1": "9 Elm St",
        "city": "Boise",
        "region": "ID",
        "postal_code": "83702",
        "country": "US",
    },
}


def line(
    amount: str, service_type: str = "residential_cleaning", quantity: str = "1", **more: Any
) -> dict[str, Any]:
    """One line over `amount`."""
    price = Decimal(amount) / Decimal(quantity)
    return {
        "service_type": service_type,
        "kind": "service",
        "description": service_type.replace("_", " ").capitalize(),
        "quantity": quantity,
        "unit_price": str(price),
        "amount": amount,
        "taxable": False,
        **more,
    }


def _total(lines: list[dict[str, Any]]) -> str:
    return str(sum((Decimal(each["amount"]) for each in lines), Decimal("0.00")))


def _event(kind: str, data: Mapping[str, Any], at: str, **envelope: Any) -> dict[str, Any]:
    return {"type": kind, "timestamp": at, "test": False, "data": dict(data), **envelope}


def payment(
    number: str = "2001",
    lines: list[dict[str, Any]] | None = None,
    *,
    contact: Mapping[str, Any] = NEW,
    amount: str | None = None,
    at: str = "2026-11-06T16:58:40-07:00",
    invoice: Mapping[str, Any] | None = None,
    paid: Mapping[str, Any] | None = None,
    **envelope: Any,
) -> dict[str, Any]:
    """`payment.collected` over a whole invoice, or over `amount` of it."""
    lines = lines or [line("475.00")]
    total = _total(lines)
    data = {
        "contact": dict(contact),
        "invoice": {
            "id": f"inv_{number}",
            "number": number,
            "job_id": f"job_{number}",
            "issued_on": at[:10],
            "lines": lines,
            "total": total,
            **(invoice or {}),
        },
        "payment": {
            "id": f"pay_{number}",
            "amount": amount or total,
            "currency": "USD",
            "collected_at": at,
            "method": "card",
            "processor": "stripe",
            "processor_ref": f"pi_3QExampleOf{number}",
            "kind": "payment",
            **(paid or {}),
        },
    }
    return _event("payment.collected", data, at, **envelope)


def contact_created(contact: Mapping[str, Any] = NEW, **envelope: Any) -> dict[str, Any]:
    """`contact.created`."""
    return _event("contact.created", {"contact": dict(contact)}, "2026-11-06T15:00:00Z", **envelope)


def job_closed(
    job: str = "2001",
    lines: list[dict[str, Any]] | None = None,
    *,
    contact: Mapping[str, Any] = NEW,
    at: str = "2026-11-05T15:30:00-07:00",
    **more: Any,
) -> dict[str, Any]:
    """`job.closed` of the job that `payment` with the same number pays."""
    lines = lines or [line("475.00")]
    data = {
        "contact": dict(contact),
        "job": {
            "id": f"job_{job}",
            "number": job,
            "closed_at": at,
            "lines": lines,
            "total": _total(lines),
            **more,
        },
    }
    return _event("job.closed", data, at)


def estimate_accepted(
    number: str = "E-7",
    lines: list[dict[str, Any]] | None = None,
    *,
    contact: Mapping[str, Any] = NEW,
    **more: Any,
) -> dict[str, Any]:
    """`estimate.accepted`."""
    lines = lines or [line("320.00", "plumbing")]
    data = {
        "contact": dict(contact),
        "estimate": {
            "id": f"est_{number}",
            "number": number,
            "job_id": f"job_{number}",
            "issued_on": "2026-11-02",
            "accepted_at": "2026-11-04T10:00:00-07:00",
            "expires_on": "2026-12-02",
            "lines": lines,
            "total": _total(lines),
            **more,
        },
    }
    return _event("estimate.accepted", data, "2026-11-04T17:00:01Z")
