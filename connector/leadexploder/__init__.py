"""LeadExploder: standard events by signed webhook, and a poll as the webhook's safety net.

No public API of LeadExploder is known, so our own event contract is its contract: the webhook is
the Standard Webhooks envelope, the poll lists the same events under the same ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import requests

from connector import wire
from connector.base import BadWebhook, Happening, Page
from connector.errors import Consequence, NeedsReconnect, Retryable
from connector.http import retry_after, send
from connector.signatures import SignatureRefused, verify_standard
from connector.standard import STANDARD_TRIGGERS, happening

_WHO = "LeadExploder"


class LeadExploder:
    """The `leadexploder` connector. Account fields: webhook_secret, poll_url, poll_token."""

    key = "leadexploder"
    triggers = STANDARD_TRIGGERS
    secrets = frozenset({"webhook_secret", "poll_token"})

    def receive(
        self, raw: bytes, headers: Mapping[str, str], account: Mapping[str, str], now: datetime
    ) -> tuple[Happening, ...]:
        """The one happening of a webhook; its identity is the `webhook-id`."""
        try:
            identity = verify_standard(raw, headers, account.get("webhook_secret") or "", now)
        except SignatureRefused as refused:
            raise BadWebhook(401, refused.sentence) from refused
        try:
            envelope = wire.parse(raw)
        except ValueError as error:
            raise BadWebhook(400, f"The body is not readable JSON: {error}.") from error
        return (happening(envelope, identity=identity, raw=raw),)

    def polls(self, account: Mapping[str, str]) -> bool:
        """Whether both poll_url and poll_token are set."""
        return bool(account.get("poll_url") and account.get("poll_token"))

    def poll(
        self,
        account: Mapping[str, str],
        since: datetime,
        cursor: str | None,
        http: requests.Session,
    ) -> Page:
        """One page of the events since `since`; elements that break the contract are told too."""
        response = send(
            http,
            "GET",
            _address(account["poll_url"], since, cursor),
            who=_WHO,
            headers={
                "Accept": "application/json",
                "Authorization": f"Bearer {account['poll_token']}",
            },
            reading=True,
        )
        if response.status_code != 200:
            raise _refused(response)
        return _page(response.content, since, cursor)


def _address(poll_url: str, since: datetime, cursor: str | None) -> str:
    asked = {"since": since.isoformat(), **({"cursor": cursor} if cursor else {})}
    return f"{poll_url.rstrip('/')}/api/v1/events?{urlencode(asked)}"


def _refused(response: requests.Response) -> Consequence:
    status = response.status_code
    if status in {401, 403}:
        return NeedsReconnect(
            "LeadExploder no longer accepts the poll token, so missed events cannot be fetched.",
            fix="Make a new token in LeadExploder and save it in Settings as poll_token.",
        )
    return Retryable(
        f"LeadExploder answered {status} when asked for its events; it is asked again.",
        fix="" if status == 429 or status >= 500 else "Check poll_url in Settings.",
        retry_after=retry_after(response.headers),
    )


def _page(raw: bytes, since: datetime, cursor: str | None) -> Page:
    try:
        body = wire.parse_object(raw)
        events = body["events"]
    except (ValueError, KeyError) as error:
        raise _garbled() from error
    if not isinstance(events, list):
        raise _garbled()
    following = body.get("next")
    # A page that names itself as the next one would be read for ever.
    more = str(following) if following not in (None, "", cursor) else None
    return Page(happenings=tuple(_element(event, since) for event in events), next=more)


def _garbled() -> Retryable:
    return Retryable(
        "LeadExploder's list of events could not be read; it is asked again.",
        fix="Check that poll_url in Settings is LeadExploder's address.",
    )


def _element(event: Any, since: datetime) -> Happening:
    """One element of a page; one that cannot be read is stored as ignored, for people to see.

    Refusing the page for it would stop every later event, leaving it out would lose it silently.
    """
    raw = wire.encode(event)
    identity = _identity(event)
    try:
        if not identity:
            raise BadWebhook(400, 'The event has no "id".')
        return happening(event, identity=identity, raw=raw)
    except BadWebhook as bad:
        return Happening(
            identity=identity or f"sha256:{hashlib.sha256(raw).hexdigest()}",
            type="unreadable",
            trigger="",
            happened_at=since.astimezone(UTC),
            data={},
            ignored=f"LeadExploder's list holds an event that cannot be used. {bad.sentence}",
            raw=raw,
        )


def _identity(event: Any) -> str:
    identity = event.get("id") if isinstance(event, dict) else None
    return identity if isinstance(identity, str) else ""
