"""Invoices, estimates and payments: bodies to the cent, and every reason to hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.base import Linked
from connector.errors import Awaiting, Hold, Rejected
from connector.quickbooks.actions.estimates import create_estimate
from connector.quickbooks.actions.invoices import create_invoice
from connector.quickbooks.actions.payments import confirm_payment, record_payment
from tests.connector.quickbooks.script import NOW, Script, books

DAY = date(2026, 11, 6)


def line(amount: str, **more: Any) -> dict[str, Any]:
    return {"service_type": "cleaning", "amount": Decimal(amount), **more}


def invoice(**more: Any) -> dict[str, Any]:
    return {
        "crm_id": "i1",
        "job": "j1",
        "customer": "10",
        "number": "1042",
        "date": DAY,
        "lines": [line("475.00", quantity=Decimal(2), unit_price=Decimal("237.5"))],
        "check_total": Decimal("475.00"),
        **more,
    }


def lines_of(script: Script) -> list[tuple[str, Decimal]]:
    return [(each["DetailType"][:5], each["Amount"]) for each in script.body("invoice")["Line"]]


def held(action: Any, fields: dict[str, Any], script: Script | None = None, **of: Any) -> Hold:
    with pytest.raises(Hold) as hold:
        (script or Script()).play(action, fields, books(**of))
    return hold.value


def test_a_plain_invoice() -> None:
    script = Script()
    done = script.play(create_invoice, invoice(message_to_customer="Thanks", private_note="Job 1"))
    body = script.body("invoice")
    assert done.values == {"id": "new-2", "number": "1042", "total": Decimal("475.00")}
    assert body["DocNumber"] == "1042"
    assert body["Line"][0]["SalesItemLineDetail"] == {
        "ItemRef": {"value": "new-1"},
        "TaxCodeRef": {"value": "NON"},
        "Qty": Decimal(2),
        "UnitPrice": Decimal("237.5"),
    }
    assert body["Line"][0]["Description"] == "Cleaning"
    assert body["CustomerMemo"] == {"value": "Thanks"}
    assert body["PrivateNote"] == "Job 1; Bookrelay: payment.collected msg_1 from crm"
    assert body["DueDate"] == "2026-11-06"
    assert body["SalesTermRef"] == {"value": "1"}
    assert body["EmailStatus"] == body["PrintStatus"] == "NotSet"
    assert "LinkedTxn" not in body
    assert "TxnTaxDetail" not in body


def test_tip_discounts_deposits_and_tax() -> None:
    fields = invoice(
        lines=[line("100.00", discount=Decimal("10.00")), line("85.00", taxable=True)],
        discount=Decimal("5.00"),
        tax=Decimal("5.10"),
        tip=Decimal("20.00"),
        deposits_applied=[{"amount": Decimal("50.00")}],
        check_total=Decimal("195.10"),
    )
    preferences = {"TaxPrefs": {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "7"}}}
    script = Script(preferences=preferences)
    done = script.play(create_invoice, fields)
    assert done.values["total"] == Decimal("145.10")
    assert lines_of(script) == [
        ("Sales", Decimal("100.00")),
        ("Sales", Decimal("85.00")),
        ("Disco", Decimal("15.00")),
        ("Sales", Decimal("20.00")),
        ("Sales", Decimal("-50.00")),
    ]
    body = script.body("invoice")
    assert body["TxnTaxDetail"] == {
        "TotalTax": Decimal("5.10"),
        "TxnTaxCodeRef": {"value": "7"},
    }
    assert body["Line"][2]["DiscountLineDetail"]["DiscountAccountRef"] == {"value": "85"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"check_total": Decimal("500.00")}, "come to 475.00 (lines 475.00)"),
        (
            {"lines": [line("475.00", quantity=Decimal(3), unit_price=Decimal(100))]},
            "Line 1 says 3 x 100, which is 300",
        ),
        (
            {
                "lines": [line("10.00")],
                "discount": Decimal("11.00"),
                "check_total": Decimal("-1.00"),
            },
            "more than the lines",
        ),
    ],
)
def test_what_does_not_add_up(more: dict[str, Any], said: str) -> None:
    hold = held(create_invoice, invoice(**more))
    assert hold.reason == "totals-differ"
    assert said in hold.sentence


def test_tax_that_cannot_be_booked() -> None:
    fields = invoice(tax=Decimal("1.00"), check_total=Decimal("476.00"))
    assert "no line is taxable" in held(create_invoice, fields).sentence
    taxed = {**fields, "lines": [line("475.00", taxable=True)]}
    off = Script(preferences={"TaxPrefs": {"UsingSalesTax": False}})
    assert "switched off" in held(create_invoice, taxed, off).sentence
    script = Script()
    script.play(create_invoice, taxed)
    assert script.body("invoice")["TxnTaxDetail"] == {"TotalTax": Decimal("1.00")}


def test_an_account_that_is_not_set_or_not_there() -> None:
    fields = invoice(tip=Decimal("5.00"), check_total=Decimal("480.00"))
    assert 'no account is set for "tips"' in held(create_invoice, fields, accounts={}).sentence
    lost = held(create_invoice, fields, accounts={"tips": "Gone"})
    assert 'no active account "Gone"' in lost.sentence
    row = {"match": {"service_type": "cleaning"}, "income_account": "Checking"}
    assert (
        "not an income account" in held(create_invoice, invoice(), account_mapping=(row,)).sentence
    )


def test_the_first_row_all_of_whose_values_fit() -> None:
    rows = (
        {
            "match": {"service_type": "cleaning", "kind": "product"},
            "income_account": "Discounts Given",
        },
        {
            "match": {"service_type": "CLEANING "},
            "income_account": "Service Revenue",
            "taxable": True,
        },
    )
    script = Script()
    script.play(create_invoice, invoice(), books(account_mapping=rows))
    assert script.body("item")["IncomeAccountRef"]["value"] == "79"
    assert script.body("invoice")["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"] == "TAX"
    product = invoice(lines=[line("475.00", kind="product", description="Kit")])
    script.play(create_invoice, product, books(account_mapping=rows))
    assert script.body("item")["Type"] == "NonInventory"
    assert script.body("item")["Name"] == "Cleaning Product"
    hold = held(create_invoice, invoice(lines=[{"amount": Decimal("475.00")}]))
    assert hold.reason == "unmapped"
    assert "no service type" in hold.sentence


def test_items_of_ours_and_of_the_bookkeeper() -> None:
    ours = {
        "Id": "5",
        "Name": "Cleaning",
        "Type": "Service",
        "IncomeAccountRef": {"value": "82"},
    }
    adopted = Script(items=[ours])
    adopted.play(create_invoice, invoice())
    assert [link.linked.id for link in adopted.links] == ["5"]
    other = {**ours, "IncomeAccountRef": {"value": "79"}}
    taken = {**other, "Name": "Cleaning - Residential Cleaning"}
    renamed = Script(items=[other, taken])
    renamed.play(create_invoice, invoice())
    assert renamed.body("item")["Name"] == "Cleaning - Residential Cleaning (2)"
    linked = Script(linked={"item row:service_type=cleaning@82": Linked(kind="item", id="9")})
    linked.play(create_invoice, invoice())
    assert [write.path for write in linked.writes] == ["invoice"]


def named_row(name: str) -> tuple[dict[str, Any], ...]:
    row = {"match": {"service_type": "cleaning"}, "income_account": "Residential Cleaning"}
    return ({**row, "item": name},)


def test_an_item_that_the_row_names() -> None:
    items = [
        {"Id": "5", "Name": "Mine", "IncomeAccountRef": {"value": "82"}},
        {"Id": "6", "Name": "Other", "IncomeAccountRef": {"value": "79"}},
    ]
    script = Script(items=items)
    script.play(create_invoice, invoice(), books(account_mapping=named_row("mine")))
    assert script.body("invoice")["Line"][0]["SalesItemLineDetail"]["ItemRef"] == {"value": "5"}
    for name, said in (("Other", "another account"), ("Gone", "no active item")):
        hold = held(create_invoice, invoice(), Script(items=items), account_mapping=named_row(name))
        assert said in hold.sentence


def test_an_item_name_that_is_taken_since_the_list_was_read() -> None:
    class Clash(Script):
        codes = ("6240", "2020")

        def _write(self, write: Any) -> Any:
            if write.path == "item" and len(self.writes) < len(self.codes):
                self.writes.append(write)
                raise Rejected("x", code=self.codes[len(self.writes) - 1])
            return super()._write(write)

    script = Clash()
    with pytest.raises(Rejected) as refused:
        script.play(create_invoice, invoice())
    assert refused.value.code == "2020"
    assert script.body("item")["Name"] == "Cleaning - Residential Cleaning"


@pytest.mark.parametrize(
    ("more", "linked", "due", "term"),
    [
        ({"due_date": DAY + timedelta(15)}, {}, "2026-11-21", "2"),
        ({"due_date": DAY - timedelta(9)}, {}, "2026-11-06", "1"),
        ({"due_date": DAY + timedelta(7)}, {}, "2026-11-13", None),
        ({"net_days": Decimal(15)}, {}, "2026-11-21", "2"),
        ({"net_days": Decimal(30)}, {}, "2026-12-06", None),
        ({}, {"term": "2"}, "2026-11-21", "2"),
        ({}, {"term": "5"}, "2026-11-06", "1"),
        ({}, {"term": ""}, "2026-11-06", "1"),
    ],
)
def test_due_dates(
    more: dict[str, Any], linked: dict[str, str], due: str, term: str | None
) -> None:
    customer = Linked(kind="customer", id="10", facts=linked)
    script = Script(linked={"customer qbo:10": customer})
    script.play(create_invoice, invoice(**more))
    body = script.body("invoice")
    assert body["DueDate"] == due
    assert body.get("SalesTermRef", {}).get("value") == term


def standing(total: str = "475.00", **facts: Any) -> Linked:
    return Linked(kind="invoice", id="77", facts={"total": total, "number": "1042", **facts})


def test_which_invoice_is_the_same() -> None:
    own = Script(linked={"invoice crm:crm/i1": standing()})
    assert own.play(create_invoice, invoice()).values["id"] == "77"
    by_job = Script(linked={"invoice job:crm/j1/": standing(crm_id="")})
    by_job.play(create_invoice, invoice())
    assert by_job.links[0].linked.facts["crm_id"] == "i1"
    second = Script(linked={"invoice job:crm/j1/": standing(crm_id="i0")})
    assert second.play(create_invoice, invoice()).values["id"] == "new-2"
    job_only = Script(linked={"invoice job:crm/j1/v2": standing()})
    fields = invoice(crm_id=None, visit="v2")
    assert job_only.play(create_invoice, fields).values["id"] == "77"
    no_job = Script()
    no_job.play(create_invoice, invoice(job=None))
    assert held(create_invoice, invoice(crm_id=None, job=None)).reason == "no-document"


def test_a_total_that_differs_is_read_once_more() -> None:
    stands = {"invoice crm:crm/i1": standing("400.00", DocNumber="1042")}
    corrected = Script(linked=stands, records={"Id = '77'": [{"TotalAmt": Decimal("475")}]})
    assert corrected.play(create_invoice, invoice()).values["id"] == "77"
    wrong = Script(linked=stands, records={"Id = '77'": [{"TotalAmt": Decimal("400")}]})
    assert "over 400, but" in held(create_invoice, invoice(), wrong).sentence
    gone = Script(linked=stands)
    assert "over nothing, but" in held(create_invoice, invoice(), gone).sentence
    off = Script(answers=[{"TotalAmt": Decimal("475.01")}])
    assert held(create_invoice, invoice(), off).reason == "booked-differs"


RIVAL = "6140 DocNumber=1042 is assigned to TxnType=Invoice with TxnId=17"


def record(**more: Any) -> dict[str, Any]:
    return {
        "Id": "17",
        "DocNumber": "1042",
        "CustomerRef": {"value": "10"},
        "TotalAmt": Decimal("475"),
        "Balance": Decimal("0"),
        **more,
    }


def test_a_number_that_is_taken() -> None:
    same = Script(answers=[RIVAL], records={"Id = '17'": [record()]})
    same.play(create_invoice, invoice())
    assert same.links[0].linked.facts["Balance"] == 0
    note = "Bookrelay: payment.collected msg_1 from crm"
    ours = Script(answers=[RIVAL], records={"Id = '17'": [record(PrivateNote=note)]})
    ours.play(create_invoice, invoice())
    assert ours.links[0].linked.id == "17"
    other = Script(answers=[RIVAL], records={"Id = '17'": [record(CustomerRef={"value": "9"})]})
    assert other.play(create_invoice, invoice()).values["id"]
    assert other.body("invoice")["DocNumber"] == "1042-2"
    differs = Script(answers=[RIVAL], records={"Id = '17'": [record(TotalAmt=Decimal(9))]})
    assert held(create_invoice, invoice(), differs).reason == "booked-differs"
    estimate = Script(answers=[RIVAL.replace("Invoice", "CreditMemo")])
    estimate.play(create_invoice, invoice())
    assert estimate.body("invoice")["DocNumber"] == "1042-2"
    nameless = Script(answers=["6140"], records={"DocNumber = '1042'": [record()]})
    nameless.play(create_invoice, invoice())
    assert nameless.links[0].linked.id == "17"
    assert held(create_invoice, invoice(), Script(answers=["6140"] * 9)).reason == "number-taken"
    for fields, code in ((invoice(), "2020"), (invoice(number=None), "6140")):
        with pytest.raises(Rejected):
            Script(answers=[code]).play(create_invoice, fields)


def test_numbers_that_quickbooks_gives_itself() -> None:
    script = Script(preferences={"SalesFormsPrefs": {"CustomTxnNumbers": False}})
    script.play(create_invoice, invoice())
    assert "DocNumber" not in script.body("invoice")
    assert "TxnDate = '2026-11-06'" in script.writes[-1].find[0].query
    long = Script()
    long.play(create_invoice, invoice(number="A" * 5 + "B" * 21))
    assert long.body("invoice")["DocNumber"] == "B" * 21


def test_an_invoice_of_an_estimate_and_an_address() -> None:
    estimate = Linked(kind="estimate", id="5")
    script = Script(linked={"estimate crm:crm/e1": estimate})
    script.play(create_invoice, invoice(estimate="e1", service_address={"line1": "9 Elm"}))
    body = script.body("invoice")
    assert body["LinkedTxn"] == [{"TxnId": "5", "TxnType": "Estimate"}]
    assert body["ShipAddr"] == {"Line1": "9 Elm"}
    unknown = Script()
    unknown.play(create_invoice, invoice(estimate="e2"))
    assert "LinkedTxn" not in unknown.body("invoice")


def test_line_text_by_rule() -> None:
    fields = invoice(lines=[line("475.00", description="Botox")])
    script = Script()
    script.play(create_invoice, fields, books(rules={"line_text": "category_only"}))
    assert script.body("invoice")["Line"][0]["Description"] == "Cleaning"


def test_money_in_another_currency() -> None:
    origin = replace(books().origin, currency="EUR")
    assert held(create_invoice, invoice(), origin=origin).reason == "currency"
    home = Script(preferences={"CurrencyPrefs": {"HomeCurrency": {"value": "EUR"}}})
    home.play(create_invoice, invoice(), books(origin=origin))
    assert home.writes


def test_an_estimate() -> None:
    fields = invoice(accepted_on=DAY - timedelta(1), expires_on=DAY + timedelta(30))
    script = Script()
    script.play(create_estimate, fields)
    body = script.body("estimate")
    assert (body["TxnStatus"], body["AcceptedDate"]) == ("Accepted", "2026-11-05")
    assert body["ExpirationDate"] == "2026-12-06"
    bare = Script()
    bare.play(create_estimate, invoice(number=None))
    assert "DocNumber" not in bare.body("estimate")
    assert bare.body("estimate")["AcceptedDate"] == "2026-11-06"
    stands = Script(
        linked={"estimate crm:crm/i1": Linked(kind="estimate", id="5", facts={"total": "475.00"})}
    )
    assert stands.play(create_estimate, fields).values["id"] == "5"


def paid(**more: Any) -> dict[str, Any]:
    return {
        "crm_id": "p1",
        "customer": "10",
        "invoice": "77",
        "amount": Decimal("475.00"),
        "method": "card",
        "date": DAY,
        "reference": "pi_3QExampleSparrow475",
        **more,
    }


def test_a_payment() -> None:
    script = Script(linked={"invoice qbo:77": standing()})
    script.play(record_payment, paid(private_note="text-to-pay"))
    body = script.body("payment")
    assert body["PaymentRefNum"] == "pi_3QExampleSparrow475"[-21:]
    assert body["PrivateNote"].startswith("text-to-pay; pi_3QExampleSparrow475; Bookrelay")
    assert body["DepositToAccountRef"] == {"value": "90"}
    assert body["PaymentMethodRef"] == {"value": "3"}
    document = script.writes[0].document
    assert document is not None
    assert document.also == ("ref:pi_3QExampleSparrow475",)


@pytest.mark.parametrize(
    ("more", "also"),
    [
        ({"method": "check", "reference": "1001"}, ()),
        ({"method": "cash", "reference": None}, ()),
        ({"reference": "p1"}, ()),
        ({"method": "ach", "reference": "ach_1"}, ("ref:ach_1",)),
    ],
)
def test_only_a_unique_reference_names_a_payment(
    more: dict[str, Any], also: tuple[str, ...]
) -> None:
    script = Script()
    script.play(record_payment, paid(**more))
    document = script.writes[0].document
    assert document is not None
    assert document.also == also
    assert "PaymentMethodRef" not in script.body("payment") or also == ()


def test_where_the_money_goes() -> None:
    checking = Script()
    checking.play(record_payment, paid(), books(deposit_to={"other": "Checking"}))
    assert checking.body("payment")["DepositToAccountRef"] == {"value": "92"}
    lost = held(record_payment, paid(method=None), deposit_to={"other": "Gone"})
    assert "other payments" in lost.sentence


@pytest.mark.parametrize(
    ("more", "facts", "reason"),
    [
        ({"amount": Decimal("0.00")}, {}, "totals-differ"),
        ({"amount": Decimal("475.01")}, {}, "overpaid"),
        ({}, {"Balance": Decimal("0")}, "already-paid"),
        ({}, {"Balance": Decimal("475")}, None),
    ],
)
def test_what_an_invoice_cannot_take(
    more: dict[str, Any], facts: dict[str, Any], reason: str | None
) -> None:
    script = Script(linked={"invoice qbo:77": standing(**facts)})
    if reason is None:
        script.play(record_payment, paid(**more))
    else:
        assert held(record_payment, paid(**more), script).reason == reason
        assert script.writes == []


def test_what_stands_is_compared() -> None:
    key = "payment crm:crm/p1/77"
    same = Script(linked={key: Linked(kind="payment", id="8", facts={"amount": "475.00"})})
    assert same.play(record_payment, paid()).values["id"] == "8"
    other = Script(linked={key: Linked(kind="payment", id="8", facts={"amount": "400.00"})})
    assert held(record_payment, paid(), other).reason == "booked-differs"
    loose = Script(answers=[{"UnappliedAmt": Decimal("75.00")}])
    assert "75.00 of it is not applied" in held(record_payment, paid(), loose).sentence


def test_a_processors_confirmation() -> None:
    fields = {"reference": "pi_1", "amount": Decimal("475.00")}
    met = Linked(kind="payment", id="8", facts={"amount": "475.00"})
    script = Script(linked={"payment ref:pi_1": met})
    assert script.play(confirm_payment, fields).values["id"] == "8"
    with pytest.raises(Awaiting) as waiting:
        Script().play(confirm_payment, fields)
    assert waiting.value.names == ("payment:ref:pi_1",)
    hold = held(confirm_payment, fields, now=NOW + timedelta(hours=24))
    assert hold.reason == "unconfirmed-by-crm"
    differs = Script(linked={"payment ref:pi_1": met})
    low = {**fields, "amount": Decimal("1.00")}
    assert held(confirm_payment, low, differs).reason == "booked-differs"
