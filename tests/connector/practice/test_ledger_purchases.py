"""Whatever is done with purchases, bills, payments and stock, ledger and documents agree."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, example, given, settings

from tests.connector.practice.conftest import Client
from tests.connector.practice.ledger import both
from tests.connector.practice.purchase_steps import STEPS, Company, Step

HUNDRED = Decimal(100)
#: A vendor credit and a bill that is larger, both with something for the stock; an entry.
OWED: list[Step] = [
    ("VendorCredit", 0, 1, HUNDRED / 2),
    ("Bill", 0, 3, HUNDRED),
    ("JournalEntry", 0, 0, HUNDRED),
]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
@example(steps=[*OWED, ("pay", 0, 1, HUNDRED), ("delete", 0, 0, HUNDRED)])
@example(steps=[*OWED, ("pay", 0, 7, HUNDRED), ("delete", 1, 0, HUNDRED)])
@example(steps=[*OWED, ("pay", 4, 1, HUNDRED), ("void", 2, 0, HUNDRED)])
@example(steps=[("SalesReceipt", 3, 0, HUNDRED), ("cost", 0, 0, HUNDRED), ("edit", 0, 0, HUNDRED)])
def test_the_ledger_follows(r1: Client, steps: list[Step]) -> None:
    r1.control("reset")
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    company = Company(r1)
    for step in steps:
        company.do(step)
        company.check()
    company.finish()
    company.check()
    accrual, cash = both(r1)
    assert accrual == cash
