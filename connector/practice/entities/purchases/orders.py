"""Purchase orders: what vendors are asked to deliver; they post nothing."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import ADDRESS, TRANSACTION_IDS, Entity, email
from connector.practice.entities.common.links import leave
from connector.practice.entities.purchases.bills import BY_VENDOR, complete_by_vendor
from connector.practice.entities.purchases.purchases import PRINT_STATUS
from connector.practice.entities.sales.forms import with_number
from connector.practice.shape import Record, alike, day, flag, one_of, reference, text

_NAME = "PurchaseOrder"


def _order(change: Change, record: Record, old: Record | None) -> Record:
    record = complete_by_vendor(change, record, old)
    record = {"POStatus": "Open", "EmailStatus": "NotSet", **record}
    record = with_number(change, _NAME, record, old, automatic=True)
    return {**record, "LinkedTxn": (old or {}).get("LinkedTxn", [])}


def _unlink(change: Change, order: Record) -> None:
    leave(change, _NAME, order, "Bill")


PURCHASE_ORDER = Entity(
    name=_NAME,
    fields={
        **BY_VENDOR,
        **alike(reference, "TaxCodeRef", "ClassRef", "ReimbursableInfoRef", "SalesTermRef"),
        **alike(reference, "ShipTo", "DropShipToEntity", "InventorySiteRef", "ShipMethodRef"),
        "TemplateRef": reference,
        **alike(day, "DueDate", "ExpectedDate"),
        "ShipAddr": ADDRESS,
        "FOB": text(15),
        "POEmail": email(),
        "PrintStatus": PRINT_STATUS,
        "EmailStatus": one_of("NotSet", "NeedToSend", "EmailSent"),
        "ManuallyClosed": flag,
        "POStatus": one_of("Open", "Closed"),
    },
    filters={
        "DocNumber": "text",
        "TxnDate": "day",
        "VendorRef": "ref",
        "POStatus": "text",
        "TotalAmt": "number",
    },
    sequence=TRANSACTION_IDS,
    complete=_order,
    remove=_unlink,
)
