"""Whatever a class of python-quickbooks can hold, the practice company knows, or says why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector.practice.entities import FIELDS
from connector.practice.faults import Fault
from connector.practice.shape import clean
from tests.connector.practice.clients.row import Row
from tests.connector.practice.clients.table import ROWS

#: What the client calls otherwise than QuickBooks; see the table.
MISNAMED = {
    "Employee.EmailAddress",
    "Payment.TaxExemptionRef",
    "VendorCredit.FromAccountRef",
    "VendorCredit.ToAccountRef",
    "Deposit.Line.DepositToAccountRef",
    "Attachable.EntityRef",
    *(f"{kind}.AttachableRef" for kind in ("Deposit", "TimeActivity", "Bill", "PurchaseOrder")),
    "CompanyCurrency.CustomField",
    *(
        f"{kind}.Line.{name}"
        for kind in ("Invoice", "Estimate", "CreditMemo")
        for name in ("SubtotalLineDetail", "DiscountLineDetail.Discount")
    ),
}
#: What QuickBooks has and the practice company leaves out: bundles, and the extension and the tax
#: lines of other countries.
LEFT_OUT = {
    "Invoice.Line.GroupLineDetail",
    "Estimate.Line.GroupLineDetail",
    "Purchase.PurchaseEx",
    *(
        f"{kind}.Line.TDSLineDetail"
        for kind in ("Bill", "Purchase", "PurchaseOrder", "VendorCredit")
    ),
}
_DEEPEST = 4


def _held(kind: Any, depth: int = 0) -> Iterator[tuple[list[str], Any]]:
    """Every property of a class, nested ones too: its path, and a body that names it alone."""
    names = {*kind().__dict__, *kind.class_dict, *kind.list_dict}
    for name in sorted(one for one in names if not one.startswith("_")):
        yield [name], {name: None}
        inner, listed = kind.class_dict.get(name), kind.list_dict.get(name)
        lines = kind.detail_dict.values() if name == "Line" and hasattr(kind, "detail_dict") else ()
        for one in (inner, listed, *lines):
            if one is not None and depth < _DEEPEST and hasattr(one, "class_dict"):
                for path, body in _held(one, depth + 1):
                    yield [name, *path], {name: body if one is inner else [body]}


def _is_known(row: Row, body: dict[str, Any]) -> bool:
    try:
        clean(body, FIELDS[row.envelope])
    except Fault:
        return False
    return True


def _told(path: str) -> str:
    """The explained property that a path leads through, or the path."""
    explained = (one for one in MISNAMED | LEFT_OUT if f"{path}.".startswith(f"{one}."))
    return next(explained, path)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_property_is_known(row: Row) -> None:
    unknown = [path for path, body in _held(row.kind) if not _is_known(row, body)]
    expected = {one for one in MISNAMED | LEFT_OUT if one.startswith(f"{row.name}.")}
    assert {_told(".".join([row.name, *path])) for path in unknown} == expected
