"""Intuit's OAuth client and python-quickbooks, unmodified, signed in at the practice company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from quickbooks import QuickBooks

from tests.connector.practice.clients.browser import consent
from tests.connector.practice.login import BACK


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice company speaks http; oauthlib is told so in the way it documents."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def auth(r1: Any) -> Iterator[AuthClient]:
    """Intuit's OAuth client, not signed in."""
    running = r1.running
    with AuthClient(
        running.client_id, running.client_secret, BACK, environment=running.discovery
    ) as made:
        yield made


@pytest.fixture
def connect(auth: AuthClient, r1: Any) -> Any:
    """Signs in for a company: consent in the browser, then the code for tokens."""

    def signed_in(realm: str = r1.realm) -> AuthClient:
        url = auth.get_authorization_url([Scopes.ACCOUNTING])
        told = consent(url, realm=realm, decision="connect")
        assert told["state"] == auth.state_token
        auth.get_bearer_token(told["code"], realm_id=told["realmId"])
        return auth

    return signed_in


@pytest.fixture
def open_company(auth: AuthClient, r1: Any) -> Iterator[Any]:
    """Makes the client of a company, pointed at the practice company's address."""
    made: list[QuickBooks] = []

    def client(**options: Any) -> QuickBooks:
        whole = {"auth_client": auth, "company_id": auth.realm_id, "minorversion": 75, **options}
        opened = QuickBooks(**whole)
        opened.api_url_v3 = f"{r1.running.api}/v3"
        made.append(opened)
        return opened

    yield client
    for opened in made:
        opened.session.close()


@pytest.fixture
def qb(connect: Any, open_company: Any) -> QuickBooks:
    """python-quickbooks, signed in for the first company."""
    connect()
    return open_company()
