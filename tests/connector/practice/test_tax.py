"""Sales tax in the United States: codes, rates and agencies, and what a form is taxed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.practice.books.ledger import postings_of
from connector.practice.switches import Switches, changed

_DISCOUNT = "DiscountLineDetail"


def _discount(amount: float) -> dict[str, Any]:
    return {"Amount": amount, "DetailType": _DISCOUNT, _DISCOUNT: {"PercentBased": False}}


def _detail(*details: dict[str, Any], name: str = "Boise") -> dict[str, Any]:
    return {"TaxCode": name, "TaxRateDetails": list(details)}


def _rate(name: str, value: Any = "2", agency: str = "1", **more: Any) -> dict[str, Any]:
    return {"TaxRateName": name, "RateValue": value, "TaxAgencyId": agency, **more}


def _owed_to_agencies(client: Any, kind: str, identity: str) -> dict[str, Decimal]:
    """What a form posted as tax, by the name of the account."""
    books = client.running.state.companies[client.realm]
    found: dict[str, Decimal] = {}
    for one in postings_of(books.store, kind, identity):
        if one.part == "tax" and one.basis < 2:
            name = (books.find("Account", one.account) or {})["Name"]
            found[name] = found.get(name, Decimal(0)) - one.amount
    return found


def test_the_lists_of_a_company(r1: Any) -> None:
    codes = {one["Id"]: one["Name"] for one in r1.query("select * from TaxCode")["TaxCode"]}
    assert codes == {"TAX": "TAX", "NON": "NON", "2": "Idaho"}
    [rate] = r1.read("taxcode/2")["SalesTaxRateList"]["TaxRateDetail"]
    assert rate == {
        "TaxRateRef": {"value": "1", "name": "Idaho"},
        "TaxTypeApplicable": "TaxOnAmount",
        "TaxOrder": 0,
    }
    known = r1.read("taxrate/1")
    assert (known["RateValue"], known["AgencyRef"]["name"]) == (6, "Idaho State Tax Commission")
    asked = "select * from TaxAgency where DisplayName = 'Idaho State Tax Commission'"
    assert r1.query(asked)["TaxAgency"][0]["Id"] == "1"


def test_a_code_and_its_rates_are_made_together(r1: Any) -> None:
    agency = r1.ok("taxagency", {"DisplayName": "Ada County"})
    response = r1.post(
        "taxservice/taxcode",
        _detail(_rate("Ada", "1.5", agency["Id"]), {"TaxRateId": "1"}, _rate("In", 3)),
    )
    told = response.json()
    assert told == {
        "TaxCode": "Boise",
        "TaxCodeId": "3",
        "TaxRateDetails": [
            {
                "TaxRateName": "Ada",
                "TaxRateId": "2",
                "RateValue": 1.5,
                "TaxAgencyId": "2",
                "TaxApplicableOn": "Sales",
            },
            {
                "TaxRateName": "Idaho",
                "TaxRateId": "1",
                "RateValue": 6,
                "TaxAgencyId": "1",
                "TaxApplicableOn": "Sales",
            },
            {
                "TaxRateName": "In",
                "TaxRateId": "3",
                "RateValue": 3,
                "TaxAgencyId": "1",
                "TaxApplicableOn": "Sales",
            },
        ],
    }
    made = r1.read("taxcode/3")
    names = [one["TaxRateRef"]["name"] for one in made["SalesTaxRateList"]["TaxRateDetail"]]
    assert names == ["Ada", "Idaho", "In"]
    assert r1.query("select * from TaxRate where Name = 'Ada'")["TaxRate"][0]["RateValue"] == 1.5


def test_where_a_rate_applies_decides_its_list(r1: Any) -> None:
    body = _detail(_rate("Out"), _rate("Inward", TaxApplicableOn="Purchase"))
    code = r1.read(f"taxcode/{r1.post('taxservice/taxcode', body).json()['TaxCodeId']}")
    lists = ("SalesTaxRateList", "PurchaseTaxRateList")
    assert [code[one]["TaxRateDetail"][0]["TaxRateRef"]["name"] for one in lists] == [
        "Out",
        "Inward",
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"TaxRateDetails": [_rate("A")]}, "2020"),
        ({"TaxCode": "A"}, "2020"),
        (_detail({"TaxRateName": "A", "RateValue": 1}), "2020"),
        (_detail({"TaxRateName": "A", "TaxAgencyId": "1"}), "2020"),
        (_detail({"RateValue": 1, "TaxAgencyId": "1"}), "2020"),
        (_detail(_rate("A"), name="idaho"), "6240"),
        (_detail(_rate("IDAHO")), "6240"),
        (_detail(_rate("A"), _rate("A")), "6240"),
        (_detail(_rate("A", agency="404")), "2500"),
        (_detail({"TaxRateId": "404"}), "2500"),
        (_detail(_rate("A", "101")), "6000"),
        (_detail(_rate("A", "-1")), "6000"),
        (_detail(_rate("A", "six")), "2060"),
        (_detail(_rate("A", TaxApplicableOn="Both")), "2170"),
        (_detail(_rate("A", Percent=1)), "2010"),
        ([], "2010"),
    ],
)
def test_codes_that_are_refused(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("taxservice/taxcode", body)["code"] == code
    assert len(r1.query("select * from TaxRate")["TaxRate"]) == 1


def test_a_code_is_made_once_for_a_requestid(r1: Any) -> None:
    first = r1.post("taxservice/taxcode", _detail(_rate("A")), requestid="t1")
    again = r1.post("taxservice/taxcode", _detail(_rate("A")), requestid="t1")
    assert first.json() == again.json()


def test_the_head_of_a_record_is_nothing_to_the_service(r1: Any) -> None:
    """A public client sends an Id of 0 with a new code."""
    made = r1.post(
        "taxservice/taxcode", {**_detail(_rate("Headed")), "Id": 0, "domain": "QBO"}
    ).json()
    assert set(made) == {"TaxCode", "TaxCodeId", "TaxRateDetails"}


def test_codes_and_rates_are_written_by_the_tax_service_only(r1: Any) -> None:
    for path in ("taxcode", "taxrate"):
        assert r1.post(path, {"Name": "X"}).status_code == 500
    agency = r1.read("taxagency/1")
    assert r1.post("taxagency", {**agency, "DisplayName": "X"}).status_code == 500
    assert r1.fault("taxagency", {"DisplayName": "idaho state tax commission"})["code"] == "6240"
    assert r1.fault("taxagency", {"TaxRegistrationNumber": "1"})["code"] == "2020"


def test_the_tax_line_says_where_the_tax_comes_from(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("invoice", invoice(line(100, code="TAX"), line(50)))
    assert made["TxnTaxDetail"]["TaxLine"] == [
        {
            "Amount": 6,
            "DetailType": "TaxLineDetail",
            "TaxLineDetail": {
                "TaxRateRef": {"value": "1"},
                "PercentBased": True,
                "TaxPercent": 6,
                "NetAmountTaxable": 100,
            },
        }
    ]
    assert _owed_to_agencies(r1, "Invoice", made["Id"]) == {
        "Idaho State Tax Commission Payable": Decimal(6)
    }


def test_the_account_of_an_agency_is_the_one_of_its_name(r1: Any, invoice: Any, line: Any) -> None:
    name = "Idaho State Tax Commission Payable"
    known = r1.ok("account", {"Name": name, "AccountSubType": "SalesTaxPayable"})
    made = r1.ok("invoice", invoice(line(100, code="TAX")))
    assert _owed_to_agencies(r1, "Invoice", made["Id"]) == {name: Decimal(6)}
    assert r1.read("taxagency/1")["TaxTrackedOnSalesAccountRef"]["value"] == known["Id"]


def test_tax_of_an_unknown_rate_has_an_account_too(r1: Any) -> None:
    detail = {"TaxRateRef": {"value": "404"}, "PercentBased": True}
    tax = {"Amount": 5, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
    record = {
        "CustomerRef": {"value": "10"},
        "TotalAmt": 5,
        "TxnTaxDetail": {"TotalTax": 5, "TaxLine": [tax]},
    }
    body = {"realm": r1.realm, "entity": "Invoice", "record": record}
    made = r1.control("records", body)
    assert _owed_to_agencies(r1, "Invoice", made["Id"]) == {"Sales Tax Payable": Decimal(5)}


def test_the_rate_of_automated_sales_tax_is_a_switch(r1: Any, invoice: Any, line: Any) -> None:
    r1.control("switches", {"tax_rate": "8.25"})
    assert r1.ok("invoice", invoice(line(100, code="TAX")))["TxnTaxDetail"]["TotalTax"] == 8.25


@pytest.mark.parametrize(
    ("off", "honoured", "computed", "sent"),
    [
        ("no", False, 6, 7),
        ("no", True, 6, 7),
        ("higher", False, 6.01, 7),
        ("lower", False, 5.99, 7),
        ("higher", True, 6.01, 7.01),
        ("lower", True, 5.99, 6.99),
    ],
)
def test_a_cent_away_by_switch(
    r1: Any, invoice: Any, line: Any, off: str, honoured: bool, computed: float, sent: float
) -> None:
    r1.control("switches", {"tax_off_by_a_cent": off, "tax_off_when_honoured": honoured})
    made = r1.ok("invoice", invoice(line(100, code="TAX")))
    kept = r1.ok("invoice", invoice(line(100, code="TAX"), TxnTaxDetail={"TotalTax": 7}))
    assert [one["TxnTaxDetail"]["TotalTax"] for one in (made, kept)] == [computed, sent]
    assert made["TxnTaxDetail"]["TaxLine"][0]["Amount"] == computed
    assert r1.ok("invoice", invoice(line(100)))["TotalAmt"] == 100
    for record in (made, kept):
        note = {"Id": record["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
        assert r1.ok("invoice", note)["TotalAmt"] == record["TotalAmt"]


@pytest.mark.parametrize(
    "detail", [{"TotalTax": 5}, {"TxnTaxCodeRef": {"value": "2"}}, {"TotalTax": 0}, None]
)
def test_tax_that_is_sent_while_sales_tax_is_off(
    r1: Any, invoice: Any, line: Any, detail: dict[str, Any] | None
) -> None:
    r1.prefer(TaxPrefs__UsingSalesTax=False)
    body = invoice(line(100, code="TAX"), **({"TxnTaxDetail": detail} if detail else {}))
    assert r1.ok("invoice", body)["TotalAmt"] == 100
    r1.control("switches", {"tax_when_off": "refused"})
    if detail in (None, {"TotalTax": 0}):
        assert r1.ok("invoice", body)["TotalAmt"] == 100
    else:
        assert r1.fault("invoice", body)["code"] == "6000"


@pytest.fixture
def by_hand(r1: Any) -> str:
    """A company without automated sales tax, and the id of a group of two rates there."""
    r1.prefer(TaxPrefs__PartnerTaxEnabled=False)
    agency = r1.ok("taxagency", {"DisplayName": "Ada County"})["Id"]
    body = _detail(_rate("State", "6"), _rate("County", "0.5", agency))
    return str(r1.post("taxservice/taxcode", body).json()["TaxCodeId"])


def test_without_automation_the_group_gives_the_tax(
    r1: Any, invoice: Any, line: Any, by_hand: str
) -> None:
    code = {"TxnTaxCodeRef": {"value": by_hand}}
    made = r1.ok("invoice", invoice(line(99.5, code="TAX"), line(50), TxnTaxDetail=code))
    detail = made["TxnTaxDetail"]
    assert (detail["TotalTax"], detail["TxnTaxCodeRef"]["value"]) == (6.47, by_hand)
    assert [one["Amount"] for one in detail["TaxLine"]] == [5.97, 0.5]
    assert _owed_to_agencies(r1, "Invoice", made["Id"]) == {
        "Idaho State Tax Commission Payable": Decimal("5.97"),
        "Ada County Payable": Decimal("0.50"),
    }


def test_without_automation_and_code_there_is_no_tax(
    r1: Any, invoice: Any, line: Any, by_hand: str
) -> None:
    lines = line(100, code="TAX")
    assert r1.ok("invoice", invoice(lines))["TotalAmt"] == 100
    assert r1.ok("invoice", invoice(lines, TxnTaxDetail={"TotalTax": 7}))["TotalAmt"] == 100
    both = {"TotalTax": 7.15, "TxnTaxCodeRef": {"value": by_hand}}
    made = r1.ok("invoice", invoice(lines, TxnTaxDetail=both))
    assert [one["Amount"] for one in made["TxnTaxDetail"]["TaxLine"]] == [6.6, 0.55]


def test_a_code_that_does_not_exist_is_refused(r1: Any, invoice: Any, line: Any) -> None:
    wrong = {"TxnTaxCodeRef": {"value": "404"}}
    assert r1.fault("invoice", invoice(line(1), TxnTaxDetail=wrong))["code"] == "2500"


def test_how_prices_are_taxed_abroad_means_nothing_here(r1: Any, invoice: Any, line: Any) -> None:
    priced = line(100, code="TAX", TaxInclusiveAmt=99)
    made = r1.ok("invoice", invoice(priced, GlobalTaxCalculation="TaxInclusive"))
    assert (made["TotalAmt"], "GlobalTaxCalculation" in made) == (106, False)
    assert "TaxInclusiveAmt" not in made["Line"][0]["SalesItemLineDetail"]


def test_an_exempt_customer_says_why(r1: Any, invoice: Any, line: Any) -> None:
    exempt = {
        "Taxable": False,
        "ResaleNum": "ID-4711",
        "TaxExemptionReasonId": "9",
        "DefaultTaxCodeRef": {"value": "2"},
    }
    made = r1.ok("customer", {"Id": "10", "SyncToken": "0", "sparse": True, **exempt})
    assert {key: made[key] for key in exempt} == {
        **exempt,
        "DefaultTaxCodeRef": {"value": "2", "name": "Idaho"},
    }
    reason = {"TaxExemptionRef": {"value": "9"}}
    form = r1.ok("invoice", invoice(line(100, code="TAX"), **reason))
    assert (form["TotalAmt"], form["TaxExemptionRef"]) == (100, {"value": "9"})
    head = {"Id": "10", "SyncToken": "1", "sparse": True}
    for wrong, code in (
        ({"ResaleNum": "x" * 17}, "2050"),
        ({"DefaultTaxCodeRef": {"value": "404"}}, "2500"),
    ):
        assert r1.fault("customer", {**head, **wrong})["code"] == code


def test_what_the_switches_refuse() -> None:
    for key, value in (("tax_off_by_a_cent", "maybe"), ("tax_when_off", "x"), ("tax_rate", "x")):
        with pytest.raises(ValueError, match=key):
            changed(Switches(), {key: value})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(st.decimals(0, 9999, places=2), st.booleans()), min_size=1, max_size=5),
    part=st.decimals(0, 1, places=2),
    before=st.booleans(),
    automated=st.booleans(),
    sent=st.none() | st.decimals(0, 99, places=2),
)
def test_a_form_adds_up_to_the_cent(
    r1: Any, invoice: Any, line: Any, by_hand: str, **drawn: Any
) -> None:
    r1.prefer(TaxPrefs__PartnerTaxEnabled=drawn["automated"])
    net = sum(amount for amount, _ in drawn["rows"])
    discount = (net * drawn["part"]).quantize(Decimal("0.01"))
    lines = [line(str(amount), code="TAX" if taxed else "NON") for amount, taxed in drawn["rows"]]
    detail = {"TxnTaxCodeRef": {"value": by_hand}}
    if drawn["sent"] is not None:
        detail |= {"TotalTax": str(drawn["sent"])}
    body = invoice(
        *lines,
        _discount(str(discount)),
        ApplyTaxAfterDiscount=drawn["before"],
        TxnTaxDetail=detail,
    )
    made = r1.ok("invoice", body)
    tax = Decimal(str(made["TxnTaxDetail"]["TotalTax"]))
    parts = made["TxnTaxDetail"].get("TaxLine", [])
    assert Decimal(str(made["TotalAmt"])) == net - discount + tax
    assert sum((Decimal(str(one["Amount"])) for one in parts), Decimal(0)) == tax
    assert drawn["sent"] is None or tax == drawn["sent"]
    store = r1.running.state.companies[r1.realm].store
    posted = postings_of(store, "Invoice", made["Id"])
    assert sum(one.amount for one in posted if one.basis < 2) == 0
