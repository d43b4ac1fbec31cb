"""Authorisation: consent, codes, tokens and their ends, by the practice clock."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.practice.tokens import CLIENT_ID, CLIENT_SECRET

_BACK = "http://127.0.0.1:9/callback"
_ASK = {
    "client_id": CLIENT_ID,
    "scope": "com.intuit.quickbooks.accounting",
    "redirect_uri": _BACK,
    "response_type": "code",
    "state": "s&1",
}


def _decide(r1: Any, **form: str) -> dict[str, list[str]]:
    url = r1.running.authorize
    answer = requests.post(url, data={**_ASK, **form}, allow_redirects=False, timeout=20)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(_BACK)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def _token(r1: Any, **form: str) -> requests.Response:
    auth = (CLIENT_ID, CLIENT_SECRET)
    return requests.post(r1.running.token, data=form, auth=auth, timeout=20)


def _refresh(r1: Any, token: str) -> requests.Response:
    return _token(r1, grant_type="refresh_token", refresh_token=token)


def _status(r1: Any, access: str) -> int:
    headers = {"Authorization": f"Bearer {access}"}
    return requests.get(f"{r1.base}/preferences", headers=headers, timeout=20).status_code


def test_from_consent_to_the_first_call(r1: Any) -> None:
    page = requests.get(r1.running.authorize, params={**_ASK, "state": '"><b>'}, timeout=20)
    assert page.status_code == 200
    assert "Sparrow Home Services LLC" in page.text
    assert '"><b>' not in page.text
    told = _decide(r1, decision="connect", realm=r1.realm)
    assert (told["realmId"], told["state"]) == ([r1.realm], ["s&1"])
    form = {"grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": _BACK}
    answer = _token(r1, **form).json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
    assert answer["x_refresh_token_expires_in"] == 8726400
    assert "x_refresh_token_hard_expires_in" not in answer
    assert _status(r1, answer["access_token"]) == 200
    again = _token(r1, **form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_token_opens_only_its_company(r1: Any, r2: Any) -> None:
    told = _decide(r1, decision="connect", realm=r1.realm)
    form = {"grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": _BACK}
    assert _status(r2, _token(r1, **form).json()["access_token"]) == 403


def test_cancelling(r1: Any) -> None:
    assert _decide(r1, decision="cancel") == {"error": ["access_denied"], "state": ["s&1"]}


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "other"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://far.example/cb"},
        {"response_type": "token"},
        {"state": ""},
    ],
)
def test_a_wrong_request_shows_a_page_and_goes_nowhere(r1: Any, change: Any) -> None:
    url = r1.running.authorize
    assert requests.get(url, params={**_ASK, **change}, timeout=20).status_code == 400
    form = {**_ASK, **change, "decision": "connect", "realm": r1.realm}
    assert requests.post(url, data=form, timeout=20).status_code == 400


def test_a_code_is_bound_to_its_address_and_ten_minutes(r1: Any) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": _BACK}
    code = _decide(r1, decision="connect", realm=r1.realm)["code"][0]
    assert (
        _token(r1, **{**form, "redirect_uri": "http://127.0.0.1/x"}, code=code).status_code == 400
    )
    code = _decide(r1, decision="connect", realm=r1.realm)["code"][0]
    r1.control("clock", {"advance": 601})
    assert _token(r1, **form, code=code).status_code == 400


def test_an_access_token_lives_an_hour(r1: Any) -> None:
    access = _refresh(r1, r1.running.state.tokens.grant([r1.realm])).json()["access_token"]
    r1.control("clock", {"advance": 3599})
    assert _status(r1, access) == 200
    r1.control("clock", {"advance": 1})
    headers = {"Authorization": f"Bearer {access}"}
    answer = requests.get(f"{r1.base}/preferences", headers=headers, timeout=20)
    assert answer.status_code == 401
    assert answer.json()["fault"]["error"][0]["code"] == "3200"
    assert answer.json()["fault"]["type"] == "AUTHENTICATION"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'


def test_a_refresh_token_changes_once_a_day(r1: Any) -> None:
    token = r1.running.state.tokens.grant([r1.realm])
    assert _refresh(r1, token).json()["refresh_token"] == token
    r1.control("clock", {"advance": 86_400})
    following = _refresh(r1, token).json()["refresh_token"]
    assert following != token
    told = _refresh(r1, token)
    assert told.status_code == 400
    assert told.json() == {
        "error": "invalid_grant",
        "error_description": "Incorrect or invalid refresh token",
    }
    assert _refresh(r1, following).status_code == 200


def test_rotation_with_every_refresh_and_overlap(r1: Any) -> None:
    r1.control("switches", {"rotation": "every"})
    token = r1.running.state.tokens.grant([r1.realm])
    second = _refresh(r1, token).json()["refresh_token"]
    assert second != token
    assert _refresh(r1, token).status_code == 400
    r1.control("switches", {"rotation_overlap": 60})
    third = _refresh(r1, second).json()["refresh_token"]
    assert _refresh(r1, second).json()["refresh_token"] == third
    r1.control("clock", {"advance": 60})
    assert _refresh(r1, second).status_code == 400


def test_a_refresh_token_ends_after_a_hundred_days_unused(r1: Any) -> None:
    token = r1.running.state.tokens.grant([r1.realm])
    r1.control("clock", {"advance": 8_726_400})
    assert _refresh(r1, token).status_code == 400


def test_revoking_ends_both_tokens(r1: Any) -> None:
    token = r1.running.state.tokens.grant([r1.realm])
    access = _refresh(r1, token).json()["access_token"]
    auth = (CLIENT_ID, CLIENT_SECRET)
    url = r1.running.revoke
    assert requests.post(url, json={"token": access}, timeout=20).status_code == 401
    assert requests.post(url, json={"token": access}, auth=auth, timeout=20).status_code == 200
    assert _status(r1, access) == 401
    assert _refresh(r1, token).status_code == 400


def test_who_may_ask_for_tokens(r1: Any) -> None:
    url, form = r1.running.token, {"grant_type": "refresh_token"}
    assert requests.post(url, data=form, timeout=20).status_code == 401
    wrong = requests.post(url, data=form, auth=(CLIENT_ID, "no"), timeout=20)
    assert wrong.json() == {"error": "invalid_client"}
    assert _token(r1, grant_type="password").json() == {"error": "unsupported_grant_type"}


def test_the_hard_end_is_told_when_asked_for(r1: Any) -> None:
    token = r1.running.state.tokens.grant([r1.realm])
    answer = requests.post(
        r1.running.token,
        data={"grant_type": "refresh_token", "refresh_token": token},
        auth=(CLIENT_ID, CLIENT_SECRET),
        headers={"x-include-refresh-token-hard-expires-in": "true"},
        timeout=20,
    )
    assert answer.json()["x_refresh_token_hard_expires_in"] == 157_680_000


def test_discovery_names_the_same_addresses(r1: Any) -> None:
    told = requests.get(r1.running.discovery, timeout=20).json()
    assert told["authorization_endpoint"] == r1.running.authorize
    assert told["token_endpoint"] == r1.running.token
    assert told["revocation_endpoint"] == r1.running.revoke


def test_access_tokens_can_be_ended_by_hand(r1: Any) -> None:
    r1.control("expire_access_tokens", {})
    assert r1.post("customer", {"DisplayName": "x"}).status_code == 401
