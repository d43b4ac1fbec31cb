"""OAuth 2.0 towards a token endpoint: exchange a code, refresh, revoke, each as one explicit call.

Plain `requests` rather than an OAuth client library: such clients refresh by themselves, inside
whatever call meets an old token. Here a refresh happens only under a lease, and its new refresh
token is stored before the new access token is used; a refresh nobody asked for would lose it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import requests

from connector import wire
from connector.errors import Consequence, NeedsReconnect, Retryable, Uncertain
from connector.http import SETTLE, retry_after, send

_WHO = "The sign-in service"
_RECONNECT = "Open Settings, Connections and connect again."
#: Longer lives (a thousand years) are mistakes and would not fit a date.
_LONGEST_LIFE = Decimal(1000 * 365 * 86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a token endpoint gave; the tokens are secrets and do not show in a repr."""

    access_token: str = field(repr=False)
    #: The one to use next time; the old one may stop working at any moment.
    refresh_token: str = field(repr=False)
    #: When the access token ends, by our clock.
    expires_at: datetime
    #: When the refresh token ends if it is not used (the earlier of its rolling and its final
    #: end), or None if the endpoint did not say. By our clock it only warns.
    refresh_expires_at: datetime | None = None


class InvalidGrant(NeedsReconnect):
    """The refresh token or code is not accepted: used, replaced, expired or revoked."""


def exchange(
    http: requests.Session,
    token_url: str,
    client_id: str,
    client_secret: str,
    code: str,
    redirect_uri: str,
    now: datetime,
) -> Tokens:
    """Turn the code of a callback into tokens. A code works once: never repeat this by itself.

    Raises like `refresh`.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    return _tokens(_ask(http, token_url, client_id, client_secret, form), "", now)


def refresh(
    http: requests.Session,
    token_url: str,
    client_id: str,
    client_secret: str,
    refresh_token: str,
    now: datetime,
) -> Tokens:
    """New tokens for a refresh token; call it under a lease and store the result before use.

    Raises InvalidGrant when this refresh token is dead, NeedsReconnect when the app itself is not
    accepted, Retryable when nothing was done, Uncertain when new tokens may have been lost.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    answer = _ask(http, token_url, client_id, client_secret, form)
    return _tokens(answer, refresh_token, now)


def revoke(
    http: requests.Session, revoke_url: str, client_id: str, client_secret: str, token: str
) -> None:
    """Make a token, access or refresh, useless. A token that is dead already is no error.

    Raises NeedsReconnect when the app is not accepted, else Retryable: revoking twice is harmless.
    """
    headers = {**_headers(client_id, client_secret), "Content-Type": "application/json"}
    raw = wire.encode({"token": token})
    response = send(http, "POST", revoke_url, who=_WHO, headers=headers, raw=raw, reading=True)
    if 200 <= response.status_code < 300 or response.status_code == 400:
        return
    raise _refused(response)


def _headers(client_id: str, client_secret: str) -> dict[str, str]:
    pair = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "Accept": "application/json"}


def _ask(
    http: requests.Session,
    token_url: str,
    client_id: str,
    client_secret: str,
    form: dict[str, str],
) -> dict[str, Any]:
    headers = {
        **_headers(client_id, client_secret),
        "Content-Type": "application/x-www-form-urlencoded",
        # Intuit then also tells the final end of the refresh token (blog of 2025-11-12).
        "x-include-refresh-token-hard-expires-in": "true",
    }
    raw = urlencode(form).encode()
    response = send(http, "POST", token_url, who=_WHO, headers=headers, raw=raw)
    if not 200 <= response.status_code < 300:
        raise _refused(response)
    try:
        return wire.parse_object(response.content)
    except ValueError as error:
        raise _lost() from error


def _tokens(answer: dict[str, Any], old: str, now: datetime) -> Tokens:
    access = answer.get("access_token")
    new = answer.get("refresh_token") or old
    if not isinstance(access, str) or not access or not isinstance(new, str) or not new:
        raise _lost()
    rolling = _seconds(answer.get("x_refresh_token_expires_in"))
    final = _seconds(answer.get("x_refresh_token_hard_expires_in"))
    ends = [now + life for life in (rolling, final) if life is not None]
    return Tokens(
        access_token=access,
        refresh_token=new,
        expires_at=now + (_seconds(answer.get("expires_in")) or timedelta(hours=1)),
        refresh_expires_at=min(ends, default=None),
    )


def _seconds(value: Any) -> timedelta | None:
    if not isinstance(value, Decimal) or not 0 < value < _LONGEST_LIFE:
        return None
    return timedelta(seconds=int(value))


def _lost() -> Uncertain:
    return Uncertain(
        "The sign-in service's answer could not be read; new tokens may have been lost in it.",
        settle=SETTLE,
    )


def _refused(response: requests.Response) -> Consequence:
    status, error = response.status_code, _error_of(response)
    if error == "invalid_grant":
        return InvalidGrant(
            "The sign-in service no longer accepts the stored authorisation.", fix=_RECONNECT
        )
    if status == 429 or status >= 500:
        return Retryable(
            f"The sign-in service answered {status}; it is asked again.",
            retry_after=retry_after(response.headers),
        )
    if error == "invalid_client" or status == 401:
        return NeedsReconnect(
            "The sign-in service does not accept the client id and secret.",
            fix="Check the client id and secret and that they are of the right environment.",
        )
    told = f"{status} ({error})" if error else str(status)
    return NeedsReconnect(f"The sign-in service refused with {told}.", fix=_RECONNECT)


def _error_of(response: requests.Response) -> str:
    try:
        error = wire.parse_object(response.content).get("error")
    except ValueError:
        return ""
    return error[:100] if isinstance(error, str) else ""
