"""Codes, access tokens and refresh tokens of the practice login, by the practice clock."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta
from typing import Any

from connector.practice.clock import Clock
from connector.practice.login.grants import (
    ACCESS_SECONDS,
    Consent,
    Grant,
    Issued,
    grant_of,
    plain,
    rolling_seconds,
)
from connector.practice.login.identity import OWNER, Members
from connector.practice.login.scopes import ACCOUNTING
from connector.practice.login.signer import Signer
from connector.practice.switches import Switches

CLIENT_ID, CLIENT_SECRET = "practice-client", "practice-secret"

_CODE_LIFE = timedelta(minutes=10)


class InvalidGrant(Exception):
    """The code or refresh token is unknown, used, expired or revoked."""


class Tokens:
    """All that was authorised; safe for use by many threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._grants: list[Grant] = []
        #: Consents not yet exchanged, each with the address its code was sent to.
        self._codes: dict[str, tuple[Consent, str]] = {}
        self._by_access: dict[str, Grant] = {}
        self._changes = 0
        self.members = Members()
        self.signer = Signer()

    @property
    def version(self) -> int:
        """Grows with each change."""
        return self._changes + self.members.version + self.signer.version

    def grant(self, realms: list[str]) -> str:
        """A ready refresh token for these companies, authorised by the owner now."""
        with self._lock:
            return self._new_grant(self._by_owner(realms)).refresh

    def access(self, realms: list[str]) -> str:
        """A ready access token for these companies."""
        with self._lock:
            return self._new_access(self._new_grant(self._by_owner(realms)))

    def code(self, consent: Consent, redirect_uri: str) -> str:
        """An authorisation code, to be exchanged once within ten minutes."""
        made = secrets.token_urlsafe(24)
        with self._lock:
            oldest = self._clock.now() - _CODE_LIFE
            self._codes = {key: one for key, one in self._codes.items() if one[0].given > oldest}
            self._codes[made] = (consent, redirect_uri)
        return made

    def exchange(self, code: str, redirect_uri: str, switches: Switches) -> Issued:
        """Tokens for a code, which is then used up; raises InvalidGrant."""
        now = self._clock.now()
        with self._lock:
            consent, wanted = self._codes.pop(code, (None, ""))
            if consent is None or wanted != redirect_uri or consent.given + _CODE_LIFE <= now:
                raise InvalidGrant("Invalid authorization code")
            if switches.reconnect_ends_old:
                self._drop(self._alike(consent))
            return self._issued(self._new_grant(consent), switches)

    def refresh(self, token: str, switches: Switches) -> Issued:
        """Tokens for a refresh token, rotated by the switches; raises InvalidGrant."""
        now = self._clock.now()
        with self._lock:
            grant = self._living(token, switches, now)
            if token == grant.refresh and grant.due(switches, now):
                grant.rotate(_refresh_token(), switches, now)
            grant.used = now
            return self._issued(grant, switches)

    def revoke(self, token: str) -> None:
        """End the authorisation of an access or refresh token; a dead token changes nothing."""
        now = self._clock.now()
        with self._lock:
            by_access = self._by_access.get(token)
            self._drop(
                [one for one in self._grants if one is by_access or one.known_by(token, now)]
            )

    def consent(self, access: str) -> Consent | None:
        """What an access token stands for; None when it is unknown or expired."""
        now = self._clock.now()
        with self._lock:
            grant = self._by_access.get(access)
            return grant.consent if grant and grant.access[access] > now else None

    def realms(self, access: str) -> tuple[str, ...] | None:
        """The companies whose accounting an access token opens; None for a dead token."""
        consent = self.consent(access)
        if consent is None:
            return None
        return consent.realms if ACCOUNTING in consent.scopes else ()

    def expire_access(self) -> None:
        """Let all access tokens end now; refresh tokens stay."""
        with self._lock:
            for grant in self._grants:
                grant.access.clear()
            self._by_access.clear()
            self._changes += 1

    def expire_refresh(self, realm: str | None) -> None:
        """Let the refresh tokens that open `realm` (None: all) end now; access tokens stay."""
        with self._lock:
            for grant in self._grants:
                grant.ended = grant.ended or realm is None or realm in grant.consent.realms
            self._changes += 1

    def dump(self) -> dict[str, Any]:
        """All but codes under way, as plain JSON data."""
        with self._lock:
            grants = [plain(grant) for grant in self._grants]
        return {"grants": grants, "members": self.members.dump(), "key": self.signer.dump()}

    def load(self, kept: dict[str, Any]) -> None:
        """Take up what `dump` gave, but for what has ended: each start adds ready tokens."""
        now = self._clock.now()
        with self._lock:
            grants = [grant_of(one) for one in kept["grants"]]
            self._grants = [grant for grant in grants if grant.counts(now)]
            self._by_access = {token: one for one in self._grants for token in one.access}
        self.members.load(kept["members"])
        self.signer.load(kept["key"])

    def _by_owner(self, realms: list[str]) -> Consent:
        return Consent(
            person=OWNER.key,
            realms=tuple(realms),
            scopes=(ACCOUNTING,),
            given=self._clock.now(),
        )

    def _alike(self, consent: Consent) -> list[Grant]:
        """Grants by the same person to the same company."""
        pair = (consent.person, consent.realms)
        return [one for one in self._grants if (one.consent.person, one.consent.realms) == pair]

    def _drop(self, ended: list[Grant]) -> None:
        for grant in ended:
            self._grants.remove(grant)
            for token in grant.access:
                del self._by_access[token]
        self._changes += 1

    def _living(self, token: str, switches: Switches, now: datetime) -> Grant:
        for grant in self._grants:
            if grant.known_by(token, now) and grant.refreshable(switches, now):
                return grant
        raise InvalidGrant("Incorrect or invalid refresh token")

    def _new_grant(self, consent: Consent) -> Grant:
        now = self._clock.now()
        grant = Grant(consent=consent, refresh=_refresh_token(), issued=now, used=now)
        self._grants.append(grant)
        self._changes += 1
        return grant

    def _new_access(self, grant: Grant) -> str:
        now = self._clock.now()
        for old in [token for token, until in grant.access.items() if until <= now]:
            del grant.access[old], self._by_access[old]
        token = secrets.token_urlsafe(48)
        grant.access[token] = now + timedelta(seconds=ACCESS_SECONDS)
        self._by_access[token] = grant
        return token

    def _issued(self, grant: Grant, switches: Switches) -> Issued:
        self._changes += 1
        return Issued(
            consent=grant.consent,
            access=self._new_access(grant),
            refresh=grant.refresh,
            rolling_seconds=rolling_seconds(switches),
            hard_seconds=grant.consent.hard_seconds(self._clock.now()),
        )


def _refresh_token() -> str:
    return f"RT-{secrets.token_urlsafe(24)}"
