"""Temporary addresses of uploaded files: signed, and good for a while by the practice clock."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlencode

from connector.practice.clock import Clock

#: How long an address works, in seconds; Intuit's own time is not known [U].
_LIFE = 15 * 60


class Downloads:
    """Gives addresses out and tells which of them still open."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        #: Where the practice company is served, e.g. http://127.0.0.1:8080.
        self.base = ""

    def address(self, realm: str, identity: str) -> str:
        """A new address of a file."""
        expires = str(int(self._clock.now().timestamp()) + _LIFE)
        signed = {"expires": expires, "signature": self._signature(realm, identity, expires)}
        return f"{self.base}/files/{realm}/{identity}?{urlencode(signed)}"

    def opens(self, realm: str, identity: str, expires: str, signature: str) -> bool:
        """Whether an address was given out for this file and is not too old."""
        right = self._signature(realm, identity, expires)
        if not hmac.compare_digest(right.encode(), signature.encode()):
            return False
        return self._clock.now().timestamp() < int(expires)

    def _signature(self, realm: str, identity: str, expires: str) -> str:
        told = f"{realm}/{identity}/{expires}".encode()
        return hmac.new(self._secret, told, hashlib.sha256).hexdigest()
