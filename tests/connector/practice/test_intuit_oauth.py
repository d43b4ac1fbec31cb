"""Intuit's own client library, unmodified, signs in at the practice company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from intuitlib.utils import validate_id_token

from tests.connector.practice.login import BACK, Login

_EVERYTHING = [Scopes.ACCOUNTING, Scopes.OPENID, Scopes.PROFILE, Scopes.EMAIL]


@pytest.fixture
def client(r1: Any) -> Iterator[AuthClient]:
    """The library by real time: it compares id tokens with the clock of this machine."""
    r1.control("clock", {"now": None})
    running = r1.running
    with AuthClient(
        running.client_id, running.client_secret, BACK, environment=running.discovery
    ) as made:
        yield made


def _connect(client: AuthClient, realm: str, scopes: list[Scopes], **form: str) -> dict[str, Any]:
    """Go where the library sends the user, choose a company, and come back."""
    url = client.get_authorization_url(scopes)
    assert requests.get(url, allow_redirects=False, timeout=20).status_code in (200, 302)
    asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    whole = {**asked, "decision": "connect", "person": "owner", "realm": realm, **form}
    answer = requests.post(url.split("?")[0], whole, allow_redirects=False, timeout=20)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def _signed_in(client: AuthClient, realm: str, scopes: list[Scopes]) -> None:
    told = _connect(client, realm, scopes)
    assert told["state"] == [client.state_token]
    client.get_bearer_token(told["code"][0], realm_id=told["realmId"][0])


def test_signing_in(client: AuthClient, r1: Any) -> None:
    _signed_in(client, r1.realm, [Scopes.ACCOUNTING])
    assert client.realm_id == r1.realm
    assert client.expires_in == 3600
    assert client.x_refresh_token_expires_in == 8726400
    assert client.id_token is None
    assert Login(r1).status(client.access_token) == 200


def test_the_sandbox_discovery_serves_too(r1: Any) -> None:
    running = r1.running
    url = f"{running.api}/.well-known/openid_sandbox_configuration/"
    with AuthClient(running.client_id, running.client_secret, BACK, environment=url) as client:
        _signed_in(client, r1.realm, [Scopes.ACCOUNTING])
        assert Login(r1).status(client.access_token) == 200


def test_the_id_token_is_accepted(client: AuthClient, r1: Any) -> None:
    _signed_in(client, r1.realm, _EVERYTHING)
    assert client.id_token is not None
    told = (client.client_id, client.issuer_uri, client.jwks_uri)
    assert validate_id_token(client.id_token, *told)
    head, payload, signature = client.id_token.split(".")
    forged = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
    assert not validate_id_token(f"{head}.{payload}.{forged}", *told)
    r1.control("clock", {"advance": -7200})
    client.id_token = None
    _signed_in(client, r1.realm, _EVERYTHING)
    assert client.id_token is None, "an id token two hours old is out of date"


def test_who_signed_in(client: AuthClient, r1: Any) -> None:
    _signed_in(client, r1.realm, _EVERYTHING)
    told = client.get_user_info().json()
    assert (told["givenName"], told["familyName"]) == ("Practice", "Owner")
    assert told["email"] == "owner@practice.example"


def test_refreshing(client: AuthClient, r1: Any) -> None:
    r1.control("switches", {"rotation": "every"})
    _signed_in(client, r1.realm, [Scopes.ACCOUNTING])
    access, refresh = client.access_token, client.refresh_token
    client.refresh()
    assert client.access_token != access
    assert client.refresh_token != refresh
    assert Login(r1).status(client.access_token) == 200
    with pytest.raises(AuthClientError) as refused:
        client.refresh(refresh_token=refresh)
    assert refused.value.status_code == 400
    assert b"invalid_grant" in refused.value.content
    assert refused.value.intuit_tid


@pytest.mark.parametrize("named", ["access_token", "refresh_token"])
def test_revoking(client: AuthClient, r1: Any, named: str) -> None:
    _signed_in(client, r1.realm, _EVERYTHING)
    assert client.revoke(token=getattr(client, named)) is True
    assert Login(r1).status(client.access_token) == 401
    with pytest.raises(AuthClientError, match="401"):
        client.get_user_info()
    with pytest.raises(AuthClientError, match="invalid_grant"):
        client.refresh()


@pytest.mark.parametrize(
    ("scopes", "form", "told"),
    [
        ([Scopes.ACCOUNTING], {"decision": "cancel"}, "access_denied"),
        ([Scopes.ACCOUNTING, Scopes.PAYROLL], {}, "invalid_scope"),
    ],
)
def test_what_is_not_granted(
    client: AuthClient, r1: Any, scopes: list[Scopes], form: dict[str, str], told: str
) -> None:
    answer = _connect(client, r1.realm, scopes, **form)
    assert answer == {"error": [told], "state": [client.state_token]}


def test_a_wrong_secret(client: AuthClient, r1: Any) -> None:
    code = _connect(client, r1.realm, [Scopes.ACCOUNTING])["code"][0]
    secret, client.client_secret = client.client_secret, "wrong"
    with pytest.raises(AuthClientError, match="invalid_client"):
        client.get_bearer_token(code)
    client.client_secret = secret
    client.get_bearer_token(code)
    with pytest.raises(AuthClientError, match="invalid_grant"):
        client.get_bearer_token(code)
