"""The tax agencies, rates and codes that a new company has, by its country."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from connector.practice.entities.tax.tax_lists import PURCHASE_RATES, SALES_RATES, rate_list
from connector.practice.shape import Record

#: (kind of record, record)
Put: TypeAlias = tuple[str, Record]
#: Code, its words, and its rates as (name, percent, number of the agency).
_Code: TypeAlias = tuple[str, str, tuple[tuple[str, str, int], ...]]

_GST, _HST = ("GST", "5", 1), ("HST ON", "13", 1)
_PST = ("PST BC", "7", 2)
#: Country: its agencies, its codes. An exempt code has no rate, a zero-rated one has 0.
_ABROAD: dict[str, tuple[tuple[str, ...], tuple[_Code, ...]]] = {
    "CA": (
        ("Canada Revenue Agency", "British Columbia Ministry of Finance"),
        (
            ("Exempt", "Exempt", ()),
            ("Zero-rated", "Zero-rated", (("Zero-rated", "0", 1),)),
            ("Out of Scope", "Out of scope", ()),
            ("GST", "GST 5%", (_GST,)),
            ("HST ON", "HST Ontario 13%", (_HST,)),
            ("GST/PST BC", "GST 5% and PST British Columbia 7%", (_GST, _PST)),
        ),
    ),
    "GB": (
        ("HM Revenue & Customs (VAT)",),
        (
            ("Exempt", "Exempt from VAT", ()),
            ("No VAT", "Out of scope", ()),
            ("20.0% S", "Standard rate", (("20.0% S", "20", 1),)),
            ("5.0% R", "Reduced rate", (("5.0% R", "5", 1),)),
            ("0.0% Z", "Zero rate", (("0.0% Z", "0", 1),)),
        ),
    ),
    "AU": (
        ("Australian Taxation Office",),
        (
            ("Out of Scope", "Out of scope", ()),
            ("GST", "GST 10%", (("GST", "10", 1),)),
            ("GST free", "GST free", (("GST free", "0", 1),)),
        ),
    ),
}
COUNTRIES = ("US", *_ABROAD)


def tax_lists(country: str) -> list[Put]:
    """Agencies, rates and codes of a country; the United States have those of Idaho."""
    if country == "US":
        return us_tax_lists()
    agencies, codes = _ABROAD[country]
    found: list[Put] = [
        ("TaxAgency", _agency(str(number), name)) for number, name in enumerate(agencies, 1)
    ]
    rates: dict[str, Record] = {}
    for identity, (name, words, parts) in enumerate(codes, 2):
        lists = (SALES_RATES, ""), (PURCHASE_RATES, " (Purchases)")
        code = {"Id": str(identity), "Name": name, "Description": words, "Taxable": bool(parts)}
        for field, suffix in lists:
            known = [_rate(rates, (part[0] + suffix, *part[1:]), agencies) for part in parts]
            code[field] = rate_list(*known)
        found.append(("TaxCode", {**code, "TaxGroup": True}))
    return [*found, *(("TaxRate", rate) for rate in rates.values())]


def us_tax_lists() -> list[Put]:
    """The codes TAX and NON of every company in the United States, and a group for Idaho."""
    agency = "Idaho State Tax Commission"
    rate = _rate({}, ("Idaho", "6", 1), (agency,))
    codes = (("TAX", "TAX", True), ("NON", "NON", False))
    group = {"Id": "2", "Name": "Idaho", "Description": "Idaho", "Taxable": True, "TaxGroup": True}
    return [
        ("TaxAgency", _agency("1", agency)),
        ("TaxRate", rate),
        *(
            ("TaxCode", {"Id": identity, "Name": name, "Taxable": taxable, "TaxGroup": False})
            for identity, name, taxable in codes
        ),
        ("TaxCode", {**group, SALES_RATES: rate_list(rate), PURCHASE_RATES: rate_list()}),
    ]


def _agency(identity: str, name: str) -> Record:
    return {
        "Id": identity,
        "DisplayName": name,
        "TaxTrackedOnSales": True,
        "TaxTrackedOnPurchases": True,
    }


def _rate(known: dict[str, Record], part: tuple[str, str, int], agencies: Sequence[str]) -> Record:
    """The rate of this name, added to those that are known."""
    name, percent, number = part
    made = {
        "Id": str(len(known) + 1),
        "Name": name,
        "Description": name,
        "RateValue": Decimal(percent),
        "AgencyRef": {"value": str(number), "name": agencies[number - 1]},
        "SpecialTaxType": "NONE" if Decimal(percent) else "ZERO_RATE",
        "DisplayType": "ReadOnly",
    }
    return known.setdefault(name, made)
