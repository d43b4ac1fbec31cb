"""Recurring transactions, whose record lies one level deeper than that of any other kind."""

from __future__ import annotations

from typing import Any

import pytest
from quickbooks.exceptions import ObjectNotFoundException, QuickbooksException
from quickbooks.objects import Ref
from quickbooks.objects import recurringtransaction as kinds
from quickbooks.objects.recurringtransaction import (
    RecurringInfo,
    RecurringTransaction,
    ScheduleInfo,
)

from tests.connector.practice.clients import money, purchases, sales
from tests.connector.practice.clients.row import unique

#: How each kind that can recur is built.
BUILDERS = {
    "Bill": purchases.bill,
    "Purchase": purchases.purchase,
    "CreditMemo": sales.credit_memo,
    "Deposit": money.deposit,
    "Estimate": sales.estimate,
    "Invoice": sales.invoice,
    "JournalEntry": money.journal_entry,
    "RefundReceipt": sales.refund_receipt,
    "SalesReceipt": sales.sales_receipt,
    "Transfer": money.transfer,
    "VendorCredit": purchases.vendor_credit,
    "PurchaseOrder": purchases.purchase_order,
}


def _monthly() -> RecurringInfo:
    made = RecurringInfo()
    made.Name, made.RecurType, made.Active = unique("Monthly"), "Automated", True
    made.ScheduleInfo = schedule = ScheduleInfo()
    schedule.IntervalType, schedule.NumInterval, schedule.DayOfMonth = "Monthly", 1, 1
    schedule.StartDate, schedule.NextDate = "2026-12-01", "2026-12-01"
    schedule.DaysBefore = 3
    return made


def _template(kind: str, qb: Any) -> RecurringTransaction:
    """A template of this kind: what one such transaction holds, and when it comes."""
    inner = getattr(kinds, f"Recurring{kind}")()
    inner.__dict__.update(BUILDERS[kind](qb).__dict__)
    inner.DocNumber = None
    inner.RecurringInfo = _monthly()
    made = RecurringTransaction()
    setattr(made, kind, inner)
    return made


@pytest.fixture(params=BUILDERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_life_of_a_template(kind: str, qb: Any) -> None:
    made = _template(kind, qb).save(qb=qb)
    inner = getattr(made, kind)
    assert inner.RecurringInfo.ScheduleInfo.IntervalType == "Monthly"
    assert isinstance(inner.RecurDataRef, Ref)
    read = RecurringTransaction.get(inner.Id, qb=qb)
    assert read.to_dict() == made.to_dict()
    listed = RecurringTransaction.all(qb=qb)
    assert [one.to_dict() for one in listed] == [made.to_dict()]
    assert RecurringTransaction.count(qb=qb) == 1
    getattr(read, kind).RecurringInfo.RecurType = "Reminder"
    changed = getattr(read.save(qb=qb), kind)
    assert (changed.Id, changed.SyncToken) == (inner.Id, "1")
    assert changed.RecurringInfo.RecurType == "Reminder"
    with pytest.raises(QuickbooksException) as stale:
        read.save(qb=qb)
    assert stale.value.error_code == 5010
    RecurringTransaction.get(inner.Id, qb=qb).delete(qb=qb)
    with pytest.raises(ObjectNotFoundException):
        RecurringTransaction.get(inner.Id, qb=qb)


def test_a_template_is_no_transaction(kind: str, qb: Any) -> None:
    transactions = getattr(kinds, kind)
    before = transactions.count(qb=qb)
    _template(kind, qb).save(qb=qb)
    assert transactions.count(qb=qb) == before
