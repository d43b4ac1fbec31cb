"""Batches and change data capture with python-quickbooks' helpers, for every kind."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import GeneralException, UnsupportedException
from quickbooks.objects import Customer, Estimate, Invoice, Payment, TaxCode
from quickbooks.objects.creditcardpayment_entity import CreditCardPayment

from tests.connector.practice.clients.lists import customer, term
from tests.connector.practice.clients.money import card_payment
from tests.connector.practice.clients.row import Row
from tests.connector.practice.clients.sales import estimate, invoice, payment
from tests.connector.practice.clients.table import doing


@pytest.mark.parametrize("row", doing("create", "batch", "read"))
def test_a_batch_creates(row: Row, qb: Any) -> None:
    answer = batch_create([row.build(qb), row.build(qb)], qb=qb)
    assert answer.faults == []
    assert len({one.Id for one in answer.successes}) == 2
    for made in answer.successes:
        assert row.kind.get(made.Id, qb=qb).to_dict() == made.to_dict()


@pytest.mark.parametrize("row", doing("create", "batch", "update", "read"))
def test_a_batch_updates(row: Row, qb: Any) -> None:
    made, stale = row.stored(qb), row.stored(qb)
    field, value = row.change
    setattr(made, field, value)
    stale.SyncToken = "7"
    answer = batch_update([made, stale], qb=qb)
    [done], [refused] = answer.successes, answer.faults
    assert (done.Id, getattr(done, field)) == (made.Id, value)
    assert getattr(row.kind.get(made.Id, qb=qb), field) == value
    assert refused.original_object is stale
    assert (refused.type, refused.Error[0].code) == ("ValidationFault", "5010")


@pytest.mark.parametrize("row", doing("create", "batch", "delete", "list"))
def test_a_batch_deletes(row: Row, qb: Any) -> None:
    gone = [row.stored(qb), row.stored(qb)]
    answer = batch_delete([*gone], qb=qb)
    assert [(one.Id, one.status) for one in answer.successes] == [
        (one.Id, "Deleted") for one in gone
    ]
    assert row.kind.choose([one.Id for one in gone], qb=qb) == []


def test_card_payments_by_the_name_that_the_client_expects(qb: Any, r1: Any) -> None:
    r1.control("switches", {"batch_names": "paths"})
    answer = batch_create([card_payment(qb)], qb=qb)
    [made] = answer.successes
    assert CreditCardPayment.get(made.Id, qb=qb).to_dict() == made.to_dict()
    made.PrivateNote = "Late"
    [changed] = batch_update([made], qb=qb).successes
    told = change_data_capture([CreditCardPayment], "2026-11-06T09:00:00-07:00", qb=qb)
    [seen] = told.CreditCardPayment
    assert (seen.Id, seen.PrivateNote) == (made.Id, "Late")
    [gone] = batch_delete([changed], qb=qb).successes
    assert (gone.Id, gone.status) == (made.Id, "Deleted")
    r1.control("switches", {"batch_names": "bodies"})
    [refused] = batch_create([card_payment(qb)], qb=qb).faults
    assert refused.Error[0].code == "2010"


def test_the_client_splits_what_is_too_much(qb: Any, r1: Any) -> None:
    answer = batch_create([term(qb) for _ in range(31)], qb=qb)
    assert len(answer.successes) == 31
    assert [call["path"].endswith("/batch") for call in r1.calls()].count(True) == 2


def test_a_batch_of_different_kinds_is_not_atomic(qb: Any) -> None:
    wrong = customer(qb)
    wrong.DisplayName = "a:b"
    answer = batch_create([wrong, estimate(qb), term(qb)], qb=qb)
    assert [type(one).__name__ for one in answer.successes] == ["Estimate", "Term"]
    assert answer.faults[0].Error[0].code == "2040"
    assert answer.faults[0].original_object is wrong


def test_more_than_thirty_at_once(qb: Any) -> None:
    items = [{"bId": str(number), "Query": "select count(*) from Term"} for number in range(31)]
    with pytest.raises(GeneralException) as refused:
        qb.batch_operation(json.dumps({"BatchItemRequest": items}))
    assert refused.value.error_code == 1040


@pytest.mark.parametrize("row", doing("create", "changes"))
def test_changes_of_a_kind(row: Row, qb: Any, r1: Any) -> None:
    before = row.stored(qb)
    r1.control("clock", {"now": "2026-11-06T10:30:00-07:00"})
    made = row.stored(qb)
    told = getattr(change_data_capture([row.kind], "2026-11-06T10:30:00-07:00", qb=qb), row.name)
    found = {one.Id: one for one in told}
    assert found[made.Id].to_dict() == made.to_dict()
    assert before.Id not in found
    assert told.maxResults == len(found)


def test_changes_since_a_moment(qb: Any, r1: Any) -> None:
    before = invoice(qb).save(qb=qb)
    r1.control("clock", {"now": "2026-11-06T10:30:00-07:00"})
    made = payment(qb).save(qb=qb)
    offered = estimate(qb).save(qb=qb)
    offered.delete(qb=qb)
    since = datetime.fromisoformat("2026-11-06T10:30:00")
    told = change_data_capture([Invoice, Payment, Estimate, Customer], since, qb=qb)
    assert before.Id not in [one.Id for one in told.Invoice]
    assert [one.Id for one in told.Payment] == [made.Id]
    assert [(one.Id, one.status) for one in told.Estimate] == [(offered.Id, "Deleted")]
    assert told.Payment.startPosition == 1
    assert len(told.Customer) == told.Customer.maxResults == 2
    nothing = change_data_capture([Invoice], "2026-11-06T10:30:01-07:00", qb=qb)
    assert not hasattr(nothing, "Invoice")


@pytest.mark.parametrize(
    ("kinds", "since"), [([TaxCode], "2026-11-06T10:00:00"), ([Invoice], "2026-10-01T10:00:00")]
)
def test_changes_that_are_not_told(kinds: list[Any], since: str, qb: Any) -> None:
    with pytest.raises(UnsupportedException):
        change_data_capture(kinds, since, qb=qb)
