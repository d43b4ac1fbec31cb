"""Prove that a webhook comes from whom it says: the seven signature schemes, over raw bytes.

Every function compares in constant time, accepts several signatures (a sender that rotates its
key) and several secrets (a receiver that rotates: the setting holds two, separated by whitespace),
and raises nothing but `SignatureRefused`, whatever the headers hold.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

#: Seconds that a signed timestamp may differ from our clock (Stripe and Standard Webhooks).
TOLERANCE = 300

_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", re.DOTALL)
_LONGEST_ID = 255


class SignatureRefused(Exception):
    """The request is not proven to come from its source; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def verify_stripe(raw: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> None:
    """Stripe: hex HMAC of `{t}.{body}`; the key is the whole `whsec_...` text.

    Only old timestamps are refused, as in Stripe's own library.
    """
    parts = [part.partition("=") for part in _header(headers, "Stripe-Signature").split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1:
        raise SignatureRefused("The Stripe-Signature header has no single timestamp.")
    _check_clock(times[0], now, future=False)
    given = [value for name, _, value in parts if name == "v1"]
    _require(given, (_stripe(key.encode(), times[0], raw) for key in _secrets(secret)))


def verify_standard(raw: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> str:
    """Standard Webhooks 1.0.0, `v1`: returns the `webhook-id`, the same in every redelivery."""
    identity = _header(headers, "webhook-id")
    timestamp = _header(headers, "webhook-timestamp")
    if len(identity) > _LONGEST_ID:
        raise SignatureRefused(f"The webhook-id is longer than {_LONGEST_ID} characters.")
    _check_clock(timestamp, now, future=True)
    pairs = [part.partition(",") for part in _header(headers, "webhook-signature").split()]
    given = [value for version, _, value in pairs if version == "v1"]
    keys = _standard_keys(secret)
    _require(given, (_standard(key, identity, timestamp, raw) for key in keys))
    return identity


def verify_square(raw: bytes, headers: Mapping[str, str], secret: str, url: str) -> None:
    """Square: base64 HMAC of the notification URL, to the character, followed by the body."""
    given = _header(headers, "x-square-hmacsha256-signature")
    signed = url.encode("utf-8", "replace") + raw
    _require([given], (_hmac64(key.encode(), signed) for key in _secrets(secret)))


def verify_jobber(raw: bytes, headers: Mapping[str, str], secret: str) -> None:
    """Jobber: base64 HMAC of the body; the key is the OAuth client secret."""
    given = _header(headers, "X-Jobber-Hmac-SHA256")
    _require([given], (_hmac64(key.encode(), raw) for key in _secrets(secret)))


def verify_intuit(raw: bytes, headers: Mapping[str, str], secret: str) -> None:
    """Intuit: base64 HMAC of the body; the key is the verifier token."""
    given = _header(headers, "intuit-signature")
    _require([given], (_hmac64(key.encode(), raw) for key in _secrets(secret)))


def verify_highlevel(raw: bytes, headers: Mapping[str, str], public_key: str) -> None:
    """HighLevel: base64 Ed25519 over the body. `public_key` holds PEM blocks or base64 DER."""
    signature = _decoded(_header(headers, "X-GHL-Signature"))
    _require_one(_ed25519(key, signature, raw) for key in _public_keys(public_key))


def verify_highlevel_legacy(raw: bytes, headers: Mapping[str, str], public_key: str) -> None:
    """HighLevel until July 2026: base64 RSA PKCS#1 v1.5 with SHA-256 over the body."""
    signature = _decoded(_header(headers, "x-wh-signature"))
    _require_one(_rsa(key, signature, raw) for key in _public_keys(public_key))


def sign_standard(secret: str, identity: str, timestamp: int, raw: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks; one signature for each secret in the setting.

    `timestamp` is in Unix seconds. Raises SignatureRefused if the secret cannot be used.
    """
    keys = _standard_keys(secret)
    signatures = (_standard(key, identity, str(timestamp), raw).decode() for key in keys)
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def sign_stripe(secret: str, timestamp: int, raw: bytes) -> dict[str, str]:
    """The header Stripe would send; `timestamp` is in Unix seconds."""
    signatures = (_stripe(key.encode(), str(timestamp), raw).decode() for key in _secrets(secret))
    return {"Stripe-Signature": ",".join([f"t={timestamp}", *(f"v1={one}" for one in signatures)])}


def _stripe(key: bytes, timestamp: str, raw: bytes) -> bytes:
    return hmac.new(key, timestamp.encode() + b"." + raw, hashlib.sha256).hexdigest().encode()


def _standard(key: bytes, identity: str, timestamp: str, raw: bytes) -> bytes:
    return _hmac64(key, f"{identity}.{timestamp}.".encode("utf-8", "replace") + raw)


def _hmac64(key: bytes, signed: bytes) -> bytes:
    return base64.b64encode(hmac.digest(key, signed, "sha256"))


def _require(given: Iterable[str], expected: Iterable[bytes]) -> None:
    """Compare the encoded texts: two spellings of one base64 value are not both right."""
    found = False
    signatures = [signature.encode("utf-8", "replace") for signature in given]
    for right in expected:
        for signature in signatures:
            found |= hmac.compare_digest(right, signature)
    if not found:
        raise _mismatch()


def _mismatch() -> SignatureRefused:
    return SignatureRefused(
        "The signature does not match: the secret saved here is not the sender's, "
        "or the request was changed on its way."
    )


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name.lower()) or next(
        (text for given, text in headers.items() if given.lower() == name.lower()), ""
    )
    if not value:
        raise SignatureRefused(f"The request has no {name} header.")
    return value


def _check_clock(timestamp: str, now: datetime, *, future: bool) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise SignatureRefused("The signed timestamp is not a number of seconds.")
    age = now.timestamp() - int(timestamp)
    if age > TOLERANCE:
        raise SignatureRefused(
            f"The request was signed {age:.0f} seconds ago; {TOLERANCE} are allowed."
        )
    if future and -age > TOLERANCE:
        raise SignatureRefused(
            f"The request was signed {-age:.0f} seconds in the future by our clock; "
            f"{TOLERANCE} are allowed."
        )


def _secrets(setting: str) -> list[str]:
    secrets = setting.split()
    if not secrets:
        raise SignatureRefused("No secret is saved for this connection, so nothing can be proven.")
    return secrets


def _standard_keys(setting: str) -> list[bytes]:
    return [_standard_key(secret) for secret in _secrets(setting)]


def _standard_key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise SignatureRefused(
            "The secret saved for this connection is not a Standard Webhooks secret "
            "(whsec_ and base64 text)."
        )
    return key


def _decoded(text: str) -> bytes:
    try:
        signature = base64.b64decode(text, validate=True)
    except ValueError:
        raise _mismatch() from None
    if base64.b64encode(signature).decode() != text:  # one value has one spelling
        raise _mismatch()
    return signature


def _public_keys(setting: str) -> list[PublicKeyTypes]:
    blocks = _PEM.findall(setting)
    texts = ["".join(block.split()) for block in blocks] if blocks else _secrets(setting)
    return [_public_key(text) for text in texts]


def _public_key(text: str) -> PublicKeyTypes:
    try:
        return load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        raise _unusable_key() from None


def _unusable_key() -> SignatureRefused:
    return SignatureRefused("The public key saved for this connection cannot be used.")


def _ed25519(key: PublicKeyTypes, signature: bytes, raw: bytes) -> bool:
    if not isinstance(key, Ed25519PublicKey):
        raise _unusable_key()
    try:
        key.verify(signature, raw)
    except InvalidSignature:
        return False
    return True


def _rsa(key: PublicKeyTypes, signature: bytes, raw: bytes) -> bool:
    if not isinstance(key, RSAPublicKey):
        raise _unusable_key()
    try:
        key.verify(signature, raw, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _require_one(proofs: Iterable[bool]) -> None:
    if not any(proofs):
        raise _mismatch()
