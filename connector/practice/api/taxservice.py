"""The tax service: one call makes a tax code together with the rates it is made of.

`POST /taxservice/taxcode` takes `TaxCode`, the name, and `TaxRateDetails`: rates that exist by
`TaxRateId`, new ones by `TaxRateName`, `RateValue` (percent) and `TaxAgencyId`. The answer is the
body with the ids. There is no update.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connector.practice.books.change import Change
from connector.practice.books.keys import folded
from connector.practice.entities.common.kind import COMMON, Entity
from connector.practice.entities.tax.tax_lists import (
    PURCHASE_RATES,
    SALES_RATES,
    TAX_CODE,
    TAX_RATE,
    rate_list,
)
from connector.practice.faults import Fault, business
from connector.practice.shape import (
    Fields,
    Record,
    clean,
    many,
    name,
    number,
    obj,
    one_of,
    read_only,
    required,
    text,
)

_DETAILS = many(
    obj(
        TaxRateName=name(100),
        TaxRateId=text(50),
        RateValue=number,
        TaxAgencyId=text(50),
        TaxApplicableOn=one_of("Sales", "Purchase", "Adjustment", "Other"),
    )
)
_FIELDS: Fields = {
    **{field: read_only(kind) for field, kind in COMMON.items()},
    "TaxCode": name(100),
    "TaxCodeId": read_only(text(50)),
    "TaxRateDetails": _DETAILS,
}
#: The list of the code that a rate goes to, by where it applies.
_LISTS = {"Sales": SALES_RATES, "Purchase": PURCHASE_RATES, "Adjustment": "AdjustmentTaxRateList"}


def made_tax_code(change: Change, body: Any) -> tuple[Record, str]:
    """The content of the answer, and the id of the new code.

    Raises Fault 2020 for what is missing, 6240 for a name that is taken, 2500 for an agency or a
    rate that does not exist, 6000 for a rate outside of 0 to 100 percent.
    """
    if not isinstance(body, dict):
        raise Fault("2010", "The request body must be a JSON object.")
    sent = clean(body, _FIELDS)
    required(sent, "TaxCode", "TaxRateDetails")
    identity = change.next_id("TaxCode")
    change.check_unique("TaxCode", sent["TaxCode"], identity)
    names = [folded(one.get("TaxRateName", "")) for one in sent["TaxRateDetails"]]
    if any(one and names.count(one) > 1 for one in names):
        raise Fault("6240", "The name supplied already exists. : null")
    rates: dict[str, list[Record]] = {SALES_RATES: [], PURCHASE_RATES: []}
    told = [_rate(change, detail, rates) for detail in sent["TaxRateDetails"]]
    code: Record = {
        "Id": identity,
        "Name": sent["TaxCode"],
        "Description": sent["TaxCode"],
        "Active": True,
        "Taxable": True,
        "TaxGroup": True,
        **{field: rate_list(*found) for field, found in rates.items()},
    }
    _put(change, TAX_CODE, code)
    change.apply()
    return {"TaxCode": sent["TaxCode"], "TaxCodeId": identity, "TaxRateDetails": told}, identity


def _rate(change: Change, detail: Record, rates: dict[str, list[Record]]) -> Record:
    """The rate of one detail, put into the list it belongs to, as the answer tells it."""
    on = detail.get("TaxApplicableOn", "Sales")
    known = detail.get("TaxRateId")
    rate = change.refer("TaxRate", known) if known else _new_rate(change, detail)
    rates.setdefault(_LISTS.get(on, SALES_RATES), []).append(rate)
    return {
        "TaxRateName": rate["Name"],
        "TaxRateId": rate["Id"],
        "RateValue": rate["RateValue"],
        "TaxAgencyId": rate["AgencyRef"]["value"],
        "TaxApplicableOn": on,
    }


def _new_rate(change: Change, detail: Record) -> Record:
    for field in ("TaxRateName", "RateValue", "TaxAgencyId"):
        required({f"TaxRateDetails.{field}": detail.get(field)}, f"TaxRateDetails.{field}")
    percent = Decimal(detail["RateValue"])
    if not 0 <= percent <= 100:
        raise business("A tax rate is between 0 and 100 percent.")
    agency = change.refer("TaxAgency", detail["TaxAgencyId"])
    identity = change.next_id("TaxRate")
    change.check_unique("TaxRate", detail["TaxRateName"], identity)
    rate: Record = {
        "Id": identity,
        "Name": detail["TaxRateName"],
        "Description": detail["TaxRateName"],
        "Active": True,
        "RateValue": percent,
        "AgencyRef": {"value": agency["Id"], "name": agency["DisplayName"]},
        "SpecialTaxType": "NONE" if percent else "ZERO_RATE",
        "DisplayType": "ReadOnly",
    }
    _put(change, TAX_RATE, rate)
    return rate


def _put(change: Change, entity: Entity, record: Record) -> None:
    meta = {"CreateTime": change.stamp, "LastUpdatedTime": change.stamp}
    head = {"domain": "QBO", "sparse": False, "SyncToken": "0", "MetaData": meta}
    change.put(entity.name, {**head, **record})
