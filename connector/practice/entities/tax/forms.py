"""The sales tax of a form: its table of fields, and what the rules of all countries share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connector.practice.books.change import Change
from connector.practice.entities.common.lines import discount_total, item_total
from connector.practice.entities.tax.tax_lists import Rate
from connector.practice.faults import business
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
    UseAutomatedSalesTax=flag,
    TaxReviewStatus=read_only(one_of("NON_AST_TAX", "AST_TAX_OVERRIDE")),
)
_NOTHING = Decimal("0.00")


def abroad(change: Change) -> bool:
    """Whether the company is not one of the United States, whose tax is unlike all others."""
    return str(change.books.info.get("Country", "US")) != "US"


def tax_is_on(change: Change) -> bool:
    """Whether the company charges sales tax."""
    return bool(change.books.preference("TaxPrefs.UsingSalesTax"))


def untaxed(change: Change, record: Record) -> Record:
    """The TxnTaxDetail where sales tax is off; raises Fault 6000 for one that was sent, by switch.

    Whether QuickBooks ignores or rejects it is unconfirmed.
    """
    sent = record.get("TxnTaxDetail") or {}
    if change.switches.tax_when_off == "refused" and (
        sent.get("TotalTax") or sent.get("TxnTaxCodeRef")
    ):
        raise business("Sales tax is turned off for this company.")
    return {"TotalTax": _NOTHING}


def before_tax(record: Record, amount: Decimal) -> Decimal:
    """The part of an amount that is taxed: a discount before tax takes off its share."""
    lines = record["Line"]
    total, discount = item_total(lines), discount_total(lines)
    if not record.get("ApplyTaxAfterDiscount") or not total:
        return amount
    return amount - amount * discount / total


def share(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount divided by weights, to the cent and with nothing lost; equally if all are 0."""
    parts = weights if any(weights) else [Decimal(1)] * len(weights)
    whole, given, found = sum(parts), _NOTHING, []
    reached = Decimal(0)
    for part in parts:
        reached += part
        until = money(amount * reached / whole)
        found.append(until - given)
        given = until
    return found


def override(change: Change, record: Record, old: Record | None) -> Decimal | None:
    """The total the client asks for, or None where the tax is to be computed."""
    detail = record.get("TxnTaxDetail") or {}
    if detail.get("TotalTax") is None or detail.get("UseAutomatedSalesTax"):
        return None
    if _left_over(record, old):
        return None
    honoured = {
        "sent": True,
        "with_code": bool(detail.get("TxnTaxCodeRef")),
        "on_update": old is not None,
        "never": False,
    }[change.switches.tax_override]
    return money(detail["TotalTax"]) if honoured else None


def tax_line(rate: Rate, amount: Decimal, base: Decimal) -> Record:
    """What one rate comes to on the taxable amount `base`."""
    detail = {
        "TaxRateRef": {"value": rate.identity},
        "PercentBased": True,
        "TaxPercent": rate.percent,
        "NetAmountTaxable": money(base),
    }
    return {"Amount": amount, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}


def _left_over(record: Record, old: Record | None) -> bool:
    """Whether the tax was kept by a sparse update that changes what is taxed."""
    if old is None or record["TxnTaxDetail"] is not old.get("TxnTaxDetail"):
        return False
    return _taxed_by(record) != _taxed_by(old)


def _taxed_by(record: Record) -> list[Any]:
    """What the tax of a form depends on: ids and amounts, not names and words."""
    lines = [_taxed_line(line) for line in record["Line"] if "Amount" in line]
    ways = ("GlobalTaxCalculation", "ApplyTaxAfterDiscount")
    return [lines, _id(record, "CustomerRef"), *(record.get(field) for field in ways)]


def _taxed_line(line: Record) -> list[Any]:
    kind = line["DetailType"]
    detail = line.get(kind) or {}
    ids = (_id(detail, field) for field in ("ItemRef", "TaxCodeRef", "TaxClassificationRef"))
    return [kind, line["Amount"], detail.get("TaxInclusiveAmt"), *ids]


def _id(record: Record, field: str) -> str:
    return str((record.get(field) or {}).get("value", ""))
