"""Intuit's webhooks: notes what happened in the books and delivers it to one subscribed URL."""

from __future__ import annotations

import ipaddress
import re
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from connector.practice.clock import Clock
from connector.practice.switches import Switches
from connector.practice.webhooks.delivery import (
    SCHEDULES,
    Attempt,
    Delivery,
    Schedule,
    attempted,
    headers,
    next_due,
)
from connector.practice.webhooks.notices import (
    ENTITIES,
    SHAPES,
    Event,
    Operation,
    body,
    is_announced,
)
from connector.practice.webhooks.poster import Poster

_MOST_FINISHED = 1000
#: What an address is written with.
_PLAIN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where events go."""

    url: str
    #: The key of the signatures.
    verifier: str
    shape: str
    entities: frozenset[str]


def subscription(told: Mapping[str, Any]) -> Subscription:
    """As told to the control API; raises ValueError with a sentence for what cannot be used."""
    shape, entities = told.get("shape", SHAPES[0]), told.get("entities")
    if shape not in SHAPES:
        raise ValueError(f"The shape of webhooks is one of {', '.join(SHAPES)}, not {shape}.")
    return Subscription(
        url=_url(told.get("url")),
        verifier=_verifier(told.get("verifier")),
        shape=shape,
        entities=ENTITIES if entities is None else _entities(entities),
    )


class Webhooks:
    """What waits to be told, and what was told; safe to use from several threads."""

    def __init__(self, clock: Clock, switches: Callable[[], Switches], poster: Poster) -> None:
        self._clock = clock
        self._switches = switches
        self._poster = poster
        self._closed = threading.Event()
        #: Held while something is sent, so that nothing is sent twice at once.
        self._delivering = threading.Lock()
        self._lock = threading.Lock()
        self._subscription: Subscription | None = None
        #: Grows with each change of the subscription.
        self.version = 0
        #: Events that are in no delivery yet.
        self._pending: list[Event] = []
        #: By id, in order of creation.
        self._waiting: dict[str, Delivery] = {}
        self._finished: deque[Delivery] = deque(maxlen=_MOST_FINISHED)
        self._outcomes: deque[dict[str, Any]] = deque(maxlen=_MOST_FINISHED)
        self._last = 0
        #: Since when the endpoint has not acknowledged anything.
        self._failing_since: datetime | None = None

    def note(
        self,
        *,
        realm: str,
        entity: str,
        operation: str,
        identity: str,
        at: datetime,
        deleted_id: str = "",
    ) -> None:
        """Something was committed at `at` (with a zone); cheap, it never waits for a delivery.

        `operation` is created, updated, deleted, voided, merged or emailed (ValueError for
        another). A merge names the record that stays in `identity` and the other in `deleted_id`.
        What Intuit does not announce, and what nobody subscribed to, is passed over.
        """
        event = Event(
            id=str(uuid.uuid4()),
            realm=realm,
            entity=entity,
            operation=Operation(operation),
            identity=identity,
            at=at,
            deleted_id=deleted_id,
        )
        with self._lock:
            wanted = self._subscription is not None and entity in self._subscription.entities
            if wanted and is_announced(entity, event.operation):
                self._pending.append(event)

    def subscribe(self, wanted: Subscription) -> None:
        """Deliver to this URL from now on; what waits goes there too."""
        with self._lock:
            self._subscription = wanted
            self._failing_since = None
            self.version += 1

    def clear(self) -> None:
        """End the subscription and forget all events and deliveries."""
        with self._lock:
            self._subscription = None
            self._failing_since = None
            self.version += 1
            self._pending.clear()
            self._waiting.clear()
            self._finished.clear()
            self._outcomes.clear()

    def dump(self) -> dict[str, Any] | None:
        """The subscription, for saving; what is not delivered ends with the process."""
        with self._lock:
            kept = self._subscription
            return {**asdict(kept), "entities": sorted(kept.entities)} if kept else None

    def load(self, kept: Mapping[str, Any] | None) -> None:
        """Take up what `dump` gave."""
        if kept is not None:
            self.subscribe(subscription(kept))

    def due(self, now: datetime) -> Delivery | None:
        """What must be sent at `now`: a new delivery of what was noted, or an earlier one again."""
        with self._lock:
            if self._subscription is None or self._is_inactive(now):
                return None
            schedule = self._schedule()
            if self._is_gathered(now, schedule):
                self._pack(now, self._subscription)
            return next_due(self._waiting.values(), now, schedule)

    def deliver(self) -> None:
        """Send all that is due by the practice clock; returns when nothing is."""
        with self._delivering:
            while not self._closed.is_set():
                now = self._clock.now()
                delivery, wanted = self.due(now), self._subscription
                if delivery is None or wanted is None:
                    return
                signed = headers(delivery, wanted.verifier)
                status = self._poster.send(wanted.url, delivery.raw, signed)
                self._settle(delivery, Attempt(at=now, status=status))

    def outcomes(self) -> list[dict[str, Any]]:
        """The attempts since this was asked last, by whomever they were made."""
        with self._lock:
            made = list(self._outcomes)
            self._outcomes.clear()
        return made

    def told(self) -> dict[str, Any]:
        """For the control API; the verifier stays out of it."""
        with self._lock:
            wanted = self._subscription
            deliveries = [*self._finished, *self._waiting.values()]
            pending = len(self._pending)
        shown = wanted and {
            "url": wanted.url,
            "shape": wanted.shape,
            "entities": sorted(wanted.entities),
        }
        in_order = sorted(deliveries, key=lambda one: one.number)
        return {
            "subscription": shown,
            "pending_events": pending,
            "deliveries": [delivery.told() for delivery in in_order],
        }

    def close(self) -> None:
        """Break off what is being sent and send nothing more."""
        self._closed.set()
        self._poster.close()

    def _schedule(self) -> Schedule:
        return SCHEDULES[self._switches().webhook_retries]

    def _is_inactive(self, now: datetime) -> bool:
        """Whether the endpoint has failed for so long that it is told nothing more, by switch."""
        hours, since = self._switches().webhook_inactive_hours, self._failing_since
        return bool(hours and since) and now - (since or now) >= timedelta(hours=hours)

    def _is_gathered(self, now: datetime, schedule: Schedule) -> bool:
        """Whether the noted events are complete and may go."""
        if not self._pending or (schedule.in_order and self._waiting):
            return False
        return now - self._pending[0].at >= timedelta(seconds=self._switches().webhook_delay)

    def _pack(self, now: datetime, wanted: Subscription) -> None:
        """Make one delivery of all noted events."""
        self._last += 1
        delivery = Delivery(
            number=self._last,
            id=str(uuid.uuid4()),
            created=now,
            raw=body(self._pending, wanted.shape),
            events=tuple(self._pending),
            due=now,
        )
        self._waiting[delivery.id] = delivery
        self._pending = []

    def _settle(self, before: Delivery, attempt: Attempt) -> None:
        """Enter the outcome of an attempt, unless all was forgotten meanwhile."""
        switches = self._switches()
        after = attempted(before, attempt, self._schedule(), switches.webhook_retry_on)
        with self._lock:
            if before.id not in self._waiting:
                return
            failed = self._failing_since or attempt.at
            self._failing_since = None if attempt.acknowledged else failed
            self._waiting[after.id] = after  # keeps its place
            if after.due is None:
                self._finished.append(self._waiting.pop(after.id))
            self._outcomes.append({**after.told(), "status": attempt.status})


def _url(url: Any) -> str:
    try:
        parts = urlsplit(url if isinstance(url, str) and _PLAIN.fullmatch(url) else "")
        secure = parts.scheme == "https" and bool(parts.hostname)
        usable = parts.port != 0 and (secure or _is_local(parts.scheme, parts.hostname))
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(
            f"Webhooks need a `url` that is https, or http on this machine (127.0.0.1), not {url}."
        )
    return str(url)


def _is_local(scheme: str, host: str | None) -> bool:
    if scheme != "http" or not host:
        return False
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


def _verifier(verifier: Any) -> str:
    if not isinstance(verifier, str) or verifier.split() != [verifier]:
        raise ValueError("Webhooks need a `verifier`, a text without spaces, to be signed with.")
    return verifier


def _entities(entities: Any) -> frozenset[str]:
    if not isinstance(entities, list) or not entities:
        raise ValueError('The `entities` of webhooks are a list such as ["Invoice"].')
    strange = {str(entity) for entity in entities} - ENTITIES
    if strange:
        raise ValueError(
            f"There are no webhooks for {', '.join(sorted(strange))}; there are for "
            f"{', '.join(sorted(ENTITIES))}."
        )
    return frozenset(entities)
