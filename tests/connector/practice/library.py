"""The public client python-quickbooks, unmodified, pointed at a practice company."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from intuitlib.client import AuthClient
from quickbooks import QuickBooks

from tests.connector.practice.login import BACK


@contextmanager
def signed_in(r1: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[QuickBooks]:
    """The library with a ready access token for the company of `r1`, over plain HTTP."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    running = r1.running
    with AuthClient(
        running.client_id,
        running.client_secret,
        BACK,
        environment=running.discovery,
        access_token=running.access_token(),
    ) as auth:
        client = QuickBooks(
            auth_client=auth, refresh_token="unused", company_id=r1.realm, minorversion=75
        )
        client.api_url_v3 = f"{running.api}/v3"
        yield client
        client.session.close()
