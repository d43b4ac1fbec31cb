"""Items: what is sold, and the account its revenue goes to."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.books.ledger import move
from connector.practice.books.stock import on_hand
from connector.practice.entities.common.kind import COMMON, Entity, link_names
from connector.practice.entities.common.naming import settle_name
from connector.practice.entities.common.parts import CUSTOM_EXTENSIONS, UNIT
from connector.practice.entities.common.stock import opening_postings
from connector.practice.entities.currency.transactions import check_account
from connector.practice.faults import Fault, business
from connector.practice.shape import (
    Record,
    alike,
    day,
    flag,
    many,
    name,
    number,
    obj,
    one_of,
    read_only,
    reference,
    required,
    text,
    whole,
)

_INVENTORY_NEEDS = (
    "IncomeAccountRef",
    "AssetAccountRef",
    "ExpenseAccountRef",
    "TrackQtyOnHand",
    "QtyOnHand",
    "InvStartDate",
)
_ACCOUNTS = ("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef")


def _item(change: Change, record: Record, old: Record | None) -> Record:
    required(record, "Name")
    if record.get("Type") == "Category":
        record = {key: value for key, value in record.items() if key not in _ACCOUNTS}
    record = {**record, "Type": record.get("Type") or (old or {}).get("Type") or "Service"}
    _check_needs(record)
    targets = {**dict.fromkeys(_ACCOUNTS, "Account"), "ParentRef": "Item", "ClassRef": "Class"}
    record = link_names(change, record, old, targets)
    _check_income(change, record)
    record = _stocked(change, record, old)
    if old is not None:
        _repoint(change, record, old)
    record = settle_name(change, "Item", record, old, field="Name")
    return {
        "UnitPrice": Decimal(0),
        "Taxable": False,
        "TrackQtyOnHand": False,
        **record,
        "SubItem": bool(record.get("ParentRef")),
    }


def _check_needs(record: Record) -> None:
    if record["Type"] == "Inventory":
        required(record, *_INVENTORY_NEEDS)
        if not record["TrackQtyOnHand"]:
            raise business("An inventory item tracks its quantity on hand.")
    elif record["Type"] != "Category" and not any(record.get(field) for field in _ACCOUNTS[:2]):
        detail = (
            "Required parameter ExpenseAccountRef or IncomeAccountRef is missing in the request"
        )
        raise Fault("2020", detail, element="IncomeAccountRef")


def _stocked(change: Change, record: Record, old: Record | None) -> Record:
    """The item with the quantity it began with as QtyOnHand; raises Fault 6000, 6210 or 6430.

    A quantity that is sent is one that there should be now; what QuickBooks does with it after
    the item was made is not known for sure.
    """
    if record["Type"] != "Inventory":
        if old and old["Type"] == "Inventory":
            raise business("The type of an inventory item cannot be changed.")
        return record
    check_account(change, record, "AssetAccountRef", "Other Current Asset")
    check_account(change, record, "ExpenseAccountRef", "Cost of Goods Sold")
    before = old.get("QtyOnHand") if old and old["Type"] == "Inventory" else None
    if record["QtyOnHand"] is before:
        return record
    change.check_open(record["InvStartDate"])
    if before is None:
        return record
    wanted = record["QtyOnHand"] - on_hand(change.books.store, record["Id"])
    step = wanted if change.switches.update_adjusts_quantity else 0
    return {**record, "QtyOnHand": before + step}


def _repoint(change: Change, record: Record, old: Record) -> None:
    """Let past sales follow the income account, where the switch says that they do."""
    before, now = ((one.get("IncomeAccountRef") or {}).get("value") for one in (old, record))
    if change.switches.repointed_item_moves_past and before and now and before != now:
        change.afterwards(lambda store: move(store, record["Id"], before, now))


def _show(books: Books, item: Record) -> Record:
    """The quantity that there is now, in place of the one it began with."""
    if item.get("Type") != "Inventory":
        return item
    return {**item, "QtyOnHand": on_hand(books.store, item["Id"])}


def _check_income(change: Change, record: Record) -> None:
    if not record.get("IncomeAccountRef"):
        return
    allowed = {"Income", "Other Income"}
    if change.switches.item_on_liability:
        allowed.add("Other Current Liability")
    account = change.find("Account", record["IncomeAccountRef"]["value"]) or {}
    if account.get("AccountType") not in allowed:
        raise Fault("6430", f"Invalid account type: {account.get('AccountType')}")


_COMPONENTS = many(obj(ItemRef=reference, Qty=number, UOMRef=UNIT))
ITEM = Entity(
    name="Item",
    fields={
        **COMMON,
        "Name": name(100),
        "Sku": text(100),
        "Description": text(4000),
        "Active": flag,
        "SubItem": flag,
        "ParentRef": reference,
        "Level": read_only(whole),
        "FullyQualifiedName": read_only(text()),
        "Taxable": flag,
        "SalesTaxIncluded": flag,
        "UnitPrice": number,
        "Type": one_of("Service", "NonInventory", "Inventory", "Category"),
        "IncomeAccountRef": reference,
        "ExpenseAccountRef": reference,
        "AssetAccountRef": reference,
        "PurchaseDesc": text(1000),
        "PurchaseCost": number,
        "TrackQtyOnHand": flag,
        "QtyOnHand": number,
        "InvStartDate": day,
        "SalesTaxCodeRef": reference,
        **alike(reference, "ClassRef", "COGSAccountRef", "PrefVendorRef", "PurchaseTaxCodeRef"),
        **alike(reference, "PaymentMethodRef", "DepositToAccountRef", "UOMSetRef"),
        "TaxClassificationRef": reference,
        **alike(number, "RatePercent", "ReorderPoint", "BuildPoint"),
        **alike(number, "AbatementRate", "ReverseChargeRate"),
        **alike(flag, "PercentBased", "PurchaseTaxIncluded", "PrintGroupedItems"),
        "DeferredRevenue": flag,
        **alike(text(100), "ManPartNum", "ServiceType", "ItemCategoryType", "Source"),
        **alike(text(100), "UQCDisplayText", "UQCId"),
        "ItemGroupDetail": obj(ItemGroupLine=_COMPONENTS),
        "ItemAssemblyDetail": obj(ItemAssemblyLine=_COMPONENTS),
        "CustomExtensions": CUSTOM_EXTENSIONS,
        **alike(read_only(number), "AvgCost", "QtyOnPurchaseOrder", "QtyOnSalesOrder"),
        "SpecialItem": read_only(flag),
        "SpecialItemType": read_only(
            one_of("FinanceCharge", "ReimbursableExpenseGroup", "ReimbursableExpenseSubtotal")
        ),
    },
    filters={
        "Name": "text",
        "Type": "text",
        "Active": "flag",
        "FullyQualifiedName": "text",
        "SubItem": "flag",
        "Taxable": "flag",
        "Sku": "text",
    },
    complete=_item,
    present=_show,
    post=opening_postings,
)
