"""Each field that QuickBooks can filter and sort by, asked for as the client asks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks.exceptions import ValidationException
from quickbooks.objects import Customer, Ref

from tests.connector.practice.clients.row import Row
from tests.connector.practice.clients.table import ROWS

_FORM = "DocNumber TxnDate CustomerRef"
#: As documented for filtering.
FILTERABLE = {
    "Customer": "DisplayName GivenName FamilyName CompanyName PrimaryEmailAddr Active Balance Job",
    "Vendor": "DisplayName CompanyName PrimaryEmailAddr Active Balance",
    "Item": "Name Type Active FullyQualifiedName Taxable Sku",
    "Account": "Name AccountType AccountSubType Classification Active FullyQualifiedName",
    "Invoice": f"{_FORM} DueDate SalesTermRef Balance TotalAmt",
    "Payment": "TxnDate CustomerRef TotalAmt PaymentMethodRef PaymentRefNum",
    "Estimate": _FORM,
    "SalesReceipt": f"{_FORM} Balance TotalAmt",
    "RefundReceipt": f"{_FORM} Balance TotalAmt",
    "CreditMemo": f"{_FORM} Balance TotalAmt",
    "Term": "Name Active",
    "Class": "Name Active",
    "Department": "Name Active",
    "PaymentMethod": "Name Active",
    "TaxCode": "Name Active",
}
#: As documented, or known, to be refused.
NOT_FILTERABLE = {
    "Customer": "Notes",
    "Invoice": "PrivateNote CustomField LinkedTxn BillEmail Line",
    "Payment": "DocNumber PrivateNote",
    "Estimate": "TxnStatus",
}
BY_NAME = {row.name: row for row in ROWS}


def _pairs(table: dict[str, str]) -> list[Any]:
    return [
        pytest.param(BY_NAME[kind], field, id=f"{kind}.{field}")
        for kind, fields in table.items()
        for field in fields.split()
    ]


def _value(record: Any, field: str) -> Any:
    """A value as a condition has it."""
    found = getattr(record, field)
    if isinstance(found, Ref):
        return found.value
    return getattr(found, "Address", found)


@pytest.mark.parametrize(("row", "field"), _pairs(FILTERABLE))
def test_a_field_finds_and_sorts(row: Row, field: str, qb: Any) -> None:
    made = row.stored(qb)
    row.stored(qb)
    found = row.kind.filter(**{field: _value(made, field)}, qb=qb)
    assert made.Id in [one.Id for one in found]
    assert all(_value(one, field) == _value(made, field) for one in found)
    everything = row.kind.all(order_by=f"{field} DESC", qb=qb)
    assert {one.Id for one in everything} == {one.Id for one in row.kind.all(qb=qb)}


@pytest.mark.parametrize(("row", "field"), _pairs(NOT_FILTERABLE))
def test_a_field_that_cannot_be_asked_for(row: Row, field: str, qb: Any) -> None:
    with pytest.raises(ValidationException) as refused:
        row.kind.filter(**{field: "x"}, qb=qb)
    assert refused.value.error_code == 4001


@pytest.mark.parametrize("row", [row for row in ROWS if hasattr(row.kind, "all")], ids=str)
@pytest.mark.parametrize("field", ["MetaData.CreateTime", "MetaData.LastUpdatedTime"])
def test_times_of_every_kind(row: Row, field: str, qb: Any) -> None:
    made = row.stored(qb)
    since = (
        made.MetaData["CreateTime"] if isinstance(made.MetaData, dict) else made.MetaData.CreateTime
    )
    found = row.kind.where(f"{field} >= '{since}'", order_by=field, max_results=1000, qb=qb)
    assert made.Id in [one.Id for one in found]
    assert row.kind.where(f"{field} > '2027-01-01T00:00:00-07:00'", qb=qb) == []


#: What a name may hold; quotes of typographers cannot be asked for, and the client escapes no
#: backslash.
_NAMES = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters=":\\‘’“”–—"), min_size=1
).map(lambda text: f"x {text[:60]}'s")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=_NAMES, renamed=_NAMES)
def test_any_name_is_found_again(name: str, renamed: str, qb: Any) -> None:
    made = Customer.get(10, qb=qb)
    for wanted in (name, renamed):
        made.DisplayName = wanted
        made = made.save(qb=qb)
        assert made.DisplayName == wanted
        assert [one.Id for one in Customer.filter(DisplayName=wanted, qb=qb)] == ["10"]
        assert [one.Id for one in Customer.choose([wanted], "DisplayName", qb=qb)] == ["10"]
