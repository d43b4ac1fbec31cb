"""Sales receipts and refund receipts: sold or taken back, and the money moved at once."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.banked import (
    check_not_deposited,
    money_posting,
    with_account,
)
from connector.practice.entities.common.kind import TRANSACTION_IDS, Entity
from connector.practice.entities.common.posting import reversed_postings, sale_postings
from connector.practice.entities.sales.forms import (
    RECEIPT_FILTERS,
    SALES,
    complete_sale,
    voided_sale,
)
from connector.practice.faults import missing
from connector.practice.shape import Record, number, read_only, text

_ZERO = Decimal("0.00")
#: What QuickBooks puts as the number of a refund whose check is still to be printed.
TO_PRINT = "To Print"


def _receipt(change: Change, record: Record, old: Record | None) -> Record:
    anonymous = not change.switches.sales_receipt_needs_customer
    record = complete_sale(change, "SalesReceipt", record, old, anonymous=anonymous)
    return _at_once(change, record, old)


def _refund(change: Change, record: Record, old: Record | None) -> Record:
    if not record.get("DepositToAccountRef"):
        raise missing("DepositToAccountRef")
    record = complete_sale(change, "RefundReceipt", record, old, anonymous=True)
    return _at_once(change, _with_print_number(record), old)


def _at_once(change: Change, record: Record, old: Record | None) -> Record:
    """The form with an account for its money; nothing stays open, only a deposit links to it."""
    record = with_account(change, record, old)
    return {**record, "Balance": _ZERO, "LinkedTxn": (old or {}).get("LinkedTxn", [])}


def _with_print_number(refund: Record) -> Record:
    """The number of a check that is to be printed is not yet known; a printed one needs one."""
    if refund["PrintStatus"] == "NeedToPrint":
        return {**refund, "PaymentRefNum": TO_PRINT}
    if refund["PrintStatus"] == "PrintComplete" and not refund.get("PaymentRefNum"):
        raise missing("PaymentRefNum")
    return refund


def _remove(change: Change, record: Record) -> None:
    check_not_deposited(record)


def _void(change: Change, receipt: Record) -> Record:
    check_not_deposited(receipt)
    return voided_sale(receipt)


def _post_receipt(change: Change, receipt: Record) -> list[Posting]:
    return [money_posting(change, receipt), *sale_postings(change, "SalesReceipt", receipt)]


def _post_refund(change: Change, refund: Record) -> list[Posting]:
    sold = [money_posting(change, refund), *sale_postings(change, "RefundReceipt", refund)]
    return reversed_postings(sold)


SALES_RECEIPT = Entity(
    name="SalesReceipt",
    fields={**SALES, "LessCIS": number},
    filters=RECEIPT_FILTERS,
    sequence=TRANSACTION_IDS,
    complete=_receipt,
    remove=_remove,
    void=_void,
    post=_post_receipt,
    posting=True,
)
REFUND_RECEIPT = Entity(
    name="RefundReceipt",
    fields={**SALES, "PaymentRefNum": text(100), "RemainingCredit": read_only(number)},
    filters=RECEIPT_FILTERS,
    sequence=TRANSACTION_IDS,
    complete=_refund,
    remove=_remove,
    void=_void,
    void_by_switch=True,
    post=_post_refund,
    posting=True,
)
