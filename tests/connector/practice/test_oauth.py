"""Authorisation: from the consent to tokens, who may ask for them, and revoking them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.connector.practice.login import AUTH, BACK, Login, bearer


@pytest.fixture
def login(r1: Any) -> Login:
    return Login(r1)


def test_from_consent_to_the_first_call(login: Login, r1: Any) -> None:
    told = login.callback()
    assert (told["realmId"], told["state"]) == ([r1.realm], ["s&1"])
    assert len(told["code"][0]) <= 512
    answer = login.exchange(told["code"][0])
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.json()) == [
        "token_type",
        "access_token",
        "refresh_token",
        "expires_in",
        "x_refresh_token_expires_in",
    ]
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", 3600)
    assert login.status(answer.json()["access_token"]) == 200


def test_a_code_works_once(login: Login) -> None:
    code = login.code()
    access = login.exchange(code).json()["access_token"]
    again = login.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert login.status(access) == 200


def test_of_eight_exchanges_at_once_one_succeeds(login: Login) -> None:
    code = login.code()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: login.exchange(code).status_code, range(8)))
    assert sorted(statuses) == [200, *[400] * 7]


def test_a_code_is_bound_to_its_address(login: Login) -> None:
    assert login.exchange(login.code(), "http://127.0.0.1/x").json()["error"] == "invalid_grant"


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 400)])
def test_a_code_lives_ten_minutes(login: Login, r1: Any, seconds: int, status: int) -> None:
    code = login.code()
    r1.control("clock", {"advance": seconds})
    assert login.exchange(code).status_code == status


def test_a_token_opens_only_its_company(login: Login, r2: Any) -> None:
    access = login.connected()["access_token"]
    answer = requests.get(f"{r2.base}/preferences", headers=bearer(access), timeout=20)
    assert answer.status_code == 403
    assert answer.json()["fault"]["error"][0]["code"] == "3100"


def test_a_token_without_the_accounting_scope_opens_no_books(login: Login) -> None:
    answer = login.connected(scope="com.intuit.quickbooks.payment")
    assert login.status(answer["access_token"]) == 403


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "c"}, "invalid_request"),
        ({"grant_type": "authorization_code", "redirect_uri": BACK}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "RT-x"}, "invalid_grant"),
        (
            {"grant_type": "authorization_code", "code": "c", "redirect_uri": BACK},
            "invalid_grant",
        ),
    ],
)
def test_what_the_token_endpoint_refuses(login: Login, form: dict[str, str], error: str) -> None:
    answer = login.token(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    "auth",
    [
        {},
        {"auth": (AUTH[0], "no")},
        {"auth": ("no", AUTH[1])},
        {"headers": {"Authorization": "Basic !"}},
        {"headers": bearer("x")},
    ],
)
def test_only_the_app_may_ask(login: Login, auth: Any) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": login.connected()["refresh_token"]}
    for url in (login.running.token, login.running.revoke):
        answer = requests.post(url, data={**form, "token": "x"}, timeout=20, **auth)
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert login.refresh(form["refresh_token"]).status_code == 200


@pytest.mark.parametrize("named", ["access_token", "refresh_token"])
@pytest.mark.parametrize("body", ["json", "data"])
def test_revoking_ends_both_tokens(login: Login, named: str, body: str) -> None:
    answer, other = login.connected(), login.connected()
    told: Any = {body: {"token": answer[named]}}
    assert requests.post(login.running.revoke, auth=AUTH, timeout=20, **told).status_code == 200
    assert login.status(answer["access_token"]) == 401
    assert login.refresh(answer["refresh_token"]).status_code == 400
    assert login.status(other["access_token"]) == 200
    assert login.revoke(answer[named]) == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"token":7}', b'{"token":""}'])
def test_revoking_needs_a_token(login: Login, body: bytes) -> None:
    answer = requests.post(
        login.running.revoke,
        data=body,
        auth=AUTH,
        headers={"Content-Type": "application/json"},
        timeout=20,
    )
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize("ends_old", [False, True])
def test_connecting_again(login: Login, r1: Any, r2: Any, ends_old: bool) -> None:
    r1.control("switches", {"reconnect_ends_old": ends_old})
    r1.control("members", {"realm": r1.realm, "person": "member", "admin": True})
    old, by_member = login.connected(), login.connected(person="member")
    elsewhere, new = login.connected(realm=r2.realm), login.connected()
    assert login.status(old["access_token"]) == (401 if ends_old else 200)
    assert login.refresh(old["refresh_token"]).status_code == (400 if ends_old else 200)
    assert login.status(new["access_token"]) == login.status(by_member["access_token"]) == 200
    assert login.status(elsewhere["access_token"], r2.realm) == 200
