"""Currencies by their ISO codes, and which one a company keeps its books in."""

from __future__ import annotations

from connector.practice.books.books import Books
from connector.practice.shape import Record

#: The names of currencies as QuickBooks shows them.
CURRENCIES = {
    "AED": "United Arab Emirates Dirham",
    "ARS": "Argentine Peso",
    "AUD": "Australian Dollar",
    "BRL": "Brazilian Real",
    "CAD": "Canadian Dollar",
    "CHF": "Swiss Franc",
    "CLP": "Chilean Peso",
    "CNY": "Chinese Yuan",
    "COP": "Colombian Peso",
    "CZK": "Czech Koruna",
    "DKK": "Danish Krone",
    "EUR": "Euro",
    "GBP": "British Pound Sterling",
    "HKD": "Hong Kong Dollar",
    "HUF": "Hungarian Forint",
    "IDR": "Indonesian Rupiah",
    "ILS": "Israeli New Shekel",
    "INR": "Indian Rupee",
    "JPY": "Japanese Yen",
    "KRW": "South Korean Won",
    "MXN": "Mexican Peso",
    "MYR": "Malaysian Ringgit",
    "NOK": "Norwegian Krone",
    "NZD": "New Zealand Dollar",
    "PHP": "Philippine Peso",
    "PLN": "Polish Zloty",
    "RON": "Romanian Leu",
    "SAR": "Saudi Riyal",
    "SEK": "Swedish Krona",
    "SGD": "Singapore Dollar",
    "THB": "Thai Baht",
    "TRY": "Turkish Lira",
    "TWD": "New Taiwan Dollar",
    "USD": "United States Dollar",
    "VND": "Vietnamese Dong",
    "ZAR": "South African Rand",
}


def home_code(books: Books) -> str:
    """The ISO code of the currency of the books."""
    home = books.preferences.get("CurrencyPrefs", {}).get("HomeCurrency") or {}
    return str(home.get("value", "USD"))


def currency_named(code: str) -> Record:
    """A reference to a currency: by its code, not by an id."""
    return {"value": code, "name": CURRENCIES.get(code, code)}


def currency_of(record: Record) -> str:
    """The ISO code of a record's currency; empty where it names none."""
    return str((record.get("CurrencyRef") or {}).get("value", ""))


def same_currency(one: Record, other: Record) -> bool:
    """Whether two records are in the same currency, as far as both name theirs."""
    codes = {currency_of(one), currency_of(other)} - {""}
    return len(codes) < 2
