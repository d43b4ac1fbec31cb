"""Multicurrency: a company's currencies, their exchange rates, and what a record is kept in."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities.common.currency_codes import CURRENCIES, currency_named, home_code
from connector.practice.entities.common.kind import COMMON, Entity
from connector.practice.faults import Fault, business, missing, not_found
from connector.practice.shape import (
    Record,
    day,
    flag,
    money,
    name,
    number,
    required,
    text,
)

_ONE = Decimal(1)
_OFF = "Multicurrency is turned off."


def multicurrency(books: Books) -> bool:
    """Whether the company uses more than its home currency; once on, it stays on."""
    return bool(books.preference("CurrencyPrefs.MultiCurrencyEnabled"))


def fixed_currency(change: Change, record: Record, old: Record | None) -> Record:
    """The currency of a customer, a vendor or an account: chosen when it is made, then fixed.

    CurrencyRef.value is the ISO code, not an id [S]. Raises Fault 6000 for a foreign one where
    multicurrency is off and for another one later, 2500 for one that the company does not use.
    """
    sent = (record.get("CurrencyRef") or {}).get("value")
    before = ((old or {}).get("CurrencyRef") or {}).get("value")
    if before and sent and sent != before:
        raise business("The currency cannot be changed.")
    code = before or sent or home_code(change.books)
    if code != before:
        _check_code(change, code)
    return currency_named(code)


def with_currency(change: Change, record: Record, old: Record | None, party: Record) -> Record:
    """A transaction with CurrencyRef and, where multicurrency is on, ExchangeRate.

    It is in the currency of its customer or vendor, `party` (empty = none). Raises Fault 2020,
    2290, 2500 or 6000.
    """
    home = home_code(change.books)
    sent = (record.get("CurrencyRef") or {}).get("value")
    kept = {key: value for key, value in record.items() if key != "ExchangeRate"}
    if not multicurrency(change.books):
        _check_code(change, sent or home)
        return {**kept, "CurrencyRef": currency_named(home)}
    own = (party.get("CurrencyRef") or {}).get("value", home) if party else ""
    if sent is None and change.switches.currency_ref_required:
        raise missing("CurrencyRef")
    code = sent or own or home
    if own and code != own:
        raise business(f"The transaction must be in the currency of its customer or vendor, {own}.")
    if code != ((old or {}).get("CurrencyRef") or {}).get("value"):
        _check_code(change, code)
    rate = _ONE if code == home else _rate(change, record, code)
    return {**kept, "CurrencyRef": currency_named(code), "ExchangeRate": rate}


def listed_rate(books: Books, code: str, on: str) -> Decimal | None:
    """The rate that was set for a currency last on or before a day; None where none was.

    The practice company has no feed of market rates.
    """
    known = [
        (rate["AsOfDate"], rate["Rate"])
        for rate in books.having("ExchangeRate", SourceCurrencyCode=code)
        if rate["AsOfDate"] <= on
    ]
    return Decimal(max(known)[1]) if known else None


def rate_asked(change: Change, code: str, on: str) -> Record:
    """The answer to a question for a rate on a day, today if it is empty; 1 where none was set."""
    if not multicurrency(change.books):
        raise business(_OFF)
    if not code:
        raise missing("sourcecurrencycode")
    _check_code(change, code.upper())
    as_of: str = day.clean(on, "asofdate") or change.today
    return {
        "SourceCurrencyCode": code.upper(),
        "TargetCurrencyCode": home_code(change.books),
        "Rate": listed_rate(change.books, code.upper(), as_of) or _ONE,
        "AsOfDate": as_of,
        "domain": "QBO",
        "SyncToken": "0",
        "sparse": False,
        "MetaData": {"LastUpdatedTime": change.stamp},
    }


def with_home_amounts(books: Books, record: Record) -> Record:
    """A form as it is shown: its total and its balance in the home currency too."""
    if not multicurrency(books):
        return record
    rate = Decimal(record.get("ExchangeRate", 1))
    pairs = (("TotalAmt", "HomeTotalAmt"), ("Balance", "HomeBalance"))
    return {
        **record,
        **{home: money(record[field] * rate) for field, home in pairs if field in record},
    }


def _rate(change: Change, record: Record, code: str) -> Decimal:
    """Home currency for one unit of the foreign one; where none is sent, by switch."""
    sent = record.get("ExchangeRate")
    if sent is not None and sent < 0:
        raise Fault("2290", "ExchangeRate cannot be negative.", element="ExchangeRate")
    if sent:
        return Decimal(sent)
    if change.switches.default_exchange_rate == "one":
        return _ONE
    return listed_rate(change.books, code, record.get("TxnDate", change.today)) or _ONE


def _check_code(change: Change, code: str) -> None:
    """Raise Fault 6000 or 2500 for a currency that cannot be used."""
    if code == home_code(change.books):
        return
    if not multicurrency(change.books):
        raise business(_OFF)
    if not any(one["Active"] for one in change.books.having("CompanyCurrency", Code=code)):
        raise not_found("Currency", code)


def _company_currency(change: Change, record: Record, old: Record | None) -> Record:
    if not multicurrency(change.books):
        raise business(_OFF)
    required(record, "Code")
    code = record["Code"]
    if old is not None and code != old["Code"]:
        raise business("The code of a currency cannot be changed.")
    if code not in CURRENCIES or code == home_code(change.books):
        raise business(f"{code} is not the code of a foreign currency.")
    rivals = change.books.having("CompanyCurrency", Code=code)
    if any(one["Id"] != record["Id"] for one in rivals):
        raise Fault("6240", "The name supplied already exists. : null")
    return {"Name": CURRENCIES[code], "Active": True, **record}


def _exchange_rate(change: Change, record: Record, old: Record | None) -> Record:
    """The rate of a currency on a day, in place of the one it had."""
    if not multicurrency(change.books):
        raise business(_OFF)
    required(record, "SourceCurrencyCode", "Rate")
    home, code = home_code(change.books), record["SourceCurrencyCode"]
    if record.get("TargetCurrencyCode", home) != home or code == home:
        raise business(f"A rate is from a foreign currency to {home}.")
    _check_code(change, code)
    if record["Rate"] <= 0:
        raise Fault("2290", "Rate must be above 0.", element="Rate")
    found = {"AsOfDate": change.today, **record, "TargetCurrencyCode": home}
    return {**found, "Id": f"{code}-{found['AsOfDate']}"}


def shown_rate(books: Books, record: Record) -> Record:
    """A rate as it is answered: known by currency and day, without an id."""
    return {key: value for key, value in record.items() if key != "Id"}


COMPANY_CURRENCY = Entity(
    name="CompanyCurrency",
    fields={**COMMON, "Code": text(3), "Name": name(100), "Active": flag},
    filters={"Name": "text", "Code": "text", "Active": "flag"},
    complete=_company_currency,
)
EXCHANGE_RATE = Entity(
    name="ExchangeRate",
    fields={
        **COMMON,
        "SourceCurrencyCode": text(3),
        "TargetCurrencyCode": text(3),
        "Rate": number,
        "AsOfDate": day,
    },
    filters={"SourceCurrencyCode": "text", "AsOfDate": "day"},
    complete=_exchange_rate,
    present=shown_rate,
)
