"""The lines of what is bought: expenses of accounts and of items, and what they post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.kind import CUSTOM_FIELDS, link_names, named
from connector.practice.entities.common.lines import (
    LINKED,
    class_of,
    known_ids,
    line_amount,
    numbered,
    tax_code_of,
)
from connector.practice.entities.common.parts import (
    CUSTOM_EXTENSIONS,
    LINE_EX,
    MARKUP,
    UNIT,
    detailed,
)
from connector.practice.entities.common.posting import customer_key, reversed_postings, tax_postings
from connector.practice.entities.common.stock import bought
from connector.practice.entities.common.system import system_account
from connector.practice.entities.tax.abroad import BOUGHT, net_lines, tax_abroad
from connector.practice.entities.tax.forms import abroad
from connector.practice.faults import business, missing
from connector.practice.shape import (
    Record,
    alike,
    day,
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

ACCOUNT_LINE, ITEM_LINE = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
TEXT_LINE = "DescriptionOnly"
BILLABLE = one_of("Billable", "NotBillable", "HasBeenBilled")
#: What any line has beside its own detail.
LINE_HEAD = {
    "Id": text(50),
    "LineNum": positive,
    "Description": text(4000),
    "Amount": number,
    "LinkedTxn": LINKED,
    "LineEx": read_only(LINE_EX),
    "CustomField": read_only(CUSTOM_FIELDS),
    "Received": number,
    "ProjectRef": reference,
    "CostAmount": number,
    "HomeCostAmount": read_only(number),
    "CustomExtensions": CUSTOM_EXTENSIONS,
}
_ACCOUNT_DETAIL = obj(
    **alike(reference, "AccountRef", "CustomerRef", "ClassRef", "TaxCodeRef"),
    BillableStatus=BILLABLE,
    MarkupInfo=MARKUP,
    **alike(number, "TaxAmount", "TaxInclusiveAmt"),
)
_ITEM_DETAIL = obj(
    **alike(reference, "ItemRef", "CustomerRef", "ClassRef", "TaxCodeRef", "PriceLevelRef"),
    **alike(reference, "TaxClassificationRef", "InventorySiteRef"),
    ItemAccountRef=read_only(reference),
    **alike(number, "UnitPrice", "Qty", "UnitCostPrice", "RatePercent", "TaxInclusiveAmt"),
    BillableStatus=BILLABLE,
    MarkupInfo=MARKUP,
    UOMRef=UNIT,
)
EXPENSE_LINES = many(
    detailed(
        obj(
            **LINE_HEAD,
            DetailType=one_of(ACCOUNT_LINE, ITEM_LINE, TEXT_LINE),
            AccountBasedExpenseLineDetail=_ACCOUNT_DETAIL,
            ItemBasedExpenseLineDetail=_ITEM_DETAIL,
            DescriptionLineDetail=obj(ServiceDate=day, TaxCodeRef=reference),
        )
    )
)


def complete_expenses(change: Change, record: Record, old: Record | None) -> Record:
    """The form with its lines as stored, its tax and its total; raises Fault.

    In the United States what is bought is taxed in the price or not at all, elsewhere by the
    purchase rates of each line's code.
    """
    record = net_lines(change, record, BOUGHT)
    record["Line"] = _lines(change, record, old)
    kept = {key: value for key, value in record.items() if key != "TxnTaxDetail"}
    total = sum((line["Amount"] for line in record["Line"] if "Amount" in line), Decimal("0.00"))
    if abroad(change):
        detail = tax_abroad(change, record, old, BOUGHT)
        kept = {"GlobalTaxCalculation": "TaxExcluded", **kept, "TxnTaxDetail": detail}
        total += detail["TotalTax"]
    if total < 0:
        raise business("Transaction amount must be 0 or greater.")
    return {**kept, "TotalAmt": total}


def _lines(change: Change, record: Record, old: Record | None) -> list[Record]:
    """The lines: checked, named, numbered; raises Fault 2020 when there is none."""
    known = known_ids(old)
    found = [_line(change, line, known) for line in record.get("Line") or ()]
    if not found:
        raise missing("Line")
    return numbered(found, old)


def expense_postings(change: Change, record: Record, name: str) -> list[Posting]:
    """Lines and tax as debits, in the ledger's `name`; together the total of the record."""
    taxes = reversed_postings(list(tax_postings(change, record)))
    found = [*_postings(change, record, name), *(replace(one, name=name) for one in taxes)]
    rest = money(record.get("TotalAmt", 0)) - sum((one.amount for one in found), Decimal(0))
    if rest:
        # Only in records that were put past the rules.
        account = system_account(change, "OpeningBalanceEquity")
        found.append(Posting(account=account, amount=rest, part="other", name=name))
    return found


