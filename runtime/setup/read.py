"""Reads a setup file into a plan, or into everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from runtime.documents import Document, read_document
from runtime.documents.mistakes import Mistake
from runtime.documents.schema import problems
from runtime.masking import Masker
from runtime.problems import Problem
from runtime.settings import UNCONNECTED, Settings
from runtime.setup.checks import (
    OFF,
    STANDARD_FORM,
    AccountForm,
    Known,
    connection_mistakes,
    notification_mistakes,
    setup_mistakes,
)
from runtime.setup.entries import COMPANY_SECRETS, Entry, entries
from runtime.setup.plan import CompanyChange, ConnectionChange, SetupPlan

__all__ = ["STANDARD_FORM", "AccountForm", "read_setup"]

_NUMBERS = ("net_days", "in_flight", "per_second", "per_minute", "batches_per_minute")
_IDS = (
    "realm_id",
    "locations",
    "crm_id",
    "quickbooks_id",
    "service_type",
    "category",
    "product_id",
    "name",
)


def read_setup(
    text: str,
    file: str,
    *,
    connectors: Collection[str] | None = None,
    forms: Mapping[str, AccountForm] | None = None,
    existing: Settings | None = None,
) -> tuple[SetupPlan | None, list[Problem]]:
    """The plan of a setup file, or None and every problem found; secrets are in no message.

    `connectors` are the keys of the known connectors (None: any), `forms` the account fields of
    those that have others than the standard ones, `existing` the settings in force: a company
    given without its realm_id is looked for there.
    """
    document, found = read_document(text, file)
    if document is None:
        return None, _masked(found, None)
    document = _tidied(document)
    found += document.believed(problems(document, "setup", file))
    known = Known(connectors=connectors, forms=forms or {}, settings=existing or _nothing_set_up())
    if not found:
        found += [_problem(mistake, document) for mistake in _mistakes(document.value, known)]
    if found:
        return None, _masked(found, document.value)
    return _plan(document.value, known), []


def _nothing_set_up() -> Settings:
    return Settings(revision=0, connections={}, companies={})


def _tidied(document: Document) -> Document:
    value = {} if document.value is None else document.value
    return replace(document, value=_tidy(value, ""))


def _tidy(value: Any, key: str) -> Any:
    """Ids written as bare numbers become the digits they are; `15.0` days become 15."""
    if isinstance(value, dict):
        return {name: _tidy(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_tidy(inner, key) for inner in value]
    if isinstance(value, Decimal) and value == int(value) and key in _NUMBERS:
        return int(value)
    if key in _IDS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _mistakes(value: Mapping[str, Any], known: Known) -> Iterator[Mistake]:
    yield from connection_mistakes(value.get("connections", {}), known)
    yield from setup_mistakes(value, known.settings)
    yield from notification_mistakes(value.get("notifications", {}))


def _problem(mistake: Mistake, document: Document) -> Problem:
    return document.problem(
        mistake.path, mistake.rule, mistake.sentence, mistake.fix, key=mistake.at_key
    )


def _masked(found: list[Problem], value: Any) -> list[Problem]:
    masker = Masker(_secret_texts(value))
    # The lines themselves are left out: a secret may stand in them that no key tells.
    return sorted(
        replace(
            one, sentence=masker.text(one.sentence), fix=masker.text(one.fix), excerpt="", length=0
        )
        for one in found
    )


def _secret_texts(value: Any) -> Iterator[str]:
    """Every value under a key that may name a secret, however wrong the file is."""
    if isinstance(value, list):
        for inner in value:
            yield from _secret_texts(inner)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "notifications" and isinstance(inner, dict):
                yield from (str(address) for address in inner.values() if address != OFF)
            elif isinstance(inner, dict | list):
                yield from _secret_texts(inner)
            elif inner is not None and not isinstance(inner, bool) and _may_be_secret(key):
                yield str(inner)


def _may_be_secret(key: str) -> bool:
    return any(part in key.lower() for part in ("secret", "token", "key", "password"))


def _plan(value: Mapping[str, Any], known: Known) -> SetupPlan:
    secrets: dict[str, str] = {}
    connections = tuple(
        _connection(name, given, known, secrets)
        for name, given in value.get("connections", {}).items()
    )
    companies = tuple(_company(entry, secrets) for entry in entries(value, known.settings))
    told = value.get("notifications", {})
    secrets |= {f"notification/{name}": address for name, address in told.items() if address != OFF}
    return SetupPlan(
        connections=connections,
        companies=companies,
        notifications={name: address != OFF for name, address in told.items()},
        secrets=secrets,
    )


def _connection(
    name: str, given: Mapping[str, Any], known: Known, secrets: dict[str, str]
) -> ConnectionChange:
    connector = known.connector_of(name, given)
    form = known.form_of(connector)
    entered = {key: str(value) for key, value in given.items() if key in form.secrets}
    secrets.update({f"connection/{name}/{key}": value for key, value in entered.items()})
    return ConnectionChange(
        name=name,
        connector=connector,
        options={key: _option(value) for key, value in given.items() if key in form.options},
        secrets=tuple(entered),
    )


def _option(value: str | int) -> str | bool:
    return value if isinstance(value, bool) else str(value)


def _company(entry: Entry, secrets: dict[str, str]) -> CompanyChange:
    entered = {key: entry.quickbooks[key] for key in COMPANY_SECRETS if key in entry.quickbooks}
    owner = entry.realm_id or UNCONNECTED
    secrets.update({f"company/{owner}/{key}": value for key, value in entered.items()})
    given = dict(entry.given)
    plain = {
        key: value
        for key, value in entry.quickbooks.items()
        if key not in COMPANY_SECRETS and key != "realm_id"
    }
    if "quickbooks" in given:
        given["quickbooks"] = plain
    return CompanyChange(realm_id=entry.realm_id, given=given, secrets=tuple(entered))
