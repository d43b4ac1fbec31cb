"""The clients that actions talk through: QuickBooks per company, catch hooks per connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import requests

from connector.base import DAY, ActionSpec, Record
from connector.errors import Hold, NeedsReconnect, Retryable
from connector.http import Answer
from connector.quickbooks.client import QuickBooksClient
from connector.webhook_out.client import CatchHookClient
from connector.wire import encode
from runtime.clock import Clock, StepWatch
from runtime.endpoints import Endpoints
from runtime.settings import Company, Limits
from runtime.store import companies, lists
from runtime.store.database import Database
from runtime.tokens import Tokens

T = TypeVar("T")
#: What is remembered of a QuickBooks record beside what the action asked to.
_REMEMBERED = ("DocNumber", "TotalAmt", "Balance", "UnappliedAmt", "SyncToken", "DisplayName")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The answer to a write, as the conversation wants it."""

    id: str
    record: Mapping[str, Any]
    trace: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Lists:
    """Lists and preferences of one company, read once and kept for a day, for all processes."""

    def __init__(self, company: str, database: Database, clock: Clock) -> None:
        self._company = company
        self._database = database
        self._clock = clock
        #: What was read and when, on the clock that never steps.
        self._kept: dict[str, tuple[float, tuple[Record, ...]]] = {}
        self._lock = threading.Lock()

    def kept(self, query: str, age: float = DAY) -> tuple[Record, ...] | None:
        """The answer to `query` where it is at hand and at most `age` seconds old."""
        kept = self._kept.get(query)
        if kept is None or self._clock.elapsed() - kept[0] >= age:
            kept = self._of_others(query)
        fresh = kept is not None and self._clock.elapsed() - kept[0] < age
        return kept[1] if kept is not None and fresh else None

    def get(
        self, query: str, read: Callable[[str], tuple[Record, ...]], age: float = DAY
    ) -> tuple[Record, ...]:
        """The answer to `query`, read with `read` where it is not kept; one reader at a time."""
        with self._lock:
            records = self.kept(query, age)
            if records is None:
                records = read(query)
                self._kept[query] = (self._clock.elapsed(), records)
                now = self._clock.now()
                self._database.write(lists.keep, self._company, query, records, now)
            return records

    def read_at(self, query: str) -> datetime | None:
        """When the answer that is kept was given; None where there is none."""
        kept = self._kept.get(query) or self._of_others(query)
        if kept is None:
            return None
        return self._clock.now() - timedelta(seconds=self._clock.elapsed() - kept[0])

    def forget(self) -> None:
        """Read everything anew next time."""
        self._kept.clear()
        self._database.write(lists.forget, self._company)

    def _of_others(self, query: str) -> tuple[float, tuple[Record, ...]] | None:
        """What another process read, or this one before its start."""
        stored = self._database.read(lists.get, self._company, query)
        if stored is None:
            return None
        read_at, records = stored
        seconds = (self._clock.now() - read_at).total_seconds()
        if seconds < -StepWatch.TOLERANCE:  # from a clock that ran ahead: its age is not known
            return None
        self._kept[query] = (self._clock.elapsed() - max(seconds, 0.0), records)
        return self._kept[query]