def item_account(change: Change, item: Record) -> Record:
    """The account that buying an item goes to; raises Fault 6000 for one that is not bought."""
    field = "AssetAccountRef" if item["Type"] == "Inventory" else "ExpenseAccountRef"
    ref = item.get(field)
    if not ref:
        raise business(f"The item {item['Name']} has no expense account.")
    return named(change.refer("Account", ref["value"], known=(ref["value"],)))


def _line(change: Change, line: Record, known: frozenset[str]) -> Record:
    kind = line.get("DetailType")
    if not kind:
        raise missing("Line.DetailType")
    if kind == TEXT_LINE:
        return {key: value for key, value in line.items() if key != "Amount"}
    detail = line.get(kind) or {}
    if line.get("Amount") is None:
        raise missing("Line.Amount")
    complete = _item_detail if kind == ITEM_LINE else _account_detail
    amount = line_amount(change, line["Amount"], detail)
    return {**line, "Amount": amount, kind: _common(change, complete(change, detail, known), known)}


def _account_detail(change: Change, detail: Record, known: frozenset[str]) -> Record:
    if not detail.get("AccountRef"):
        raise missing(f"Line.{ACCOUNT_LINE}.AccountRef")
    account = change.refer("Account", detail["AccountRef"]["value"], known=known)
    return {**detail, "AccountRef": named(account)}


def _item_detail(change: Change, detail: Record, known: frozenset[str]) -> Record:
    if not detail.get("ItemRef"):
        raise missing(f"Line.{ITEM_LINE}.ItemRef")
    item = change.refer("Item", detail["ItemRef"]["value"], known=known)
    return {**detail, "ItemRef": named(item), "ItemAccountRef": item_account(change, item)}


def _common(change: Change, detail: Record, known: frozenset[str]) -> Record:
    """What both kinds of lines share: customer, class, tax code and whether it is billable."""
    code = (
        tax_code_of(change, detail, known) if abroad(change) else {"TaxCodeRef": {"value": "NON"}}
    )
    found = {"BillableStatus": "NotBillable", **code, **detail}
    if found["BillableStatus"] == "Billable" and not found.get("CustomerRef"):
        raise business("A billable expense needs a customer.")
    if found.get("ClassRef"):
        found["ClassRef"] = class_of(change, found["ClassRef"], known)
    before = {"CustomerRef": found.get("CustomerRef")} if _is_known(found, known) else None
    return link_names(change, found, before, {"CustomerRef": "Customer"})


def _code(change: Change, detail: Record, known: frozenset[str]) -> Record:
    """The line's tax code: in the United States NON where none is sent."""
    if abroad(change):
        return tax_code_of(change, detail, known)
    return {"TaxCodeRef": detail.get("TaxCodeRef") or {"value": "NON"}}


def _is_known(detail: Record, known: frozenset[str]) -> bool:
    return bool(detail.get("CustomerRef")) and detail["CustomerRef"]["value"] in known


def _postings(change: Change, record: Record, name: str) -> Iterator[Posting]:
    for line in record.get("Line", ()):
        detail = line.get(ACCOUNT_LINE) or line.get(ITEM_LINE)
        if not detail:
            continue
        account = detail.get("AccountRef") or detail.get("ItemAccountRef") or {}
        yield Posting(
            account=account.get("value") or system_account(change, "OpeningBalanceEquity"),
            amount=money(line["Amount"]),
            part="expense",
            stock=bought(change, line, detail),
            name=name,
            customer=customer_key(detail),
            item=(detail.get("ItemRef") or {}).get("value", ""),
            klass=(detail.get("ClassRef") or {}).get("value", ""),
            department=(record.get("DepartmentRef") or {}).get("value", ""),
            memo=line.get("Description", ""),
        )
