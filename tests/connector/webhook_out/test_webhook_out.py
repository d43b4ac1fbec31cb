"""The catch hook: flat fields, one signed post, repeats under one key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

from connector import wire
from connector.base import Books, Origin, Write, Written
from connector.errors import Consequence, NeedsReconnect, Rejected, Retryable
from connector.http import session
from connector.signatures import verify_standard
from connector.webhook_out import flatten, perform
from connector.webhook_out.client import CatchHookClient

URL = "https://hooks.example/catch/1/"
SECRET = "whsec_" + "c2VjcmV0" * 4
NOW = datetime(2026, 11, 6, 23, 59, tzinfo=UTC)
BOOKS = Books(
    company="1",
    name="Sparrow",
    time_zone=UTC,
    rules={},
    accounts={},
    deposit_to={},
    account_mapping=(),
    match_keys=(),
    matches={},
    go_live="yes",
    origin=Origin(
        connection="leadexploder",
        event="e1",
        identity="m1",
        type="payment.collected",
        received_at=NOW,
    ),
    now=NOW,
)


def test_flat_fields() -> None:
    body = {
        "total": Decimal("475.00"),
        "customer": {"name": "Dana", "address": {"city": "Boise"}, "tags": ("a", "b")},
        "lines": [{"amount": Decimal("475.00"), "on": date(2026, 11, 6)}, {"amount": None}],
        "none": [],
        "nothing": {},
        "paid": True,
        "at": datetime(2026, 11, 6, 16, 58, tzinfo=timezone(-timedelta(hours=7))),
    }
    assert flatten(body) == {
        "total": "475.00",
        "customer_name": "Dana",
        "customer_address_city": "Boise",
        "customer_tags_1": "a",
        "customer_tags_2": "b",
        "customer_tags_json": '["a","b"]',
        "lines_1_amount": "475.00",
        "lines_1_on": "2026-11-06",
        "lines_2_amount": None,
        "lines_json": '[{"amount":"475.00","on":"2026-11-06"},{"amount":null}]',
        "none_json": "[]",
        "paid": True,
        "at": "2026-11-06T16:58:00-07:00",
    }


def test_fields_that_would_share_a_name_are_both_kept() -> None:
    flat = flatten({"a": {"b": 1}, "a_b": 2, "a_b_2": 3})
    assert flat == {"a_b": 1, "a_b_2": 2, "a_b_2_2": 3}


leaves = st.none() | st.booleans() | st.text(max_size=4) | st.decimals(places=2, allow_nan=False)
nested: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab_1", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def count(value: Any) -> int:
    """Fields that `value` gives: one a leaf, and one more for each list."""
    if isinstance(value, dict):
        return sum(count(inner) for inner in value.values())
    if isinstance(value, list):
        return 1 + sum(count(inner) for inner in value)
    return 1


@given(st.dictionaries(st.text("ab_1", min_size=1, max_size=3), nested, max_size=4))
def test_flattening_loses_nothing_and_can_be_sent(body: dict[str, Any]) -> None:
    flat = flatten(body)
    assert len(flat) == count(body)
    assert all(value is None or isinstance(value, (str, bool)) for value in flat.values())
    assert wire.parse(wire.encode(flat)) == flat


def test_the_action_yields_one_write() -> None:
    action = perform({"connection": "zap", "body": {"customer": {"name": "Dana"}}}, BOOKS)
    command = next(action)
    assert command == Write(
        document=None,
        operation="post",
        path="zap",
        body={"customer_name": "Dana"},
        facts={"status": "handed over"},
    )
    with pytest.raises(StopIteration) as ended:
        action.send(Written(id="k1", facts={}))
    assert ended.value.value.values == {"id": "k1", "status": "handed over"}


@pytest.fixture
def hook() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def write(params: dict[str, str] | None = None, *, secret: str = SECRET, url: str = URL) -> Any:
    with session(pool=1) as http:
        client = CatchHookClient(url, secret, http, now=lambda: NOW)
        return client.write("zap", b'{"total":"475.00"}', "k1", params or {})


def test_one_signed_post(hook: responses.RequestsMock) -> None:
    hook.post(URL, status=202, headers={"Date": "Fri, 06 Nov 2026 23:58:40 GMT"})
    answer = write()
    assert answer.record == {"Id": "k1", "status": "handed over", "http_status": 202}
    assert answer.id == "k1"
    assert answer.date == datetime(2026, 11, 6, 23, 58, 40, tzinfo=UTC)
    request: Any = hook.calls[0].request
    assert json.loads(request.body) == {"total": "475.00"}
    assert request.headers["Idempotency-Key"] == "k1"
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    assert verify_standard(request.body, request.headers, SECRET, NOW) == "k1"


def test_further_parameters(hook: responses.RequestsMock) -> None:
    hook.post(URL)
    hook.post(URL)
    write({"a": "1 2"})
    write({"a": "1"}, url=f"{URL}?token=t")
    first: Any = hook.calls[0].request
    second: Any = hook.calls[1].request
    assert first.url == f"{URL}?a=1+2"
    assert second.params == {"token": "t", "a": "1"}


def test_the_clock_is_ours_by_default() -> None:
    with session(pool=1) as http, responses.RequestsMock() as mock:
        mock.post(URL)
        CatchHookClient(URL, SECRET, http).write("zap", b"{}", "k1", {})
        request = mock.calls[0].request
        assert verify_standard(b"{}", request.headers, SECRET, datetime.now(UTC)) == "k1"


@pytest.mark.parametrize(
    ("answer", "meant", "sentence"),
    [
        ({"status": 400, "body": "bad field"}, Rejected, "refused with 400"),
        ({"status": 410}, Rejected, "refused with 410"),
        ({"status": 308, "headers": {"Location": "/x"}}, Rejected, "refused with 308"),
        ({"status": 408}, Retryable, "answered 408"),
        ({"status": 429, "headers": {"Retry-After": "9"}}, Retryable, "answered 429"),
        ({"status": 500}, Retryable, "answered 500"),
        ({"body": requests.ReadTimeout("x")}, Retryable, "did not answer"),
        ({"body": requests.ConnectionError("cut")}, Retryable, "did not answer"),
        ({"body": requests.ConnectTimeout("x")}, Retryable, "could not be reached"),
    ],
)
def test_failures(
    hook: responses.RequestsMock,
    answer: dict[str, Any],
    meant: type[Consequence],
    sentence: str,
) -> None:
    hook.post(URL, **answer)
    with pytest.raises(meant, match=sentence) as failed:
        write()
    assert type(failed.value) is meant
    if isinstance(failed.value, Rejected):
        assert failed.value.code == str(answer["status"])
        assert failed.value.detail == answer.get("body", "")
    if answer.get("status") == 429:
        assert isinstance(failed.value, Retryable)
        assert failed.value.retry_after == 9.0


@pytest.mark.parametrize("secret", ["", "whsec_***"])
def test_without_a_secret_nothing_is_posted(secret: str) -> None:
    with pytest.raises(NeedsReconnect, match="Nothing was posted") as held:
        write(secret=secret)
    assert "webhook_secret" in held.value.fix
