"""Stripe: confirms card payments that the CRM tells of; it books nothing by itself.

One payment is told by `payment_intent.succeeded`, `charge.succeeded` and often
`checkout.session.completed`: the first is the confirmation, the others are kept for the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import requests

from connector import wire
from connector.base import BadWebhook, Happening, Page
from connector.signatures import SignatureRefused, verify_stripe

_CONFIRMATION = "payment_intent.succeeded"
#: Stripe types that tell of a payment, and the field that holds the amount in minor units.
_AMOUNTS = {
    _CONFIRMATION: "amount_received",
    "charge.succeeded": "amount_captured",
    "checkout.session.completed": "amount_total",
}

#: Minor digits that are not two. UGX and ISK have none either, but Stripe counts them in
#: hundredths (Stripe, supported currencies: special cases).
_NO_DIGITS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD JOD KWD OMR TND"
_DIGITS = {
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}

_METHODS = {
    **dict.fromkeys(("card", "card_present", "link"), "card"),
    **dict.fromkeys(("us_bank_account", "ach_debit", "acss_debit"), "ach"),
    **dict.fromkeys(("affirm", "klarna", "afterpay_clearpay"), "financing"),
}


class Stripe:
    """The `stripe` connector. Account fields: webhook_secret, api_key (restricted, read only)."""

    key = "stripe"
    triggers = frozenset({"payment_confirmed"})
    secrets = frozenset({"webhook_secret", "api_key"})

    def receive(
        self, raw: bytes, headers: Mapping[str, str], account: Mapping[str, str], now: datetime
    ) -> tuple[Happening, ...]:
        """The one happening of a webhook; its identity is Stripe's event id."""
        try:
            verify_stripe(raw, headers, account.get("webhook_secret") or "", now)
        except SignatureRefused as refused:
            raise BadWebhook(401, refused.sentence) from refused
        try:
            event = wire.parse_object(raw)
        except ValueError as error:
            raise BadWebhook(400, f"The body is not a readable JSON object: {error}.") from error
        return (_happening(event, raw),)

    def polls(self, account: Mapping[str, str]) -> bool:
        """Never: the CRM's own poll is the safety net of its payments."""
        return False

    def poll(
        self,
        account: Mapping[str, str],
        since: datetime,
        cursor: str | None,
        http: requests.Session,
    ) -> Page:
        """Nothing, see `polls`."""
        return Page(happenings=(), next=None)


def minor_to_decimal(amount: Decimal, currency: str) -> str:
    """Stripe's integer of minor units as decimal text: 47500 USD is 475.00, 500 JPY is 500."""
    digits = _DIGITS.get(currency.upper(), 2)
    return f"{amount.scaleb(-digits):.{digits}f}"


def _happening(event: dict[str, Any], raw: bytes) -> Happening:
    identity, type_, thing = _envelope(event)
    live = event.get("livemode") is True
    told = type_ in _AMOUNTS
    ignored = _why_ignored(type_, thing) if live else "Stripe sent this in test mode."
    happened_at = _moment(event.get("created"))
    data = _data(type_, thing, happened_at) if told and not ignored else {"object": thing}
    return Happening(
        identity=identity,
        type="payment.confirmed" if told else type_,
        trigger="payment_confirmed" if told else "",
        happened_at=happened_at,
        data=data,
        test=not live,
        contact=_text(_metadata(thing).get("crm_contact_id")),
        ignored=ignored,
        raw=raw,
    )


def _envelope(event: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    identity, type_ = _text(event.get("id")), _text(event.get("type"))
    if not identity or not type_ or not isinstance(thing, dict):
        raise BadWebhook(400, 'The body is not a Stripe event: it needs "id", "type" and "data".')
    return identity, type_, thing


def _why_ignored(type_: str, thing: Mapping[str, Any]) -> str:
    """A sentence, or empty for a payment that is confirmed by this event."""
    if type_ not in _AMOUNTS:
        return f"Bookrelay does not use Stripe's {type_}."
    if type_ == _CONFIRMATION:
        return "" if thing.get("status") == "succeeded" else "This payment has not succeeded yet."
    if type_ == "checkout.session.completed" and thing.get("payment_status") != "paid":
        return "This checkout is not paid yet; its payment is told by payment_intent.succeeded."
    if not thing.get("payment_intent"):
        return f"This {thing.get('object')} has no payment intent; the CRM's own event books it."
    return "This payment is told by payment_intent.succeeded."


def _data(type_: str, thing: Mapping[str, Any], confirmed_at: datetime) -> dict[str, Any]:
    currency = _text(thing.get("currency")).upper()
    amount = thing.get(_AMOUNTS[type_])
    identity = _text(thing.get("id"))
    if not isinstance(amount, Decimal) or amount != amount.to_integral_value() or not currency:
        raise BadWebhook(400, "The Stripe event has no amount in whole minor units of a currency.")
    return {
        "payment": {
            "id": identity,
            "processor": "stripe",
            "processor_ref": identity,
            "amount": minor_to_decimal(amount, currency),
            "currency": currency,
            "confirmed_at": confirmed_at.isoformat(),
            "method": _method(thing.get("payment_method_types")),
            "charge": _id_of(thing.get("latest_charge")),
        },
        "metadata": _metadata(thing),
    }


def _moment(created: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(created), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadWebhook(400, 'The Stripe event has no readable "created" time.') from None


def _method(types: Any) -> str:
    """The word of the standard events; empty where the intent allowed several methods."""
    if not isinstance(types, list) or len(types) != 1:
        return ""
    return _METHODS.get(_text(types[0]), "other")


def _metadata(thing: Mapping[str, Any]) -> dict[str, Any]:
    metadata = thing.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _id_of(reference: Any) -> str:
    """A reference is an id, or the whole object where the endpoint expands it."""
    return _text(reference.get("id") if isinstance(reference, dict) else reference)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
