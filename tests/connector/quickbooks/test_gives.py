"""What each action gives to later steps is what its schema says under `x-gives`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector import webhook_out
from connector.base import Action, Linked
from connector.catalog import action_schema
from connector.quickbooks.actions import ACTIONS
from tests.connector.quickbooks.script import Script, customer

DAY = date(2026, 11, 6)
SALE: Mapping[str, Any] = {
    "crm_id": "d1",
    "customer": "10",
    "number": "1042",
    "date": DAY,
    "lines": [{"service_type": "cleaning", "amount": Decimal("475.00")}],
    "check_total": Decimal("475.00"),
}
PAYMENT = {"crm_id": "p1", "customer": "10", "invoice": "77", "amount": Decimal("5"), "date": DAY}
PAID = Linked(kind="payment", id="9", facts={"amount": "5.00", "TotalAmt": "5.00"})
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "quickbooks.find_or_create_customer": {"crm_id": "c1", "name": "Dana Whitfield"},
    "quickbooks.create_invoice": SALE,
    "quickbooks.create_estimate": SALE,
    "quickbooks.record_payment": PAYMENT,
    "quickbooks.confirm_payment": {"reference": "pi_1", "amount": Decimal("5.00")},
    "http.post": {"connection": "hook", "body": {"a": "1"}},
}
PERFORM: Mapping[str, Action] = {**ACTIONS, webhook_out.NAME: webhook_out.perform}
KINDS: Mapping[str, type] = {"ref": str, "text": str, "money": Decimal}


def script() -> Script:
    """A company without the records; the processor's payment was told by the CRM."""
    return Script(
        linked={"payment ref:pi_1": PAID},
        records={"from Invoice": [{"Id": "77", "Balance": Decimal("5"), "CustomerRef": {}}]},
    )


def test_every_action_says_what_it_gives() -> None:
    assert set(FIELDS) == set(PERFORM)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_an_action_gives_what_its_schema_says(name: str) -> None:
    done = script().play(PERFORM[name], FIELDS[name])
    gives = action_schema(name)["x-gives"]
    assert set(done.values) == set(gives)
    for field, value in done.values.items():
        assert isinstance(value, KINDS[gives[field]["x-kind"]])
        assert value or not gives[field].get("x-filled")
        assert gives[field]["description"]


def test_a_number_that_quickbooks_did_not_keep_is_empty() -> None:
    for name in ("quickbooks.create_invoice", "quickbooks.create_estimate"):
        fields = {key: value for key, value in FIELDS[name].items() if key != "number"}
        assert script().play(PERFORM[name], fields).values["number"] == ""
        assert "x-filled" not in action_schema(name)["x-gives"]["number"]


def test_a_found_customer_gives_the_same() -> None:
    found = Script(records={"from Customer": [customer("5", "Dana Whitfield")]})
    fields = FIELDS["quickbooks.find_or_create_customer"]
    done = found.play(PERFORM["quickbooks.find_or_create_customer"], fields)
    assert set(done.values) == set(action_schema("quickbooks.find_or_create_customer")["x-gives"])
