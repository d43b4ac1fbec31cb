"""Sales tax in the United States: lines are TAX or NON, and the form as a whole has its rates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connector.practice.books.change import Change
from connector.practice.entities.common.kind import referred
from connector.practice.entities.common.lines import taxable_total
from connector.practice.entities.tax.forms import before_tax, override, share, tax_line, untaxed
from connector.practice.entities.tax.tax_lists import Rate, rates_of
from connector.practice.shape import CENT, Record, money

_NOTHING = Decimal("0.00")
#: The rate that stands for what automated sales tax finds at an address.
_AUTOMATED = "1"


def us_tax(change: Change, record: Record, old: Record | None, customer: Record) -> Record:
    """The TxnTaxDetail of a form whose lines are complete; raises Fault 2500 or 6000."""
    if not change.books.preference("TaxPrefs.UsingSalesTax"):
        return untaxed(change, record)
    code = _code(change, record, old)
    automated = bool(change.books.preference("TaxPrefs.PartnerTaxEnabled"))
    rates = _automated(change) if automated else rates_of(change, code or {})
    exempt = not customer.get("Taxable", True)
    base = _NOTHING if exempt else before_tax(record, taxable_total(record["Line"]))
    wanted = override(change, record, old) if rates else None
    if wanted is not None and wanted != _total(old):
        wanted = _honoured(change, wanted)
    parts = _parts(change, rates, base, wanted)
    detail: Record = {"TotalTax": sum(parts, _NOTHING)}
    if code:
        detail["TxnTaxCodeRef"] = {"value": code["Id"]}
    if any(parts):
        detail["TaxLine"] = [
            tax_line(rate, part, base) for rate, part in zip(rates, parts, strict=True)
        ]
    return detail


def _code(change: Change, record: Record, old: Record | None) -> Record | None:
    """The code that is sent for the whole form; without automated sales tax it sets the rates."""
    ref = (record.get("TxnTaxDetail") or {}).get("TxnTaxCodeRef")
    before = (old or {}).get("TxnTaxDetail") or {}
    return referred(change, "TaxCode", ref, before, "TxnTaxCodeRef") if ref else None


def _automated(change: Change) -> tuple[Rate, ...]:
    return (Rate(identity=_AUTOMATED, percent=Decimal(change.switches.tax_rate)),)


def _parts(
    change: Change, rates: Sequence[Rate], base: Decimal, wanted: Decimal | None
) -> list[Decimal]:
    """What each rate comes to; a total that is honoured is divided in proportion to the rates."""
    percents = [rate.percent for rate in rates]
    if wanted is None:
        computed = [money(base * percent / 100) for percent in percents]
        total = sum(computed, _NOTHING)
        changed = _off(change, total)
        return computed if changed == total else share(changed, percents)
    return share(wanted, percents)


def _total(record: Record | None) -> Decimal | None:
    """The tax of a form as it stood, which a later save leaves as it is."""
    return ((record or {}).get("TxnTaxDetail") or {}).get("TotalTax")


def _honoured(change: Change, tax: Decimal) -> Decimal:
    """What becomes of a total that is sent and honoured."""
    return _off(change, tax) if change.switches.tax_off_when_honoured else tax


def _off(change: Change, tax: Decimal) -> Decimal:
    """The tax, by switch a cent away from it; no tax stays none."""
    by = {"no": _NOTHING, "higher": CENT, "lower": -CENT}[change.switches.tax_off_by_a_cent]
    return tax + by if tax else tax
