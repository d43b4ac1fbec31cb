"""Further companies under one login: made on demand, of several countries, kept and removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from tests.answers import start
from tests.connector.practice.conftest import R1, Client


def _names(told: list[dict[str, Any]]) -> dict[str, str]:
    return {one["realm_id"]: one["name"] for one in told}


@pytest.mark.parametrize(
    ("country", "currency", "zone", "code"),
    [
        ("US", "USD", "America/Boise", "TAX"),
        ("CA", "CAD", "America/Toronto", "GST/PST BC"),
        ("GB", "GBP", "Europe/London", "20.0% S"),
        ("AU", "AUD", "Australia/Sydney", "GST"),
    ],
)
def test_a_company_of_each_country(
    r1: Any, country: str, currency: str, zone: str, code: str
) -> None:
    told = r1.control("companies", {"name": f"Finch {country}", "country": country})
    assert (told["realm_id"], told["currency"]) == ("9341455600000003", currency)
    client = Client(r1.running, told["realm_id"])
    info = client.read(f"companyinfo/{client.realm}")
    assert (info["CompanyName"], info["Country"]) == (f"Finch {country}", country)
    assert info["DefaultTimeZone"] == zone
    assert client.read("preferences")["CurrencyPrefs"]["HomeCurrency"]["value"] == currency
    codes = [one["Name"] for one in client.query("select * from TaxCode")["TaxCode"]]
    assert code in codes
    account = client.query("select * from Account where Name = 'Checking'")["Account"][0]
    assert account["CurrencyRef"]["value"] == currency
    for kind in ("Term", "PaymentMethod", "Item", "TaxRate", "TaxAgency"):
        assert client.query(f"select * from {kind}")[kind]
    customer = client.ok("customer", {"DisplayName": "Nora Blake"})
    assert customer["CurrencyRef"]["value"] == currency


def test_names_realm_and_zone_are_as_asked(r1: Any) -> None:
    told = r1.control(
        "companies",
        {"name": "Wren", "realm_id": "123", "time_zone": "America/New_York", "country": "CA"},
    )
    assert (told["realm_id"], told["time_zone"]) == ("123", "America/New_York")
    assert r1.control("companies", {"name": "Next"})["realm_id"] == "9341455600000003"


def test_the_lists_of_another_company_are_copied(r1: Any) -> None:
    r1.ok("class", {"Name": "North"})
    item = r1.ok("item", {"Name": "Tea", "IncomeAccountRef": {"value": "80"}})
    r1.prefer(SalesFormsPrefs__CustomTxnNumbers=False)
    told = r1.control("companies", {"name": "Wren", "country": "GB", "like": R1})
    client = Client(r1.running, told["realm_id"])
    assert client.read(f"item/{item['Id']}")["Name"] == "Tea"
    assert client.query("select * from Class")["Class"][0]["Name"] == "North"
    assert client.read("account/80")["CurrencyRef"]["value"] == "GBP"
    assert client.query("select * from Customer") == {}
    assert client.read("preferences")["SalesFormsPrefs"]["CustomTxnNumbers"] is False
    assert "BookCloseDate" not in client.read("preferences")["AccountingInfoPrefs"]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "A company needs a `name`."),
        ({"name": " "}, "A company needs a `name`."),
        ({"name": "x" * 1025}, "The `name` of a company has at most 1,024 characters."),
        ({"name": "X", "country": "FR"}, "`country` is one of US, CA, GB, AU, not 'FR'."),
        ({"name": "X", "realm_id": R1}, f"There is a company {R1} already."),
        ({"name": "X", "realm_id": "../1"}, "`realm_id` is up to 20 digits, as text, not '../1'."),
        ({"name": "X", "realm_id": 5}, "`realm_id` is up to 20 digits, as text, not 5."),
        ({"name": "X", "like": "5"}, "`like` names a company that exists; there is no '5'."),
        ({"name": "X", "time_zone": "Mars/North"}, "There is no time zone 'Mars/North'."),
        ({"name": "X", "time_zone": "../etc"}, "There is no time zone '../etc'."),
        ({"name": "X", "time_zone": "America"}, "There is no time zone 'America'."),
        (
            {"name": "X", "money": "EUR"},
            "Unknown: money; known: name, country, time_zone, realm_id, like.",
        ),
    ],
)
def test_companies_that_cannot_be(r1: Any, told: Any, sentence: str) -> None:
    response = requests.post(f"{r1.running.control}/companies", json=told, timeout=20)
    assert (response.status_code, response.json()) == (400, {"error": sentence})


def test_who_may_enter_a_new_company(r1: Any) -> None:
    told = r1.control("companies", {"name": "Wren"})
    realm = told["realm_id"]
    url = f"{r1.running.api}/v3/company/{realm}/companyinfo/{realm}"
    assert r1.http.get(url, timeout=20).status_code == 403
    assert Client(r1.running, realm).read(f"companyinfo/{realm}")["CompanyName"] == "Wren"
    listed = r1.control("companies", method="GET")
    assert _names(listed)[realm] == "Wren"
    for one in (told, listed[-1]):
        token = requests.post(
            r1.running.token,
            auth=(r1.running.client_id, r1.running.client_secret),
            data={"grant_type": "refresh_token", "refresh_token": one["refresh_token"]},
            timeout=20,
        ).json()["access_token"]
        answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=20)
        assert answer.status_code == 200


def test_the_pages_show_a_new_company(r1: Any) -> None:
    realm = r1.control("companies", {"name": "Wren & Sons"})["realm_id"]
    query = (
        f"client_id={r1.running.client_id}&scope=com.intuit.quickbooks.accounting&state=s"
        "&redirect_uri=http://localhost/back&response_type=code"
    )
    page = requests.get(f"{r1.running.authorize}?{query}", timeout=20).text
    assert realm in page
    assert "Wren &amp; Sons" in page
    assert "Wren &amp; Sons" in requests.get(r1.running.api, timeout=20).text


def test_a_reset_removes_what_the_seed_does_not_have(r1: Any) -> None:
    realm = r1.control("companies", {"name": "Wren"})["realm_id"]
    client = Client(r1.running, realm)
    r1.control("snapshots/before", method="PUT")
    r1.control("reset")
    assert realm not in _names(r1.control("companies", method="GET"))
    token = r1.running.state.tokens.access([realm])
    client.http.headers["Authorization"] = f"Bearer {token}"
    assert client.http.get(f"{client.base}/preferences", timeout=20).status_code == 403
    r1.control("snapshots/before/restore")
    r1.control("snapshots/before", method="DELETE")
    assert r1.control("companies", {"name": "Wren"})["realm_id"] == realm


def test_a_company_in_a_folder_outlives_the_process_but_not_a_reset(tmp_path: Path) -> None:
    with start(data=tmp_path) as running:
        told = {"name": "Wren", "country": "GB"}
        realm = requests.post(f"{running.control}/companies", json=told, timeout=20).json()[
            "realm_id"
        ]
        client = Client(running, realm)
        client.ok("customer", {"DisplayName": "Nora Blake"})
        client.http.close()
    with start(data=tmp_path) as running:
        assert [one["realm_id"] for one in running.companies][-1] == realm
        client = Client(running, realm)
        [customer] = client.query("select * from Customer")["Customer"]
        assert customer["DisplayName"] == "Nora Blake"
        client.control("reset")
        client.http.close()
    assert not list(tmp_path.glob(f"{realm}*"))
    with start(data=tmp_path) as running:
        assert realm not in [one["realm_id"] for one in running.companies]
