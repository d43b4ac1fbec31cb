"""The lines of a sales form: what they may hold, what they come to, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import CUSTOM_FIELDS, named
from connector.practice.entities.common.parts import (
    CUSTOM_EXTENSIONS,
    LINE_EX,
    MARKUP,
    UNIT,
    detailed,
)
from connector.practice.entities.common.system import shipping_account
from connector.practice.faults import Fault, business, inactive, missing
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    many,
    money,
    number,
    obj,
    one_of,
    positive,
    read_only,
    reference,
    text,
)

ITEM_LINE, DISCOUNT_LINE = "SalesItemLineDetail", "DiscountLineDetail"
TEXT_LINE, SUBTOTAL_LINE = "DescriptionOnly", "SubTotalLineDetail"

#: What ItemRef says of a line for shipping [C]: it is no item that could be read.
SHIPPING = "SHIPPING_ITEM_ID"

LINKED = many(obj(TxnId=text(50), TxnType=text(30), TxnLineId=text(50)))
#: Of a payment: what each line pays or uses.
PAYING_LINES = many(
    obj(
        Id=read_only(text(50)),
        LineNum=positive,
        Amount=number,
        LinkedTxn=LINKED,
        LineEx=read_only(LINE_EX),
    )
)
LINES = many(
    detailed(
        obj(
            Id=text(50),
            LineNum=positive,
            Description=text(4000),
            Amount=number,
            LinkedTxn=LINKED,
            DetailType=one_of(ITEM_LINE, DISCOUNT_LINE, TEXT_LINE, SUBTOTAL_LINE),
            SalesItemLineDetail=obj(
                ItemRef=reference,
                ClassRef=reference,
                UnitPrice=number,
                Qty=number,
                ItemAccountRef=read_only(reference),
                TaxCodeRef=reference,
                TaxClassificationRef=reference,
                ServiceDate=day,
                **alike(number, "UnitCostPrice", "RatePercent", "TaxInclusiveAmt"),
                **alike(number, "DiscountRate", "DiscountAmt", "RetainageAmount"),
                **alike(reference, "PriceLevelRef", "InventorySiteRef"),
                MarkupInfo=MARKUP,
                UOMRef=UNIT,
                DeferredRevenue=flag,
            ),
            DiscountLineDetail=obj(
                DiscountRef=reference,
                PercentBased=flag,
                DiscountPercent=number,
                DiscountAccountRef=reference,
                ClassRef=reference,
                TaxCodeRef=reference,
                ServiceDate=day,
            ),
            DescriptionLineDetail=obj(ServiceDate=day, TaxCodeRef=reference),
            SubTotalLineDetail=obj(ItemRef=reference, ServiceDate=day),
            LineEx=read_only(LINE_EX),
            CustomField=read_only(CUSTOM_FIELDS),
            Received=number,
            ProjectRef=reference,
            CostAmount=number,
            HomeCostAmount=read_only(number),
            CustomExtensions=CUSTOM_EXTENSIONS,
        )
    )
)


def with_items(change: Change, record: Record) -> Record:
    """The form with the company's default item in lines that name none, by switch."""
    default = change.books.preference("SalesFormsPrefs.DefaultItem")
    if change.switches.line_without_item == "text" or not default:
        return record
    lines = [
        {**line, ITEM_LINE: {"ItemRef": default, **(line.get(ITEM_LINE) or {})}}
        if _is(line, ITEM_LINE)
        else line
        for line in record.get("Line") or ()
    ]
    return {**record, "Line": lines}


def complete_lines(change: Change, record: Record, old: Record | None) -> list[Record]:
    """The lines as stored: checked, numbered, with a subtotal, the discount last."""
    sent = [line for line in record.get("Line") or () if line.get("DetailType") != SUBTOTAL_LINE]
    known = known_ids(old)
    body = [_line(change, line, known) for line in sent if not _is(line, DISCOUNT_LINE)]
    if not any(_is(line, ITEM_LINE) or _is(line, TEXT_LINE) for line in body):
        raise missing("Line")
    subtotal = item_total(body)
    discounts = [
        _discount(change, line, subtotal, known) for line in sent if _is(line, DISCOUNT_LINE)
    ]
    if len(discounts) > 1:
        raise business("A transaction can have one discount line.")
    last: Record = {"Amount": subtotal, "DetailType": SUBTOTAL_LINE, "SubTotalLineDetail": {}}
    return [*numbered(body, old), last, *discounts]


