"""Sales tax outside the United States: codes on every line, prices with and without tax."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.practice.books.ledger import balance_of, postings_of
from tests.connector.practice.conftest import Client

_ITEM = "SalesItemLineDetail"


class Shop(Client):
    """A company of another country, with its codes by name and a customer."""

    def __init__(self, first: Client, country: str) -> None:
        told = first.control("companies", {"name": f"Wren {country}", "country": country})
        super().__init__(first.running, told["realm_id"])
        self.codes = {
            one["Name"]: one["Id"] for one in self.query("select * from TaxCode")["TaxCode"]
        }
        self.customer = {"value": self.ok("customer", {"DisplayName": "Nora Blake"})["Id"]}

    def line(self, amount: Any, code: str | None, **detail: Any) -> dict[str, Any]:
        ref = {"TaxCodeRef": {"value": self.codes[code]}} if code else {}
        inner = {"ItemRef": {"value": "1"}, **ref, **detail}
        return {"Amount": amount, "DetailType": _ITEM, _ITEM: inner}

    def form(self, *lines: dict[str, Any], way: str | None = "TaxExcluded", **fields: Any) -> Any:
        chosen = {"GlobalTaxCalculation": way} if way else {}
        return {"CustomerRef": self.customer, "Line": [*lines], **chosen, **fields}

    def account(self, name: str) -> Decimal:
        [account] = self.query(f"select * from Account where Name = '{name}'")["Account"]
        return balance_of(self.running.state.companies[self.realm].store, account["Id"])


@pytest.fixture
def canada(r1: Any) -> Iterator[Shop]:
    shop = Shop(r1, "CA")
    yield shop
    shop.http.close()


@pytest.fixture
def britain(r1: Any) -> Iterator[Shop]:
    shop = Shop(r1, "GB")
    yield shop
    shop.http.close()


def _taxes(form: dict[str, Any]) -> list[tuple[float, float, float]]:
    """(percent, taxable, tax) of each rate."""
    return [
        (
            one["TaxLineDetail"]["TaxPercent"],
            one["TaxLineDetail"]["NetAmountTaxable"],
            one["Amount"],
        )
        for one in form["TxnTaxDetail"]["TaxLine"]
    ]


def test_each_rate_has_its_line_and_its_agency(canada: Shop) -> None:
    lines = (canada.line(100, "GST/PST BC"), canada.line(50, "GST"), canada.line(10, "Exempt"))
    made = canada.ok("invoice", canada.form(*lines))
    assert _taxes(made) == [(5, 150, 7.5), (7, 100, 7)]
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (14.5, 174.5)
    assert canada.account("Canada Revenue Agency Payable") == Decimal("-7.50")
    assert canada.account("British Columbia Ministry of Finance Payable") == Decimal("-7.00")
    asked = "select * from Account where AccountSubType = 'GlobalTaxPayable'"
    assert len(canada.query(asked)["Account"]) == 2


@pytest.mark.parametrize("way", ["TaxExcluded", "TaxInclusive", None])
def test_a_line_without_code_is_refused(canada: Shop, way: str | None) -> None:
    told = canada.fault("invoice", canada.form(canada.line(95, None), way=way))
    assert told["code"] == "6000"
    assert "GST/HST rate" in told["Detail"]


def test_codes_are_ids_of_the_company(canada: Shop) -> None:
    wrong = canada.line(10, None, TaxCodeRef={"value": "TAX"})
    assert canada.fault("invoice", canada.form(wrong))["code"] == "2500"
    assert canada.fault("invoice", canada.form(wrong, way="TaxInclusive"))["code"] == "2500"


def test_the_calculation_is_required_by_switch(canada: Shop) -> None:
    body = canada.form(canada.line(100, "GST"), way=None)
    told = canada.fault("invoice", body)
    assert (told["code"], told["element"]) == ("2020", "GlobalTaxCalculation")
    canada.control("switches", {"tax_calculation_required": False})
    made = canada.ok("invoice", body)
    assert (made["GlobalTaxCalculation"], made["TotalAmt"]) == ("TaxExcluded", 105)


def test_without_tax_no_code_is_needed(canada: Shop) -> None:
    lines = (canada.line(95, None), canada.line(5, "GST"))
    made = canada.ok("invoice", canada.form(*lines, way="NotApplicable"))
    assert (made["TotalAmt"], made["TxnTaxDetail"]) == (100, {"TotalTax": 0})
    canada.prefer(TaxPrefs__UsingSalesTax=False)
    made = canada.ok("invoice", canada.form(*lines))
    assert (made["TotalAmt"], made["TxnTaxDetail"]) == (100, {"TotalTax": 0})


def test_a_price_with_tax_stays_what_it_is(britain: Shop) -> None:
    gross = britain.line(0, "20.0% S", TaxInclusiveAmt=20, Qty=2, UnitPrice=10)
    made = britain.ok("invoice", britain.form(gross, way="TaxInclusive"))
    [line, subtotal] = made["Line"]
    detail = line[_ITEM]
    assert (line["Amount"], detail["TaxInclusiveAmt"], detail["UnitPrice"]) == (16.67, 20, 8.335)
    assert (subtotal["Amount"], made["TotalAmt"]) == (16.67, 20)
    assert _taxes(made) == [(20, 16.67, 3.33)]
    again = britain.ok("invoice", {**made, "PrivateNote": "as it was"})
    assert (again["TotalAmt"], again["Line"]) == (20, made["Line"])


@pytest.mark.parametrize(("reading", "net", "total"), [("net", 20, 24), ("gross", 16.67, 20)])
def test_what_amount_means_with_tax_in_the_price(
    britain: Shop, reading: str, net: float, total: float
) -> None:
    britain.control("switches", {"inclusive_amounts": reading})
    body = britain.form(britain.line(20, "20.0% S", Qty=2, UnitPrice=10), way="TaxInclusive")
    made = britain.ok("invoice", body)
    assert (made["Line"][0]["Amount"], made["TotalAmt"]) == (net, total)
    assert made["Line"][0][_ITEM]["TaxInclusiveAmt"] == total
    wrong = britain.line(20, "20.0% S", Qty=3, UnitPrice=10)
    assert britain.fault("invoice", britain.form(wrong, way="TaxInclusive"))["code"] == "6070"


def test_a_price_with_tax_means_nothing_in_other_forms(britain: Shop) -> None:
    made = britain.ok("invoice", britain.form(britain.line(10, "20.0% S", TaxInclusiveAmt=99)))
    assert made["TotalAmt"] == 12
    assert "TaxInclusiveAmt" not in made["Line"][0][_ITEM]


def test_zero_is_a_rate_and_exempt_is_none(britain: Shop) -> None:
    lines = (britain.line(100, "0.0% Z"), britain.line(50, "Exempt"))
    made = britain.ok("invoice", britain.form(*lines))
    assert (_taxes(made), made["TotalAmt"]) == ([(0, 100, 0)], 150)
    only = britain.ok("invoice", britain.form(britain.line(50, "Exempt")))
    assert only["TxnTaxDetail"] == {"TotalTax": 0}


def test_australian_tax(r1: Any) -> None:
    shop = Shop(r1, "AU")
    made = shop.ok("invoice", shop.form(shop.line(100, "GST"), shop.line(9, "GST free")))
    assert made["TotalAmt"] == 119
    assert shop.account("Australian Taxation Office Payable") == -10
    shop.http.close()


def test_a_total_that_is_honoured_says_by_how_much_it_differs(canada: Shop) -> None:
    lines = (canada.line(100, "GST/PST BC"), canada.line(50, "Exempt"))
    made = canada.ok("invoice", canada.form(*lines, TxnTaxDetail={"TotalTax": 12.06}))
    detail = made["TxnTaxDetail"]
    assert (detail["TotalTax"], made["TotalAmt"]) == (12.06, 162.06)
    assert [(one["Amount"]) for one in detail["TaxLine"]] == [5.03, 7.03]
    deltas = [one["TaxLineDetail"].get("OverrideDeltaAmount") for one in detail["TaxLine"]]
    assert deltas == [0.03, 0.03]
    exempt = canada.form(canada.line(50, "Exempt"), TxnTaxDetail={"TotalTax": 5})
    assert canada.fault("invoice", exempt)["code"] == "6000"
    canada.control("switches", {"tax_override": "never"})
    made = canada.ok("invoice", canada.form(*lines, TxnTaxDetail={"TotalTax": 12.06}))
    assert made["TotalAmt"] == 162


def test_tax_is_computed_anew_when_its_way_changes(canada: Shop) -> None:
    made = canada.ok("invoice", canada.form(canada.line(100, "GST")))
    head = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    assert (
        canada.ok("invoice", {**head, "GlobalTaxCalculation": "NotApplicable"})["TotalAmt"] == 100
    )


def test_codes_made_by_the_tax_service_are_used(canada: Shop) -> None:
    rates = [{"TaxRateName": "QST", "RateValue": "9.975", "TaxAgencyId": "1"}, {"TaxRateId": "2"}]
    body = {"TaxCode": "Quebec", "TaxRateDetails": rates}
    code = canada.post("taxservice/taxcode", body).json()["TaxCodeId"]
    line = canada.line(100, None, TaxCodeRef={"value": code})
    made = canada.ok("invoice", canada.form(line))
    assert made["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxPercent"] == 9.975


def _bought(shop: Shop, *rows: tuple[Any, str | None], **fields: Any) -> dict[str, Any]:
    """A bill's or an expense's lines on account 97, each with a code."""
    kind = "AccountBasedExpenseLineDetail"
    lines = []
    for amount, code in rows:
        ref = {"TaxCodeRef": {"value": shop.codes[code]}} if code else {}
        lines.append({"Amount": amount, "DetailType": kind, kind: {"AccountRef": _FEES, **ref}})
    return {"Line": lines, "GlobalTaxCalculation": "TaxExcluded", **fields}


_FEES = {"value": "97"}
_CASH = {"PaymentType": "Cash", "AccountRef": {"value": "92"}}


def test_what_is_bought_has_tax_that_the_agency_gives_back(canada: Shop) -> None:
    vendor = {"value": canada.ok("vendor", {"DisplayName": "Roth"})["Id"]}
    rows = ((100, "GST"), (10, "Exempt"))
    bill = canada.ok("bill", _bought(canada, *rows, VendorRef=vendor))
    assert (bill["TotalAmt"], bill["Balance"], _taxes(bill)) == (115, 115, [(5, 100, 5)])
    rate = bill["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxRateRef"]["value"]
    assert canada.read(f"taxrate/{rate}")["Name"] == "GST (Purchases)"
    assert canada.account("Canada Revenue Agency Payable") == 5
    assert canada.account("Merchant Fees") == 110
    credit = canada.ok("vendorcredit", _bought(canada, (40, "GST"), VendorRef=vendor))
    assert credit["TotalAmt"] == 42
    assert canada.account("Canada Revenue Agency Payable") == 3
    canada.ok("purchase", _bought(canada, (20, "GST"), **_CASH))
    assert canada.account("Checking") == -21
    order = canada.ok("purchaseorder", _bought(canada, (20, "GST"), VendorRef=vendor))
    assert order["TotalAmt"] == 21
    assert canada.account("Canada Revenue Agency Payable") == 4


def test_what_is_bought_needs_codes_too(canada: Shop) -> None:
    assert canada.fault("purchase", _bought(canada, (5, None), **_CASH))["code"] == "6000"
    body = _bought(canada, (5, "GST"), **_CASH)
    del body["GlobalTaxCalculation"]
    assert canada.fault("purchase", body)["code"] == "2020"
    made = canada.ok("purchase", {**body, "GlobalTaxCalculation": "NotApplicable"})
    assert (made["TotalAmt"], made["TxnTaxDetail"]) == (5, {"TotalTax": 0})


def test_a_bought_price_with_tax_stays_what_it_is(britain: Shop) -> None:
    britain.control("switches", {"inclusive_amounts": "gross"})
    body = _bought(britain, (20, "20.0% S"), (9.99, "5.0% R"), **_CASH)
    made = britain.ok("purchase", {**body, "GlobalTaxCalculation": "TaxInclusive"})
    assert (made["TotalAmt"], _taxes(made)) == (29.99, [(20, 16.67, 3.33), (5, 9.51, 0.48)])
    assert britain.ok("purchase", {**made, "PrivateNote": "x"})["Line"] == made["Line"]


class Trader(Shop):
    """A company of another country with a second customer, who pays in euros."""

    def __init__(self, first: Client, country: str) -> None:
        super().__init__(first, country)
        self.prefer(CurrencyPrefs__MultiCurrencyEnabled=True)
        self.ok("companycurrency", {"Code": "EUR"})
        made = self.ok("customer", {"DisplayName": "Max Roth", "CurrencyRef": {"value": "EUR"}})
        self.home = self.customer
        self.euro = {"value": made["Id"]}


@pytest.fixture
def traders(r1: Any) -> Iterator[dict[str, Trader]]:
    found = {country: Trader(r1, country) for country in ("CA", "GB", "AU")}
    yield found
    for trader in found.values():
        trader.http.close()


_HOME = {"CA": "CAD", "GB": "GBP", "AU": "AUD"}
_KINDS = {
    "invoice": "Invoice",
    "salesreceipt": "SalesReceipt",
    "creditmemo": "CreditMemo",
    "refundreceipt": "RefundReceipt",
}
_ROWS = st.tuples(st.decimals(0, 9999, places=2), st.integers(0, 5), st.booleans())


@st.composite
def _forms(draw: st.DrawFn) -> dict[str, Any]:
    """What a form is made of, whatever the company."""
    return {
        "rows": draw(st.lists(_ROWS, min_size=1, max_size=5)),
        "way": draw(st.sampled_from(["TaxExcluded", "TaxInclusive", "NotApplicable"])),
        "part": draw(st.just(Decimal(0)) | st.decimals(0, 1, places=2)),
        "before": draw(st.booleans()),
        "rate": draw(st.none() | st.decimals("0.01", 150, places=4)),
    }


def _body(shop: Trader, drawn: dict[str, Any], home: str) -> dict[str, Any]:
    names, lines = sorted(shop.codes), []
    for amount, code, gross in drawn["rows"]:
        inclusive = {"TaxInclusiveAmt": str(amount)} if gross else {}
        lines.append(shop.line(str(amount), names[code % len(names)], **inclusive))
    worth = sum((amount for amount, _, _ in drawn["rows"]), Decimal(0)) / 2
    discount = (worth * drawn["part"]).quantize(Decimal("0.01"))
    kind = "DiscountLineDetail"
    lines.append({"Amount": str(discount), "DetailType": kind, kind: {"PercentBased": False}})
    foreign = drawn["rate"] is not None
    shop.customer = shop.euro if foreign else shop.home
    rate = {"ExchangeRate": str(drawn["rate"])} if foreign else {}
    return shop.form(
        *lines,
        way=drawn["way"],
        ApplyTaxAfterDiscount=drawn["before"],
        CurrencyRef={"value": "EUR" if foreign else home},
        DepositToAccountRef={"value": "92"},
        **rate,
    )


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    drawn=_forms(),
    reading=st.sampled_from(["net", "gross"]),
    country=st.sampled_from(["CA", "GB", "AU"]),
    path=st.sampled_from(sorted(_KINDS)),
)
def test_a_form_adds_up_to_the_cent(
    traders: dict[str, Trader], drawn: dict[str, Any], reading: str, country: str, path: str
) -> None:
    shop = traders[country]
    shop.control("switches", {"inclusive_amounts": reading})
    made = shop.ok(path, _body(shop, drawn, _HOME[country]))
    items = [one for one in made["Line"] if one["DetailType"] == _ITEM]
    net = sum((_exact(one["Amount"]) for one in items), Decimal(0))
    discount = _exact(made["Line"][-1]["Amount"])
    tax, total = _exact(made["TxnTaxDetail"]["TotalTax"]), _exact(made["TotalAmt"])
    assert total == net - discount + tax
    parts = [_exact(one["Amount"]) for one in made["TxnTaxDetail"].get("TaxLine", [])]
    assert sum(parts, Decimal(0)) == tax
    if drawn["way"] == "TaxInclusive" and not discount:
        assert total == sum(_exact(one[_ITEM]["TaxInclusiveAmt"]) for one in items)
    rate = drawn["rate"] or Decimal(1)
    assert _exact(made["HomeTotalAmt"]) == (total * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    store = shop.running.state.companies[shop.realm].store
    posted = [one for one in postings_of(store, _KINDS[path], made["Id"]) if one.basis < 2]
    assert sum((one.amount for one in posted), Decimal(0)) == 0
    assert sum((one.original or Decimal(0) for one in posted), Decimal(0)) == 0
    money = [one.amount for one in posted if one.part in ("owed", "money")]
    assert sum(map(abs, money), Decimal(0)) == _exact(made["HomeTotalAmt"])
