"""Access tokens of QuickBooks companies: one refresh at a time, stored before it is used."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from sqlalchemy import Connection

from connector import oauth
from connector.errors import NeedsReconnect, Retryable, Uncertain
from runtime.clock import Clock
from runtime.endpoints import Endpoints
from runtime.safe import Safe
from runtime.settings import Company
from runtime.store import secrets, workers
from runtime.store.database import Database
from runtime.store.schema import dumps, loads

#: Seconds before its end at which an access token is no longer used.
_MARGIN = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An access token and when it ends."""

    token: str
    ends_at: datetime


class Tokens:
    """The tokens of one process; what it learns is sealed in the store for all others."""

    def __init__(
        self,
        *,
        database: Database,
        safe: Safe,
        http: requests.Session,
        clock: Clock,
        worker: str,
        endpoints: Endpoints,
    ) -> None:
        self._database = database
        self._safe = safe
        self._http = http
        self._clock = clock
        self._worker = worker
        self._endpoints = endpoints
        self._known: dict[str, Access] = {}
        #: The refresh token that was refused, by company; nobody asks with it again.
        self._refused: dict[str, str] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def token(self, company: Company) -> str:
        """An access token that is good now. Raises Retryable or NeedsReconnect."""
        known = self._known.get(company.realm_id)
        if known is not None and self._good(known):
            return known.token
        return self.renew(company, known.token if known else "")

    def renew(self, company: Company, stale: str) -> str:
        """A token other than `stale`; refreshed only if no other worker has done it already."""
        with self._lock(company.realm_id):
            if self._refused.get(company.realm_id) == self._refresh_token(company):
                raise _refusal(company)
            known = self._known.get(company.realm_id)
            if known is not None and known.token != stale and self._good(known):
                return known.token
            stored = self._stored(company)
            if stored is not None and stored.token != stale and self._good(stored):
                self._known[company.realm_id] = stored
                return stored.token
            self._known[company.realm_id] = fresh = self._refresh_under_lease(company, stale)
            return fresh.token

    def _lock(self, realm: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(realm, threading.Lock())

    def _good(self, access: Access) -> bool:
        return self._clock.now() + timedelta(seconds=_MARGIN) < access.ends_at

    def _refresh_under_lease(self, company: Company, stale: str) -> Access:
        lease = f"token/{company.realm_id}"
        fence = self._database.write(workers.acquire, lease, self._worker, self._worker)
        if fence is None:
            raise Retryable("Another worker is renewing the QuickBooks login.", retry_after=2.0)
        try:
            stored = self._stored(company)
            if stored is not None and stored.token != stale and self._good(stored):
                return stored
            return self._refresh(company, lease, fence)
        finally:
            self._database.write(workers.release, lease, fence)

    def _refresh(self, company: Company, lease: str, fence: int) -> Access:
        """Try the refresh token in use, then the one before it (a rotation may have been lost)."""
        client_secret = self._secret(company, "client_secret") or self._endpoints.client_secret
        tried: set[str] = set()
        for name in ("refresh_token", "refresh_token_before"):
            refresh_token = self._secret(company, name)
            if not refresh_token or refresh_token in tried:
                continue
            tried.add(refresh_token)
            try:
                fresh = oauth.refresh(
                    self._http,
                    self._endpoints.token_url(company),
                    self._endpoints.client_id(company),
                    client_secret,
                    refresh_token,
                    self._clock.now(),
                )
            except oauth.InvalidGrant:
                continue
            except Uncertain as lost:
                raise Retryable(lost.sentence, fix=lost.fix, retry_after=lost.settle) from lost
            sealed = self._sealed(fresh, refresh_token)
            self._database.write(self._keep, company, lease, fence, sealed)
            return Access(token=fresh.access_token, ends_at=fresh.expires_at)
        self._refused[company.realm_id] = self._refresh_token(company)
        raise _refusal(company)

    def _keep(
        self,
        tx: Connection,
        company: Company,
        lease: str,
        fence: int,
        sealed: Mapping[str, bytes],
    ) -> None:
        if not workers.holds(tx, lease, fence):
            raise Retryable("Another worker has renewed the QuickBooks login.", retry_after=1.0)
        now = self._clock.now()
        for name, value in sealed.items():
            secrets.put(tx, _name(company, name), value, now)

    def _sealed(self, fresh: oauth.Tokens, used: str) -> Mapping[str, bytes]:
        access = dumps({"token": fresh.access_token, "ends_at": fresh.expires_at.isoformat()})
        values = {
            "access_token": access,
            "refresh_token": fresh.refresh_token,
            "refresh_token_before": used,
        }
        return {name: self._safe.seal(value) for name, value in values.items()}

    def _stored(self, company: Company) -> Access | None:
        text = self._secret(company, "access_token")
        if not text:
            return None
        stored = loads(text)
        return Access(token=stored["token"], ends_at=datetime.fromisoformat(stored["ends_at"]))

    def _refresh_token(self, company: Company) -> str:
        return self._secret(company, "refresh_token") or ""

    def _secret(self, company: Company, name: str) -> str | None:
        return self._safe.get(_name(company, name))


def _name(company: Company, name: str) -> str:
    return f"company/{company.realm_id}/{name}"


def _refusal(company: Company) -> NeedsReconnect:
    return NeedsReconnect(
        f"QuickBooks no longer accepts the login of {company.name}. Nothing was booked.",
        fix="Connect the company again (or give a new refresh_token in the setup file); what "
        "waits is booked then by itself, in order.",
    )
