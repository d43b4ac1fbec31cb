"""Money that is paid with an invoice, where the company allows deposits on forms."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.ledger import both


@pytest.fixture
def allowed(r1: Any) -> Any:
    """The company allows deposits on its forms."""
    r1.prefer(SalesFormsPrefs__AllowDeposit=True)
    return r1


def test_a_deposit_lowers_the_balance(allowed: Any, invoice: Any, payment: Any) -> None:
    made = allowed.ok("invoice", invoice(Deposit=100))
    assert (made["TotalAmt"], made["Deposit"], made["Balance"]) == (475, 100, 375)
    assert made["DepositToAccountRef"] == {"value": "90", "name": "Undeposited Funds"}
    assert allowed.read("customer/10")["Balance"] == 375
    accrual, cash = both(allowed)
    assert accrual == {"79": -475, "90": 100, "99": 375}
    assert cash == {"79": -100, "90": 100}
    told = allowed.fault("payment", payment(400, (made["Id"], 375.01)))
    assert told["code"] == "6000"
    allowed.ok("payment", payment(375, (made["Id"], 375)))
    assert both(allowed) == ({"79": -475, "90": 475},) * 2


def test_a_deposit_changes_within_what_is_open(allowed: Any, invoice: Any, payment: Any) -> None:
    made = allowed.ok("invoice", invoice(Deposit=100, DepositToAccountRef={"value": "92"}))
    allowed.ok("payment", payment(300, (made["Id"], 300)))
    body = {"Id": made["Id"], "SyncToken": "1", "sparse": True}
    assert allowed.fault("invoice", {**body, "Deposit": 175.01})["code"] == "6000"
    assert allowed.ok("invoice", {**body, "Deposit": 175})["Balance"] == 0
    assert both(allowed)[0] == {"79": -475, "90": 300, "92": 175}
    void = allowed.ok("invoice", {"Id": made["Id"], "SyncToken": "2"}, operation="void")
    assert (void["Deposit"], void["Balance"]) == (0, 0)
    assert both(allowed)[0] == {"90": 300, "99": -300}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Deposit": -1}, "2290"),
        ({"Deposit": 475.01}, "6000"),
        ({"Deposit": 5, "DepositToAccountRef": {"value": "79"}}, "6430"),
        ({"Deposit": 5, "DepositToAccountRef": {"value": "404"}}, "2500"),
    ],
)
def test_refused(allowed: Any, invoice: Any, fields: dict[str, Any], code: str) -> None:
    assert allowed.fault("invoice", invoice(**fields))["code"] == code
