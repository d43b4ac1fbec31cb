"""OpenID: discovery, id tokens that anybody can check, and who has signed in."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
import requests

from connector.practice.login.tokens import CLIENT_ID
from tests.answers import start
from tests.connector.practice.login import ACCOUNTING, Login, bearer

_ALL = f"{ACCOUNTING} openid profile email phone address"
_NOW = 1_793_984_400


@pytest.fixture
def login(r1: Any) -> Login:
    return Login(r1)


def _discovered(login: Login) -> dict[str, Any]:
    return requests.get(login.running.discovery, timeout=20).json()


def _user(login: Login, access: str) -> requests.Response:
    url = _discovered(login)["userinfo_endpoint"]
    return requests.get(url, headers=bearer(access), timeout=20)


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize("name", ["openid_configuration", "openid_sandbox_configuration"])
def test_discovery_names_every_address(login: Login, name: str, end: str) -> None:
    running = login.running
    url = f"{running.api}/.well-known/{name}{end}"
    answer = requests.get(url, allow_redirects=False, timeout=20)
    told = answer.json()
    assert told["authorization_endpoint"] == running.authorize
    assert told["token_endpoint"] == running.token
    assert told["revocation_endpoint"] == running.revoke
    assert told["issuer"] == f"{running.api}/op/v1"
    assert requests.get(told["jwks_uri"], timeout=20).status_code == 200
    assert requests.get(told["userinfo_endpoint"], timeout=20).status_code == 401


def test_an_id_token_says_who_and_for_which_company(login: Login, r1: Any) -> None:
    code = login.code(scope=_ALL)
    r1.control("clock", {"advance": 60})
    answer = login.exchange(code).json()
    assert "realmId" not in answer
    told = _discovered(login)
    key = jwt.PyJWKClient(told["jwks_uri"]).get_signing_key_from_jwt(answer["id_token"])
    claims = jwt.decode(
        answer["id_token"],
        key,
        algorithms=["RS256"],
        audience=CLIENT_ID,
        issuer=told["issuer"],
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims == {
        "sub": _user(login, answer["access_token"]).json()["sub"],
        "aud": [CLIENT_ID],
        "realmid": r1.realm,
        "auth_time": _NOW,
        "iss": told["issuer"],
        "exp": _NOW + 60 + 3600,
        "iat": _NOW + 60,
    }


def test_an_id_token_without_a_company(login: Login) -> None:
    answer = login.connected(scope="openid", person="member")
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
    assert "realmid" not in claims
    assert login.status(answer["access_token"]) == 403
    assert claims["sub"] != _user(login, login.connected(scope=_ALL)["access_token"]).json()["sub"]


def test_there_is_no_id_token_without_openid_nor_at_a_refresh(login: Login) -> None:
    assert "id_token" not in login.connected()
    token = login.connected(scope=_ALL)["refresh_token"]
    assert "id_token" not in login.refresh(token).json()


@pytest.mark.parametrize(
    ("scope", "fields"),
    [
        ("openid", {"sub"}),
        ("openid profile", {"sub", "givenName", "familyName"}),
        ("openid email", {"sub", "email", "emailVerified"}),
        ("openid phone", {"sub", "phoneNumber", "phoneNumberVerified"}),
        ("openid address", {"sub", "address"}),
        (f"openid {ACCOUNTING}", {"sub"}),
    ],
)
def test_who_signed_in_is_told_by_scope(login: Login, scope: str, fields: set[str]) -> None:
    access = login.connected(scope=scope)["access_token"]
    assert set(_user(login, access).json()) == fields


def test_who_is_not_told(login: Login, r1: Any) -> None:
    without = _user(login, login.connected()["access_token"])
    assert (without.status_code, without.json()) == (403, {"error": "insufficient_scope"})
    access = login.connected(scope="openid")["access_token"]
    r1.control("clock", {"advance": 3600})
    late = _user(login, access)
    assert (late.status_code, late.json()) == (401, {"error": "invalid_token"})
    assert late.headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'
    assert [one["status"] for one in r1.calls() if one["path"].startswith("/v1/")] == [403, 401]


def test_each_practice_company_signs_with_a_key_of_its_own(login: Login) -> None:
    with start() as other:
        keys = [requests.get(f"{one.api}/op/v1/jwks", timeout=20) for one in (other, login.running)]
    first, second = (answer.json()["keys"][0] for answer in keys)
    assert first["kid"] != second["kid"]
    assert first["n"] != second["n"]
    assert set(first) == {"kty", "use", "alg", "kid", "n", "e"}
