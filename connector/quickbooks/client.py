"""Speaks to one QuickBooks Online company: queries, reads and writes, and what went wrong.

It holds no state but its session: tokens, limits, claims and retries belong to its caller. Facts
about requests and faults: Intuit's "REST API features", "data queries" and error list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

import requests

from connector import wire
from connector.errors import Retryable, Uncertain
from connector.http import Answer, date_of, send
from connector.quickbooks import faults
from connector.wire import encode

__all__ = ["Answer", "QuickBooksClient", "encode"]

_T = TypeVar("_T")
_WHO = "QuickBooks"
_MINOR_VERSION = "75"
_PAGE = 1000
_PAGED = re.compile(r"\b(STARTPOSITION|MAXRESULTS)\s+\d+", re.IGNORECASE)
_READ_HEADERS = {"Accept": "application/json"}
_WRITE_HEADERS = {**_READ_HEADERS, "Content-Type": "application/json; charset=utf-8"}


class QuickBooksClient:
    """One company of QuickBooks Online; safe to share between threads."""

    def __init__(
        self,
        api_base: str,
        realm_id: str,
        token: Callable[[], str],
        renew: Callable[[str], str],
        http: requests.Session,
    ) -> None:
        """`token` gives an access token; `renew` is given one that was refused, gives a new one."""
        self._company = f"{api_base.rstrip('/')}/v3/company/{url_quote(realm_id, safe='')}"
        self._token = token
        self._renew = renew
        self._http = http

    def query(self, statement: str) -> tuple[dict[str, Any], ...]:
        """All records of a select statement, read in pages of 1000.

        A statement with its own STARTPOSITION or MAXRESULTS is sent as it is, once. Raises
        Retryable, NeedsReconnect, or Rejected for a statement that QuickBooks cannot read.
        """
        if _PAGED.search(statement):
            return tuple(self._page(statement))
        return tuple(self._pages(statement))

    def get(self, path: str) -> dict[str, Any]:
        """One record (`invoice/12`, `preferences`), or the whole answer where it holds none."""
        body = self._answer("GET", self._address(path, {}))[1]
        return _record(body) or body

    def write(self, path: str, raw: bytes, key: str, params: Mapping[str, str]) -> Answer:
        """Send one write; `key` (at most 50 characters) makes a repeat harmless at QuickBooks.

        A batch is answered with its whole envelope. Raises any `Consequence` but Hold and Skipped;
        only Rejected, NeedsReconnect and Retryable promise that nothing was done.
        """
        url = self._address(path, {**params, "requestid": key})
        response, body = self._answer("POST", url, raw)
        record = body if "BatchItemResponse" in body else _record(body)
        if not record:
            raise faults.unreadable(reading=False)
        trace = response.headers.get("intuit_tid") or ""
        return Answer(record=record, trace=trace, date=date_of(response.headers))

    def _pages(self, statement: str) -> Iterator[dict[str, Any]]:
        start, full = 1, True
        while full:
            records = self._page(f"{statement} STARTPOSITION {start} MAXRESULTS {_PAGE}")
            yield from records
            start += _PAGE
            full = len(records) >= _PAGE

    def _page(self, statement: str) -> list[dict[str, Any]]:
        body = self._answer("GET", self._address("query", {"query": statement}))[1]
        found = body.get("QueryResponse")
        if not isinstance(found, dict):
            raise faults.unreadable(reading=True)
        # Nothing found: the entity's key is absent.
        return next((records for records in found.values() if isinstance(records, list)), [])

    def _address(self, path: str, params: Mapping[str, str]) -> str:
        asked = urlencode({**params, "minorversion": _MINOR_VERSION}, quote_via=url_quote)
        return f"{self._company}/{path}{'&' if '?' in path else '?'}{asked}"

    def _answer(
        self, method: str, url: str, raw: bytes | None = None
    ) -> tuple[requests.Response, dict[str, Any]]:
        reading = raw is None
        response = self._send(method, url, raw)
        if not 200 <= response.status_code < 300:
            raise faults.sort(_fault(response), reading=reading)
        try:
            body = wire.parse_object(response.content)
        except ValueError as error:
            raise faults.unreadable(reading=reading) from error
        if faults.fault_in(body) is not None:  # a success can carry a refusal
            raise faults.sort(_fault(response), reading=reading)
        return response, body

    def _send(self, method: str, url: str, raw: bytes | None) -> requests.Response:
        token = _nothing_sent(self._token)
        response = self._send_with(token, method, url, raw)
        if response.status_code == 401 and faults.token_ended(_fault(response)):
            token = _nothing_sent(lambda: self._renew(token))
            response = self._send_with(token, method, url, raw)
        return response

    def _send_with(self, token: str, method: str, url: str, raw: bytes | None) -> requests.Response:
        fixed = _READ_HEADERS if raw is None else _WRITE_HEADERS
        headers = {**fixed, "Authorization": f"Bearer {token}"}
        return send(
            self._http, method, url, who=_WHO, headers=headers, raw=raw, reading=raw is None
        )


def _fault(response: requests.Response) -> faults.Fault:
    return faults.parse_fault(response.status_code, response.headers, response.content)


def _record(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record of an answer's envelope `{"Invoice": {...}, "time": ...}`."""
    records = (value for value in body.values() if isinstance(value, dict) and value.get("Id"))
    return next(records, None)


def _nothing_sent(ask: Callable[[], _T]) -> _T:
    """A token whose refresh was lost is uncertain; the request that waits for it is not."""
    try:
        return ask()
    except Uncertain as lost:
        raise Retryable(lost.sentence, fix=lost.fix, retry_after=lost.settle) from lost
