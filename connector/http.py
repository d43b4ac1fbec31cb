"""Send one HTTP request and say, when no answer comes, whether it may have been done.

A session keeps its connections open, never repeats a request by itself and follows no redirect:
repeating is decided by the runner alone, which knows what was claimed and what can be looked up.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests import exceptions
from requests.adapters import HTTPAdapter
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict
from requests.utils import get_environ_proxies

from connector.errors import Retryable, Uncertain

#: Seconds to connect, and to wait for the next bytes of an answer.
TIMEOUT = (5.0, 60.0)

#: Seconds until a look-up can be trusted after a lost connection, and after a silent one.
SETTLE, SETTLE_TIMEOUT = 10.0, 120.0

_LONGEST_PAUSE = 3600.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

#: Errors that requests raises before a byte of the request has left.
_NOT_SENT: tuple[type[Exception], ...] = (
    exceptions.ConnectTimeout,
    exceptions.ProxyError,  # raised only while the proxy itself was not reached
    exceptions.URLRequired,
    exceptions.MissingSchema,
    exceptions.InvalidSchema,
    exceptions.InvalidURL,
    exceptions.InvalidHeader,
    exceptions.UnrewindableBodyError,
)

#: What they wrap: no connection stood, or the other side's certificate was refused.
_NEVER_CONNECTED: tuple[type[BaseException], ...] = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.NameResolutionError,
    urllib3.exceptions.ConnectTimeoutError,
    ssl.SSLCertVerificationError,
)

_SILENT: tuple[type[BaseException], ...] = (
    exceptions.ReadTimeout,
    urllib3.exceptions.ReadTimeoutError,
    TimeoutError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one write."""

    #: The record as the service returned it, numbers as Decimal.
    record: dict[str, Any]
    #: The trace id that the service's support asks for (`intuit_tid`), or empty.
    trace: str = ""
    #: The service's own clock (the Date header), with a zone.
    date: datetime | None = None

    @property
    def id(self) -> str:
        """The record's id, or empty for an answer that is no record (a batch)."""
        return str(self.record.get("Id", ""))


class _Session(requests.Session):
    """A session that asks the environment for its proxy once per host, not once per call."""

    def __init__(self, pool: int) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = _own_authorities() or True
        self.headers["User-Agent"] = "Bookrelay"
        # Shared by companies: what one host sets for one of them must not follow another.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._routes: dict[str, dict[str, str]] = {}
        adapter = HTTPAdapter(pool_connections=pool, pool_maxsize=pool, max_retries=0)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        origin = url[: url.find("/", 8)]
        route = self._routes.get(origin)
        if route is None:
            route = self._routes[origin] = _route(url)
        verify = self.verify if verify is None else verify
        return {"proxies": route, "stream": bool(stream), "verify": verify, "cert": cert}


def session(pool: int = 16) -> requests.Session:
    """A session for many threads that keeps up to `pool` connections per host."""
    return _Session(pool)


def send(
    http: requests.Session,
    method: str,
    url: str,
    *,
    who: str,
    headers: Mapping[str, str],
    raw: bytes | None = None,
    reading: bool = False,
) -> requests.Response:
    """One request, whatever the status of its answer. `who` names the other side in sentences.

    Raises Retryable when it was certainly not sent, or when it only reads; else Uncertain.
    """
    prepared = _prepared(http, method, url, headers, raw)
    try:
        options = http.merge_environment_settings(url, {}, None, None, None)
        return http.send(prepared, timeout=TIMEOUT, allow_redirects=False, **options)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise sort_error(error, who, reading=reading) from error


def _prepared(
    http: requests.Session, method: str, url: str, headers: Mapping[str, str], raw: bytes | None
) -> requests.PreparedRequest:
    """The request as it goes out. `requests` would check and encode what is so already, which
    cost a third of the time of a call."""
    prepared = requests.PreparedRequest()
    prepared.method, prepared.url, prepared.body = method, url, raw
    prepared.headers = CaseInsensitiveDict({**http.headers, **headers})  # type: ignore[arg-type]
    prepared.prepare_cookies({})
    if raw is not None:
        prepared.headers["Content-Length"] = str(len(raw))
    prepared.hooks = default_hooks()
    return prepared


def sort_error(error: Exception, who: str, *, reading: bool = False) -> Retryable | Uncertain:
    """What an exception of `requests` means for the request it ended."""
    if isinstance(error, _NOT_SENT) or _holds(error, _NEVER_CONNECTED):
        return Retryable(f"{who} could not be reached; nothing was sent. It is tried again.")
    if reading:
        return Retryable(
            f"{who} did not answer a question; nothing was changed. It is asked again."
        )
    if isinstance(error, exceptions.Timeout) or _holds(error, _SILENT):
        return Uncertain(
            f"{who} did not answer in time, so it may or may not have been done; "
            "this is looked up before anything is sent again.",
            settle=SETTLE_TIMEOUT,
        )
    # A kept connection that the other side has just closed ends here too: nobody can tell
    # whether the request was read before it closed.
    return Uncertain(
        f"The connection to {who} was cut before the answer came, so it may or may not have been "
        "done; this is looked up before anything is sent again.",
        settle=SETTLE,
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by a Retry-After header (at most an hour); None without a number."""
    text = (headers.get("Retry-After") or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return min(float(text), _LONGEST_PAUSE)


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """The moment of the Date header in UTC; None without a readable one."""
    try:
        return parsedate_to_datetime(headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _own_authorities() -> str | None:
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")


def _route(url: str) -> dict[str, str]:
    if urlsplit(url).hostname in _LOOPBACK:
        return {}
    return dict(get_environ_proxies(url))


def _holds(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    return any(isinstance(inner, kinds) for inner in _inside(error))


def _inside(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it wraps, however urllib3 packed it (`reason`, arguments)."""
    waiting, seen = [error], set[int]()
    while waiting:
        inner = waiting.pop()
        if id(inner) in seen:
            continue
        seen.add(id(inner))
        yield inner
        packed = (getattr(inner, "reason", None), *inner.args)
        waiting += [one for one in packed if isinstance(one, BaseException)]
