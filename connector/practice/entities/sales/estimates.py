"""Estimates: what was offered and what became of it; they post nothing."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import TRANSACTION_IDS, Entity
from connector.practice.entities.common.links import leave
from connector.practice.entities.sales.forms import (
    SALES,
    SALES_FILTERS,
    complete_sale,
    voided_sale,
)
from connector.practice.faults import Fault
from connector.practice.shape import Record, day, one_of, text


def _estimate(change: Change, record: Record, old: Record | None) -> Record:
    if not change.books.preference("SalesFormsPrefs.AllowEstimates"):
        raise Fault("5030", "Feature Not Supported Error : estimates are turned off.")
    record = complete_sale(change, "Estimate", record, old)
    links = (old or {}).get("LinkedTxn", [])
    return {"TxnStatus": "Pending", **record, "LinkedTxn": links}


def _unlink(change: Change, estimate: Record) -> None:
    leave(change, "Estimate", estimate, "Invoice")


def _void(change: Change, estimate: Record) -> Record:
    _unlink(change, estimate)
    return voided_sale(estimate)


ESTIMATE = Entity(
    name="Estimate",
    fields={
        **SALES,
        "TxnStatus": one_of("Pending", "Accepted", "Closed", "Rejected", "Converted"),
        "AcceptedBy": text(100),
        "AcceptedDate": day,
        "ExpirationDate": day,
    },
    filters=SALES_FILTERS,
    sequence=TRANSACTION_IDS,
    complete=_estimate,
    remove=_unlink,
    void=_void,
    void_by_switch=True,
)
