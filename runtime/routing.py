"""Which company an event belongs to. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.models import Event
from runtime.settings import Company, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrouted:
    """No company can be told without guessing."""

    reason: str
    sentence: str
    fix: str


def route(event: Event, settings: Settings) -> Company | Unrouted:
    """The company of an event: the only one, or the one whose locations name the event's."""
    companies = list(settings.companies.values())
    if not companies:
        return Unrouted(
            reason="no-company",
            sentence="No QuickBooks company is connected yet. Nothing was booked.",
            fix="Connect QuickBooks (or run setup); what waits is booked then by itself.",
        )
    if len(companies) == 1 and not companies[0].locations:
        return companies[0]
    for company in companies:
        if event.location and event.location in company.locations:
            return company
    named = f'the location "{event.location}"' if event.location else "no location"
    return Unrouted(
        reason="unknown-location",
        sentence=f"The event names {named}, which belongs to no company here. Nothing was booked.",
        fix="Add the location to a company's `locations`; what waits is booked then by itself.",
    )


def order_key(event: Event, company: str) -> str:
    """Runs with the same key go one at a time: those of one customer in one company."""
    who = f"{event.connection}/{event.contact}" if event.contact else f"event/{event.id}"
    return f"{company}|{who}"
