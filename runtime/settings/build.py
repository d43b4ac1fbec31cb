"""Turns a stored settings body into its frozen snapshot, every default filled in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from types import MappingProxyType
from typing import Any

from runtime.settings.model import (
    MATCH_KEYS,
    PRACTICE_TIME_ZONE,
    RULES,
    Company,
    Connection,
    Environment,
    Limits,
    QuickBooks,
    Settings,
)


def settings_from(body: Mapping[str, Any], revision: int) -> Settings:
    """The snapshot of a body that `check_body` accepts; pure.

    Keys that it does not know are left alone, so that old and newer revisions can be read.
    """
    waiting = body.get("unconnected")
    return Settings(
        revision=revision,
        connections=MappingProxyType(
            {name: _connection(name, given) for name, given in _part(body, "connections").items()}
        ),
        companies=MappingProxyType(
            {realm: _company(realm, given) for realm, given in _part(body, "companies").items()}
        ),
        unconnected=_company("", waiting) if waiting else None,
        notifications=tuple(body.get("notifications", ())),
    )


class Revisions:
    """Snapshots of old revisions for the runs that were rendered with them."""

    def __init__(self, load: Callable[[int], Mapping[str, Any]], *, keep: int = 32) -> None:
        """`load` reads a revision's body from the store; the newest `keep` used stay built."""
        self._load = load
        self._keep = keep
        self._built: OrderedDict[int, Settings] = OrderedDict()
        self._lock = Lock()

    def get(self, revision: int) -> Settings:
        """The settings at `revision`; 0 is the time before anything was set up."""
        with self._lock:
            if revision in self._built:
                self._built.move_to_end(revision)
                return self._built[revision]
        settings = settings_from(self._load(revision) if revision else {}, revision)
        with self._lock:
            self._built[revision] = settings
            while len(self._built) > self._keep:
                self._built.popitem(last=False)
        return settings


def freeze(value: Any) -> Any:
    """The same value with read-only mappings and tuples for lists."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: freeze(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(inner) for inner in value)
    return value


def _part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = body.get(key)
    return part if part is not None else {}


def _connection(name: str, given: Mapping[str, Any]) -> Connection:
    return Connection(
        name=name,
        connector=given.get("connector", name),
        options=freeze(_part(given, "options")),
        has_secret=tuple(given.get("has_secret", ())),
    )


def _company(realm_id: str, given: Mapping[str, Any]) -> Company:
    quickbooks = _quickbooks(_part(given, "quickbooks"))
    practice = quickbooks.environment is Environment.PRACTICE
    return Company(
        name=given.get("name", realm_id),
        realm_id=realm_id,
        locations=tuple(given.get("locations", ())),
        time_zone=given.get("time_zone") or PRACTICE_TIME_ZONE,
        quickbooks=quickbooks,
        rules=freeze({**RULES, **_part(given, "rules")}),
        accounts=freeze(_part(given, "accounts")),
        deposit_to=freeze(_part(given, "deposit_to")),
        account_mapping=freeze(given.get("account_mapping", ())),
        match_keys=tuple(given.get("match_keys", MATCH_KEYS)),
        matches=freeze({row["crm_id"]: row for row in given.get("matches", ())}),
        go_live=given.get("go_live", "yes" if practice else "after_review"),
    )


def _quickbooks(given: Mapping[str, Any]) -> QuickBooks:
    addresses = ("client_id", "api_base", "authorize_url", "token_url", "revoke_url")
    return QuickBooks(
        environment=Environment(given.get("environment", Environment.PRACTICE)),
        limits=_limits(given.get("limits", "intuit")),
        has_secret=tuple(given.get("has_secret", ())),
        **{key: given.get(key, "") for key in addresses},
    )


def _limits(given: str | Mapping[str, int]) -> Limits | None:
    if isinstance(given, str):
        return None if given == "off" else Limits()
    return Limits(**given)
