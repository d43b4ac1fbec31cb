"""Recurring transactions: templates with a schedule, each around one transaction; never run."""

from __future__ import annotations

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities.banking.deposits import DEPOSIT
from connector.practice.entities.banking.journal import JOURNAL_ENTRY
from connector.practice.entities.banking.transfers import TRANSFER
from connector.practice.entities.common.kind import COMMON, Entity
from connector.practice.entities.currency.transactions import no_cleanup
from connector.practice.entities.purchases.bills import BILL, VENDOR_CREDIT
from connector.practice.entities.purchases.orders import PURCHASE_ORDER
from connector.practice.entities.purchases.purchases import PURCHASE
from connector.practice.entities.sales.credit_memos import CREDIT_MEMO
from connector.practice.entities.sales.estimates import ESTIMATE
from connector.practice.entities.sales.invoices import INVOICE
from connector.practice.entities.sales.receipts import REFUND_RECEIPT, SALES_RECEIPT
from connector.practice.faults import business, missing
from connector.practice.shape import Record, obj, required

#: The kinds that can recur, by name.
_KINDS = {
    one.name: one
    for one in (
        BILL,
        PURCHASE,
        CREDIT_MEMO,
        DEPOSIT,
        ESTIMATE,
        INVOICE,
        JOURNAL_ENTRY,
        REFUND_RECEIPT,
        SALES_RECEIPT,
        TRANSFER,
        VENDOR_CREDIT,
        PURCHASE_ORDER,
    )
}
_HEAD = ("domain", "sparse", "status", "Id", "SyncToken", "MetaData")


def _recurring(change: Change, record: Record, old: Record | None) -> Record:
    kind = _kind_of(record)
    if not kind:
        # It was there and empty, which clears.
        raise missing("Transaction")
    if old is not None and kind not in old:
        raise business("A recurring transaction stays of the kind that it is.")
    before = old[kind] if old else None
    inner = {**record[kind]}
    if inner.pop("sparse", None) and before:
        inner = {**before, **inner}
    required(inner, "RecurringInfo")
    required(inner["RecurringInfo"], "Name", "RecurType")
    return {"Id": record["Id"], kind: _template(change, kind, {**inner, "Id": record["Id"]})}


def _template(change: Change, kind: str, inner: Record) -> Record:
    """The transaction as its own kind completes it, without a number and without links."""
    if any(part.get("LinkedTxn") for part in (inner, *(inner.get("Line") or ()))):
        raise business("A recurring transaction cannot be linked to other transactions.")
    # A number of its own lets the kind use up none of its sequence.
    numbered = {**inner, "DocNumber": f"Recurring {inner['Id']}"}
    filled = {key: value for key, value in numbered.items() if value is not None}
    found = _KINDS[kind].complete(change, filled, None)
    left_out = ("Id", "DocNumber", "LinkedTxn")
    kept = {key: value for key, value in found.items() if key not in left_out}
    return {**kept, "RecurDataRef": {"value": inner["Id"]}}


def _kind_of(record: Record) -> str:
    return next((kind for kind in _KINDS if kind in record), "")


def _show(books: Books, record: Record) -> Record:
    """The transaction under the name of its kind, with what is the template's own in it."""
    head = {key: record[key] for key in _HEAD if key in record}
    return {kind: {**record[kind], **head} for kind in _KINDS if kind in record}


RECURRING_TRANSACTION = Entity(
    name="RecurringTransaction",
    fields={**COMMON, **{name: obj(**kind.fields) for name, kind in _KINDS.items()}},
    filters={},
    wraps=tuple(_KINDS),
    complete=_recurring,
    present=_show,
    remove=no_cleanup,
)