def item_total(lines: list[Record]) -> Decimal:
    """What the item lines come to."""
    return sum((line["Amount"] for line in lines if _is(line, ITEM_LINE)), Decimal("0.00"))


def discount_total(lines: list[Record]) -> Decimal:
    """What the discount line takes off, a positive amount."""
    return sum((line["Amount"] for line in lines if _is(line, DISCOUNT_LINE)), Decimal("0.00"))


def taxable_total(lines: list[Record]) -> Decimal:
    """What the lines marked TAX come to, before any discount."""
    taxed = (line for line in lines if _is(line, ITEM_LINE) and _code(line) == "TAX")
    return sum((line["Amount"] for line in taxed), Decimal("0.00"))


def emptied(lines: list[Record]) -> list[Record]:
    """The lines of a voided form: amounts and quantities are 0."""
    return [_emptied(line) for line in lines]


def _emptied(line: Record) -> Record:
    detail = line.get(ITEM_LINE)
    shown = {**line, "Amount": Decimal(0)} if "Amount" in line else {**line}
    if detail and "Qty" in detail:
        shown[ITEM_LINE] = {**detail, "Qty": Decimal(0)}
    return shown


def _is(line: Mapping[str, Any], kind: str) -> bool:
    return line.get("DetailType") == kind


def _code(line: Record) -> str:
    return str(line[ITEM_LINE].get("TaxCodeRef", {}).get("value", "NON"))


def known_ids(old: Record | None) -> frozenset[str]:
    """Ids of all that the old lines refer to; those may have become inactive since."""
    found: set[str] = set()
    for line in (old or {}).get("Line", ()):
        for detail in (line[key] for key in line if key.endswith("LineDetail")):
            parts = (part for part in detail.values() if isinstance(part, dict))
            found.update(part["value"] for part in parts if "value" in part)
    return frozenset(found)


def _line(change: Change, line: Record, known: frozenset[str]) -> Record:
    if not line.get("DetailType"):
        raise missing("Line.DetailType")
    if not _is(line, ITEM_LINE):
        return {key: value for key, value in line.items() if key != "Amount"}
    detail = line.get(ITEM_LINE) or {}
    if line.get("Amount") is None:
        raise missing("Line.Amount")
    if not detail.get("ItemRef"):
        return _documentation(line)
    amount = line_amount(change, line["Amount"], detail)
    return {**line, "Amount": amount, ITEM_LINE: _item_detail(change, detail, known)}


def _documentation(line: Record) -> Record:
    """A line that names no item counts as text; its amount is ignored."""
    words = line.get("Description", "")
    return {"Description": words, "DetailType": TEXT_LINE, "DescriptionLineDetail": {}}


def line_amount(change: Change, sent: Decimal, detail: Record) -> Decimal:
    """The amount of a line; raises Fault 6070 where it is not UnitPrice times Qty."""
    amount = money(sent)
    if amount < 0 and not change.switches.negative_lines:
        raise Fault("2290", "Negative amounts are not allowed on this line.")
    # A line whose price includes tax was checked before the tax was taken out of it.
    inclusive = detail.get("TaxInclusiveAmt") is not None
    if inclusive or detail.get("Qty") is None or detail.get("UnitPrice") is None:
        return amount
    product = money(detail["Qty"] * detail["UnitPrice"])
    if product != amount:
        said = f"Amount {amount} is not equal to UnitPrice * Qty {product}"
        raise Fault("6070", f"Amount calculation incorrect in the request: {said}")
    return amount


