"""Edges of the actions where a wrong guess would book money twice, short, or never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.base import Linked, Write, Written
from connector.errors import Hold, Rejected
from connector.quickbooks.actions.customers import find_or_create_customer
from connector.quickbooks.actions.invoices import create_invoice
from connector.quickbooks.actions.payments import record_payment
from tests.connector.quickbooks.script import Script, books, customer

DAY = date(2026, 11, 6)
DANA = {"crm_id": "c1", "name": "Dana Whitfield", "email": "dana@x.example"}
SPOUSE = Linked(
    kind="customer", id="10", facts={"name": "Alex Whitfield", "emails": ["dana@x.example"]}
)


@dataclass(kw_only=True)
class Bare(Script):
    """A company without accounts for deposits, whose items are refused for another reason."""

    refusal: str = ""

    def _read(self, query: str) -> tuple[Any, ...]:
        if query == "select * from Account":
            kept = [each for each in super()._read(query) if "AccountSubType" not in each]
            return tuple(kept)
        return super()._read(query)

    def _write(self, write: Write) -> Written:
        if self.refusal:
            raise Rejected("refused", code=self.refusal)
        return super()._write(write)


def invoice(**more: Any) -> dict[str, Any]:
    return {
        "crm_id": "i1",
        "customer": "10",
        "number": "1042",
        "date": DAY,
        "lines": [{"service_type": "cleaning", "amount": Decimal("475.00")}],
        "check_total": Decimal("475.00"),
        **more,
    }


def payment(amount: str = "475.00", **more: Any) -> dict[str, Any]:
    return {
        "crm_id": "p1",
        "customer": "10",
        "invoice": "77",
        "amount": Decimal(amount),
        "method": "card",
        "date": DAY,
        **more,
    }


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("1.5", "10.03", "15.05"),
        ("0.5", "0.05", "0.03"),
        ("-1.5", "10.03", "-15.05"),
        ("3", "33.33", "99.99"),
    ],
)
def test_half_a_cent_is_rounded_up_as_the_books_do(quantity: str, price: str, amount: str) -> None:
    line = {
        "service_type": "cleaning",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "amount": Decimal(amount),
    }
    visit = {"service_type": "cleaning", "amount": Decimal("100.00")}
    total = Decimal("100.00") + Decimal(amount)
    script = Script()
    done = script.play(create_invoice, invoice(lines=[line, visit], check_total=total))
    assert script.body("invoice")["Line"][0]["Amount"] == Decimal(amount)
    assert done.values["total"] == total


def test_half_a_cent_rounded_down_is_held() -> None:
    line = {
        "service_type": "cleaning",
        "quantity": Decimal("1.5"),
        "unit_price": Decimal("10.03"),
        "amount": Decimal("15.04"),
    }
    with pytest.raises(Hold, match=r"1\.5 x 10\.03, which is 15\.05, but its amount is 15\.04"):
        Script().play(create_invoice, invoice(lines=[line], check_total=Decimal("15.04")))


def test_who_was_answered_to_be_new_is_made_and_asked_about_no_more() -> None:
    """The hold about one address of two people says `create: true`; that has to end it."""
    script = Script(
        linked={"customer email:dana@x.example": SPOUSE},
        records={"PrimaryEmailAddr": [customer("10", "Alex Whitfield", "dana@x.example")]},
    )
    with pytest.raises(Hold) as held:
        script.play(find_or_create_customer, DANA)
    assert "create: true" in held.value.fix
    done = script.play(find_or_create_customer, DANA, books(matches={"c1": {"create": True}}))
    assert done.values == {"id": "new-1", "name": "Dana Whitfield"}
    assert script.body("customer")["PrimaryEmailAddr"] == {"Address": "dana@x.example"}
    assert script.links == []


def test_only_names_and_numbers_that_were_tried_are_said_to_be_taken() -> None:
    numbers, named = Script(answers=["6140"] * 9), Script(answers=["6240"] * 9)
    with pytest.raises(Hold, match="the numbers 1042 to 1042-9"):
        numbers.play(create_invoice, invoice())
    tried = [write.body["DocNumber"] for write in numbers.writes if write.path == "invoice"]
    assert tried == ["1042", *(f"1042-{n}" for n in range(2, 10))]
    with pytest.raises(Hold, match=r'already has "Dana Whitfield \(9\)"'):
        named.play(find_or_create_customer, DANA)
    assert named.body("customer")["DisplayName"] == "Dana Whitfield (9)"


def test_a_number_found_by_a_pattern_is_compared() -> None:
    """QuickBooks cannot search for a dash, so 10-42 (with an en dash) finds 10542 as well."""
    near = {
        "Id": "17",
        "DocNumber": "10542",
        "CustomerRef": {"value": "10"},
        "TotalAmt": Decimal("475.00"),
    }
    number = "10\u201342"
    script = Script(answers=["6140"], records={"DocNumber LIKE '10%42'": [near]})
    script.play(create_invoice, invoice(number=number))
    assert script.links == []
    assert script.body("invoice")["DocNumber"] == f"{number}-2"
    exact = {**near, "Id": "18", "DocNumber": number}
    script = Script(answers=["6140"], records={"DocNumber LIKE '10%42'": [near, exact]})
    script.play(create_invoice, invoice(number=number))
    assert script.links[0].linked.id == "18"


@pytest.mark.parametrize(("amount", "booked"), [("275.00", True), ("275.01", False)])
def test_a_payment_over_what_is_still_owed_is_held_before_it_is_booked(
    amount: str, booked: bool
) -> None:
    """The bookkeeper's invoice was adopted when 200.00 of it had been paid already."""
    facts = {"TotalAmt": "475.00", "Balance": "275.00", "DocNumber": "1042"}
    script = Script(linked={"invoice qbo:77": Linked(kind="invoice", id="77", facts=facts)})
    if booked:
        assert script.play(record_payment, payment(amount)).values["amount"] == Decimal(amount)
        return
    with pytest.raises(Hold, match=r"275\.01 is more than the 275\.00 still owed .* 1042") as held:
        script.play(record_payment, payment(amount))
    assert held.value.reason == "overpaid"
    assert script.writes == []


def test_money_without_a_place_or_a_method_is_left_to_quickbooks() -> None:
    script = Bare()
    script.play(record_payment, payment(method="barter"))
    body = script.body("payment")
    assert "DepositToAccountRef" not in body
    assert "PaymentMethodRef" not in body
    assert body["Line"][0]["Amount"] == Decimal("475.00")


def test_another_refusal_of_an_item_is_the_runners() -> None:
    with pytest.raises(Rejected) as refused:
        Bare(refusal="2020").play(create_invoice, invoice())
    assert refused.value.code == "2020"
