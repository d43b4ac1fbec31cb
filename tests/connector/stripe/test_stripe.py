"""Stripe's webhook: one confirmation per payment, everything else kept and ignored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

import connector.stripe
from connector.base import BadWebhook, Happening, Page
from connector.signatures import sign_stripe
from connector.stripe import Stripe, minor_to_decimal

SAMPLES = Path(connector.stripe.__file__).with_name("samples")
ACCOUNT = {"webhook_secret": "whsec_example"}
NOW = datetime(2026, 11, 6, 23, 59, tzinfo=UTC)


def sample(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((SAMPLES / f"stripe_{name}.json").read_text(encoding="utf-8"))
    return body


def receive(event: Any) -> Happening:
    raw = json.dumps(event).encode()
    signed = sign_stripe(ACCOUNT["webhook_secret"], int(NOW.timestamp()), raw)
    headers = {name.lower(): value for name, value in signed.items()}
    (told,) = Stripe().receive(raw, headers, ACCOUNT, NOW)
    return told


def changed(event: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**event, "data": {"object": {**event["data"]["object"], **fields}}}


def test_a_succeeded_payment_intent_is_the_confirmation() -> None:
    told = receive(sample("payment_intent_succeeded"))
    assert (told.identity, told.type, told.trigger, told.ignored, told.test) == (
        "evt_3QExamplePiOk",
        "payment.confirmed",
        "payment_confirmed",
        "",
        False,
    )
    assert told.happened_at == datetime(2026, 11, 6, 23, 58, 40, tzinfo=UTC)
    assert told.contact == "nmFmQEsNgz6AVpgLVUJ0"
    assert told.data == {
        "payment": {
            "id": "pi_3QExampleSparrow475",
            "processor": "stripe",
            "processor_ref": "pi_3QExampleSparrow475",
            "amount": "475.00",
            "currency": "USD",
            "confirmed_at": "2026-11-06T23:58:40+00:00",
            "method": "card",
            "charge": "ch_3QExampleSparrow475",
        },
        "metadata": {
            "crm_invoice_id": "6578278e879ad2646715ba9c",
            "crm_contact_id": "nmFmQEsNgz6AVpgLVUJ0",
            "service_type": "residential_cleaning",
        },
    }


def test_odd_fields_of_a_confirmation() -> None:
    event = changed(
        sample("payment_intent_succeeded"),
        latest_charge={"id": "ch_9", "object": "charge"},
        payment_method_types=["card", "us_bank_account"],
        metadata=None,
        currency="jpy",
        amount_received=500,
    )
    told = receive(event)
    payment = told.data["payment"]
    assert (payment["charge"], payment["method"], payment["amount"]) == ("ch_9", "", "500")
    assert told.data["metadata"] == {}
    assert told.contact == ""


@pytest.mark.parametrize(
    ("types", "method"),
    [
        (["us_bank_account"], "ach"),
        (["klarna"], "financing"),
        (["link"], "card"),
        (["oxxo"], "other"),
        ([], ""),
        (None, ""),
    ],
)
def test_method(types: Any, method: str) -> None:
    told = receive(changed(sample("payment_intent_succeeded"), payment_method_types=types))
    assert told.data["payment"]["method"] == method


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("charge_succeeded", {}, "This payment is told by payment_intent.succeeded."),
        ("checkout_session_completed", {}, "This payment is told by payment_intent.succeeded."),
        (
            "checkout_session_completed",
            {"payment_status": "unpaid"},
            "This checkout is not paid yet; its payment is told by payment_intent.succeeded.",
        ),
        (
            "charge_succeeded",
            {"payment_intent": None},
            "This charge has no payment intent; the CRM's own event books it.",
        ),
        (
            "payment_intent_succeeded",
            {"status": "processing"},
            "This payment has not succeeded yet.",
        ),
    ],
)
def test_what_is_told_elsewhere_is_ignored(name: str, fields: Any, sentence: str) -> None:
    told = receive(changed(sample(name), **fields))
    assert (told.type, told.trigger) == ("payment.confirmed", "payment_confirmed")
    assert told.ignored == sentence
    assert not told.test


@pytest.mark.parametrize("livemode", [False, None, "true"])
@pytest.mark.parametrize("name", ["payment_intent_succeeded", "charge_succeeded"])
def test_test_mode_never_counts(name: str, livemode: Any) -> None:
    told = receive({**sample(name), "livemode": livemode})
    assert told.test
    assert told.ignored == "Stripe sent this in test mode."


def test_other_types_are_kept_and_ignored() -> None:
    told = receive({**sample("charge_succeeded"), "type": "charge.refunded"})
    assert (told.type, told.trigger) == ("charge.refunded", "")
    assert told.ignored == "Bookrelay does not use Stripe's charge.refunded."


@pytest.mark.parametrize(
    "event",
    [
        [],
        {},
        {**sample("payment_intent_succeeded"), "id": ""},
        {**sample("payment_intent_succeeded"), "type": 7},
        {**sample("payment_intent_succeeded"), "data": []},
        {**sample("payment_intent_succeeded"), "data": {"object": "pi_1"}},
        {**sample("payment_intent_succeeded"), "created": "today"},
        {**sample("payment_intent_succeeded"), "created": None},
        {**sample("payment_intent_succeeded"), "created": 10**17},
        changed(sample("payment_intent_succeeded"), amount_received=None),
        changed(sample("payment_intent_succeeded"), amount_received="47500"),
        changed(sample("payment_intent_succeeded"), amount_received=475.5),
        changed(sample("payment_intent_succeeded"), currency=None),
    ],
)
def test_malformed_is_400(event: Any) -> None:
    with pytest.raises(BadWebhook) as bad:
        receive(event)
    assert bad.value.status == 400
    assert bad.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("headers", "account"),
    [({}, ACCOUNT), ({"stripe-signature": "t=1,v1=00"}, ACCOUNT), ({}, {})],
)
def test_unproven_is_401(headers: dict[str, str], account: dict[str, str]) -> None:
    with pytest.raises(BadWebhook) as bad:
        Stripe().receive(b"{}", headers, account, NOW)
    assert bad.value.status == 401


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (47500, "usd", "475.00"),
        (5, "USD", "0.05"),
        (-9010, "usd", "-90.10"),
        (500, "jpy", "500"),
        (5120, "kwd", "5.120"),
        (500, "ugx", "5.00"),
        (500, "isk", "5.00"),
    ],
)
def test_minor_units(minor: int, currency: str, amount: str) -> None:
    assert minor_to_decimal(Decimal(minor), currency) == amount


@given(st.integers(-(10**12), 10**12), st.sampled_from(["usd", "jpy", "kwd"]))
def test_minor_units_lose_nothing(minor: int, currency: str) -> None:
    factor = {"usd": 100, "jpy": 1, "kwd": 1000}[currency]
    assert Decimal(minor_to_decimal(Decimal(minor), currency)) * factor == minor


def test_stripe_is_not_polled() -> None:
    assert not Stripe().polls({**ACCOUNT, "api_key": "rk_1"})
    with requests.Session() as http:
        assert Stripe().poll(ACCOUNT, NOW, None, http) == Page(happenings=(), next=None)
