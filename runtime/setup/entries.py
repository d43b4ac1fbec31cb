"""The companies of a setup file, and which company that is set up already each of them means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.documents.mistakes import At
from runtime.settings import Company, Settings

#: Fields of `quickbooks:` that go to the vault, not to the settings.
COMPANY_SECRETS = ("client_secret", "refresh_token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One company as the file gives it."""

    at: At
    given: Mapping[str, Any]
    #: Given, or that of `before`; empty for one that waits for its connection.
    realm_id: str
    #: The company that is meant, where it is set up already.
    before: Company | None

    @property
    def quickbooks(self) -> Mapping[str, Any]:
        """The part about QuickBooks, with secrets."""
        part: Mapping[str, Any] = self.given.get("quickbooks", {})
        return part

    @property
    def name(self) -> str:
        """What it is called in messages; empty where nothing says so."""
        return str(self.given.get("name") or (self.before.name if self.before else self.realm_id))

    @property
    def practice(self) -> bool:
        """Whether it is the practice company."""
        before = self.before.quickbooks.environment if self.before else "practice"
        return bool(self.quickbooks.get("environment", before) == "practice")


def entries(value: Mapping[str, Any], settings: Settings) -> Iterator[Entry]:
    """Each company of the file: by its realm_id, else by its name, else the only one there is."""
    if "company" in value:
        yield _entry(("company",), value["company"], settings, only=True)
    given = value.get("companies", ())
    for index, company in enumerate(given):
        only = len(given) == 1 and "name" not in company
        yield _entry(("companies", index), company, settings, only=only)


def _entry(at: At, given: Mapping[str, Any], settings: Settings, *, only: bool) -> Entry:
    realm = given.get("quickbooks", {}).get("realm_id", "")
    if realm:
        before = settings.companies.get(realm) or _waiting(given, settings)
        return Entry(at=at, given=given, realm_id=realm, before=before)
    before = _by_name(given, settings)
    if before is None and only:
        before = _only_one(settings)
    return Entry(at=at, given=given, realm_id=before.realm_id if before else "", before=before)


def _by_name(given: Mapping[str, Any], settings: Settings) -> Company | None:
    everyone = [*settings.companies.values(), settings.unconnected]
    found = [one for one in everyone if one is not None and one.name == given.get("name")]
    return found[0] if len(found) == 1 else None


def _only_one(settings: Settings) -> Company | None:
    if len(settings.companies) == 1:
        return next(iter(settings.companies.values()))
    return settings.unconnected if not settings.companies else None


def _waiting(given: Mapping[str, Any], settings: Settings) -> Company | None:
    """The company that this realm_id connects, where it waits for one."""
    waiting = settings.unconnected
    if waiting is None or given.get("name", waiting.name) != waiting.name:
        return None
    return waiting
