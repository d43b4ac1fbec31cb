"""Currencies, exchange rates and preferences, written by python-quickbooks."""

from __future__ import annotations

from typing import Any

from quickbooks.objects import Customer, Invoice, Preferences
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.exchangerate import ExchangeRate

from tests.connector.practice.clients.sales import invoice


def _multicurrency(qb: Any) -> Preferences:
    found = Preferences.get(qb=qb)
    found.CurrencyPrefs.MultiCurrencyEnabled = True
    return found.save(qb=qb)


def _currency(qb: Any, code: str) -> CompanyCurrency:
    made = CompanyCurrency()
    made.Code = code
    return made.save(qb=qb)


def test_preferences_are_saved_as_they_were_read(qb: Any) -> None:
    before = Preferences.get(qb=qb)
    after = _multicurrency(qb)
    assert (after.CurrencyPrefs.MultiCurrencyEnabled, after.SyncToken) == (True, "1")
    assert after.CurrencyPrefs.HomeCurrency.value == "USD"
    assert after.SalesFormsPrefs.DefaultTerms.value == before.SalesFormsPrefs.DefaultTerms.value
    assert after.AccountingInfoPrefs.BookCloseDate == "2026-10-31"


def test_a_company_currency(qb: Any) -> None:
    _multicurrency(qb)
    made = _currency(qb, "EUR")
    assert (made.Name, made.Active, made.to_ref().value) == ("Euro", True, "EUR")
    made.Name = "Euros"
    made.save(qb=qb)
    assert CompanyCurrency.get(made.Id, qb=qb).Name == "Euros"
    assert [one.Id for one in CompanyCurrency.filter(Code="EUR", qb=qb)] == [made.Id]


def test_an_exchange_rate(qb: Any) -> None:
    _multicurrency(qb)
    _currency(qb, "EUR")
    rate = ExchangeRate()
    rate.SourceCurrencyCode, rate.Rate, rate.AsOfDate = "EUR", 1.125, "2026-11-05"
    saved = rate.save(qb=qb)
    assert (saved.Rate, saved.TargetCurrencyCode) == (1.125, "USD")
    [found] = ExchangeRate.filter(SourceCurrencyCode="EUR", AsOfDate="2026-11-05", qb=qb)
    assert found.Rate == 1.125


def test_an_invoice_in_euros(qb: Any) -> None:
    _multicurrency(qb)
    euro = _currency(qb, "EUR")
    customer = Customer()
    customer.DisplayName, customer.CurrencyRef = "Nora Blake", euro.to_ref()
    customer.save(qb=qb)
    sent = invoice(qb)
    sent.CustomerRef, sent.CurrencyRef, sent.ExchangeRate = (
        customer.to_ref(),
        euro.to_ref(),
        1.5,
    )
    found = Invoice.get(sent.save(qb=qb).Id, qb=qb)
    assert (found.CurrencyRef.value, found.ExchangeRate) == ("EUR", 1.5)
    assert (found.TotalAmt, found.HomeTotalAmt) == (207.9, 311.85)
