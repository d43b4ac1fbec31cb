"""Codes, access tokens and refresh tokens of the practice login, by the practice clock."""

from __future__ import annotations

import secrets
import threading
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.practice.clock import Clock
from connector.practice.switches import Switches

CLIENT_ID, CLIENT_SECRET = "practice-client", "practice-secret"

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 8_726_400
_HARD_SECONDS = 157_680_000
_CODE_LIFE = timedelta(minutes=10)
_ROTATES_AFTER = timedelta(hours=24)


class InvalidGrant(Exception):
    """The code or refresh token is unknown, used, expired or revoked."""


@dataclass(slots=True, kw_only=True)
class Grant:
    """One authorisation by the user."""

    #: Companies it opens.
    realms: list[str]
    #: The refresh token that counts, and when it was given out.
    refresh: str
    issued: datetime
    #: When it was last used; 100 days without use end it.
    used: datetime
    #: Replaced refresh tokens and until when each still works.
    replaced: dict[str, datetime] = field(default_factory=dict)


class Tokens:
    """All that was authorised; safe for use by many threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._grants: list[Grant] = []
        self._codes: dict[str, tuple[str, str, datetime]] = {}
        self._access: dict[str, tuple[Grant, datetime]] = {}
        #: Grows with each change.
        self.version = 0

    def grant(self, realms: list[str]) -> str:
        """A ready refresh token for these companies."""
        with self._lock:
            return self._new_grant(realms).refresh

    def access(self, realms: list[str]) -> str:
        """A ready access token for these companies."""
        with self._lock:
            return self._new_access(self._new_grant(realms))

    def code(self, realm: str, redirect_uri: str) -> str:
        """An authorisation code, to be exchanged once within ten minutes."""
        made = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[made] = (realm, redirect_uri, self._clock.now() + _CODE_LIFE)
        return made

    def exchange(self, code: str, redirect_uri: str) -> dict[str, Any]:
        """The token answer for a code; raises InvalidGrant."""
        with self._lock:
            realm, wanted, until = self._codes.pop(code, ("", "", self._clock.now()))
            if not realm or wanted != redirect_uri or until < self._clock.now():
                raise InvalidGrant("Invalid authorization code")
            return self._answer(self._new_grant([realm]))

    def refresh(self, token: str, switches: Switches) -> dict[str, Any]:
        """The token answer for a refresh token, rotated by the switches; raises InvalidGrant."""
        now = self._clock.now()
        with self._lock:
            grant = self._living(token, now)
            every = switches.rotation == "every"
            if token == grant.refresh and (every or now - grant.issued >= _ROTATES_AFTER):
                grant.replaced[token] = now + timedelta(seconds=switches.rotation_overlap)
                grant.refresh, grant.issued = _refresh_token(), now
            grant.used = now
            return self._answer(grant)

    def revoke(self, token: str) -> None:
        """End the authorisation that an access or refresh token belongs to."""
        with self._lock:
            grant = self._access[token][0] if token in self._access else None
            found = [one for one in self._grants if one is grant or token == one.refresh]
            self._grants = [one for one in self._grants if one not in found]
            self._access = {key: pair for key, pair in self._access.items() if pair[0] not in found}
            self.version += 1

    def realms(self, access: str) -> list[str] | None:
        """The companies an access token opens; None when it is unknown or expired."""
        with self._lock:
            grant, until = self._access.get(access, (None, self._clock.now()))
            return grant.realms if grant and until > self._clock.now() else None

    def expire_access(self) -> None:
        """Let all access tokens end now; refresh tokens stay."""
        with self._lock:
            self._access.clear()

    def dump(self) -> list[dict[str, Any]]:
        """The grants, for saving; access tokens end with the process."""
        with self._lock:
            return [_plain(grant) for grant in self._grants]

    def load(self, kept: list[dict[str, Any]]) -> None:
        """Take up what `dump` gave."""
        with self._lock:
            self._grants = [_grant(one) for one in kept]

    def _living(self, token: str, now: datetime) -> Grant:
        for grant in self._grants:
            current = token == grant.refresh or grant.replaced.get(token, now) > now
            if current and (now - grant.used).total_seconds() < REFRESH_SECONDS:
                return grant
        raise InvalidGrant("Incorrect or invalid refresh token")

    def _new_grant(self, realms: list[str]) -> Grant:
        now = self._clock.now()
        grant = Grant(realms=realms, refresh=_refresh_token(), issued=now, used=now)
        self._grants.append(grant)
        self.version += 1
        return grant

    def _new_access(self, grant: Grant) -> str:
        now = self._clock.now()
        self._access = {key: pair for key, pair in self._access.items() if pair[1] > now}
        token = secrets.token_urlsafe(48)
        self._access[token] = (grant, now + timedelta(seconds=ACCESS_SECONDS))
        return token

    def _answer(self, grant: Grant) -> dict[str, Any]:
        self.version += 1
        return {
            "token_type": "bearer",
            "access_token": self._new_access(grant),
            "refresh_token": grant.refresh,
            "expires_in": ACCESS_SECONDS,
            "x_refresh_token_expires_in": REFRESH_SECONDS,
            "x_refresh_token_hard_expires_in": _HARD_SECONDS,
        }


def _refresh_token() -> str:
    return f"RT-{secrets.token_urlsafe(24)}"


def _plain(grant: Grant) -> dict[str, Any]:
    kept = asdict(grant)
    replaced = {token: until.isoformat() for token, until in grant.replaced.items()}
    times = {"issued": grant.issued.isoformat(), "used": grant.used.isoformat()}
    return {**kept, **times, "replaced": replaced}


def _grant(kept: dict[str, Any]) -> Grant:
    times = {key: datetime.fromisoformat(kept[key]) for key in ("issued", "used")}
    replaced = {token: datetime.fromisoformat(at) for token, at in kept["replaced"].items()}
    return Grant(realms=kept["realms"], refresh=kept["refresh"], replaced=replaced, **times)
