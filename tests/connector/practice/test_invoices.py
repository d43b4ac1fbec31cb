"""Invoices and estimates: totals, tax, discounts, numbers, dates, links, voids."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_DISCOUNT = "DiscountLineDetail"


def _discount(amount: float, **detail: Any) -> dict[str, Any]:
    return {"Amount": amount, "DetailType": _DISCOUNT, _DISCOUNT: detail}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"CustomerRef": None}, "2020"),
        ({"CustomerRef": {"value": ""}}, "6000"),
        ({"CustomerRef": {"value": "404"}}, "2500"),
        ({"CustomerRef": {"value": "11"}}, "610"),
        ({"Line": []}, "2020"),
        ({"DocNumber": "x" * 22}, "2050"),
        ({"TxnDate": "6.11.2026"}, "2070"),
        ({"TxnDate": "2026-10-31"}, "6210"),
        ({"EmailStatus": "NeedToSend"}, "6420"),
        ({"EmailStatus": "Maybe"}, "2170"),
        ({"SalesTermRef": {"value": "9"}}, "2500"),
        ({"CurrencyRef": {"value": "CAD"}}, "6000"),
        ({"ClassRef": {"value": "1"}}, "6000"),
        ({"Deposit": 10}, "6000"),
        ({"LinkedTxn": [{"TxnId": "404", "TxnType": "Estimate"}]}, "2500"),
    ],
)
def test_refused(r1: Any, invoice: Any, change: dict[str, Any], code: str) -> None:
    assert r1.fault("invoice", {**invoice(), **change})["code"] == code


def test_refused_lines(r1: Any, invoice: Any, line: Any) -> None:
    rows = [
        (line(10, Qty=3, UnitPrice=4), "6070"),
        (line(10, item="404"), "2500"),
        (line(10, code="GST"), "6100"),
        (line("ten"), "2060"),
        (line(10, Quantity=1), "2010"),
        ({"Amount": 10}, "2020"),
        ({"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}, "2020"),
        (line(-10), "6000"),
        (line(10, ClassRef={"value": "404"}), "2500"),
    ]
    for wrong, code in rows:
        assert r1.fault("invoice", invoice(wrong))["code"] == code, wrong


def test_a_line_rounds_quantity_times_price(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("invoice", invoice(line(3.34, Qty=0.333, UnitPrice=10.02)))
    assert made["TotalAmt"] == 3.34


def test_an_invoice_comes_back_complete(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("invoice", invoice(line(475, Qty=1, UnitPrice=475), DocNumber="1042"))
    assert (made["TotalAmt"], made["Balance"], made["DocNumber"]) == (475, 475, "1042")
    assert made["CustomerRef"] == {"value": "10", "name": "Dana Whitfield"}
    assert made["TxnDate"] == "2026-11-06"
    assert (made["SalesTermRef"]["name"], made["DueDate"]) == ("Net 30", "2026-12-06")
    assert (made["EmailStatus"], made["PrintStatus"]) == ("NotSet", "NeedToPrint")
    assert made["LinkedTxn"] == []
    item, subtotal = made["Line"]
    assert item["SalesItemLineDetail"]["ItemAccountRef"]["value"] == "79"
    assert (item["Id"], item["LineNum"]) == ("1", 1)
    assert subtotal == {
        "Amount": 475,
        "DetailType": "SubTotalLineDetail",
        "SubTotalLineDetail": {},
    }


def test_numbers_keep_their_cents_on_the_wire(r1: Any, invoice: Any, line: Any) -> None:
    response = r1.post("invoice", invoice(line(0.1), line(0.2)))
    assert '"TotalAmt": 0.30' in response.text


def test_the_company_date_is_the_default(r1: Any, invoice: Any) -> None:
    r1.control("clock", {"now": "2026-12-01T06:30:00+00:00"})
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    assert r1.ok("invoice", invoice())["TxnDate"] == "2026-11-30"


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"SalesTermRef": {"value": "1"}}, "2026-11-06"),
        ({"SalesTermRef": {"value": "2"}}, "2026-11-21"),
        ({"SalesTermRef": {"value": "3"}}, "2026-12-06"),
        ({"SalesTermRef": {"value": "3"}, "DueDate": "2026-11-10"}, "2026-11-10"),
        ({}, "2026-12-06"),
    ],
)
def test_due_dates(r1: Any, invoice: Any, fields: dict[str, Any], due: str) -> None:
    assert r1.ok("invoice", invoice(**fields))["DueDate"] == due


def test_a_date_driven_term(r1: Any, invoice: Any) -> None:
    body = {"Name": "End", "DayOfMonthDue": 31, "DueNextMonthDays": 10}
    term = {"value": r1.ok("term", body)["Id"]}
    early = r1.ok("invoice", invoice(SalesTermRef=term, TxnDate="2026-11-06"))
    late = r1.ok("invoice", invoice(SalesTermRef=term, TxnDate="2026-11-25"))
    assert (early["DueDate"], late["DueDate"]) == ("2026-11-30", "2026-12-31")


def test_the_term_of_the_customer_goes_before_the_company(r1: Any, invoice: Any) -> None:
    term = {"Id": "10", "SyncToken": "0", "sparse": True, "SalesTermRef": {"value": "2"}}
    r1.ok("customer", term)
    assert r1.ok("invoice", invoice())["DueDate"] == "2026-11-21"


def test_a_number_is_taken_once(r1: Any, invoice: Any) -> None:
    first = r1.ok("invoice", invoice(DocNumber="A-7"))
    told = r1.fault("invoice", invoice(DocNumber="a-7"))
    assert told["code"] == "6140"
    end = f"DocNumber=a-7 is assigned to TxnType=Invoice with TxnId={first['Id']}"
    assert told["Detail"].endswith(end)
    r1.ok("invoice", invoice(DocNumber="A-7"), include="allowduplicatedocnum")
    r1.ok("estimate", invoice(DocNumber="A-7"))


def test_numbers_by_preference_and_switch(r1: Any, invoice: Any) -> None:
    assert "DocNumber" not in r1.ok("invoice", invoice())
    assert r1.ok("invoice", invoice(AutoDocNumber=True))["DocNumber"] == "1001"
    r1.prefer(SalesFormsPrefs__CustomTxnNumbers=False)
    assert r1.ok("invoice", invoice())["DocNumber"] == "1002"
    assert r1.ok("invoice", invoice(DocNumber="X1"))["DocNumber"] == "X1"
    r1.control("switches", {"keep_sent_number": False})
    assert r1.ok("invoice", invoice(DocNumber="X2"))["DocNumber"] == "1003"


@pytest.mark.parametrize("kind", ["invoice", "creditmemo", "estimate"])
def test_every_reference_of_a_form_is_looked_up(r1: Any, invoice: Any, kind: str) -> None:
    r1.prefer(SalesFormsPrefs__AllowDeposit=True)
    for field in ("ARAccountRef", "DepositToAccountRef", "PaymentMethodRef"):
        assert r1.fault(kind, invoice(**{field: {"value": "999"}}))["code"] == "2500"
    assert r1.fault(kind, invoice(ARAccountRef={"value": "79"}))["code"] == "6430"
    kept = r1.ok(kind, invoice(ARAccountRef={"value": "99"}, PaymentMethodRef={"value": "1"}))
    assert kept["ARAccountRef"] == {"value": "99", "name": "Accounts Receivable (A/R)"}
    assert kept["PaymentMethodRef"] == {"value": "1", "name": "Cash"}
    r1.ok("paymentmethod", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})
    note = {"Id": kept["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert r1.ok(kind, note)["PaymentMethodRef"]["value"] == "1"


def test_the_id_of_a_line_is_given_once(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("invoice", invoice(line(1), line(2)))
    again = [{**line(amount), "Id": "1"} for amount in (3, 4)]
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Line": again}
    lines = r1.ok("invoice", sent)["Line"]
    assert [(one["Id"], one["Amount"]) for one in lines[:2]] == [("1", 3), ("3", 4)]


def test_a_number_given_automatically_may_stand_twice(r1: Any, invoice: Any) -> None:
    r1.prefer(SalesFormsPrefs__CustomTxnNumbers=False)
    sent = r1.ok("invoice", invoice(DocNumber="1001"))
    assert [r1.ok("invoice", invoice())["DocNumber"] for _ in range(2)] == ["1001", "1002"]
    assert r1.fault("invoice", invoice(DocNumber="1001"))["code"] == "6140"
    full = {"Id": sent["Id"], "SyncToken": "0", **invoice()}
    assert r1.ok("invoice", full)["DocNumber"] == "1001"


def test_tax_is_computed_or_taken_over(r1: Any, invoice: Any, line: Any) -> None:
    lines = (line(600), line(85, code="TAX"))
    computed = r1.ok("invoice", invoice(*lines))
    assert (computed["TxnTaxDetail"]["TotalTax"], computed["TotalAmt"]) == (5.1, 690.1)
    override = {"TotalTax": 5.11}
    assert r1.ok("invoice", invoice(*lines, TxnTaxDetail=override))["TotalAmt"] == 690.11
    r1.prefer(TaxPrefs__UsingSalesTax=False)
    off = r1.ok("invoice", invoice(*lines, TxnTaxDetail=override))
    assert (off["TotalAmt"], off["TxnTaxDetail"]) == (685, {"TotalTax": 0})


@pytest.mark.parametrize(
    ("switch", "detail", "create", "update"),
    [
        ("sent", {"TotalTax": 7}, 107, 107),
        ("with_code", {"TotalTax": 7}, 106, 106),
        ("with_code", {"TotalTax": 7, "TxnTaxCodeRef": {"value": "2"}}, 107, 107),
        ("on_update", {"TotalTax": 7}, 106, 107),
        ("never", {"TotalTax": 7}, 106, 106),
    ],
)
def test_tax_overrides_by_switch(
    r1: Any, invoice: Any, line: Any, switch: str, detail: Any, create: int, update: int
) -> None:
    r1.control("switches", {"tax_override": switch})
    made = r1.ok("invoice", invoice(line(100, code="TAX"), TxnTaxDetail=detail))
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "TxnTaxDetail": detail}
    assert made["TotalAmt"] == create
    assert r1.ok("invoice", sent)["TotalAmt"] == update


def test_an_override_ends_when_only_the_lines_change(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("invoice", invoice(line(100, code="TAX"), TxnTaxDetail={"TotalTax": 7}))
    note = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert r1.ok("invoice", note)["TotalAmt"] == 107
    lines = {**note, "SyncToken": "1", "Line": [line(200, code="TAX")]}
    assert r1.ok("invoice", lines)["TotalAmt"] == 212


def test_an_override_outlives_other_names_and_words(r1: Any, invoice: Any, line: Any) -> None:
    r1.ok("customer", {"Id": "10", "SyncToken": "0", "sparse": True, "DisplayName": "D. Whitfield"})
    made = r1.ok("invoice", invoice(line(100, code="TAX"), TxnTaxDetail={"TotalTax": 7}))
    r1.ok("customer", {"Id": "10", "SyncToken": "1", "sparse": True, "DisplayName": "Dana Poe"})
    r1.ok("item", {"Id": "1", "SyncToken": "0", "sparse": True, "Name": "Services at home"})
    sent = {"Id": made["Id"], "sparse": True}
    assert r1.ok("invoice", {**sent, "SyncToken": "0", "PrivateNote": "x"})["TotalAmt"] == 107
    described = [{**line(100, code="TAX"), "Description": "Two rooms"}]
    assert r1.ok("invoice", {**sent, "SyncToken": "1", "Line": described})["TotalAmt"] == 107
    other = {**sent, "SyncToken": "2", "CustomerRef": {"value": "12"}}
    assert r1.ok("invoice", other)["TotalAmt"] == 106


def test_exempt_customers_pay_no_tax(r1: Any, invoice: Any, line: Any) -> None:
    r1.ok("customer", {"Id": "10", "SyncToken": "0", "sparse": True, "Taxable": False})
    assert r1.ok("invoice", invoice(line(100, code="TAX")))["TotalAmt"] == 100


def test_a_discount_before_tax_is_spread(r1: Any, invoice: Any, line: Any) -> None:
    lines = (line(600), line(85, code="TAX"), _discount(68.5, PercentBased=False))
    before = r1.ok("invoice", invoice(*lines, ApplyTaxAfterDiscount=True))
    assert (before["TxnTaxDetail"]["TotalTax"], before["TotalAmt"]) == (4.59, 621.09)
    assert before["Line"][-1][_DISCOUNT]["DiscountAccountRef"]["value"] == "85"
    percent = _discount(0, PercentBased=True, DiscountPercent=10)
    after = r1.ok("invoice", invoice(*lines[:2], percent))
    assert (after["TxnTaxDetail"]["TotalTax"], after["TotalAmt"]) == (5.1, 621.6)
    assert r1.books()["income_by_account"] == {"79": "1370.00", "85": "-137.00"}


def test_discounts_need_the_preference_and_only_one(r1: Any, invoice: Any, line: Any) -> None:
    twice = invoice(line(10), _discount(1), _discount(1))
    assert r1.fault("invoice", twice)["code"] == "6000"
    r1.prefer(SalesFormsPrefs__AllowDiscount=False)
    assert r1.fault("invoice", invoice(line(10), _discount(1)))["code"] == "6000"


def test_negative_lines_by_switch(r1: Any, invoice: Any, line: Any) -> None:
    assert r1.ok("invoice", invoice(line(475), line(-100)))["TotalAmt"] == 375
    assert r1.ok("invoice", invoice(line(100), line(-100)))["Balance"] == 0
    r1.control("switches", {"negative_lines": False})
    assert r1.fault("invoice", invoice(line(475), line(-100)))["code"] == "2290"


def test_a_line_without_item_is_only_text(r1: Any, invoice: Any, line: Any) -> None:
    bare = {"Amount": 9, "DetailType": "SalesItemLineDetail", "Description": "free"}
    made = r1.ok("invoice", invoice(line(10), bare))
    assert made["TotalAmt"] == 10
    assert made["Line"][1]["DetailType"] == "DescriptionOnly"


def test_lines_are_replaced_whole_and_keep_their_ids(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("invoice", invoice(line(10), line(20)))
    lines = [{**line(20), "Id": "2"}, line(5)]
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Line": lines}
    after = r1.ok("invoice", sent)
    assert [(one.get("Id"), one["Amount"]) for one in after["Line"]] == [
        ("2", 20),
        ("3", 5),
        (None, 25),
    ]
    assert after["Balance"] == 25


def test_only_a_new_form_takes_the_addresses_of_the_customer(r1: Any, invoice: Any) -> None:
    bare = r1.ok("invoice", invoice())
    home = {"Line1": "1 Elm St", "City": "Boise"}
    r1.ok("customer", {"Id": "10", "SyncToken": "0", "sparse": True, "BillAddr": home})
    note = {"Id": bare["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert "BillAddr" not in r1.ok("invoice", note)
    made = r1.ok("invoice", invoice())
    assert made["BillAddr"] == home
    assert "BillAddr" not in r1.ok("invoice", {"Id": made["Id"], "SyncToken": "0", **invoice()})


def test_what_became_inactive_later_stays_usable_where_it_stands(
    r1: Any, invoice: Any, line: Any
) -> None:
    made = r1.ok("invoice", invoice(line(10, item="2")))
    r1.ok("item", {"Id": "2", "SyncToken": "0", "sparse": True, "Active": False})
    assert r1.fault("invoice", invoice(line(10, item="2")))["code"] == "610"
    note = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert r1.ok("invoice", note)["PrivateNote"] == "x"


def test_an_item_of_an_inactive_account_cannot_be_sold(r1: Any, invoice: Any) -> None:
    r1.ok("account", {"Id": "79", "SyncToken": "0", "sparse": True, "Active": False})
    assert r1.fault("invoice", invoice())["code"] == "610"


def test_an_estimate_closes_when_it_is_invoiced(r1: Any, invoice: Any) -> None:
    estimate = r1.ok("estimate", invoice(TxnStatus="Accepted"))
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    made = r1.ok("invoice", invoice(LinkedTxn=link))
    assert made["LinkedTxn"] == link
    after = r1.read(f"estimate/{estimate['Id']}")
    assert (after["TxnStatus"], after["SyncToken"]) == ("Closed", "1")
    assert after["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Invoice"}]
    assert r1.ok("invoice", invoice(LinkedTxn=link))["LinkedTxn"] == []


def test_an_estimate_stays_open_by_switch(r1: Any, invoice: Any) -> None:
    r1.control("switches", {"close_estimate_on_link": False})
    estimate = r1.ok("estimate", invoice())
    r1.ok("invoice", invoice(LinkedTxn=[{"TxnId": estimate["Id"], "TxnType": "Estimate"}]))
    assert r1.read(f"estimate/{estimate['Id']}")["TxnStatus"] == "Pending"


def test_a_deleted_invoice_gives_its_estimate_back(r1: Any, invoice: Any) -> None:
    estimate = r1.ok("estimate", invoice())
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    made = r1.ok("invoice", invoice(LinkedTxn=link, DocNumber="9"))
    gone = r1.ok("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert gone == {"status": "Deleted", "domain": "QBO", "Id": made["Id"]}
    assert r1.read(f"estimate/{estimate['Id']}")["LinkedTxn"] == []
    assert r1.ok("invoice", invoice(DocNumber="9"))["DocNumber"] == "9"
    r1.ok("estimate", {"Id": estimate["Id"], "SyncToken": "2"}, operation="delete")
    assert r1.query("select * from Estimate") == {}


def test_a_voided_invoice_gives_its_estimate_back(r1: Any, invoice: Any) -> None:
    estimate = r1.ok("estimate", invoice(TxnStatus="Accepted"))
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    made = r1.ok("invoice", invoice(LinkedTxn=link))
    void = r1.ok("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    after = r1.read(f"estimate/{estimate['Id']}")
    assert (void["LinkedTxn"], after["LinkedTxn"], after["TxnStatus"]) == ([], [], "Accepted")
    assert r1.ok("invoice", invoice(LinkedTxn=link))["LinkedTxn"] == link


def test_a_voided_invoice_is_worth_nothing(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("invoice", invoice(line(475, Qty=1), PrivateNote="from J1"))
    void = r1.ok("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    assert (void["TotalAmt"], void["Balance"], void["SyncToken"]) == (0, 0, "1")
    assert void["PrivateNote"] == "Voided - from J1"
    assert void["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert r1.books()["income_by_account"] == {}
    again = r1.ok("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="void")
    assert again["PrivateNote"] == "Voided - from J1"


def test_nothing_is_touched_in_a_closed_period(r1: Any, invoice: Any) -> None:
    made = r1.ok("invoice", invoice(TxnDate="2026-11-02"))
    r1.ok("estimate", invoice(TxnDate="2026-10-02"))
    r1.prefer(AccountingInfoPrefs__BookCloseDate="2026-11-05")
    body = {"Id": made["Id"], "SyncToken": "0"}
    assert r1.fault("invoice", {**body, "sparse": True, "PrivateNote": "x"})["code"] == "6210"
    assert r1.fault("invoice", body, operation="void")["code"] == "6210"
    assert r1.fault("invoice", body, operation="delete")["code"] == "6210"
    r1.prefer(AccountingInfoPrefs__BookCloseDate=None)
    r1.ok("invoice", body, operation="void")


def test_an_estimate_cannot_be_voided(r1: Any, invoice: Any) -> None:
    made = r1.ok("estimate", invoice())
    body = {"Id": made["Id"], "SyncToken": "0"}
    assert r1.post("estimate", body, operation="void").status_code == 500


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.decimals(0, 9999, places=2), st.booleans()), min_size=1, max_size=6))
def test_the_total_is_the_lines_and_the_tax_to_the_cent(
    r1: Any, invoice: Any, line: Any, rows: list[tuple[Decimal, bool]]
) -> None:
    lines = [line(str(amount), code="TAX" if taxed else "NON") for amount, taxed in rows]
    made = r1.ok("invoice", invoice(*lines))
    tax = Decimal(str(made["TxnTaxDetail"]["TotalTax"]))
    net = sum(amount for amount, _ in rows)
    assert Decimal(str(made["TotalAmt"])) == net + tax
    taxable = sum(amount for amount, taxed in rows if taxed)
    assert abs(tax - taxable * Decimal("0.06")) <= Decimal("0.005")


def test_classes_and_locations_need_their_preference(r1: Any, invoice: Any, line: Any) -> None:
    group = {"value": r1.ok("class", {"Name": "North"})["Id"]}
    place = {"value": r1.ok("department", {"Name": "Boise"})["Id"]}
    body = invoice(line(10, ClassRef=group), DepartmentRef=place)
    made = r1.ok("invoice", body)
    assert made["DepartmentRef"]["name"] == "Boise"
    assert made["Line"][0]["SalesItemLineDetail"]["ClassRef"]["name"] == "North"
    r1.prefer(AccountingInfoPrefs__ClassTrackingPerTxnLine=False)
    assert r1.fault("invoice", body)["code"] == "6000"
    r1.prefer(AccountingInfoPrefs__TrackDepartments=False)
    assert r1.fault("invoice", invoice(DepartmentRef=place))["code"] == "6000"


def test_without_any_term_an_invoice_is_due_at_once(r2: Any, invoice: Any) -> None:
    customer = r2.ok("customer", {"DisplayName": "Mia"})["Id"]
    made = r2.ok("invoice", invoice(CustomerRef={"value": customer}))
    assert "SalesTermRef" not in made
    assert made["DueDate"] == made["TxnDate"]


def test_an_estimate_of_someone_else_cannot_be_linked(r1: Any, invoice: Any) -> None:
    estimate = r1.ok("estimate", invoice(CustomerRef={"value": "14"}))
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    assert r1.fault("invoice", invoice(LinkedTxn=link))["code"] == "6000"


def test_a_link_to_an_estimate_says_which(r1: Any, invoice: Any) -> None:
    told = r1.fault("invoice", invoice(LinkedTxn=[{"TxnType": "Estimate"}]))
    assert (told["code"], told["element"]) == ("2020", "LinkedTxn.TxnId")


def test_a_deleted_estimate_leaves_its_invoice(r1: Any, invoice: Any) -> None:
    estimate = r1.ok("estimate", invoice())
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    made = r1.ok("invoice", invoice(LinkedTxn=link))
    r1.ok("estimate", {"Id": estimate["Id"], "SyncToken": "1"}, operation="delete")
    assert r1.read(f"invoice/{made['Id']}")["LinkedTxn"] == []


def test_huge_numbers_are_refused_not_a_crash(r1: Any, invoice: Any, line: Any) -> None:
    huge = line(1, Qty="900000000000000", UnitPrice="900000000000000")
    assert r1.fault("invoice", invoice(huge))["code"] == "2060"


def test_a_refused_invoice_uses_up_nothing(r1: Any, invoice: Any) -> None:
    r1.prefer(SalesFormsPrefs__CustomTxnNumbers=False)
    r1.fault("invoice", invoice(TxnDate="2026-10-01"))
    made = r1.ok("invoice", invoice())
    assert (made["Id"], made["DocNumber"]) == ("101", "1001")


def test_a_delete_needs_its_id(r1: Any) -> None:
    assert r1.fault("invoice", {"SyncToken": "0"}, operation="delete")["code"] == "2020"