def _item_detail(change: Change, detail: Record, known: frozenset[str]) -> Record:
    if detail["ItemRef"]["value"] == SHIPPING:
        return {**detail, **_shipping(change), **tax_code_of(change, detail, known)}
    item = change.refer("Item", detail["ItemRef"]["value"], known=known)
    if item.get("Type") == "Category":
        raise business(f"{item['Name']} is a category; it cannot be sold.")
    found = {**detail, "ItemRef": named(item), **tax_code_of(change, detail, known)}
    account = _account_of(change, item, known)
    if account:
        found["ItemAccountRef"] = named(account)
    if detail.get("ClassRef"):
        found["ClassRef"] = class_of(change, detail["ClassRef"], known)
    return found


def _shipping(change: Change) -> Record:
    """What a line for shipping sells; raises Fault 6000 where there is none."""
    if not change.books.preference("SalesFormsPrefs.AllowShipping"):
        raise business("Shipping on sales forms is turned off.")
    account = change.books.preference("SalesFormsPrefs.DefaultShippingAccount")
    identity = str(account) if account else shipping_account(change)
    return {
        "ItemRef": {"value": SHIPPING},
        "ItemAccountRef": named(change.refer("Account", identity)),
    }


def tax_code_of(change: Change, detail: Record, known: frozenset[str]) -> Record:
    """The line's code: in the United States TAX or NON, elsewhere one of the company's codes."""
    sent = (detail.get("TaxCodeRef") or {}).get("value")
    if change.books.info.get("Country", "US") == "US":
        code = sent or "NON"
        if code not in ("TAX", "NON"):
            raise Fault("6100", f"Invalid tax code {code}: a line is TAX or NON.")
        return {"TaxCodeRef": {"value": code}}
    if sent is None:
        return {}
    return {"TaxCodeRef": {"value": change.refer("TaxCode", sent, known=known)["Id"]}}


def _account_of(change: Change, item: Record, known: frozenset[str]) -> Record | None:
    if not item.get("IncomeAccountRef"):
        return None
    account = change.find("Account", item["IncomeAccountRef"]["value"])
    if account and account.get("Active") is False and item["Id"] not in known:
        raise inactive(f"Account {account['Id']}", change.switches.inactive_code)
    return account


def class_of(change: Change, ref: Record, known: frozenset[str]) -> Record:
    """A line's class; raises Fault 6000 where lines have none."""
    if not change.books.preference("AccountingInfoPrefs.ClassTrackingPerTxnLine"):
        raise business("Class tracking by line is turned off.")
    return named(change.refer("Class", ref["value"], known=known))


def _discount(change: Change, line: Record, subtotal: Decimal, known: frozenset[str]) -> Record:
    if not change.books.preference("SalesFormsPrefs.AllowDiscount"):
        raise business("Discounts are turned off.")
    detail = {"PercentBased": False, **(line.get(DISCOUNT_LINE) or {})}
    if detail["PercentBased"]:
        amount = money(subtotal * detail.get("DiscountPercent", Decimal(0)) / 100)
    elif line.get("Amount") is None:
        raise missing("Line.Amount")
    else:
        amount = money(line["Amount"])
    default = change.books.preference("SalesFormsPrefs.DefaultDiscountAccount")
    account = (detail.get("DiscountAccountRef") or {}).get("value") or default
    if account:
        detail["DiscountAccountRef"] = named(change.refer("Account", str(account), known=known))
    return {"Amount": amount, "DetailType": DISCOUNT_LINE, DISCOUNT_LINE: detail}


def numbered(lines: list[Record], old: Record | None, *, first: int = 1) -> list[Record]:
    """Lines with Id and LineNum: the first with an id of before keeps it, others get a new one."""
    before = {line["Id"] for line in (old or {}).get("Line", ()) if "Id" in line}
    following = max((int(identity) for identity in before if identity.isdigit()), default=first - 1)
    found = []
    for position, line in enumerate(lines, 1):
        identity = line.get("Id")
        if identity in before:
            before.remove(identity)
        else:
            following += 1
            identity = str(following)
        place = {"Id": identity, "LineNum": position}
        found.append({**place, **line, **place})
    return found
