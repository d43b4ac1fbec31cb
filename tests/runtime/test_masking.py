"""Masking: no secret survives in texts, headers or nested JSON, and innocent text does."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.masking import Masker, masked

SECRETS = ["whsec_c2VjcmV0LXdl", 'quo"te\\d-kéy', "RT1-0000-refresh", "12345678"]
MASKER = Masker([*SECRETS, "", "ab"])

ANYWHERE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.builds(lambda a, s, b: a + s + b, st.text(), st.sampled_from(SECRETS), st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(ANYWHERE)
def test_no_known_secret_survives_in_nested_json(value: Any) -> None:
    shown = json.dumps(MASKER.value(value), ensure_ascii=False)
    for secret in SECRETS:
        assert secret not in shown
        assert json.dumps(secret, ensure_ascii=False)[1:-1] not in shown


@given(st.text(), st.sampled_from(SECRETS), st.text())
def test_no_known_secret_survives_in_text_however_it_is_written(
    before: str, secret: str, after: str
) -> None:
    forms = [
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        urlencode({"": secret})[1:],
    ]
    for form in forms:
        assert form not in MASKER.text(f"{before}{form}{after}")


HIDDEN = [
    ("Authorization: Bearer abc.def\nHost: x", "Authorization: …\nHost: x"),
    ("sent Bearer abcdefghijklmnopqrst today", "sent Bearer … today"),
    ('{"access_token": "a\\"b", "b": 1}', '{"access_token": "…", "b": 1}'),
    ('{"access_token":"a","refresh_token":"b"}', '{"access_token":"…","refresh_token":"…"}'),
    (
        '"{\\"refresh_token\\": \\"abc\\", \\"x\\": 1}"',
        '"{\\"refresh_token\\": \\"…\\", \\"x\\": 1}"',
    ),
    ("{'Authorization': 'Basic eHg6eXk=', 'a': 1}", "{'Authorization': '…', 'a': 1}"),
    ("Stripe-Signature: t=1,v1=abc\nHost: x", "Stripe-Signature: …\nHost: x"),
    ("webhook-signature: v1,K5oZ=", "webhook-signature: …"),
    ("refresh_token=abc&grant_type=x", "refresh_token=…&grant_type=x"),
    ("GET /callback?code=XAB1&state=9", "GET /callback?code=…&state=9"),
    ('{"token": "abc"}', '{"token": "…"}'),
    ("Set-Cookie: session=abc; Path=/", "Set-Cookie: …"),
    ("the key is c2VjcmV0LXdl", "the key is …"),
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_what_is_hidden(text: str, shown: str) -> None:
    assert MASKER.text(text) == shown
    assert MASKER.text(shown) == shown


@pytest.mark.parametrize("text", [text for text, _ in HIDDEN[:-1]])
def test_names_are_enough(text: str) -> None:
    assert masked(text) == MASKER.text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Basic residential cleaning",
        '{"SyncToken":"0","Id":"12"}',
        "401 bad signature: the timestamp is too old",
        "the access_token is refused",
        "error code=3200",
        "Bearer of good news",
        '{"code": "6240"}',
        "",
    ],
)
def test_innocent_text_is_the_same_object(text: str) -> None:
    assert MASKER.text(text) is text or MASKER.text(text) == text


def test_fields_named_like_secrets() -> None:
    value = {
        "client_secret": "x",
        "Refresh_Token": "y",
        "SyncToken": "3",
        "has_secret": ["refresh_token"],
        "password": "",
        "token": None,
        "api_key": True,
        "amount": Decimal("475.00"),
        "digits": 12345678,
        "raw": b'{"client_secret": "z"}',
        "pair": ("RT1-0000-refresh", 1),
        5: "five",
    }
    assert MASKER.value(value) == {
        "client_secret": "…",
        "Refresh_Token": "…",
        "SyncToken": "3",
        "has_secret": ["refresh_token"],
        "password": "",
        "token": None,
        "api_key": True,
        "amount": Decimal("475.00"),
        "digits": "…",
        "raw": '{"client_secret": "…"}',
        "pair": ["…", 1],
        5: "five",
    }


def test_headers() -> None:
    headers = {
        "Authorization": "Bearer x",
        "X-Square-HmacSha256-Signature": "abc",
        "intuit-signature": "def",
        "webhook-id": "msg_1",
        "x-note": "key 12345678",
    }
    assert MASKER.headers(headers) == {
        "Authorization": "…",
        "X-Square-HmacSha256-Signature": "…",
        "intuit-signature": "…",
        "webhook-id": "msg_1",
        "x-note": "key …",
    }


def test_short_secrets_do_not_eat_the_text() -> None:
    assert Masker(["", "a", "475"]).text("a payment of 475.00") == "a payment of 475.00"
