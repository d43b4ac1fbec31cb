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

ROWS: tuple[Row, ...] = (*LISTS, *SALES, *PURCHASES, *MONEY, *OTHER, *COMPANY)


def doing(*operations: str) -> list[pytest.ParameterSet]:
    """The rows whose kind can do all of these."""
    able = (row for row in ROWS if row.offered - row.left_out.keys() >= {*operations})
    return [pytest.param(row, id=row.name) for row in able]