class QuickBooksService:
    """One company's QuickBooks: lists cached, calls counted against its limits."""

    def __init__(
        self,
        *,
        client: QuickBooksClient,
        lists: Lists,
        company: Company,
        database: Database,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._lists = lists
        self._company = company.realm_id
        self._limits: Limits | None = company.quickbooks.limits
        self._database = database
        self._clock = clock
        self._sleep = sleep

    def kept(self, query: str, age: float = DAY) -> tuple[Record, ...] | None:
        """A list or preferences that were read within `age` seconds."""
        return self._lists.kept(query, age)

    def read_at(self, query: str) -> datetime | None:
        """When the list that is kept was read."""
        return self._lists.read_at(query)

    def read(self, query: str, *, keep: bool, age: float = DAY) -> tuple[Record, ...]:
        """Ask QuickBooks."""
        return self._lists.get(query, self._read, age) if keep else self._read(query)

    def encode(self, body: Mapping[str, Any]) -> bytes:
        """JSON with exact decimals."""
        return encode(body)

    def send(self, path: str, raw: bytes, key: str, params: Mapping[str, str]) -> Sent:
        """Send one write."""
        self._wait_for_turn()
        answer = self._watched(lambda: self._client.write(path, raw, key, params))
        record = answer.record
        return Sent(
            id=str(record["Id"]), record=record, trace=answer.trace, facts=self.facts_of(record)
        )

    def facts_of(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Number, total and balance of a record."""
        return {key: record[key] for key in _REMEMBERED if key in record}

    def forget_lists(self) -> None:
        """Read the lists anew next time."""
        self._lists.forget()

    def _read(self, query: str) -> tuple[Record, ...]:
        self._wait_for_turn()
        if query == "preferences":
            body = self._watched(lambda: self._client.get("preferences"))
            return (body.get("Preferences", body),)
        return self._watched(lambda: self._client.query(query))

    def _watched(self, call: Callable[[], T]) -> T:
        """Make a pause known to all workers."""
        try:
            return call()
        except Retryable as failure:
            if failure.pause:
                seconds = failure.retry_after or 60.0
                now = self._clock.now()
                self._database.write(companies.pause, self._company, seconds, now)
            raise

    def _wait_for_turn(self) -> None:
        limits = self._limits
        if limits is None:
            return
        while True:
            wait = self._database.write(
                companies.take_call,
                self._company,
                limits.per_second,
                limits.per_minute,
                self._clock.now(),
            )
            if not wait:
                return
            if wait > 2:
                raise Retryable(
                    "QuickBooks' limit of calls per minute is reached; it goes on in a moment.",
                    retry_after=wait,
                )
            self._sleep(wait)


class CatchHookService:
    """A third party's catch hook: one kind of write, nothing to read."""

    def __init__(self, client: CatchHookClient) -> None:
        self._client = client

    def kept(self, query: str, age: float = DAY) -> tuple[Record, ...] | None:
        """Nothing is kept."""
        return None

    def read(self, query: str, *, keep: bool, age: float = DAY) -> tuple[Record, ...]:
        """A catch hook answers no questions."""
        return ()

    def encode(self, body: Mapping[str, Any]) -> bytes:
        """JSON with exact decimals."""
        return encode(body)

    def send(self, path: str, raw: bytes, key: str, params: Mapping[str, str]) -> Sent:
        """Hand the fields over; the key is the id under which the other side knows them."""
        try:
            answer: Answer = self._client.write(path, raw, key, params)
        except NeedsReconnect as unusable:  # of the connection, not of the company's books
            raise Hold("connection-unset", unusable.sentence, fix=unusable.fix) from unusable
        return Sent(id=key, record=answer.record, trace=answer.trace)

    def facts_of(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Nothing is remembered of a hand-over."""
        return {}

    def forget_lists(self) -> None:
        """There are none."""


class Desk:
    """Hands out the services of one process; clients and lists are kept per company."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        http: requests.Session,
        tokens: Tokens,
        accounts: Callable[[str], Mapping[str, str]],
        endpoints: Endpoints,
    ) -> None:
        self._database = database
        self._clock = clock
        self._http = http
        self._tokens = tokens
        self._accounts = accounts
        self._endpoints = endpoints
        self._lists: dict[str, Lists] = {}
        self._services: dict[int, tuple[Company, QuickBooksService]] = {}
        self._lock = threading.Lock()

    def service_for(
        self, action: ActionSpec, company: Company | None, fields: Mapping[str, Any]
    ) -> QuickBooksService | CatchHookService:
        """The service an action talks through. Raises Hold when it is not set up."""
        if action.service == "http":
            return self._catch_hook(str(fields["connection"]))
        if company is None:
            raise Hold(
                "no-company",
                "No QuickBooks company is connected yet. Nothing was booked.",
                fix="Connect QuickBooks (or run setup), then release.",
            )
        return self.quickbooks(company)

    def quickbooks(self, company: Company) -> QuickBooksService:
        """The service of a company."""
        kept = self._services.get(id(company))
        if kept is not None:
            return kept[1]
        with self._lock:
            of_company = self._lists.setdefault(
                company.realm_id, Lists(company.realm_id, self._database, self._clock)
            )
            service = QuickBooksService(
                client=QuickBooksClient(
                    self._endpoints.api_base(company),
                    company.realm_id,
                    lambda: self._tokens.token(company),
                    lambda stale: self._tokens.renew(company, stale),
                    self._http,
                ),
                lists=of_company,
                company=company,
                database=self._database,
                clock=self._clock,
            )
            if len(self._services) > 64:
                self._services.clear()
            # The snapshot is kept with its service, so its identity stays its own.
            self._services[id(company)] = (company, service)
            return service

    def _catch_hook(self, name: str) -> CatchHookService:
        try:
            options = self._accounts(name)
        except NeedsReconnect as unreadable:
            raise Hold("connection-unset", unreadable.sentence, fix=unreadable.fix) from unreadable
        if not options.get("url") or not options.get("webhook_secret"):
            raise Hold(
                "connection-unset",
                f'The recipe posts to the connection "{name}", which has no url and '
                "webhook_secret. Nothing was handed over.",
                fix=f"Add `{name}:` with url and webhook_secret under connections in the setup "
                "file; what waits is handed over by itself.",
            )
        client = CatchHookClient(
            options["url"], options["webhook_secret"], self._http, now=self._clock.now
        )
        return CatchHookService(client)
