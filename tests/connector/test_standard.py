"""The standard events' names and their envelope."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.base import BadWebhook
from connector.standard import STANDARD_TRIGGERS, STANDARD_TYPES, happening, moment, trigger_of

GOOD: dict[str, Any] = {
    "type": "payment.collected",
    "timestamp": "2026-11-06T16:58:40-07:00",
    "test": False,
    "location": "boise",
    "data": {"payment": {"id": "pay_1", "kind": "payment"}, "contact": {"id": "c_501"}},
}


def test_the_contract_has_twenty_two_events() -> None:
    assert len(STANDARD_TYPES) == len(STANDARD_TRIGGERS) == 22
    assert {"contact.merged", "job.reopened", "deposit.forfeited"} <= STANDARD_TYPES
    assert "payment_collected" in STANDARD_TRIGGERS


@pytest.mark.parametrize(
    ("type_", "kind", "trigger"),
    [
        ("payment.collected", "payment", "payment_collected"),
        ("payment.collected", "deposit", "deposit_collected"),
        ("payment.refunded", "deposit", "payment_refunded"),
        ("deposit.collected", "deposit", "deposit_collected"),
        ("estimate.accepted", None, "estimate_accepted"),
        ("payment.imagined", "payment", ""),
        ("payment_collected", "payment", ""),
    ],
)
def test_trigger(type_: str, kind: str | None, trigger: str) -> None:
    assert trigger_of(type_, {"payment": {"kind": kind}}) == trigger


@pytest.mark.parametrize("payment", [None, "x", [], {"kind": ["deposit"]}])
def test_an_odd_payment_is_still_a_payment(payment: Any) -> None:
    assert trigger_of("payment.collected", {"payment": payment}) == "payment_collected"


def test_a_good_envelope() -> None:
    told = happening(GOOD, identity="msg_1", raw=b"raw")
    assert (told.identity, told.type, told.trigger) == (
        "msg_1",
        "payment.collected",
        "payment_collected",
    )
    assert told.happened_at == datetime(
        2026, 11, 6, 16, 58, 40, tzinfo=timezone(-timedelta(hours=7))
    )
    assert (told.location, told.contact, told.test, told.ignored) == ("boise", "c_501", False, "")
    assert told.data == GOOD["data"]
    assert told.raw == b"raw"


def test_an_unknown_type_is_told_as_ignored() -> None:
    told = happening({**GOOD, "type": "payment.imagined"}, identity="msg_1", raw=b"")
    assert told.trigger == ""
    assert told.ignored == "payment.imagined is not an event that Bookrelay knows."


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        ({"id": "c_501", "email": "a@b.co"}, "c_501"),
        ({"id": None, "email": " Dana@Example.com "}, "dana@example.com"),
        ({"id": Decimal(501)}, "501"),
        ({"id": "", "email": None}, ""),
        ({"id": ["c"]}, ""),
        ("c_501", ""),
        (None, ""),
    ],
)
def test_contact(contact: Any, name: str) -> None:
    told = happening({**GOOD, "data": {"contact": contact}}, identity="m", raw=b"")
    assert told.contact == name


@pytest.mark.parametrize(("given_", "is_test"), [(True, True), (False, False), (None, False)])
def test_test_flag(given_: Any, is_test: bool) -> None:
    assert happening({**GOOD, "test": given_}, identity="m", raw=b"").test is is_test


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"type": None}, 'The event has no "type".'),
        ({"type": ""}, 'The event has no "type".'),
        ({"type": ["a"]}, 'The event has no "type".'),
        ({"data": None}, 'The event payment.collected has no "data" object.'),
        ({"data": []}, 'The event payment.collected has no "data" object.'),
        ({"test": "false"}, 'The field "test" must be true or false.'),
        (
            {"timestamp": "2026-11-06T16:58:40"},
            'The "timestamp" has no offset from UTC, so its day is not certain.',
        ),
        *(
            (
                {"timestamp": value},
                'The "timestamp" is not a time such as 2026-11-06T16:58:40-07:00.',
            )
            for value in (None, "", "yesterday", Decimal(1794009520), "0001-01-01T00:00:00+23:00")
        ),
    ],
)
def test_a_broken_envelope(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadWebhook) as bad:
        happening({**GOOD, **changes}, identity="m", raw=b"")
    assert (bad.value.status, bad.value.sentence) == (400, sentence)


@pytest.mark.parametrize("body", [None, [], "text", Decimal(1)])
def test_not_an_object(body: Any) -> None:
    with pytest.raises(BadWebhook, match="The body is not a JSON object"):
        happening(body, identity="m", raw=b"")


@given(st.datetimes(timezones=st.timezones()))
def test_every_zoned_time_is_read(time: datetime) -> None:
    try:
        text = time.isoformat()
        time.astimezone(UTC)
    except OverflowError:
        return
    assert moment(text) == datetime.fromisoformat(text)


@given(st.text(max_size=40))
def test_other_texts_are_no_time(text: str) -> None:
    with suppress(BadWebhook):
        assert moment(text).tzinfo is not None
