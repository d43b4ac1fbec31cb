"""Builders of what makes a company multicurrency, with python-quickbooks' own classes."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.preferences import Preferences

from tests.connector.practice.clients.row import Row

_CODES = cycle(("EUR", "GBP", "CAD", "CHF", "MXN", "JPY"))


def multicurrency(qb: Any) -> None:
    """Turn it on, as a program may; it stays on."""
    found = Preferences.get(qb=qb)
    if not found.CurrencyPrefs.MultiCurrencyEnabled:
        found.CurrencyPrefs.MultiCurrencyEnabled = True
        found.save(qb=qb)


def company_currency(qb: Any, code: str = "") -> CompanyCurrency:
    multicurrency(qb)
    made = CompanyCurrency()
    made.Code = code or next(_CODES)
    made.Name = f"Money {made.Code}"
    return made


COMPANY = (
    Row(
        kind=CompanyCurrency,
        build=company_currency,
        change=("Name", "Coins"),
        found_by="Code",
        left_out={"reference": "it points with the code of the currency, not with the id"},
    ),
)
