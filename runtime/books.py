"""One company as the actions see it, for one event. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connector.base import Books, Origin
from runtime.models import Event
from runtime.settings import RULES, Company


def books_for(company: Company | None, event: Event, now: datetime) -> Books:
    """The books of `company`; without one (a hand-over), what holds by default."""
    origin = Origin(
        connection=event.connection,
        event=str(event.id),
        identity=event.identity,
        type=event.type,
        received_at=event.received_at,
        currency=_currency(event),
    )
    if company is None:
        return Books(
            company="",
            name="",
            time_zone=UTC,
            rules=RULES,
            accounts={},
            deposit_to={},
            account_mapping=(),
            match_keys=(),
            matches={},
            go_live="yes",
            origin=origin,
            now=now,
        )
    return Books(
        company=company.realm_id,
        name=company.name,
        time_zone=ZoneInfo(company.time_zone),
        rules=company.rules,
        accounts=company.accounts,
        deposit_to=company.deposit_to,
        account_mapping=company.account_mapping,
        match_keys=company.match_keys,
        matches=company.matches,
        go_live=company.go_live,
        origin=origin,
        now=now,
    )


def _currency(event: Event) -> str:
    payment = event.data.get("payment")
    told = payment.get("currency") if isinstance(payment, Mapping) else None
    return str(told or "").upper()
