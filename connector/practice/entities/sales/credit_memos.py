"""Credit memos: sales taken back, as a credit that pays later invoices."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.kind import TRANSACTION_IDS, Entity
from connector.practice.entities.common.links import unpay
from connector.practice.entities.common.posting import (
    debt_postings,
    owed_posting,
    reversed_postings,
    sale_postings,
)
from connector.practice.entities.sales.auto_apply import with_charges
from connector.practice.entities.sales.forms import RECEIPT_FILTERS, SALES, complete_sale
from connector.practice.faults import business
from connector.practice.shape import Record, number, read_only, reference

_NAME = "CreditMemo"


def _credit_memo(change: Change, record: Record, old: Record | None) -> Record:
    record = complete_sale(change, _NAME, record, old)
    named = record.get("InvoiceRef")
    if named and named != (old or {}).get("InvoiceRef"):
        change.refer("Invoice", named["value"])
    left = record["TotalAmt"] - _used(record, old)
    links = (old or {}).get("LinkedTxn", [])
    memo = {**record, "Balance": left, "RemainingCredit": left, "LinkedTxn": links}
    return memo if old else with_charges(change, memo)


def _used(record: Record, old: Record | None) -> Decimal:
    """What payments have used; an edit may not fall below it or change whose credit it is."""
    if old is None or old["TotalAmt"] == old["Balance"]:
        return Decimal("0.00")
    used: Decimal = old["TotalAmt"] - old["Balance"]
    if record["TotalAmt"] < used:
        raise business(f"{used} of this credit is used; the total cannot be less.")
    if record["CustomerRef"]["value"] != old["CustomerRef"]["value"]:
        raise business("The customer of a credit that is used cannot be changed.")
    return used


def _remove(change: Change, record: Record) -> None:
    unpay(change, _NAME, record)


def _post(change: Change, memo: Record) -> list[Posting]:
    """Less income and less debt at once; on the cash basis as the credit is used."""
    sale = reversed_postings(sale_postings(change, _NAME, memo))
    return debt_postings(change, memo, _NAME, sale, owed_posting(change, memo, -memo["TotalAmt"]))


CREDIT_MEMO = Entity(
    name=_NAME,
    fields={**SALES, "RemainingCredit": read_only(number), "InvoiceRef": reference},
    filters=RECEIPT_FILTERS,
    sequence=TRANSACTION_IDS,
    complete=_credit_memo,
    remove=_remove,
    post=_post,
    posting=True,
)
