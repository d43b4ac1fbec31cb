"""Further companies under the practice login, of the United States and of other countries.

`POST /_control/companies` takes

- `name`, and `country`: US (the default), CA, GB or AU;
- `time_zone`, an IANA name; each country has a default;
- `realm_id`, digits; else the next free one;
- `like`, the realm of a company whose accounts, items, terms, payment methods, classes and
  locations are copied, with its preferences for sales forms. Without it the company has the
  lists that every practice company starts with.

The company keeps its books in the currency of its country and has the tax agencies, rates and
codes of it. It is kept in the data folder like the others; a reset removes it. Tokens that are
granted for all companies from then on include it, authorisations given before do not;
`GET /_control/companies` shows a fresh refresh token for each company.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from connector.practice.books.books import Books
from connector.practice.entities.common.currency_codes import currency_named
from connector.practice.seed import ZONE, company, put, starting_lists
from connector.practice.seed_taxes import COUNTRIES, Put, tax_lists
from connector.practice.state import State

_ZONES = {
    "US": ZONE,
    "CA": "America/Toronto",
    "GB": "Europe/London",
    "AU": "Australia/Sydney",
}
CURRENCY_OF = {"US": "USD", "CA": "CAD", "GB": "GBP", "AU": "AUD"}
_COPIED = ("Account", "Term", "PaymentMethod", "Class", "Department", "Item")
#: References to tax codes, which differ by country.
_TAX_FIELDS = ("TaxCodeRef", "SalesTaxCodeRef", "PurchaseTaxCodeRef")
_LONGEST_NAME = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A company that is to be made."""

    realm: str
    name: str
    country: str
    zone: str
    like: Books | None


def add_company(state: State, told: Mapping[str, Any]) -> Books:
    """Make a company and put it beside the others; raises ValueError with a sentence."""
    with state.lock:
        # Two at once must not find the same id free.
        return state.add(_made(_wanted(told, state.companies)))


def shown(state: State, books: Books) -> dict[str, Any]:
    """A company as the control API tells it, with a refresh token of its own."""
    return {
        "realm_id": books.realm,
        "name": books.name,
        "country": books.info["Country"],
        "time_zone": books.info["DefaultTimeZone"],
        "currency": books.preferences["CurrencyPrefs"]["HomeCurrency"]["value"],
        "refresh_token": state.tokens.grant([books.realm]),
    }


def _wanted(told: Mapping[str, Any], companies: Mapping[str, Books]) -> Wanted:
    name, country, like = told.get("name"), told.get("country", "US"), told.get("like")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("A company needs a `name`.")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"The `name` of a company has at most {_LONGEST_NAME:,} characters.")
    if not isinstance(country, str) or country not in COUNTRIES:
        raise ValueError(f"`country` is one of {', '.join(COUNTRIES)}, not {country!r}.")
    if like is not None and (not isinstance(like, str) or like not in companies):
        raise ValueError(f"`like` names a company that exists; there is no {like!r}.")
    return Wanted(
        realm=_realm(told.get("realm_id"), companies),
        name=name.strip(),
        country=country,
        zone=_zone(told.get("time_zone", _ZONES[country])),
        like=companies[like] if like is not None else None,
    )


def _realm(wanted: Any, companies: Mapping[str, Books]) -> str:
    if wanted is None:
        return str(max(int(realm) for realm in companies) + 1)
    if not isinstance(wanted, str) or not re.fullmatch(r"[1-9][0-9]{0,19}", wanted):
        raise ValueError(f"`realm_id` is up to 20 digits, as text, not {wanted!r}.")
    if wanted in companies:
        raise ValueError(f"There is a company {wanted} already.")
    return wanted


def _zone(name: Any) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (KeyError, ValueError, OSError) as error:
        # An unknown name is a KeyError; malformed names and folders are the others.
        raise ValueError(f"There is no time zone {name!r}.") from error


def _made(wanted: Wanted) -> Books:
    home = currency_named(CURRENCY_OF[wanted.country])
    preferences: dict[str, Any] = {
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": home["value"]}}
    }
    if wanted.country != "US":
        preferences["TaxPrefs"] = {"UsingSalesTax": True}
    if wanted.like is not None:
        preferences["SalesFormsPrefs"] = wanted.like.preferences.get("SalesFormsPrefs", {})
    info = {"Country": wanted.country, "DefaultTimeZone": wanted.zone}
    books = company(wanted.realm, wanted.name, info=info, preferences=preferences)
    lists = starting_lists() if wanted.like is None else _lists_of(wanted.like, wanted.country)
    at_home = [
        (entity, {**record, "CurrencyRef": home} if "CurrencyRef" in record else record)
        for entity, record in lists
    ]
    put(books, [*at_home, *tax_lists(wanted.country)])
    return books


def _lists_of(like: Books, country: str) -> list[Put]:
    """The lists of a company, without what refers to its tax codes if they are other ones."""
    dropped = _TAX_FIELDS if like.info["Country"] != country else ()
    with like.lock:
        return [
            (entity, {key: value for key, value in record.items() if key not in dropped})
            for entity in _COPIED
            for record in like.all(entity)
        ]
