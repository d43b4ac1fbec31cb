"""What all sales forms have in common: customer, number, dates, lines, tax, total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import (
    ADDRESS,
    email,
    link_names,
    named,
    referred,
)
from connector.practice.entities.common.lines import (
    LINES,
    LINKED,
    complete_lines,
    discount_total,
    emptied,
    item_total,
    with_items,
)
from connector.practice.entities.common.parts import MONEY_IN, TRANSACTION
from connector.practice.entities.currency.currencies import with_currency
from connector.practice.entities.currency.transactions import check_department, receivables_account
from connector.practice.entities.tax.abroad import net_lines, tax_abroad
from connector.practice.entities.tax.forms import TAX_DETAIL, abroad
from connector.practice.entities.tax.us import us_tax
from connector.practice.faults import Fault, business, missing
from connector.practice.shape import (
    Fields,
    Record,
    alike,
    day,
    flag,
    moment,
    money,
    number,
    obj,
    one_of,
    read_only,
    reference,
    text,
)

#: The old way to ask for AutoDocNumber, and the kinds that know it.
_AUTOMATIC, _AUTOMATIC_IN = "AUTO_GENERATE", ("Invoice", "Estimate", "SalesReceipt")
DELIVERY = obj(
    DeliveryType=one_of("Email", "Tradeshift"),
    DeliveryTime=moment,
    DeliveryErrorType=one_of(
        "Missing Info", "Undeliverable", "Delivery Server Down", "Bounced Email"
    ),
)
SALES: Fields = {
    **TRANSACTION,
    **MONEY_IN,
    "DocNumber": text(21),
    "AutoDocNumber": flag,
    "CustomerRef": reference,
    "Line": LINES,
    "LinkedTxn": LINKED,
    "TxnTaxDetail": TAX_DETAIL,
    "CustomerMemo": obj(value=text(1000), id=read_only(text())),
    "BillAddr": ADDRESS,
    "ShipAddr": ADDRESS,
    "ShipFromAddr": ADDRESS,
    "FreeFormAddress": flag,
    "BillEmail": email(),
    "BillEmailCc": email(200),
    "BillEmailBcc": email(200),
    "EmailStatus": one_of("NotSet", "NeedToSend", "EmailSent"),
    "PrintStatus": one_of("NotSet", "NeedToPrint", "PrintComplete"),
    "ClassRef": reference,
    "SalesTermRef": reference,
    "DueDate": day,
    "ShipDate": day,
    "TrackingNum": text(31),
    "ApplyTaxAfterDiscount": flag,
    "GlobalTaxCalculation": one_of("TaxExcluded", "TaxInclusive", "NotApplicable"),
    **alike(reference, "TaxExemptionRef", "SalesRepRef", "ShipMethodRef", "TemplateRef"),
    "PONumber": text(25),
    "FOB": text(15),
    "GovtTxnRefIdentifier": text(50),
    **alike(flag, "FinanceCharge", "ShippingTaxIncludedInTotalTax"),
    **alike(number, "DiscountRate", "DiscountAmt"),
    "TotalAmt": read_only(number),
    "HomeTotalAmt": read_only(number),
    "Balance": read_only(number),
    "HomeBalance": read_only(number),
    "DeliveryInfo": read_only(DELIVERY),
}
SALES_FILTERS: Mapping[str, str] = {
    "DocNumber": "text",
    "TxnDate": "day",
    "DueDate": "day",
    "CustomerRef": "ref",
}

#: The same for forms that have no due date.
RECEIPT_FILTERS: Mapping[str, str] = {
    **{field: kind for field, kind in SALES_FILTERS.items() if field != "DueDate"},
    **dict.fromkeys(("Balance", "TotalAmt"), "number"),
}
#: What the references of a form name.
_TARGETS = {
    "DepartmentRef": "Department",
    "ClassRef": "Class",
    "SalesTermRef": "Term",
    "PaymentMethodRef": "PaymentMethod",
    "DepositToAccountRef": "Account",
}

_VOIDED = "Voided"


def complete_sale(
    change: Change, entity: str, record: Record, old: Record | None, *, anonymous: bool = False
) -> Record:
    """Fill and check all that does not depend on the kind of form; raises Fault.

    An `anonymous` form may have no customer.
    """
    nobody = anonymous and not record.get("CustomerRef")
    customer = {} if nobody else customer_of(change, record, old)
    record = _with_references(change, record, old)
    record = {**_defaults(change, customer if old is None else {}), **record}
    if not nobody:
        record["CustomerRef"] = named(customer)
    record = with_currency(change, record, old, customer)
    if old and "DeliveryInfo" in old:
        record["DeliveryInfo"] = old["DeliveryInfo"]
    record = _with_number(change, entity, record, old)
    record["Line"] = complete_lines(change, net_lines(change, with_items(change, record)), old)
    record["TxnTaxDetail"] = _tax(change, record, old, customer)
    record["TotalAmt"] = _total(record)
    if record["EmailStatus"] == "NeedToSend" and not record.get("BillEmail"):
        raise Fault("6420", "BillEmail is required when EmailStatus is NeedToSend.")
    return record


def voided_sale(record: Record) -> Record:
    """A sales form after its void: all amounts and quantities are 0."""
    zero = Decimal("0.00")
    return {
        **record,
        "Line": emptied(record["Line"]),
        "TxnTaxDetail": {"TotalTax": zero},
        "TotalAmt": zero,
        "Balance": zero,
        "LinkedTxn": [],
        "PrivateNote": voided_note(record),
    }


def voided_note(record: Record) -> str:
    """The private note of a voided record; one that is voided already says so once."""
    note = record.get("PrivateNote") or ""
    if note == _VOIDED or note.startswith(f"{_VOIDED} - "):
        return str(note)
    return " - ".join(part for part in (_VOIDED, note) if part)


def _tax(change: Change, record: Record, old: Record | None, customer: Record) -> Record:
    """The TxnTaxDetail; GlobalTaxCalculation is filled abroad and means nothing in the US."""
    if abroad(change):
        detail = tax_abroad(change, record, old)
        record.setdefault("GlobalTaxCalculation", "TaxExcluded")
        return detail
    record.pop("GlobalTaxCalculation", None)
    return us_tax(change, record, old, customer)


def customer_of(change: Change, record: Record, old: Record | None) -> Record:
    """The customer; raises Fault 2020, 2500 or 610, and 6250 for a vendor or employee [U]."""
    if not record.get("CustomerRef"):
        raise missing("CustomerRef")
    identity = record["CustomerRef"]["value"]
    others = (change.find(kind, identity) for kind in ("Vendor", "Employee"))
    if not change.find("Customer", identity) and any(others):
        raise Fault("6250", f"{identity} is no customer.", element="CustomerRef")
    return referred(change, "Customer", record["CustomerRef"], old, "CustomerRef")


def due_date(term: Record, txn_date: str) -> str:
    """The date a term leads to."""
    start = date.fromisoformat(txn_date)
    if term.get("DayOfMonthDue"):
        return _on_day(start, term["DayOfMonthDue"], term.get("DueNextMonthDays", 0)).isoformat()
    return (start + timedelta(days=int(term.get("DueDays", 0)))).isoformat()


def _on_day(start: date, wanted: int, near: int) -> date:
    """The next such day of a month; when it is `near` or closer, that of the month after."""
    month = start.replace(day=1)
    while True:
        following = (month + timedelta(days=32)).replace(day=1)
        found = min(month + timedelta(days=wanted - 1), following - timedelta(days=1))
        if found >= start + timedelta(days=near):
            return found
        month = following


def _defaults(change: Change, customer: Record) -> Record:
    """What a form has without being told; addresses only from the `customer` of a new one."""
    addresses = ((field, customer.get(field)) for field in ("BillAddr", "ShipAddr"))
    return {
        "TxnDate": change.today,
        "EmailStatus": "NotSet",
        "PrintStatus": "NeedToPrint",
        "ApplyTaxAfterDiscount": False,
        "FreeFormAddress": True,
        **{field: address for field, address in addresses if address},
    }


def _with_references(change: Change, record: Record, old: Record | None) -> Record:
    check_department(change, record)
    if record.get("ClassRef") and not change.books.preference(
        "AccountingInfoPrefs.ClassTrackingPerTxn"
    ):
        raise business("Class tracking by transaction is turned off.")
    return link_names(change, receivables_account(change, record, old), old, _TARGETS)


def _with_number(change: Change, entity: str, record: Record, old: Record | None) -> Record:
    """The document number: the client's, or the next one where the company numbers itself."""
    record = {**record}
    automatic = record.pop("AutoDocNumber", False)
    if record.get("DocNumber") == _AUTOMATIC and entity in _AUTOMATIC_IN:
        automatic = record.pop("DocNumber") == _AUTOMATIC
    own = not change.books.preference("SalesFormsPrefs.CustomTxnNumbers")
    if own and old is None and not change.switches.keep_sent_number:
        record.pop("DocNumber", None)
    if own and record.get("DocNumber") and not change.switches.check_sent_number:
        return record
    return with_number(change, entity, record, old, automatic=bool(own or automatic))


