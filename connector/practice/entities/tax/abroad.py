"""Sales tax outside the United States: every line has a code, prices are with or without tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.entities.common.lines import ITEM_LINE, line_amount
from connector.practice.entities.tax.forms import (
    abroad,
    before_tax,
    override,
    share,
    tax_is_on,
    tax_line,
    untaxed,
)
from connector.practice.entities.tax.tax_lists import PURCHASE_RATES, SALES_RATES, Rate, rates_of
from connector.practice.faults import business, missing
from connector.practice.shape import Record, money

INCLUSIVE, NO_TAX = "TaxInclusive", "NotApplicable"
#: The words are captured (activepieces#8539).
_NO_CODE = "Make sure all your transactions have a GST/HST rate before you save."
_NOTHING = Decimal("0.00")
#: Enough digits for a price that times its quantity is the amount again.
_PRICE = Decimal("0.0000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """Which lines of a form are taxed, and by which rates of their codes."""

    #: DetailTypes.
    kinds: tuple[str, ...]
    rates: str


SOLD = Taxed(kinds=(ITEM_LINE,), rates=SALES_RATES)
BOUGHT = Taxed(
    kinds=("AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"), rates=PURCHASE_RATES
)


def net_lines(change: Change, record: Record, taxed: Taxed = SOLD) -> Record:
    """The form with what its lines come to without tax as Amount.

    Only prices that include tax are changed: TaxInclusiveAmt is then what a line comes to with
    its tax. Where only Amount is sent, whether it has the tax in it is disputed: a switch.
    """
    lines = record.get("Line") or ()
    if abroad(change) and tax_is_on(change) and record.get("GlobalTaxCalculation") == INCLUSIVE:
        return {**record, "Line": [_net(change, line, taxed) for line in lines]}
    return {**record, "Line": [_without_gross(line) for line in lines]}


def tax_abroad(change: Change, record: Record, old: Record | None, taxed: Taxed = SOLD) -> Record:
    """The TxnTaxDetail of a form whose lines are complete.

    Raises Fault 6000 where a line has no code, 2020 where GlobalTaxCalculation is missing.
    """
    if not tax_is_on(change):
        return untaxed(change, record)
    way = record.get("GlobalTaxCalculation")
    if way == NO_TAX:
        return {"TotalTax": _NOTHING}
    lines = [line for line in record["Line"] if line.get("DetailType") in taxed.kinds]
    if any(not detail_of(line).get("TaxCodeRef") for line in lines):
        raise business(_NO_CODE)
    if way is None and change.switches.tax_calculation_required:
        raise missing("GlobalTaxCalculation")
    rated = [(line, _rates(change, detail_of(line), taxed)) for line in lines]
    parts = _included(rated) if way == INCLUSIVE else _on_top(rated)
    parts = [
        replace(one, base=before_tax(record, one.base), tax=money(before_tax(record, one.tax)))
        for one in parts
    ]
    return _detail(parts, override(change, record, old))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one rate is applied to, and the tax that comes of it."""

    rate: Rate
    base: Decimal
    tax: Decimal


def _on_top(lines: Sequence[tuple[Record, tuple[Rate, ...]]]) -> list[_Part]:
    """Each rate on the sum of its lines."""
    found: dict[Rate, Decimal] = {}
    for line, rates in lines:
        for rate in rates:
            found[rate] = found.get(rate, _NOTHING) + line["Amount"]
    return [
        _Part(rate=rate, base=base, tax=base * rate.percent / 100) for rate, base in found.items()
    ]


def _included(lines: Sequence[tuple[Record, tuple[Rate, ...]]]) -> list[_Part]:
    """What the prices have in them, line by line, so that they stay what they are."""
    found: dict[Rate, _Part] = {}
    for line, rates in lines:
        inside = detail_of(line)["TaxInclusiveAmt"] - line["Amount"]
        for rate, tax in zip(rates, share(inside, _percents(rates)), strict=True):
            one = found.get(rate) or _Part(rate=rate, base=_NOTHING, tax=_NOTHING)
            found[rate] = replace(one, base=one.base + line["Amount"], tax=one.tax + tax)
    return list(found.values())


def _detail(parts: list[_Part], wanted: Decimal | None) -> Record:
    """The tax by rate; a total that is honoured is divided in proportion to the rates."""
    taxes = [one.tax for one in parts]
    if wanted is not None:
        if wanted and not parts:
            raise business("There is tax on this transaction, but no line has a tax rate.")
        taxes = share(wanted, _percents([one.rate for one in parts]))
    lines = []
    for one, tax in zip(parts, taxes, strict=True):
        line = tax_line(one.rate, tax, one.base)
        if tax != one.tax:
            line["TaxLineDetail"]["OverrideDeltaAmount"] = tax - one.tax
        lines.append(line)
    return {"TotalTax": sum(taxes, _NOTHING), **({"TaxLine": lines} if lines else {})}


def _net(change: Change, line: Record, taxed: Taxed) -> Record:
    """A line without its tax; what is not taxed, or wrong, is left to the other rules."""
    kind, detail = str(line.get("DetailType")), detail_of(line)
    code = (detail.get("TaxCodeRef") or {}).get("value", "")
    documentation = kind == ITEM_LINE and not detail.get("ItemRef")
    if line.get("Amount") is None or documentation or change.find("TaxCode", code) is None:
        return line
    percent = sum(_percents(_rates(change, detail, taxed)), Decimal(0))
    gross, net = _gross(change, line), None
    if gross is None:
        net = line_amount(change, line["Amount"], detail)
        gross = net + money(net * percent / 100)
    else:
        net = money(gross * 100 / (100 + percent))
    return {**line, "Amount": net, kind: _priced(detail, net, gross)}


def _gross(change: Change, line: Record) -> Decimal | None:
    """What a line comes to with its tax, or None where its Amount is without."""
    detail = detail_of(line)
    if detail.get("TaxInclusiveAmt") is not None:
        return money(detail["TaxInclusiveAmt"])
    if change.switches.inclusive_amounts == "gross":
        return line_amount(change, line["Amount"], detail)
    return None


def _priced(detail: Record, net: Decimal, gross: Decimal) -> Record:
    """The detail with its price without tax, so that price times quantity is the amount."""
    found = {**detail, "TaxInclusiveAmt": gross}
    if detail.get("Qty") and detail.get("UnitPrice") is not None:
        found["UnitPrice"] = (net / detail["Qty"]).quantize(_PRICE).normalize()
    return found


def _without_gross(line: Record) -> Record:
    detail = detail_of(line)
    if "TaxInclusiveAmt" not in detail:
        return line
    kept = {key: value for key, value in detail.items() if key != "TaxInclusiveAmt"}
    return {**line, line["DetailType"]: kept}


def detail_of(line: Record) -> Record:
    """The detail that a line's DetailType names, empty where there is none."""
    detail: Record = line.get(str(line.get("DetailType"))) or {}
    return detail


def _rates(change: Change, detail: Record, taxed: Taxed) -> tuple[Rate, ...]:
    code = change.find("TaxCode", detail["TaxCodeRef"]["value"]) or {}
    return rates_of(change, code, taxed.rates)


def _percents(rates: Sequence[Rate]) -> list[Decimal]:
    return [rate.percent for rate in rates]
