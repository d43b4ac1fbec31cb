"""The seven schemes against published rules' vectors, against mutations and against garbage."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from connector.signatures import (
    SignatureRefused,
    sign_standard,
    sign_stripe,
    verify_highlevel,
    verify_highlevel_legacy,
    verify_intuit,
    verify_jobber,
    verify_square,
    verify_standard,
    verify_stripe,
)

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).with_name("signature_vectors.json").read_text(encoding="utf-8")
)
NOW = datetime.fromtimestamp(1794009523, UTC)
Verify = Callable[[bytes, Mapping[str, str], str], object]

SCHEMES: dict[str, Verify] = {
    "stripe": lambda raw, headers, secret: verify_stripe(raw, headers, secret, NOW),
    "standard_webhooks_v1": lambda raw, headers, secret: verify_standard(raw, headers, secret, NOW),
    "square": lambda raw, headers, secret: verify_square(
        raw, headers, secret, VECTORS["square"]["notification_url"]
    ),
    "jobber": verify_jobber,
    "intuit": verify_intuit,
    "ghl_ed25519": verify_highlevel,
    "ghl_rsa_legacy": verify_highlevel_legacy,
}


def secret_of(scheme: str) -> str:
    vector = VECTORS[scheme]
    names = ("secret", "signature_key", "test_public_key_pem")
    return str(next(vector[name] for name in names if name in vector))


def raw_of(scheme: str) -> bytes:
    return str(VECTORS[scheme]["body"]).encode()


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def headers_of(scheme: str) -> dict[str, str]:
    return lower(VECTORS[scheme]["headers"])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_vectors_are_accepted(scheme: str) -> None:
    SCHEMES[scheme](raw_of(scheme), headers_of(scheme), secret_of(scheme))
    SCHEMES[scheme](raw_of(scheme), VECTORS[scheme]["headers"], secret_of(scheme))


def test_every_vector_has_a_test() -> None:
    assert set(SCHEMES) == set(VECTORS)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_one_changed_byte_of_the_body_is_refused(scheme: str, data: st.DataObject) -> None:
    raw = bytearray(raw_of(scheme))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SignatureRefused):
        SCHEMES[scheme](bytes(raw), headers_of(scheme), secret_of(scheme))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_one_changed_character_of_any_header_is_refused(scheme: str, data: st.DataObject) -> None:
    headers = headers_of(scheme)
    name = data.draw(st.sampled_from(sorted(headers)))
    place = data.draw(st.integers(0, len(headers[name]) - 1))
    other = data.draw(st.characters().filter(lambda c: c != headers[name][place]))
    changed = headers[name][:place] + other + headers[name][place + 1 :]
    with pytest.raises(SignatureRefused):
        SCHEMES[scheme](raw_of(scheme), {**headers, name: changed}, secret_of(scheme))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(raw=st.binary(max_size=200), data=st.data())
def test_garbage_headers_are_refused_and_never_crash(
    scheme: str, raw: bytes, data: st.DataObject
) -> None:
    garbage = st.text(max_size=60) | st.sampled_from(
        ["v1,", "v1,,v1", "t=,v1=", "t=1794009523,v1=é", "v1,AAAA v1a,BBBB", "====", "\x00", "t=²"]
    )
    headers = {name: data.draw(garbage) for name in headers_of(scheme)}
    with pytest.raises(SignatureRefused) as refused:
        SCHEMES[scheme](raw, headers, secret_of(scheme))
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_missing_or_empty_header_is_named(scheme: str) -> None:
    for name in VECTORS[scheme]["headers"]:
        for headers in (
            {k: v for k, v in headers_of(scheme).items() if k != name.lower()},
            {**headers_of(scheme), name.lower(): ""},
        ):
            with pytest.raises(SignatureRefused, match=name):
                SCHEMES[scheme](raw_of(scheme), headers, secret_of(scheme))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("secret", ["", "  \n"])
def test_without_a_secret_nothing_is_proven(scheme: str, secret: str) -> None:
    with pytest.raises(SignatureRefused, match="No secret is saved"):
        SCHEMES[scheme](raw_of(scheme), headers_of(scheme), secret)


@pytest.mark.parametrize("scheme", ["stripe", "square", "jobber", "intuit"])
def test_two_secrets_during_a_rotation(scheme: str) -> None:
    for secrets in (f"other {secret_of(scheme)}", f"{secret_of(scheme)}\nother"):
        SCHEMES[scheme](raw_of(scheme), headers_of(scheme), secrets)
    with pytest.raises(SignatureRefused):
        SCHEMES[scheme](raw_of(scheme), headers_of(scheme), "other another")


@pytest.mark.parametrize("scheme", ["ghl_ed25519", "ghl_rsa_legacy"])
def test_public_keys_as_pem_blocks_or_as_base64(scheme: str) -> None:
    pem = secret_of(scheme)
    spare = base64.b64encode(
        Ed25519PrivateKey.generate()
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    bare = "".join(pem.splitlines()[1:-1])
    SCHEMES[scheme](raw_of(scheme), headers_of(scheme), bare)
    SCHEMES[scheme](raw_of(scheme), headers_of(scheme), pem + "\n" + pem)
    if scheme == "ghl_ed25519":
        SCHEMES[scheme](raw_of(scheme), headers_of(scheme), f"{spare} {bare}")


@pytest.mark.parametrize(
    ("scheme", "key"),
    [
        ("ghl_ed25519", "not base64!"),
        ("ghl_ed25519", "AAAA"),
        ("ghl_ed25519", "other kind"),
        ("ghl_rsa_legacy", "other kind"),
    ],
)
def test_a_public_key_that_cannot_be_used_is_said(scheme: str, key: str) -> None:
    other = {"ghl_ed25519": "ghl_rsa_legacy", "ghl_rsa_legacy": "ghl_ed25519"}[scheme]
    used = secret_of(other) if key == "other kind" else key
    with pytest.raises(SignatureRefused, match="public key saved for this connection"):
        SCHEMES[scheme](raw_of(scheme), headers_of(scheme), used)


def test_the_production_key_of_highlevel_is_readable_and_does_not_fit_the_test_vector() -> None:
    production = VECTORS["ghl_ed25519"]["production_public_key_pem"]
    with pytest.raises(SignatureRefused, match="does not match"):
        verify_highlevel(raw_of("ghl_ed25519"), headers_of("ghl_ed25519"), production)


def test_an_ed25519_signature_has_one_spelling() -> None:
    headers = headers_of("ghl_ed25519")
    name = "x-ghl-signature"
    for spelt in (headers[name].replace("Bw==", "Bx=="), headers[name] + "\n"):
        with pytest.raises(SignatureRefused):
            verify_highlevel(raw_of("ghl_ed25519"), {name: spelt}, secret_of("ghl_ed25519"))


def test_stripe_refuses_old_timestamps_only() -> None:
    vector = VECTORS["stripe"]
    raw, headers, secret = raw_of("stripe"), headers_of("stripe"), secret_of("stripe")
    verify_stripe(raw, headers, secret, datetime.fromtimestamp(vector["clock_now_ok"], UTC))
    too_late = datetime.fromtimestamp(vector["clock_now_too_old"], UTC)
    with pytest.raises(SignatureRefused, match="301 seconds ago"):
        verify_stripe(raw, headers, secret, too_late)
    verify_stripe(raw, headers, secret, NOW - timedelta(hours=1))


def test_stripe_ignores_other_versions_and_takes_one_of_several() -> None:
    raw, secret = raw_of("stripe"), secret_of("stripe")
    time, good = headers_of("stripe")["stripe-signature"].split(",")
    for header in (f"{time},v0=00,{good}", f"{time},v1=00,{good}", f"{good},{time},x"):
        verify_stripe(raw, {"stripe-signature": header}, secret, NOW)
    v0 = good.replace("v1=", "v0=")
    for header in (f"{time},{v0}", f"{time}", good, f"{time},{time},{good}"):
        with pytest.raises(SignatureRefused):
            verify_stripe(raw, {"stripe-signature": header}, secret, NOW)


def test_standard_webhooks_gives_the_id_and_takes_one_of_several_signatures() -> None:
    raw, secret = raw_of("standard_webhooks_v1"), secret_of("standard_webhooks_v1")
    headers = headers_of("standard_webhooks_v1")
    assert verify_standard(raw, headers, secret, NOW) == "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
    rotated = VECTORS["standard_webhooks_v1"]["rotation_example"]
    verify_standard(raw, {**headers, "webhook-signature": rotated}, secret, NOW)
    unknown = headers["webhook-signature"].replace("v1,", "v2,")
    with pytest.raises(SignatureRefused):
        verify_standard(raw, {**headers, "webhook-signature": unknown}, secret, NOW)


@pytest.mark.parametrize(
    ("offset", "sentence"),
    [(300, ""), (-300, ""), (301, "301 seconds ago"), (-301, "301 seconds in the future")],
)
def test_standard_webhooks_tolerates_five_minutes_on_both_sides(offset: int, sentence: str) -> None:
    raw, secret = raw_of("standard_webhooks_v1"), secret_of("standard_webhooks_v1")
    headers, now = headers_of("standard_webhooks_v1"), NOW + timedelta(seconds=offset)
    if not sentence:
        verify_standard(raw, headers, secret, now)
    else:
        with pytest.raises(SignatureRefused, match=sentence):
            verify_standard(raw, headers, secret, now)


@pytest.mark.parametrize("timestamp", ["-1", "1e9", "²", "1794009523 ", "9" * 13, "now"])
def test_a_timestamp_is_a_number_of_seconds(timestamp: str) -> None:
    secret = secret_of("standard_webhooks_v1")
    headers = {**headers_of("standard_webhooks_v1"), "webhook-timestamp": timestamp}
    with pytest.raises(SignatureRefused, match="not a number of seconds"):
        verify_standard(b"{}", headers, secret, NOW)


def test_an_endless_webhook_id_is_refused() -> None:
    secret = secret_of("standard_webhooks_v1")
    signed = lower(sign_standard(secret, "m" * 256, int(NOW.timestamp()), b"{}"))
    with pytest.raises(SignatureRefused, match="255"):
        verify_standard(b"{}", signed, secret, NOW)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_***", "whsec_é", "whsec_YWJj=YWJj"])
def test_a_secret_of_another_kind_is_said(secret: str) -> None:
    with pytest.raises(SignatureRefused, match="not a Standard Webhooks secret"):
        verify_standard(b"{}", headers_of("standard_webhooks_v1"), secret, NOW)


@given(raw=st.binary(max_size=300), identity=st.text("abc_019", min_size=1, max_size=40))
def test_what_we_sign_we_accept(raw: bytes, identity: str) -> None:
    old, new = "whsec_" + "b2xk" * 8, "whsec_" + "bmV3" * 8
    at = int(NOW.timestamp())
    both = sign_standard(f"{old} {new}", identity, at, raw)
    assert len(both["webhook-signature"].split()) == 2
    for secret in (old, new):
        assert verify_standard(raw, both, secret, NOW) == identity
        verify_stripe(raw, sign_stripe(secret, at, raw), secret, NOW)
    with pytest.raises(SignatureRefused):
        verify_standard(raw, sign_standard(old, identity, at, raw), new, NOW)


def test_signing_repeats_the_vectors() -> None:
    standard, stripe = VECTORS["standard_webhooks_v1"], VECTORS["stripe"]
    raw = raw_of("standard_webhooks_v1")
    identity = standard["headers"]["webhook-id"]
    signed = sign_standard(standard["secret"], identity, 1794009523, raw)
    assert signed == standard["headers"]
    assert sign_stripe(stripe["secret"], 1794009522, raw_of("stripe")) == stripe["headers"]
