"""Every kind of record that python-quickbooks knows and the practice company keeps."""

from __future__ import annotations

import pytest

from tests.connector.practice.clients.company import COMPANY
from tests.connector.practice.clients.lists import LISTS
from tests.connector.practice.clients.money import MONEY
from tests.connector.practice.clients.other import OTHER
from tests.connector.practice.clients.purchases import PURCHASES
from tests.connector.practice.clients.row import Row
from tests.connector.practice.clients.sales import SALES

#: What python-quickbooks 0.9.12 has and QuickBooks would refuse or never answers is left out; the
#: practice company is not bent to it:
#: - `QuickBooks.get_current_user` asks an address of the time before OAuth 2.
#: - `Employee.EmailAddress` (QuickBooks: PrimaryEmailAddr), `SubtotalLine.SubtotalLineDetail`
#:   (SubTotalLineDetail), `DiscountLineDetail.Discount`, `VendorCredit.FromAccountRef` and
#:   `ToAccountRef`, `DepositLine.DepositToAccountRef`, `Attachable.EntityRef` and
#:   `Payment.TaxExemptionRef` are no properties there: setting one is a 2010.
#: - `AttachableRef` of transactions, and `CustomField` of currencies and rates, are
#:   arrays; the client sends and expects one object.
#: - `TaxService.save` on a code that is saved: the service has no update, and the client loses the
#:   id of the code on the object that was saved; the object it returns has it.
#: - a fault of the gateway (403, 429) is lower case; the client reports it as 10000 with its text,
#:   and `download_pdf` ends in a KeyError.
#: Where only some operations of a kind are left out, its row says why.
ROWS: tuple[Row, ...] = (*LISTS, *SALES, *PURCHASES, *MONEY, *OTHER, *COMPANY)


def doing(*operations: str) -> list[pytest.ParameterSet]:
    """The rows whose kind can do all of these."""
    able = (row for row in ROWS if row.offered - row.left_out.keys() >= {*operations})
    return [pytest.param(row, id=row.name) for row in able]
