"""Signs id tokens with RS256 and publishes the key that checks them."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connector.practice.wire import dump

_BITS = 2048


class Signer:
    """One RSA key, made when it is first needed: making it costs more than starting does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: rsa.RSAPrivateKey | None = None
        #: Grows when a key is made.
        self.version = 0

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JSON Web Token of these claims."""
        key = self._ready()
        head = {"alg": "RS256", "typ": "JWT", "kid": _name(key)}
        signed = ".".join(_encoded(dump(part).encode()) for part in (head, claims))
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_encoded(signature)}"

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        key = self._ready()
        public = key.public_key().public_numbers()
        numbers = {"n": _number(public.n), "e": _number(public.e)}
        return {
            "keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": _name(key), **numbers}]
        }

    def dump(self) -> str | None:
        """The private key as PEM, so that tokens stay good over a restart; None before any."""
        with self._lock:
            return _pem(self._key) if self._key else None

    def load(self, kept: str | None) -> None:
        """Take up what `dump` gave."""
        key = serialization.load_pem_private_key(kept.encode(), None) if kept else None
        with self._lock:
            self._key = key if isinstance(key, rsa.RSAPrivateKey) else None

    def _ready(self) -> rsa.RSAPrivateKey:
        with self._lock:
            if self._key is None:
                self._key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
                self.version += 1
            return self._key


def _pem(key: rsa.RSAPrivateKey) -> str:
    raw = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return raw.decode()


def _name(key: rsa.RSAPrivateKey) -> str:
    """The key id: the beginning of a hash, so that another key has another name."""
    modulus = key.public_key().public_numbers().n
    return hashlib.sha256(_bytes(modulus)).hexdigest()[:16]


def _bytes(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _number(value: int) -> str:
    return _encoded(_bytes(value))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
