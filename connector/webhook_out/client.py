"""Posts to a catch hook with a signature and an idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import requests

from connector.errors import Consequence, NeedsReconnect, Rejected, Retryable
from connector.http import Answer, date_of, retry_after, send
from connector.signatures import SignatureRefused, sign_standard
from connector.webhook_out import HANDED_OVER

_WHO = "The catch hook"
#: Answers that ask for the same request again later.
_LATER = frozenset({408, 425, 429})


def _now() -> datetime:
    return datetime.now(UTC)


class CatchHookClient:
    """One catch hook; the key in every request makes a repeat harmless, so nothing is uncertain."""

    def __init__(
        self,
        url: str,
        secret: str,
        http: requests.Session,
        *,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """`secret` is a Standard Webhooks secret, or two during a rotation; `now` has a zone."""
        self._url = url
        self._secret = secret
        self._http = http
        self._now = now

    def write(self, path: str, raw: bytes, key: str, params: Mapping[str, str]) -> Answer:
        """Post `raw`; `path`, the connection's name, only serves the history.

        `key` is the `webhook-id` and the `Idempotency-Key`. Raises Retryable, Rejected, or
        NeedsReconnect when the connection has no usable secret.
        """
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            **self._signature(key, raw),
        }
        url = self._address(params)
        response = send(self._http, "POST", url, who=_WHO, headers=headers, raw=raw, reading=True)
        if not 200 <= response.status_code < 300:
            raise _refused(response)
        record = {"Id": key, "status": HANDED_OVER, "http_status": response.status_code}
        return Answer(record=record, date=date_of(response.headers))

    def _address(self, params: Mapping[str, str]) -> str:
        if not params:
            return self._url
        return f"{self._url}{'&' if '?' in self._url else '?'}{urlencode(params)}"

    def _signature(self, key: str, raw: bytes) -> dict[str, str]:
        try:
            return sign_standard(self._secret, key, int(self._now().timestamp()), raw)
        except SignatureRefused as refused:
            raise NeedsReconnect(
                f"Nothing was posted. {refused.sentence}",
                fix="Save a webhook_secret (whsec_...) for this connection in Settings.",
            ) from refused


def _refused(response: requests.Response) -> Consequence:
    status = response.status_code
    if status in _LATER or status >= 500:
        return Retryable(
            f"The catch hook answered {status}; it is sent again with the same key.",
            retry_after=retry_after(response.headers),
        )
    return Rejected(
        f"The catch hook refused with {status}; nothing was handed over.",
        fix="Check the connection's url in Settings and that the hook is switched on, then replay.",
        code=str(status),
        detail=response.text[:300],
    )
