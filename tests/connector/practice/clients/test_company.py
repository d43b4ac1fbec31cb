"""The company itself: its description, its preferences, its currencies and their rates."""

from __future__ import annotations

import json
from typing import Any

import pytest
from quickbooks.exceptions import QuickbooksException
from quickbooks.objects import CompanyInfo, Customer, Invoice, Preferences, TaxCode, Term
from quickbooks.objects.exchangerate import ExchangeRate

from tests.connector.practice.clients.company import company_currency, multicurrency
from tests.connector.practice.clients.lists import address, customer, ref
from tests.connector.practice.clients.sales import invoice, sale_line


def test_the_description_of_a_company(qb: Any, r1: Any) -> None:
    read = CompanyInfo.get(r1.realm, qb=qb)
    assert (read.Id, read.CompanyName, read.Country) == ("1", "Sparrow Home Services LLC", "US")
    assert read.FiscalYearStartMonth == "January"
    assert [one.to_dict() for one in CompanyInfo.all(qb=qb)] == [read.to_dict()]
    assert CompanyInfo.count(qb=qb) == 1
    pointing = read.to_ref()
    assert (pointing.value, pointing.name) == ("1", read.CompanyName)


def test_a_company_moves(qb: Any, r1: Any) -> None:
    before = CompanyInfo.get(r1.realm, qb=qb)
    before.CompanyAddr, before.LegalName = address(), "Sparrow Ltd"
    after = before.save(qb=qb)
    assert (after.CompanyAddr.City, after.LegalName, after.SyncToken) == (
        "Boise",
        "Sparrow Ltd",
        "1",
    )
    assert (after.Country, after.CompanyName) == (before.Country, before.CompanyName)
    part = {"Id": "1", "SyncToken": "1", "sparse": True, "LegalName": "Sparrow Inc"}
    qb.update_object("CompanyInfo", json.dumps(part))
    again = CompanyInfo.get(r1.realm, qb=qb)
    assert (again.CompanyAddr.City, again.LegalName) == ("Boise", "Sparrow Inc")
    with pytest.raises(QuickbooksException) as stale:
        after.save(qb=qb)
    assert stale.value.error_code == 5010


def test_preferences_are_read(qb: Any) -> None:
    found = Preferences.get(qb=qb)
    assert found.SalesFormsPrefs.DefaultTerms.value == "3"
    assert found.AccountingInfoPrefs.BookCloseDate == "2026-10-31"
    assert found.CurrencyPrefs.HomeCurrency.value == "USD"
    assert found.TaxPrefs.PartnerTaxEnabled is True
    assert found.ReportPrefs.ReportBasis == "Accrual"


def test_preferences_are_written_back_and_changed(qb: Any) -> None:
    before = Preferences.get(qb=qb)
    before.AccountingInfoPrefs.BookCloseDate = "2026-09-30"
    after = before.save(qb=qb)
    assert (after.SyncToken, after.AccountingInfoPrefs.BookCloseDate) == ("1", "2026-09-30")
    late = invoice(qb)
    late.TxnDate = "2026-10-15"
    assert late.save(qb=qb).TxnDate == "2026-10-15"
    part = {"Id": "1", "SyncToken": "1", "sparse": True, "ReportPrefs": {"ReportBasis": "Cash"}}
    qb.update_object("Preferences", json.dumps(part))
    again = Preferences.get(qb=qb)
    assert again.ReportPrefs.ReportBasis == "Cash"
    assert again.AccountingInfoPrefs.BookCloseDate == "2026-09-30"


def _rate(code: str, day: str, rate: float) -> ExchangeRate:
    made = ExchangeRate()
    made.SourceCurrencyCode, made.TargetCurrencyCode = code, "USD"
    made.AsOfDate, made.Rate = day, rate
    return made


def test_rates_of_a_currency(qb: Any) -> None:
    company_currency(qb, "EUR").save(qb=qb)
    made = _rate("EUR", "2026-11-05", 1.1625).save(qb=qb)
    assert (made.Rate, made.AsOfDate, made.TargetCurrencyCode) == (1.1625, "2026-11-05", "USD")
    _rate("EUR", "2026-11-06", 1.17).save(qb=qb)
    assert _rate("EUR", "2026-11-06", 1.18).save(qb=qb).Rate == 1.18
    found = ExchangeRate.filter(SourceCurrencyCode="EUR", qb=qb)
    assert [(one.AsOfDate, one.Rate) for one in found] == [
        ("2026-11-05", 1.1625),
        ("2026-11-06", 1.18),
    ]
    assert ExchangeRate.count("SourceCurrencyCode = 'EUR'", qb=qb) == 2
    assert len(ExchangeRate.all(max_results=1, qb=qb)) == 1


@pytest.mark.parametrize("known", [False, True])
def test_a_rate_that_cannot_be(known: bool, qb: Any) -> None:
    if known:
        multicurrency(qb)
    with pytest.raises(QuickbooksException) as refused:
        _rate("EUR", "2026-11-05", 1.1).save(qb=qb)
    assert refused.value.error_code == (2500 if known else 6000)


def test_an_invoice_in_euros(qb: Any) -> None:
    euro = company_currency(qb, "EUR").save(qb=qb)
    assert (euro.to_ref().value, euro.to_ref().type) == ("EUR", "CompanyCurrency")
    buyer = customer(qb)
    buyer.CurrencyRef = euro.to_ref()
    made = Invoice()
    made.CustomerRef, made.CurrencyRef = buyer.save(qb=qb).to_ref(), euro.to_ref()
    made.TxnDate, made.ExchangeRate, made.Line = "2026-11-05", 1.25, [sale_line(1, 100)]
    saved = made.save(qb=qb)
    assert (saved.TotalAmt, saved.HomeTotalAmt, saved.ExchangeRate) == (100, 125, 1.25)
    assert saved.CurrencyRef.value == "EUR"
    assert Customer.get(saved.CustomerRef.value, qb=qb).CurrencyRef.value == "EUR"


def test_an_invoice_in_britain(connect: Any, open_company: Any, r1: Any) -> None:
    """Outside the United States each line names the id of a tax code."""
    told = r1.control("companies", {"name": "Finch", "country": "GB"})
    connect(told["realm_id"])
    qb = open_company()
    [standard] = TaxCode.filter(Name="20.0% S", qb=qb)
    made = Invoice()
    buyer = Customer()
    buyer.DisplayName = "Nora Blake"
    made.CustomerRef, made.Line = buyer.save(qb=qb).to_ref(), [sale_line(2, 50)]
    made.Line[0].SalesItemLineDetail.TaxCodeRef = ref(standard.Id)
    saved = made.save(qb=qb)
    assert saved.GlobalTaxCalculation == "TaxExcluded"
    assert (saved.TxnTaxDetail.TotalTax, saved.TotalAmt) == (20, 120)
    assert saved.TxnTaxDetail.TaxLine[0].TaxLineDetail.TaxPercent == 20
    assert saved.CurrencyRef.value == "GBP"
    made.Line[0].SalesItemLineDetail.TaxCodeRef = None
    made.Id = None
    with pytest.raises(QuickbooksException) as refused:
        made.save(qb=qb)
    assert refused.value.error_code == 6000
    assert Term.count(qb=qb)