def with_number(
    change: Change, entity: str, record: Record, old: Record | None, *, automatic: bool
) -> Record:
    """The record with the number it has, else, where that is `automatic`, with the next one.

    Raises Fault 6140 as `check_number` does, but not for an automatic number: QuickBooks counts on
    past numbers that were sent, and then one can stand twice [C].
    """
    if record.get("DocNumber"):
        check_number(change, entity, record)
    elif automatic:
        number = (old or {}).get("DocNumber") or change.next_number(entity)
        return {**record, "DocNumber": number}
    return record


def check_number(
    change: Change, entity: str, record: Record, *, among: Iterable[str] | None = None
) -> None:
    """Raise Fault 6140 for a number that another record of this kind, or `among` ids, has."""
    if change.allow_duplicate:
        return
    number = record["DocNumber"]
    rivals = change.books.numbered(entity, number) - {record["Id"]}
    if among is not None:
        rivals &= set(among)
    if rivals:
        rival = min(rivals, key=lambda identity: (len(identity), identity))
        detail = (
            "Duplicate Document Number Error : You must specify a different number. This number"
            f" has already been used. DocNumber={number} is assigned to TxnType={entity}"
            f" with TxnId={rival}"
        )
        raise Fault("6140", detail)


def _total(record: Record) -> Decimal:
    lines = record["Line"]
    total = item_total(lines) - discount_total(lines) + record["TxnTaxDetail"]["TotalTax"]
    if total < 0:
        raise business("Transaction amount must be 0 or greater.")
    return money(total)
