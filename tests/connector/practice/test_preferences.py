"""Preferences and the description of the company, written by API, and what they change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.conftest import Client
from tests.connector.practice.receiver import receiving

_HEAD = {"Id": "1", "SyncToken": "0", "sparse": True}


def _prefer(client: Client, **sections: Any) -> dict[str, Any]:
    token = client.read("preferences")["SyncToken"]
    return client.ok("preferences", {**_HEAD, "SyncToken": token, **sections})


def test_a_sparse_update_keeps_what_it_does_not_send(r1: Any) -> None:
    before = r1.read("preferences")
    after = _prefer(r1, SalesFormsPrefs={"CustomTxnNumbers": False})
    assert after["SyncToken"] == "1"
    changed = {**before["SalesFormsPrefs"], "CustomTxnNumbers": False}
    assert after["SalesFormsPrefs"] == changed
    assert after["AccountingInfoPrefs"] == before["AccountingInfoPrefs"]
    assert r1.read("preferences") == after
    assert r1.query("select * from Preferences")["Preferences"] == [after]


def test_a_full_update_clears_what_it_does_not_send(r1: Any) -> None:
    before = r1.read("preferences")
    accounting = {
        key: value for key, value in before["AccountingInfoPrefs"].items() if key != "BookCloseDate"
    }
    after = r1.ok("preferences", {**before, "AccountingInfoPrefs": accounting})
    assert "BookCloseDate" not in after["AccountingInfoPrefs"]
    assert after["CurrencyPrefs"] == before["CurrencyPrefs"]
    bare = r1.ok("preferences", {"Id": "1", "SyncToken": "1"})
    assert "SalesFormsPrefs" not in bare
    home = {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}}
    assert bare["CurrencyPrefs"] == home


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"SyncToken": "0", "sparse": True}, "2020"),
        ({"Id": "1", "sparse": True}, "2020"),
        ({"Id": "2", "SyncToken": "0"}, "610"),
        ({"Id": "1", "SyncToken": "7"}, "5010"),
        ({**_HEAD, "SalesFormsPrefs": {"CustomTxnNumber": True}}, "2010"),
        ({**_HEAD, "ReportPrefs": {"ReportBasis": "Both"}}, "2170"),
        ({**_HEAD, "SalesFormsPrefs": {"DefaultTerms": {"value": "404"}}}, "2500"),
        ({**_HEAD, "SalesFormsPrefs": {"DefaultItem": {"value": "404"}}}, "2500"),
        ({**_HEAD, "TaxPrefs": {"TaxGroupCodeRef": {"value": "404"}}}, "2500"),
    ],
)
def test_preferences_that_are_refused(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("preferences", body)["code"] == code
    assert r1.read("preferences")["SyncToken"] == "0"


def test_preferences_are_neither_deleted_nor_voided(r1: Any) -> None:
    for operation in ("delete", "void"):
        body = {"Id": "1", "SyncToken": "0"}
        assert r1.post("preferences", body, operation=operation).status_code == 500


def test_the_closing_date_takes_effect(r1: Any, invoice: Any) -> None:
    body = invoice(TxnDate="2026-11-02")
    r1.ok("invoice", body)
    _prefer(r1, AccountingInfoPrefs={"BookCloseDate": "2026-11-05"})
    assert r1.fault("invoice", body)["code"] == "6210"


def test_numbers_terms_and_tax_take_effect(r1: Any, invoice: Any, line: Any) -> None:
    _prefer(
        r1,
        SalesFormsPrefs={"CustomTxnNumbers": False, "DefaultTerms": {"value": "2"}},
        TaxPrefs={"UsingSalesTax": False},
    )
    made = r1.ok("invoice", invoice(line(100, code="TAX")))
    told = (made["DocNumber"], made["SalesTermRef"]["name"], made["TotalAmt"])
    assert told == ("1001", "Net 15", 100)


def test_multicurrency_stays_on(r1: Any) -> None:
    after = _prefer(r1, CurrencyPrefs={"MultiCurrencyEnabled": True})
    on = {"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "USD"}}
    assert after["CurrencyPrefs"] == on
    other = _prefer(r1, CurrencyPrefs={"HomeCurrency": {"value": "EUR"}})
    assert other["CurrencyPrefs"] == on
    head = {**_HEAD, "SyncToken": "2"}
    off = {**head, "CurrencyPrefs": {"MultiCurrencyEnabled": False}}
    for body in (off, {"Id": "1", "SyncToken": "2"}):
        assert r1.fault("preferences", body)["code"] == "6000"


def test_the_company_is_described_anew(r1: Any) -> None:
    before = r1.read(f"companyinfo/{r1.realm}")
    head = {"Id": "1", "SyncToken": "0", "sparse": True}
    sent = {"CompanyName": "Sparrow & Finch", "Country": "GB", "Email": {"Address": "a@b.example"}}
    after = r1.ok("companyinfo", {**head, **sent})
    assert after == r1.read(f"companyinfo/{r1.realm}")
    assert (after["CompanyName"], after["SyncToken"]) == ("Sparrow & Finch", "1")
    kept = ("Country", "DefaultTimeZone", "SupportedLanguages", "NameValue", "LegalName")
    assert [after[field] for field in kept] == [before[field] for field in kept]
    full = r1.ok("companyinfo", {"Id": "1", "SyncToken": "1", "CompanyName": "Finch"})
    assert ("LegalName" in full, full["Country"], "Email" in full) == (False, "US", False)
    assert r1.fault("companyinfo", {"Id": "1", "SyncToken": "2"})["code"] == "2020"
    assert r1.fault("companyinfo", {"CompanyName": "X"})["code"] == "2020"


def test_changes_of_preferences_and_currencies_are_announced(r1: Any) -> None:
    with receiving() as receiver:
        r1.control("webhooks", {"url": receiver.url, "verifier": "v"}, method="PUT")
        r1.control("switches", {"webhook_delay": 5})
        _prefer(r1, CurrencyPrefs={"MultiCurrencyEnabled": True})
        r1.ok("companycurrency", {"Code": "EUR"})
        r1.control("clock", {"advance": 6})
        r1.control("webhooks/deliver")
        came = [event["type"] for one in receiver.all() for event in one.events]
        r1.control("webhooks", method="DELETE")
    assert came == ["qbo.preferences.updated.v1", "qbo.currency.created.v1"]
