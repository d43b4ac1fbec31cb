"""What must hold of an event before a recipe's first step, live or in a rehearsal. Pure."""

from __future__ import annotations

from connector.errors import Hold, Skipped
from runtime.events import validate_event
from runtime.models import Event
from runtime.settings import Company, Environment


def admit(event: Event, company: Company | None) -> None:
    """Raises Skipped for a test that would reach a live company, Hold for a broken event."""
    if event.test and not _is_practice(company):
        raise Skipped("A test event never reaches a live company. Nothing was booked.")
    complaints = validate_event(event.type, event.data)
    if complaints:
        raise Hold(
            "bad-event",
            f"The event {event.type} {event.identity} cannot be used: {' '.join(complaints)} "
            "Nothing was booked.",
            fix="Correct it in the CRM and let it send the event again, then skip this one.",
        )


def _is_practice(company: Company | None) -> bool:
    return company is None or company.quickbooks.environment is Environment.PRACTICE
