"""What a setup file changes, as data, and how it is applied: what is given, nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.settings import RecordRevision, Settings, SettingsStore
from runtime.settings.store import Body
from runtime.vault import SecretUnreadable

#: Groups whose keys are applied one by one; lists and everything else are replaced whole.
_GROUPS = ("quickbooks", "rules", "accounts", "deposit_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionChange:
    """What is given for one connection."""

    name: str
    connector: str
    options: Mapping[str, Any]
    #: Names of the secrets that are given.
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyChange:
    """What is given for one company."""

    #: Empty for a company that waits for its connection to QuickBooks.
    realm_id: str
    #: In the form of the settings body.
    given: Mapping[str, Any]
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupPlan:
    """A setup file without problems, ready to be applied any number of times."""

    connections: tuple[ConnectionChange, ...] = ()
    companies: tuple[CompanyChange, ...] = ()
    #: Who can be told of trouble; False: no longer.
    notifications: Mapping[str, bool] = field(default_factory=dict)
    #: By name: `connection/<name>/<field>`, `company/<realm_id>/<field>`, `notification/<name>`.
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def settings_edit(self, body: Body) -> Body:
        """The settings body with everything that is given, the rest as it was."""
        body = copy.deepcopy(body)
        for connection in self.connections:
            _edit_connection(body, connection)
        for company in self.companies:
            _edit_company(body, company)
        if self.notifications:
            _edit_notifications(body, self.notifications)
        return body


def apply(
    plan: SetupPlan,
    store: SettingsStore,
    put_secret: Callable[[str, str], None],
    record: RecordRevision,
    *,
    get_secret: Callable[[str], str | None] | None = None,
    at_least: int | Callable[[], int] = 0,
) -> Settings:
    """Store the secrets, then put the settings in force; a repeated plan changes nothing.

    With `get_secret`, a secret that is stored already is left alone, and a refresh token is stored
    only once: QuickBooks replaces it by newer ones, which the same file must not undo.
    `record` and `at_least` are those of `SettingsStore.change`. Raises BadSettings.
    """
    for name, secret in plan.secrets.items():
        _put(name, secret, put_secret, get_secret)
    return store.change(plan.settings_edit, record, at_least=at_least)


def connected(realm_id: str) -> Callable[[Body], Body]:
    """The edit that gives the company waiting for its connection the id QuickBooks told.

    Its secrets, named `company/unconnected/…`, are the caller's to rename.
    """

    def edit(body: Body) -> Body:
        waiting = body.pop("unconnected", None) or {}
        company = body.setdefault("companies", {}).setdefault(realm_id, {})
        _merge(company, waiting)
        return body

    return edit


def _put(
    name: str,
    secret: str,
    put: Callable[[str, str], None],
    get: Callable[[str], str | None] | None,
) -> None:
    rotates = name.endswith("/refresh_token")
    told = f"{name}/given" if rotates else name
    if get is not None and _stored(get, told) == secret:
        return
    put(name, secret)
    if get is not None and rotates:
        put(told, secret)


def _stored(get: Callable[[str], str | None], name: str) -> str | None:
    try:
        return get(name)
    except SecretUnreadable:
        return None


def _edit_connection(body: Body, change: ConnectionChange) -> None:
    connections = body.setdefault("connections", {})
    connection = connections.setdefault(change.name, {"connector": change.connector})
    if change.options:
        connection.setdefault("options", {}).update(copy.deepcopy(dict(change.options)))
    _remember(connection, change.secrets)


def _edit_notifications(body: Body, given: Mapping[str, bool]) -> None:
    names = dict.fromkeys(body.get("notifications", ()), True) | dict(given)
    body["notifications"] = [name for name, told in names.items() if told]


def _edit_company(body: Body, change: CompanyChange) -> None:
    if not change.realm_id:
        company = body.setdefault("unconnected", {})
    else:
        company = _named_by_realm(body, change)
    _merge(company, change.given)
    if change.secrets:
        _remember(company.setdefault("quickbooks", {}), change.secrets)


def _named_by_realm(body: Body, change: CompanyChange) -> Body:
    companies: Body = body.setdefault("companies", {})
    waiting = body.get("unconnected")
    if change.realm_id not in companies and waiting and _same_name(waiting, change.given):
        companies[change.realm_id] = body.pop("unconnected")
        # Its secrets were stored under another name; those of this file are what counts.
        companies[change.realm_id].get("quickbooks", {}).pop("has_secret", None)
    company: Body = companies.setdefault(change.realm_id, {})
    return company


def _same_name(waiting: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return "name" not in given or waiting.get("name") == given["name"]


def _merge(company: Body, given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        if key in _GROUPS:
            company.setdefault(key, {}).update(copy.deepcopy(dict(value)))
        else:
            company[key] = copy.deepcopy(value)


def _remember(holder: Body, secrets: tuple[str, ...]) -> None:
    if secrets:
        holder["has_secret"] = sorted({*holder.get("has_secret", ()), *secrets})
