"""What a schema cannot say about a setup file: which connector, which company, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.documents.hints import hint
from runtime.documents.mistakes import At, Mistake
from runtime.notices import sending
from runtime.settings import Company, Settings
from runtime.settings.check import company_mistakes, location_mistakes, no_time_zone
from runtime.setup.entries import Entry, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountForm:
    """What a connector asks for when a connection is set up."""

    #: Fields that may be shown.
    options: frozenset[str]
    #: Fields that go to the vault.
    secrets: frozenset[str]


#: In place of an address: this recipient is told nothing any more.
OFF = "off"

STANDARD_FORM = AccountForm(
    options=frozenset({"poll_url", "poll_seconds", "url"}),
    secrets=frozenset({"webhook_secret", "poll_token", "api_key"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the file is checked against."""

    #: Keys of the connectors there are; None: any will do.
    connectors: Collection[str] | None
    forms: Mapping[str, AccountForm]
    settings: Settings

    def connector_of(self, name: str, given: Mapping[str, Any]) -> str:
        """A connection's connector: the given one, the one it has, else its own name."""
        before = self.settings.connections.get(name)
        return str(given.get("connector") or (before.connector if before else name))

    def form_of(self, connector: str) -> AccountForm:
        """The account fields of a connector."""
        return self.forms.get(connector, STANDARD_FORM)


def connection_mistakes(connections: Mapping[str, Any], known: Known) -> Iterator[Mistake]:
    """Unknown connectors, unknown fields, and a connection that would become another service."""
    for name, given in connections.items():
        at: At = ("connections", name)
        connector = known.connector_of(name, given)
        yield from _connector_mistakes(at, connector, given, known)
        form = known.form_of(connector)
        for key, value in given.items():
            if key != "connector":
                yield from _field_mistakes((*at, key), value, form)


def setup_mistakes(value: Mapping[str, Any], settings: Settings) -> Iterator[Mistake]:
    """Companies that are unclear, incomplete, or at odds with each other."""
    if "company" in value and "companies" in value:
        yield Mistake(
            path=("company",),
            rule="two-forms",
            sentence="both `company:` and `companies:` are given",
            fix="move the one company into the list",
            at_key=True,
        )
        return
    found = list(entries(value, settings))
    for entry in found:
        yield from _entry_mistakes(entry, settings)
    yield from _same_company(found)
    if found:
        yield from location_mistakes(_together(found, settings))


def notification_mistakes(notifications: Mapping[str, str]) -> Iterator[Mistake]:
    """Addresses that no service is known for."""
    for name, address in notifications.items():
        if address != OFF and not sending.usable(address):
            yield Mistake(
                path=("notifications", name),
                rule="unusable-address",
                sentence=f'the address of "{name}" is none that a message can be sent to',
                fix=f"write it in the form of its service, such as {sending.FORMS} (Apprise"
                f" describes them all), or `{OFF}` to tell {name} nothing any more",
            )


def _connector_mistakes(
    at: At, connector: str, given: Mapping[str, Any], known: Known
) -> Iterator[Mistake]:
    before = known.settings.connections.get(str(at[-1]))
    path = (*at, "connector") if "connector" in given else at
    if known.connectors is not None and connector not in known.connectors:
        yield Mistake(
            path=path,
            rule="unknown-connector",
            sentence=f'there is no connector "{connector}"',
            fix=hint(connector, sorted(known.connectors), has="there are"),
            at_key=path == at,
        )
    elif before is not None and before.connector != connector:
        yield Mistake(
            path=path,
            rule="connector-changed",
            sentence=f'the connection "{at[-1]}" is one of {before.connector}, for life',
            fix=f"give the connection to {connector} a name of its own",
        )


def _field_mistakes(path: At, value: object, form: AccountForm) -> Iterator[Mistake]:
    key = str(path[-1])
    if key not in form.options | form.secrets:
        yield Mistake(
            path=path,
            rule="unknown-key",
            sentence=f'unknown setting "{key}"',
            fix=hint(key, ["connector", *sorted(form.options | form.secrets)], has="known here"),
            at_key=True,
        )
    elif not _is_text(value) and not (isinstance(value, bool) and key in form.options):
        yield Mistake(
            path=path,
            rule="wrong-type",
            sentence=f'"{key}" must be text',
            fix="put quotes around it, or leave it out",
        )


def _is_text(value: object) -> bool:
    """Whether an account field may have it; a bare number is taken as its digits."""
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _entry_mistakes(entry: Entry, settings: Settings) -> Iterator[Mistake]:
    for mistake in company_mistakes(entry.given):
        yield replace(mistake, path=(*entry.at, *mistake.path))
    if not entry.realm_id:
        yield from _unconnected_mistakes(entry, settings)
    settled = entry.before is not None and entry.before.quickbooks.environment != "practice"
    if not settled and not entry.practice and "time_zone" not in entry.given:
        yield replace(no_time_zone(entry.name or "the company"), path=entry.at, at_key=True)


def _unconnected_mistakes(entry: Entry, settings: Settings) -> Iterator[Mistake]:
    """A company without realm_id may only wait for somebody who connects it in the browser."""
    token = "refresh_token" in entry.quickbooks
    if entry.practice or token:
        chosen = "environment" in entry.quickbooks or entry.before is not None
        company = "the practice company" if chosen else "a new company"
        what = "a refresh token" if token else company
        yield Mistake(
            path=(*entry.at, "quickbooks"),
            rule="realm-missing",
            sentence=f"{what} is given without the realm_id of the company in QuickBooks",
            fix="add `realm_id:` under `quickbooks:` (`bookrelay practice` prints that of the"
            " practice company, QuickBooks shows it as the Company ID under Settings), or give"
            " `environment: production` without a refresh token and connect in the browser",
            at_key=True,
        )
    elif not entry.name:
        yield _unclear(entry, "it is unclear which company is meant")
    elif entry.before is None and settings.unconnected is not None:
        waiting = settings.unconnected.name
        yield _unclear(entry, f'"{waiting}" is waiting to be connected already')


def _unclear(entry: Entry, sentence: str) -> Mistake:
    fix = "add its `realm_id:` under `quickbooks:`, or the `name:` of one that is set up"
    return Mistake(path=entry.at, rule="company-unclear", sentence=sentence, fix=fix, at_key=True)


def _same_company(found: list[Entry]) -> Iterator[Mistake]:
    first: dict[str, Entry] = {}
    for entry in found:
        if first.setdefault(entry.realm_id, entry) is entry:
            continue
        sentence = f'the company "{entry.name}" is given twice'
        if not entry.realm_id:
            sentence = "two companies are given without a realm_id"
        yield Mistake(
            path=(*entry.at, "quickbooks", "realm_id"),
            rule="duplicate-company",
            sentence=sentence,
            fix="give each company once, with its realm_id",
        )


def _together(found: list[Entry], settings: Settings) -> dict[At, Mapping[str, Any]]:
    """Names and locations of all companies as they will be, those of the file at their place."""
    told = {entry.before.realm_id for entry in found if entry.before}
    rest = [*settings.companies.values(), settings.unconnected]
    all_of_them: dict[At, Mapping[str, Any]] = {
        ("companies", one.name): {"name": one.name, "locations": one.locations}
        for one in rest
        if one is not None and one.realm_id not in told
    }
    for entry in found:
        before: Company | None = entry.before
        places = entry.given.get("locations", before.locations if before else ())
        all_of_them[entry.at] = {"name": entry.name or "the company", "locations": places}
    return all_of_them
