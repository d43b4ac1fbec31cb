"""Whatever is done with sales, credits, payments and deposits, the ledger and both sides agree."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.connector.practice.conftest import Client
from tests.connector.practice.ledger import both
from tests.connector.practice.sales_steps import STEPS, Company, Step

HUNDRED = Decimal(100)
#: A credit memo, an invoice that is larger, a sales receipt.
SOLD: list[Step] = [
    ("CreditMemo", 0, 0, HUNDRED / 2),
    ("Invoice", 0, 0, HUNDRED),
    ("SalesReceipt", 0, 0, HUNDRED),
]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, automatic=st.booleans())
@example(steps=[*SOLD, ("pay", 0, 0, HUNDRED), ("delete", 1, 0, HUNDRED)], automatic=False)
@example(steps=[*SOLD, ("deposit", 0, 0, HUNDRED), ("delete", 3, 0, HUNDRED)], automatic=False)
@example(steps=[*SOLD, ("void", 0, 0, HUNDRED)], automatic=True)
def test_the_ledger_follows(r1: Client, steps: list[Step], automatic: bool) -> None:
    r1.control("reset")
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    company = Company(r1, automatic)
    for step in steps:
        company.do(step)
        company.check()
    company.finish()
    company.check()
    accrual, cash = both(r1)
    assert accrual == cash
