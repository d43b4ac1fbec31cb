"""LeadExploder's webhook and poll, against the event contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

import connector.leadexploder
from connector.base import BadWebhook, Happening, Page
from connector.errors import NeedsReconnect, Retryable
from connector.leadexploder import LeadExploder
from connector.signatures import sign_standard

SAMPLE = Path(connector.leadexploder.__file__).with_name("samples") / "std_payment_collected.json"
SECRET = "whsec_" + "c2VjcmV0" * 4
ACCOUNT = {
    "webhook_secret": SECRET,
    "poll_url": "https://crm.example/base/",
    "poll_token": "tok_1",
}
NOW = datetime(2026, 11, 6, 23, 59, tzinfo=UTC)
SINCE = datetime(2026, 11, 6, 23, 0, tzinfo=UTC)
EVENTS = "https://crm.example/base/api/v1/events"


@pytest.fixture
def crm() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def receive(raw: bytes, **headers: str) -> Happening:
    signed = sign_standard(SECRET, "msg_1", int(NOW.timestamp()), raw)
    (told,) = LeadExploder().receive(raw, {**signed, **headers}, ACCOUNT, NOW)
    return told


def poll(cursor: str | None = None, account: Mapping[str, str] = ACCOUNT) -> Page:
    with requests.Session() as http:
        return LeadExploder().poll(account, SINCE, cursor, http)


def sample() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return body


def test_the_sample_is_received() -> None:
    raw = SAMPLE.read_bytes()
    told = receive(raw)
    assert told.identity == "msg_1"
    assert told.trigger == "payment_collected"
    assert told.contact == "c_501"
    assert told.data["payment"]["amount"] == "475.00"
    assert told.raw == raw
    assert not told.test


def test_numbers_are_exact() -> None:
    body = {**sample(), "data": {"payment": {"amount": 0.1, "tip": 12}}}
    payment = receive(json.dumps(body).encode()).data["payment"]
    assert payment == {"amount": Decimal("0.1"), "tip": Decimal(12)}
    assert all(isinstance(value, Decimal) for value in payment.values())


def test_a_deposit_is_known_by_its_payment_in_both_spellings() -> None:
    body = sample()
    body["data"]["payment"]["kind"] = "deposit"
    told = receive(json.dumps(body).encode())
    assert (told.identity, told.type, told.trigger) == (
        "pay_7741",
        "payment.collected",
        "deposit_collected",
    )
    body["type"] = "deposit.collected"
    (again,) = (receive(json.dumps(body).encode()),)
    assert (again.identity, again.trigger) == (told.identity, told.trigger)


@pytest.mark.parametrize(
    ("headers", "account"),
    [
        ({"webhook-signature": "v1,AAAA"}, ACCOUNT),
        ({"webhook-signature": ""}, ACCOUNT),
        ({"webhook-timestamp": "1"}, ACCOUNT),
        ({}, {**ACCOUNT, "webhook_secret": ""}),
        ({}, {}),
    ],
)
def test_unproven_is_401(headers: Mapping[str, str], account: Mapping[str, str]) -> None:
    signed = sign_standard(SECRET, "msg_1", int(NOW.timestamp()), b"{}")
    with pytest.raises(BadWebhook) as bad:
        LeadExploder().receive(b"{}", {**signed, **headers}, account, NOW)
    assert bad.value.status == 401
    assert bad.value.sentence


@given(st.binary(max_size=80))
def test_a_signed_body_that_is_no_event_is_400(raw: bytes) -> None:
    with pytest.raises(BadWebhook) as bad:
        receive(raw)
    assert bad.value.status == 400


def test_polling_needs_url_and_token() -> None:
    connector_ = LeadExploder()
    assert connector_.polls(ACCOUNT)
    assert not connector_.polls({**ACCOUNT, "poll_token": ""})
    assert not connector_.polls({"webhook_secret": SECRET})


def test_a_poll_tells_the_same_happening_as_the_webhook(crm: responses.RequestsMock) -> None:
    element = {"id": "msg_1", "location": "boise", **sample()}
    crm.get(EVENTS, json={"events": [element], "next": "c2"})
    page = poll("c1")
    (told,) = page.happenings
    webhook = receive(SAMPLE.read_bytes())
    assert (told.identity, told.trigger, told.data, told.happened_at) == (
        webhook.identity,
        webhook.trigger,
        webhook.data,
        webhook.happened_at,
    )
    assert told.location == "boise"
    assert json.loads(told.raw) == element
    assert page.next == "c2"
    request: Any = crm.calls[0].request
    assert request.headers["Authorization"] == "Bearer tok_1"
    assert request.params == {"since": "2026-11-06T23:00:00+00:00", "cursor": "c1"}


@pytest.mark.parametrize(
    ("next_", "cursor", "expected"),
    [("c2", None, "c2"), (None, "c1", None), ("", "c1", None), ("c1", "c1", None), (7, None, "7")],
)
def test_the_next_page(
    crm: responses.RequestsMock, next_: Any, cursor: str | None, expected: str | None
) -> None:
    crm.get(EVENTS, json={"events": [], "next": next_})
    assert poll(cursor) == Page(happenings=(), next=expected)


@pytest.mark.parametrize(
    ("element", "identity", "why"),
    [
        ({"id": "msg_9", "type": "payment.collected"}, "msg_9", 'no "data" object'),
        ({"id": "msg_9", "type": "a.b", "data": {}}, "msg_9", 'The "timestamp" is not a time'),
        ({"type": "payment.collected"}, "sha256:", 'The event has no "id"'),
        ("text", "sha256:", 'The event has no "id"'),
    ],
)
def test_an_unreadable_element_is_kept_as_ignored_and_stops_nothing(
    crm: responses.RequestsMock, element: Any, identity: str, why: str
) -> None:
    good = {"id": "msg_1", **sample()}
    crm.get(EVENTS, json={"events": [element, good], "next": None})
    broken, told = poll().happenings
    assert broken.identity.startswith(identity)
    assert broken.trigger == ""
    assert why in broken.ignored
    assert json.loads(broken.raw) == element
    assert told.trigger == "payment_collected"


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_needs_a_person(crm: responses.RequestsMock, status: int) -> None:
    crm.get(EVENTS, status=status)
    with pytest.raises(NeedsReconnect, match="no longer accepts the poll token") as refused:
        poll()
    assert "poll_token" in refused.value.fix


@pytest.mark.parametrize(
    ("status", "headers", "wait", "fix"),
    [
        (429, {"Retry-After": "30"}, 30.0, ""),
        (503, {}, None, ""),
        (404, {}, None, "Check poll_url in Settings."),
        (302, {"Location": "https://other.example/"}, None, "Check poll_url in Settings."),
    ],
)
def test_other_answers_are_asked_again(
    crm: responses.RequestsMock, status: int, headers: dict[str, str], wait: float | None, fix: str
) -> None:
    crm.get(EVENTS, status=status, headers=headers)
    with pytest.raises(Retryable, match=str(status)) as later:
        poll()
    assert (later.value.retry_after, later.value.fix) == (wait, fix)


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"events": {}}', '{"events": null}'])
def test_a_garbled_list_is_asked_again(crm: responses.RequestsMock, body: str) -> None:
    crm.get(EVENTS, body=body)
    with pytest.raises(Retryable, match="could not be read"):
        poll()


def test_no_answer_is_asked_again(crm: responses.RequestsMock) -> None:
    crm.get(EVENTS, body=requests.ReadTimeout("silent"))
    with pytest.raises(Retryable, match="LeadExploder did not answer"):
        poll()
