"""When tokens end, by the practice clock: access, rotation, rolling and final ends, by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from connector.practice.seed import COMPANIES
from connector.practice.server import Running
from tests.answers import start
from tests.connector.practice.login import HARD, TELL_HARD_END, Login, bearer

_DAY = 86_400
R1, R2 = (realm for realm, _ in COMPANIES)


@pytest.fixture
def login(r1: Any) -> Login:
    return Login(r1)


def test_an_access_token_lives_an_hour(login: Login, r1: Any) -> None:
    access = login.connected()["access_token"]
    r1.control("clock", {"advance": 3599})
    assert login.status(access) == 200
    r1.control("clock", {"advance": 1})
    answer = requests.get(f"{r1.base}/preferences", headers=bearer(access), timeout=20)
    assert answer.status_code == 401
    assert answer.json()["fault"]["error"][0]["code"] == "3200"
    assert answer.json()["fault"]["type"] == "AUTHENTICATION"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'


def test_an_older_access_token_works_beside_the_new_one(login: Login, r1: Any) -> None:
    first = login.connected()
    r1.control("clock", {"advance": 1800})
    second = login.refresh(first["refresh_token"]).json()
    assert login.status(first["access_token"]) == login.status(second["access_token"]) == 200
    r1.control("clock", {"advance": 1800})
    third = login.refresh(first["refresh_token"]).json()
    statuses = [login.status(one["access_token"]) for one in (first, second, third)]
    assert statuses == [401, 200, 200]


@pytest.mark.parametrize(
    ("rotation", "overlap", "wait", "changes", "old_works"),
    [
        ("24h", 0, _DAY - 1, False, True),
        ("24h", 0, _DAY, True, False),
        ("24h", _DAY, _DAY, True, True),
        ("every", 0, 0, True, False),
        ("every", 60, 0, True, True),
    ],
)
def test_when_a_refresh_token_changes(
    login: Login, r1: Any, rotation: str, overlap: int, wait: int, changes: bool, old_works: bool
) -> None:
    r1.control("switches", {"rotation": rotation, "rotation_overlap": overlap})
    old = login.connected()["refresh_token"]
    r1.control("clock", {"advance": wait})
    new = login.refresh(old).json()["refresh_token"]
    assert (new != old) == changes
    again = login.refresh(old)
    assert again.status_code == (200 if old_works else 400)
    if old_works:
        assert again.json()["refresh_token"] == new
    assert login.refresh(new).status_code == 200


def test_the_overlap_ends(login: Login, r1: Any) -> None:
    r1.control("switches", {"rotation": "every", "rotation_overlap": _DAY})
    old = login.connected()["refresh_token"]
    login.refresh(old)
    r1.control("clock", {"advance": _DAY - 1})
    assert login.refresh(old).status_code == 200
    r1.control("clock", {"advance": 1})
    assert login.refresh(old).status_code == 400


def test_two_replaced_tokens_overlap(login: Login, r1: Any) -> None:
    r1.control("switches", {"rotation": "every", "rotation_overlap": 60})
    first = login.connected()["refresh_token"]
    second = login.refresh(first).json()["refresh_token"]
    r1.control("clock", {"advance": 30})
    third = login.refresh(second).json()["refresh_token"]
    assert login.refresh(first).json()["refresh_token"] == third
    r1.control("clock", {"advance": 30})
    assert [login.refresh(one).status_code for one in (first, second, third)] == [400, 200, 200]


def test_a_replaced_token_that_overlaps_revokes_too(login: Login, r1: Any) -> None:
    r1.control("switches", {"rotation": "every", "rotation_overlap": _DAY})
    old = login.connected()["refresh_token"]
    answer = login.refresh(old).json()
    assert login.revoke(old) == 200
    assert login.status(answer["access_token"]) == 401
    assert login.refresh(answer["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("incorrect", {"error_description": "Incorrect or invalid refresh token"}),
        ("token", {"error_description": "Token invalid"}),
        ("none", {}),
    ],
)
def test_the_words_of_invalid_grant(login: Login, r1: Any, words: str, body: Any) -> None:
    r1.control("switches", {"invalid_grant_words": words})
    answer = login.refresh("RT-unknown")
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_grant", **body}


@pytest.mark.parametrize(("life", "seconds"), [("101d", 8_726_400), ("100d", 8_640_000)])
def test_a_refresh_token_ends_when_unused(login: Login, r1: Any, life: str, seconds: int) -> None:
    r1.control("switches", {"refresh_life": life})
    first = login.connected()
    assert first["x_refresh_token_expires_in"] == seconds
    r1.control("clock", {"advance": seconds - 1})
    second = login.refresh(first["refresh_token"]).json()
    assert second["x_refresh_token_expires_in"] == seconds
    r1.control("clock", {"advance": seconds - 1})
    third = login.refresh(second["refresh_token"]).json()
    r1.control("clock", {"advance": seconds})
    assert login.refresh(third["refresh_token"]).status_code == 400


def test_after_five_years_no_refresh_helps(login: Login, r1: Any) -> None:
    token, passed, step = login.connected()["refresh_token"], 0, 80 * _DAY
    while passed + step < HARD:
        r1.control("clock", {"advance": step})
        passed += step
        answer = login.refresh(token, TELL_HARD_END).json()
        assert answer["x_refresh_token_hard_expires_in"] == HARD - passed
        token = answer["refresh_token"]
    r1.control("clock", {"advance": HARD - passed - 1})
    last = login.refresh(token, TELL_HARD_END).json()
    assert last["x_refresh_token_hard_expires_in"] == 1
    r1.control("clock", {"advance": 1})
    assert login.refresh(last["refresh_token"]).json()["error"] == "invalid_grant"
    assert login.status(last["access_token"]) == 200
    again = login.exchange(login.code()).json()["refresh_token"]
    told = login.refresh(again, TELL_HARD_END).json()
    assert told["x_refresh_token_hard_expires_in"] == HARD


@pytest.mark.parametrize(
    ("headers", "is_told"),
    [
        ({}, False),
        ({"x-include-refresh-token-hard-expires-in": "false"}, False),
        ({"X-Include-Refresh-Token-Hard-Expires-In": "True"}, True),
    ],
)
def test_the_final_end_is_told_when_asked_for(login: Login, headers: Any, is_told: bool) -> None:
    answers = [
        login.token(
            headers,
            grant_type="authorization_code",
            code=login.code(),
            redirect_uri=login.asked()["redirect_uri"],
        ),
        login.refresh(login.connected()["refresh_token"], headers),
    ]
    for answer in answers:
        told = answer.json().get("x_refresh_token_hard_expires_in")
        assert told == (HARD if is_told else None)


def test_access_tokens_can_be_ended_by_hand(login: Login, r1: Any) -> None:
    answer = login.connected()
    r1.control("expire_access_tokens")
    assert login.status(answer["access_token"]) == 401
    assert login.refresh(answer["refresh_token"]).status_code == 200


def test_refresh_tokens_can_be_ended_by_hand(login: Login, r1: Any, r2: Any) -> None:
    first, second = login.connected(), login.connected(realm=r2.realm)
    r1.control("expire_refresh_tokens", {"realm": r1.realm})
    assert login.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert login.status(first["access_token"]) == 200
    assert login.refresh(second["refresh_token"]).status_code == 200
    r1.control("expire_refresh_tokens")
    assert login.refresh(second["refresh_token"]).status_code == 400
    assert login.refresh(login.connected()["refresh_token"]).status_code == 200


def test_all_of_it_survives_a_restart(tmp_path: Path) -> None:
    switches = {"rotation": "every", "rotation_overlap": _DAY}
    with start(data=tmp_path) as running:
        login, other = _at(running, R1), _at(running, R2)
        _control(running, "clock", {"now": "2026-11-06T10:00:00-07:00"})
        _control(running, "switches", switches)
        _control(running, "members", {"realm": R2, "person": "member", "admin": True})
        old = login.connected(scope="openid com.intuit.quickbooks.accounting")
        new = login.refresh(old["refresh_token"]).json()
        ended, revoked = other.connected(), other.connected()
        _control(running, "expire_refresh_tokens", {"realm": R2})
        other.revoke(revoked["access_token"])
        keys = _keys(running)
    with start(data=tmp_path) as running:
        login, other = _at(running, R1), _at(running, R2)
        assert login.status(old["access_token"]) == login.status(new["access_token"]) == 200
        assert login.status(old["access_token"], R2) == 403
        assert login.refresh(old["refresh_token"]).json()["refresh_token"] == new["refresh_token"]
        assert login.refresh(new["refresh_token"]).status_code == 200
        assert other.status(ended["access_token"]) == 200
        assert other.refresh(ended["refresh_token"]).status_code == 400
        assert other.status(revoked["access_token"]) == 401
        assert other.answer(person="member").status_code == 302
        assert login.answer(person="member").status_code == 403
        assert _keys(running) == keys
        _control(running, "clock", {"advance": HARD})
        assert login.refresh(new["refresh_token"]).status_code == 400


def _at(running: Running, realm: str) -> Login:
    return Login(SimpleNamespace(running=running, realm=realm))


def _control(running: Running, path: str, body: Any) -> None:
    answer = requests.post(f"{running.control}/{path}", json=body, timeout=20)
    assert answer.status_code == 200, answer.text


def _keys(running: Running) -> Any:
    return requests.get(f"{running.api}/op/v1/jwks", timeout=20).json()


def test_every_change_is_seen_as_one_to_save(login: Login, r1: Any) -> None:
    tokens = r1.running.state.tokens
    answer = login.connected()
    member = {"realm": r1.realm, "person": "member", "admin": True}
    steps = [
        login.connected,
        lambda: login.refresh(answer["refresh_token"]),
        lambda: r1.control("members", member),
        lambda: r1.control("expire_access_tokens"),
        lambda: r1.control("expire_refresh_tokens"),
        lambda: login.revoke(answer["refresh_token"]),
        lambda: r1.control("reset"),
    ]
    for step in steps:
        before = tokens.version
        step()
        assert tokens.version > before
