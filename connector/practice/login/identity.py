"""The people who can sign in to the practice login, and which of them are admins of a company."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connector.practice.login.scopes import OPENID


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a login."""

    #: Names the person on the consent page and in the control API.
    key: str
    #: The subject of id tokens; never changes.
    sub: str
    given_name: str
    family_name: str
    #: An admin of every company unless the control API says otherwise.
    admin: bool


OWNER = Person(
    key="owner",
    sub="5d0f3a52-6f0b-4c39-9b2e-000000000001",
    given_name="Practice",
    family_name="Owner",
    admin=True,
)
MEMBER = Person(
    key="member",
    sub="5d0f3a52-6f0b-4c39-9b2e-000000000002",
    given_name="Practice",
    family_name="Member",
    admin=False,
)
PEOPLE = {person.key: person for person in (OWNER, MEMBER)}

_ADDRESS = {
    "streetAddress": "12 Mill Lane",
    "locality": "Boise",
    "region": "ID",
    "postalCode": "83702",
    "country": "US",
}


class Members:
    """Who is an admin of which company; safe for use by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed: dict[tuple[str, str], bool] = {}
        #: Grows with each change.
        self.version = 0

    def is_admin(self, person: str, realm: str) -> bool:
        """Whether a person may connect apps to a company."""
        with self._lock:
            return self._changed.get((person, realm), PEOPLE[person].admin)

    def put(self, person: str, realm: str, admin: bool) -> None:
        """Make somebody an admin of a company, or a plain member; ValueError for a stranger."""
        if person not in PEOPLE:
            raise ValueError(f"There is no person {person}; there are {', '.join(PEOPLE)}.")
        with self._lock:
            self._changed[person, realm] = admin
            self.version += 1

    def reset(self) -> None:
        """Back to the owner as the admin of everything."""
        with self._lock:
            self._changed.clear()
            self.version += 1

    def dump(self) -> list[list[Any]]:
        """What was changed, as plain JSON data."""
        with self._lock:
            return [[*pair, admin] for pair, admin in self._changed.items()]

    def load(self, kept: list[list[Any]]) -> None:
        """Take up what `dump` gave."""
        with self._lock:
            self._changed = {(person, realm): admin for person, realm, admin in kept}


def user_info(person: Person, scopes: Iterable[str]) -> dict[str, Any]:
    """What the userinfo endpoint tells, by the scopes granted (field names unconfirmed)."""
    parts: dict[str, dict[str, Any]] = {
        OPENID: {"sub": person.sub},
        "profile": {"givenName": person.given_name, "familyName": person.family_name},
        "email": {"email": f"{person.key}@practice.example", "emailVerified": True},
        "phone": {"phoneNumber": "+1 208 555 0100", "phoneNumberVerified": False},
        "address": {"address": _ADDRESS},
    }
    told: dict[str, Any] = {}
    for scope, part in parts.items():
        told.update(part if scope in scopes else {})
    return told
