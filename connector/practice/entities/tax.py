"""US sales tax of a sales form: computed, or the client's total where that is honoured."""

from __future__ import annotations

from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.entities.lines import discount_total, item_total, taxable_total
from connector.practice.shape import (
    Record,
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

TAX_LINE = obj(
    Id=text(),
    LineNum=positive,
    Description=text(),
    Amount=number,
    DetailType=one_of("TaxLineDetail"),
    TaxLineDetail=obj(
        TaxRateRef=reference,
        PercentBased=flag,
        TaxPercent=number,
        NetAmountTaxable=number,
        TaxInclusiveAmount=number,
        OverrideDeltaAmount=number,
        ServiceDate=day,
    ),
)
TAX_DETAIL = obj(
    TxnTaxCodeRef=reference,
    DefaultTaxCodeRef=reference,
    TotalTax=number,
    TaxLine=read_only(many(TAX_LINE)),
    UseAutomatedSalesTax=read_only(flag),
    TaxReviewStatus=read_only(one_of("NON_AST_TAX", "AST_TAX_OVERRIDE")),
)


def tax_detail(change: Change, record: Record, old: Record | None, customer: Record) -> Record:
    """The TxnTaxDetail of a form whose lines are complete."""
    if not change.books.preference("TaxPrefs.UsingSalesTax"):
        return {"TotalTax": Decimal("0.00")}
    base = _taxed(record) if customer.get("Taxable", True) else Decimal("0.00")
    sent = _override(change, record, old)
    rate = Decimal(change.switches.tax_rate)
    tax = money(base * rate / 100) if sent is None else sent
    detail: Record = {"TotalTax": tax}
    code = (record.get("TxnTaxDetail") or {}).get("TxnTaxCodeRef")
    if code:
        detail["TxnTaxCodeRef"] = code
    if tax:
        detail["TaxLine"] = [_tax_line(tax, rate, base)]
    return detail


def _taxed(record: Record) -> Decimal:
    """The amount that is taxed; a discount before tax is spread over all lines in proportion."""
    lines = record["Line"]
    taxable, total, discount = taxable_total(lines), item_total(lines), discount_total(lines)
    if not record.get("ApplyTaxAfterDiscount") or not total:
        return taxable
    return taxable - taxable * discount / total


def _override(change: Change, record: Record, old: Record | None) -> Decimal | None:
    """The total the client asks for, or None where the tax is to be computed."""
    detail = record.get("TxnTaxDetail") or {}
    if detail.get("TotalTax") is None or _left_over(record, old):
        return None
    honoured = {
        "sent": True,
        "with_code": bool(detail.get("TxnTaxCodeRef")),
        "on_update": old is not None,
        "never": False,
    }[change.switches.tax_override]
    return money(detail["TotalTax"]) if honoured else None


def _left_over(record: Record, old: Record | None) -> bool:
    """Whether the tax was kept by a sparse update that sends other lines."""
    if old is None or record["TxnTaxDetail"] is not old.get("TxnTaxDetail"):
        return False
    keep = ("Id", "LineNum")
    shown = [
        [{key: value for key, value in line.items() if key not in keep} for line in one["Line"]]
        for one in (record, old)
    ]
    return shown[0] != shown[1]


def _tax_line(tax: Decimal, rate: Decimal, base: Decimal) -> Record:
    detail = {
        "TaxRateRef": {"value": "1"},
        "PercentBased": True,
        "TaxPercent": rate,
        "NetAmountTaxable": money(base),
    }
    return {"Amount": tax, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
