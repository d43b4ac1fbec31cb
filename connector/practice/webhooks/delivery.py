"""Decides when a webhook is delivered again, and when Intuit gives up: both disputed schedules."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.practice.webhooks.notices import Event

#: The answers that one of Intuit's pages names as worth a repeat; 0 = none in time.
_LISTED = frozenset({0, 408, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The waits between one attempt and the next."""

    #: Seconds.
    waits: tuple[int, ...]
    #: The last wait is repeated without end; otherwise the delivery is dropped.
    endless: bool
    #: Nothing later is sent before the first is acknowledged.
    in_order: bool


#: The values of the switch `webhook_retries`: two pages of Intuit's, which disagree [D].
SCHEDULES: Mapping[str, Schedule] = {
    "20m": Schedule(waits=(1200, 1800, 3000), endless=False, in_order=False),
    "best_practices": Schedule(
        waits=(10, 20, 30, 300, 1200, 7200, 14_400, 21_600), endless=True, in_order=True
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One POST, by the practice clock."""

    at: datetime
    #: The HTTP status; 0 = no answer in time.
    status: int

    @property
    def acknowledged(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One body on its way; every attempt sends the same bytes under the same id."""

    #: Counts up from 1.
    number: int
    #: The header `intuit-t-id`.
    id: str
    created: datetime
    raw: bytes
    events: tuple[Event, ...]
    #: When it is sent next; None = never again.
    due: datetime | None
    attempts: tuple[Attempt, ...] = ()

    @property
    def state(self) -> str:
        """`waiting`, `acknowledged` or `dropped`."""
        if self.due is not None:
            return "waiting"
        return "acknowledged" if self.attempts[-1].acknowledged else "dropped"

    def told(self) -> dict[str, Any]:
        """For the control API."""
        return {
            "id": self.id,
            "state": self.state,
            "created": self.created.isoformat(),
            "due": self.due.isoformat() if self.due else None,
            "events": [
                {
                    "id": event.id,
                    "realm": event.realm,
                    "entity": event.entity,
                    "operation": event.operation,
                    "identity": event.identity,
                }
                for event in self.events
            ],
            "attempts": [{"at": one.at.isoformat(), "status": one.status} for one in self.attempts],
        }


def attempted(delivery: Delivery, attempt: Attempt, schedule: Schedule, retry_on: str) -> Delivery:
    """The delivery after an attempt; `retry_on` is the switch `webhook_retry_on`."""
    attempts = (*delivery.attempts, attempt)
    again = retry_on == "any" or attempt.status in _LISTED
    wait = None if attempt.acknowledged or not again else _wait(len(attempts), schedule)
    due = None if wait is None else attempt.at + timedelta(seconds=wait)
    return replace(delivery, attempts=attempts, due=due)


def _wait(failures: int, schedule: Schedule) -> int | None:
    """Seconds from the latest of `failures` attempts to the next, or None to give up."""
    if failures <= len(schedule.waits):
        return schedule.waits[failures - 1]
    return schedule.waits[-1] if schedule.endless else None


def next_due(waiting: Iterable[Delivery], now: datetime, schedule: Schedule) -> Delivery | None:
    """The delivery to send at `now`; `waiting` is in order of creation."""
    for delivery in waiting:
        if delivery.due is not None and delivery.due <= now:
            return delivery
        if schedule.in_order:
            return None
    return None


def headers(delivery: Delivery, verifier: str) -> dict[str, str]:
    """The headers of a POST: the signature's rule is [C], the values beside it are a sample's."""
    signature = hmac.digest(verifier.encode(), delivery.raw, "sha256")
    created = delivery.created.astimezone(UTC).isoformat(timespec="seconds")
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "User-Agent": "intuit_notification_server/0.1",
        "intuit-signature": base64.b64encode(signature).decode(),
        "intuit-created-time": created.replace("+00:00", "Z"),
        "intuit-t-id": delivery.id,
        "intuit-notification-schema-version": "0.1",
    }
