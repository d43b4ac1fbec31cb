"""The consent page: what it asks, who may connect, and where the browser is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connector.practice.login import ACCOUNTING, BACK, Login, told


@pytest.fixture
def login(r1: Any) -> Login:
    return Login(r1)


def test_the_page_offers_people_and_companies(login: Login) -> None:
    page = login.page(state='"><b>')
    assert page.status_code == 200
    for shown in ("Practice Owner", "Practice Member", "Lumen Med Spa LLC", ACCOUNTING):
        assert shown in page.text
    assert '"><b>' not in page.text


def test_cancelling(login: Login) -> None:
    cancelled = {"error": ["access_denied"], "state": ["s&1"]}
    assert login.callback(decision="cancel") == cancelled
    assert login.callback(decision="cancel", person="member") == cancelled


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"client_id": "other"}, "The client_id is not known."),
        ({"redirect_uri": "javascript:alert(1)"}, "The redirect_uri must be https"),
        ({"redirect_uri": "http://far.example/cb"}, "The redirect_uri must be https"),
        ({"redirect_uri": "https:///cb"}, "The redirect_uri must be https"),
        ({"redirect_uri": "https://[/cb"}, "The redirect_uri must be https"),
        ({"redirect_uri": "https://a..b/cb"}, "The redirect_uri must be https"),
        ({"redirect_uri": "https://a.example:port/cb"}, "The redirect_uri must be https"),
        ({"redirect_uri": "https://a.example/cb#part"}, "The redirect_uri must be https"),
        ({"redirect_uri": "https://a.example/c b"}, "The redirect_uri must be https"),
        ({"response_type": "token"}, "The response_type must be code."),
        ({"state": ""}, "The state is missing."),
    ],
)
def test_a_wrong_request_goes_nowhere(login: Login, change: Any, sentence: str) -> None:
    for answer in (login.page(**change), login.answer(**change)):
        assert answer.status_code == 400
        assert sentence in answer.text
        assert "Which company?" not in answer.text


@pytest.mark.parametrize(
    "scope",
    ["", "com.intuit.quickbooks.Accounting", f"{ACCOUNTING} all", f"{ACCOUNTING},openid"],
)
def test_an_unknown_scope_is_told_to_the_app(login: Login, scope: str) -> None:
    refused = {"error": ["invalid_scope"], "state": ["s&1"]}
    assert told(login.page(scope=scope)) == refused
    assert login.callback(scope=scope) == refused


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"person": "member"}, 403, "You need to be an admin of Sparrow Home Services LLC"),
        ({"person": "nobody"}, 400, "Choose who signs in."),
        ({"realm": "1"}, 400, "Choose a company."),
        ({"realm": ""}, 400, "Choose a company."),
    ],
)
def test_the_page_says_what_is_wrong(
    login: Login, form: dict[str, str], status: int, sentence: str
) -> None:
    answer = login.answer(**form)
    assert answer.status_code == status
    assert sentence in answer.text
    assert "Which company?" in answer.text
    assert "Location" not in answer.headers


def test_who_is_an_admin_is_set_by_company(login: Login, r1: Any, r2: Any) -> None:
    r1.control("members", {"realm": r1.realm, "person": "member", "admin": True})
    r1.control("members", {"realm": r1.realm, "person": "owner", "admin": False})
    assert login.answer(person="member").status_code == 302
    assert login.answer(person="member", realm=r2.realm).status_code == 403
    assert login.answer(person="owner").status_code == 403
    assert login.answer(person="owner", realm=r2.realm).status_code == 302
    r1.control("reset")
    assert login.answer(person="owner").status_code == 302
    assert login.answer(person="member").status_code == 403


def test_signing_in_alone_needs_no_company_and_no_admin(login: Login) -> None:
    assert "Which company?" not in login.page(scope="openid email").text
    answer = login.callback(scope="openid email", person="member", realm="")
    assert set(answer) == {"code", "state"}


def test_an_address_with_a_query_keeps_it(login: Login) -> None:
    answer = login.callback(redirect_uri=f"{BACK}?tenant=7")
    assert set(answer) == {"tenant", "code", "state", "realmId"}


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("members", {}, "`admin` is true for an admin of the company"),
        ("members", {"admin": True, "realm": "1"}, "There is no company 1."),
        (
            "members",
            {"admin": True, "realm": "9341455600000001", "person": "x"},
            "There is no person x; there are owner, member.",
        ),
        ("expire_refresh_tokens", {"realm": "1"}, "There is no company 1."),
        ("expire_refresh_tokens", {"all": True}, "Unknown: all; known: realm."),
        ("switches", {"refresh_life": "1d"}, "The switch refresh_life is one of 101d, 100d"),
    ],
)
def test_a_wrong_control_call_is_explained(r1: Any, path: str, body: Any, sentence: str) -> None:
    answer = requests.post(f"{r1.running.control}/{path}", json=body, timeout=20)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    uri=st.one_of(
        st.just(BACK), st.text(max_size=30), st.text(max_size=12).map("https://".__add__)
    ),
    mark=st.text(max_size=12),
    scope=st.sampled_from([ACCOUNTING, "openid", "all"]),
)
def test_any_request_ends_on_a_page_or_back_at_the_app(
    login: Login, uri: str, mark: str, scope: str
) -> None:
    answer = login.answer(redirect_uri=uri, state=mark, scope=scope)
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        assert urlsplit(answer.headers["Location"]).scheme in ("http", "https")
