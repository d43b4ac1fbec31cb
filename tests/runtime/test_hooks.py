"""POST /hooks/<connection>: what is answered, what is stored, what a stranger can do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from connector.signatures import sign_standard
from runtime import history
from tests.events import payment
from tests.harness import SECRET, Harness, payment_event


def deliver(
    harness: Harness, raw: bytes, headers: Mapping[str, str] | None = None, path: str = ""
) -> Any:
    at = int(harness.clock.now().timestamp())
    signed = sign_standard(SECRET, "msg_x", at, raw) if headers is None else headers
    return harness.web.post(path or "/hooks/leadexploder", data=raw, headers=dict(signed))


def events(harness: Harness) -> list[dict[str, Any]]:
    return harness.relay.database.read(history.all_events)


def test_the_answer_names_the_event_and_says_what_became_of_it(harness: Harness) -> None:
    first = harness.post(payment_event(), identity="msg_1")
    again = harness.post(payment_event(), identity="msg_1")
    assert first["status"] == "stored"
    assert again == {"event": first["event"], "status": "duplicate"}
    assert len(events(harness)) == 1


def test_an_unknown_type_is_stored_and_ignored(harness: Harness) -> None:
    told = harness.post({**payment_event(), "type": "invoice.exploded"})
    assert told["status"] == "ignored"
    (event,) = events(harness)
    assert event["status"] == "ignored"
    assert "invoice.exploded" in event["note"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"webhook-id": "x", "webhook-timestamp": "nonsense", "webhook-signature": "v1,!!"}, 401),
        ({"webhook-id": "é", "webhook-timestamp": "9" * 400, "webhook-signature": ","}, 401),
        ({"webhook-signature": "v1,AAAA"}, 401),
    ],
)
def test_garbage_signatures_are_refused_with_a_sentence(
    harness: Harness, headers: dict[str, str], status: int
) -> None:
    answer = deliver(harness, json.dumps(payment_event()).encode(), headers)
    assert answer.status_code == status
    assert answer.get_json()["error"].endswith(".")
    assert events(harness) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"[1, 2]",
        b'"text"',
        b"{}",
        b'{"type": "payment.collected"}',
        b'{"type": "payment.collected", "timestamp": "yesterday", "data": {}}',
        b'{"type": 7, "timestamp": "2026-11-06T23:58:40Z", "data": {}}',
        b"\xff\xfe\x00",
        b'{"type": "payment.collected", "timestamp": "2026-11-06T23:58:40Z", "data": NaN}',
    ],
)
def test_a_body_that_is_no_event_is_400_with_a_sentence(harness: Harness, raw: bytes) -> None:
    answer = deliver(harness, raw)
    assert answer.status_code == 400
    assert answer.get_json()["error"].endswith(".")
    assert events(harness) == []


def test_an_unknown_connection_is_404_and_says_what_to_do(harness: Harness) -> None:
    answer = deliver(harness, b"{}", path="/hooks/nobody")
    assert answer.status_code == 404
    assert "nobody" in answer.get_json()["error"]


def test_a_body_of_20_mb_is_413(harness: Harness) -> None:
    answer = deliver(harness, b" " * 20_000_000, {})
    assert answer.status_code == 413
    assert "larger than" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"payment": {"amount": None}}, "amount"),
        ({"payment": {"amount": "lots"}}, "amount"),
        ({"invoice": {"lines": None}}, "lines"),
        ({"invoice": {"total": None}}, "total"),
        ({"contact": None}, "contact"),
        ({"payment": {"collected_at": None}}, "collected_at"),
    ],
)
def test_a_payload_that_cannot_be_used_is_held_and_names_the_field(
    harness: Harness, broken: dict[str, Any], said: str
) -> None:
    event = payment_event()
    for name, change in broken.items():
        part = event["data"][name]
        event["data"][name] = None if change is None else {**part, **change}
    assert harness.post(event)["status"] == "stored"
    harness.work()
    (hold,) = harness.holds()
    assert said in hold["sentence"]
    assert "Nothing was booked" in hold["sentence"]
    assert hold["fix"]
    assert harness.records("Invoice") == []


def test_totals_that_do_not_add_up_are_held_with_the_sum(harness: Harness) -> None:
    harness.post(payment(invoice={"total": "500.00"}))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "totals-differ"
    assert "475.00" in hold["sentence"]
    assert "500.00" in hold["sentence"]
    assert harness.records("Invoice") == []
    assert not any(c["method"] == "POST" and c["entity"] == "Invoice" for c in harness.calls())


def test_a_test_event_never_reaches_the_books(harness: Harness) -> None:
    harness.post({**payment_event(), "test": True})
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["skipped"]
    assert harness.records("Invoice") == []


def test_signatures_are_not_kept_with_the_event(harness: Harness) -> None:
    harness.post(payment_event())
    stored = harness.relay.folder.joinpath("bookrelay.sqlite").read_bytes()
    wal = harness.relay.folder.joinpath("bookrelay.sqlite-wal")
    stored += wal.read_bytes() if wal.exists() else b""
    assert b"v1," not in stored
    assert SECRET.encode() not in stored


def test_the_pages_are_for_this_machine_only(harness: Harness) -> None:
    assert harness.web.get("/").status_code == 200
    other = {"REMOTE_ADDR": "10.0.0.9"}
    assert harness.web.get("/", environ_overrides=other).status_code == 403
    behind = harness.web.get("/", headers={"X-Forwarded-For": "127.0.0.1"})
    assert behind.status_code == 403
    assert harness.web.get("/healthz").get_json() == {"status": "ok"}
    assert harness.web.get("/readyz").status_code == 200
    assert b"bookrelay_runs" in harness.web.get("/metrics").data


def test_the_page_shows_what_waits_and_escapes_it(harness: Harness) -> None:
    contact = {"id": "c_x", "name": "<b>Bold</b>", "email": "bold@example.com"}
    event = payment(contact=contact, invoice={"total": "1.00"})
    harness.post(event)
    harness.work()
    page = harness.web.get("/").get_data(as_text=True)
    assert "totals-differ" in page
    assert "<b>Bold" not in page
