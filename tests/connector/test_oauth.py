"""Tokens: what a token endpoint's answers mean."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses

from connector.errors import Consequence, NeedsReconnect, Retryable, Uncertain
from connector.http import session
from connector.oauth import InvalidGrant, Tokens, exchange, refresh, revoke

URL = "https://oauth.example/oauth2/v1/tokens/bearer"
REVOKE = "https://oauth.example/revoke"
NOW = datetime(2026, 11, 6, 12, 0, tzinfo=UTC)
GOOD = {
    "token_type": "bearer",
    "access_token": "at_2",
    "refresh_token": "rt_2",
    "expires_in": 3600,
    "x_refresh_token_expires_in": 8726400,
}


@pytest.fixture
def endpoint() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def renewed() -> Tokens:
    with session() as http:
        return refresh(http, URL, "id", "s:cret", "rt_1", NOW)


def test_refresh(endpoint: responses.RequestsMock) -> None:
    endpoint.post(URL, json=GOOD)
    assert renewed() == Tokens(
        access_token="at_2",
        refresh_token="rt_2",
        expires_at=NOW + timedelta(hours=1),
        refresh_expires_at=NOW + timedelta(days=101),
    )
    request: Any = endpoint.calls[0].request
    assert request.headers["Authorization"] == f"Basic {base64.b64encode(b'id:s:cret').decode()}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["rt_1"],
    }


def test_exchange(endpoint: responses.RequestsMock) -> None:
    endpoint.post(URL, json=GOOD)
    with session() as http:
        tokens = exchange(http, URL, "id", "secret", "code&1", "https://b.example/back", NOW)
    assert tokens.refresh_token == "rt_2"
    request: Any = endpoint.calls[0].request
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["code&1"],
        "redirect_uri": ["https://b.example/back"],
    }


@pytest.mark.parametrize(
    ("changes", "refresh_token", "expires", "ends"),
    [
        ({"refresh_token": None}, "rt_1", 3600, 8726400),
        ({"expires_in": None}, "rt_2", 3600, 8726400),
        ({"expires_in": "soon"}, "rt_2", 3600, 8726400),
        ({"expires_in": -5}, "rt_2", 3600, 8726400),
        ({"expires_in": 1800}, "rt_2", 1800, 8726400),
        ({"x_refresh_token_expires_in": None}, "rt_2", 3600, None),
        ({"x_refresh_token_hard_expires_in": 86400}, "rt_2", 3600, 86400),
        ({"x_refresh_token_hard_expires_in": 157680000}, "rt_2", 3600, 8726400),
        ({"x_refresh_token_hard_expires_in": 10**15}, "rt_2", 3600, 8726400),
    ],
)
def test_optional_parts(
    endpoint: responses.RequestsMock,
    changes: dict[str, Any],
    refresh_token: str,
    expires: int,
    ends: int | None,
) -> None:
    endpoint.post(URL, json={**GOOD, **changes})
    tokens = renewed()
    assert tokens.refresh_token == refresh_token
    assert tokens.expires_at == NOW + timedelta(seconds=expires)
    expected = None if ends is None else NOW + timedelta(seconds=ends)
    assert tokens.refresh_expires_at == expected


def test_tokens_do_not_show() -> None:
    shown = repr(Tokens(access_token="at_2", refresh_token="rt_2", expires_at=NOW))
    assert "at_2" not in shown
    assert "rt_2" not in shown


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (400, {"error": "invalid_grant"}, InvalidGrant, "no longer accepts the stored"),
        (401, {"error": "invalid_client"}, NeedsReconnect, "client id and secret"),
        (401, {}, NeedsReconnect, "client id and secret"),
        (400, {"error": "invalid_request"}, NeedsReconnect, r"refused with 400 \(invalid_request"),
        (400, {"error": {"odd": 1}}, NeedsReconnect, "refused with 400"),
        (403, [], NeedsReconnect, "refused with 403"),
        (429, {}, Retryable, "answered 429"),
        (500, {}, Retryable, "answered 500"),
        (503, {"error": "busy"}, Retryable, "answered 503"),
        (200, [], Uncertain, "could not be read"),
        (200, {}, Uncertain, "could not be read"),
        (200, {"access_token": ""}, Uncertain, "could not be read"),
        (200, {"access_token": 7}, Uncertain, "could not be read"),
        (200, {**GOOD, "refresh_token": 7}, Uncertain, "could not be read"),
    ],
)
def test_refusals(
    endpoint: responses.RequestsMock,
    status: int,
    body: Any,
    kind: type[Consequence],
    sentence: str,
) -> None:
    endpoint.post(URL, json=body, status=status)
    with pytest.raises(kind, match=sentence) as refused:
        renewed()
    assert type(refused.value) is kind


def test_an_unreadable_refusal(endpoint: responses.RequestsMock) -> None:
    endpoint.post(URL, body="<html>", status=502, headers={"Retry-After": "7"})
    with pytest.raises(Retryable) as later:
        renewed()
    assert later.value.retry_after == 7.0


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.ConnectTimeout("x"), Retryable),
        (requests.ReadTimeout("x"), Uncertain),
        (requests.ConnectionError("cut"), Uncertain),
    ],
)
def test_lost_answers(
    endpoint: responses.RequestsMock, error: Exception, kind: type[Consequence]
) -> None:
    endpoint.post(URL, body=error)
    with pytest.raises(kind):
        renewed()


@pytest.mark.parametrize("status", [200, 204, 400])
def test_revoke(endpoint: responses.RequestsMock, status: int) -> None:
    endpoint.post(REVOKE, status=status)
    with session() as http:
        revoke(http, REVOKE, "id", "secret", "rt_1")
    assert endpoint.calls[0].request.body == b'{"token":"rt_1"}'


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"status": 401}, NeedsReconnect),
        ({"status": 500}, Retryable),
        ({"body": requests.ReadTimeout("x")}, Retryable),
    ],
)
def test_revoke_refused(
    endpoint: responses.RequestsMock, answer: dict[str, Any], kind: type[Consequence]
) -> None:
    endpoint.post(REVOKE, **answer)
    with session() as http, pytest.raises(kind):
        revoke(http, REVOKE, "id", "secret", "rt_1")
