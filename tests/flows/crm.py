"""A polled CRM that a Bookrelay is connected to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import responses

from tests.events import payment
from tests.harness import SECRET, Harness

URL = "https://crm.example/poll"


class Crm:
    """A CRM that can be asked, in pages of two."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.asked: list[dict[str, list[str]]] = []
        self.down = False

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        assert request.headers["Authorization"] == "Bearer crm-token"
        query = parse_qs(urlsplit(str(request.url)).query)
        self.asked.append(query)
        if self.down:
            return 503, {}, "down"
        start = int(query.get("cursor", ["0"])[0])
        page = self.events[start : start + 2]
        following = str(start + 2) if start + 2 < len(self.events) else None
        return 200, {}, json.dumps({"events": page, "next": following})

    def tell(self, number: str, identity: str, **more: Any) -> dict[str, Any]:
        """List an event; `more` is as for `payment`."""
        event = payment(number, **more)
        self.events.append({"id": identity, **event})
        return event


@contextmanager
def polled(harness: Harness) -> Iterator[Crm]:
    """A CRM that `harness` is set up to poll."""
    harness.setup(
        connections={
            "leadexploder": {
                "webhook_secret": SECRET,
                "poll_url": URL,
                "poll_token": "crm-token",
            }
        }
    )
    crm = Crm()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_passthru("http://127.0.0.1")
        mock.add_callback(responses.GET, f"{URL}/api/v1/events", callback=crm.answer)
        yield crm
