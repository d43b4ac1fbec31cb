"""What a person agreed to, the tokens that came of it, and when each of them ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.practice.switches import Switches

ACCESS_SECONDS = 3600
#: The final end of refresh tokens, counted from the consent (confirmed): five years.
HARD_SECONDS = 157_680_000
#: The rolling end: the documentation shows 8726400, captured answers often 8640000.
_ROLLING = {"101d": 8_726_400, "100d": 8_640_000}
_ROTATES_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One authorisation: a person, companies, scopes."""

    #: The key of the person.
    person: str
    #: Companies it opens; none when the scopes are about the person alone.
    realms: tuple[str, ...]
    scopes: tuple[str, ...]
    given: datetime

    def hard_seconds(self, now: datetime) -> int:
        """Seconds until no refresh token of it works any more, however often it was used."""
        return HARD_SECONDS - int((now - self.given).total_seconds())


@dataclass(slots=True, kw_only=True, eq=False)
class Grant:
    """A consent in use."""

    consent: Consent
    #: The refresh token that counts, and when it was given out.
    refresh: str
    issued: datetime
    #: When a refresh token was last used; too long without use ends it.
    used: datetime
    #: Replaced refresh tokens and until when each still works.
    replaced: dict[str, datetime] = field(default_factory=dict)
    #: Access tokens and until when each works.
    access: dict[str, datetime] = field(default_factory=dict)
    #: The refresh tokens were ended by hand; access tokens live on.
    ended: bool = False

    def known_by(self, token: str, now: datetime) -> bool:
        """Whether a refresh token, the present one or one that still overlaps, belongs to it."""
        return token == self.refresh or self.replaced.get(token, now) > now

    def refreshable(self, switches: Switches, now: datetime) -> bool:
        """Whether its refresh tokens have not come to an end."""
        idle = (now - self.used).total_seconds()
        over = idle >= rolling_seconds(switches) or self.consent.hard_seconds(now) <= 0
        return not (over or self.ended)

    def counts(self, now: datetime) -> bool:
        """Whether any of its tokens may still work, whatever the switches are set to."""
        idle = (now - self.used).total_seconds()
        fresh = idle < max(_ROLLING.values()) and self.consent.hard_seconds(now) > 0
        return (fresh and not self.ended) or any(until > now for until in self.access.values())

    def due(self, switches: Switches, now: datetime) -> bool:
        """Whether the next refresh returns a new refresh token (disputed: two settings)."""
        return switches.rotation == "every" or now - self.issued >= _ROTATES_AFTER

    def rotate(self, token: str, switches: Switches, now: datetime) -> None:
        """Put `token` in the place of the present refresh token."""
        kept = {old: until for old, until in self.replaced.items() if until > now}
        until = now + timedelta(seconds=switches.rotation_overlap)
        self.replaced = {**kept, self.refresh: until}
        self.refresh, self.issued = token, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A pair of tokens as a client gets it; all lives in seconds."""

    consent: Consent
    access: str
    refresh: str
    rolling_seconds: int
    hard_seconds: int

    def told(self, *, hard: bool) -> dict[str, Any]:
        """The token answer (confirmed); never with the company. `hard` adds the final end."""
        final = {"x_refresh_token_hard_expires_in": self.hard_seconds} if hard else {}
        return {
            "token_type": "bearer",
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": ACCESS_SECONDS,
            "x_refresh_token_expires_in": self.rolling_seconds,
            **final,
        }


def rolling_seconds(switches: Switches) -> int:
    """How long an unused refresh token lives."""
    return _ROLLING[switches.refresh_life]


def plain(grant: Grant) -> dict[str, Any]:
    """A grant as plain JSON data."""
    consent = grant.consent
    return {
        "person": consent.person,
        "realms": list(consent.realms),
        "scopes": list(consent.scopes),
        "given": consent.given.isoformat(),
        "refresh": grant.refresh,
        "issued": grant.issued.isoformat(),
        "used": grant.used.isoformat(),
        "replaced": _texts(grant.replaced),
        "access": _texts(grant.access),
        "ended": grant.ended,
    }


def grant_of(kept: Mapping[str, Any]) -> Grant:
    """The grant that `plain` wrote."""
    consent = Consent(
        person=kept["person"],
        realms=tuple(kept["realms"]),
        scopes=tuple(kept["scopes"]),
        given=datetime.fromisoformat(kept["given"]),
    )
    return Grant(
        consent=consent,
        refresh=kept["refresh"],
        issued=datetime.fromisoformat(kept["issued"]),
        used=datetime.fromisoformat(kept["used"]),
        replaced=_times(kept["replaced"]),
        access=_times(kept["access"]),
        ended=kept["ended"],
    )


def _texts(times: Mapping[str, datetime]) -> dict[str, str]:
    return {key: moment.isoformat() for key, moment in times.items()}


def _times(texts: Mapping[str, str]) -> dict[str, datetime]:
    return {key: datetime.fromisoformat(text) for key, text in texts.items()}
