"""The table holds every kind that python-quickbooks knows, each with all that its class offers."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import quickbooks.objects
from quickbooks import QuickBooks
from quickbooks.objects.base import QuickbooksBaseObject
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.recurringtransaction import RecurringTransaction
from quickbooks.objects.taxservice import TaxService

from tests.connector.practice.clients.table import ROWS

#: Kinds whose classes have a shape of their own; each has tests of its own here.
APART = {CompanyInfo, ExchangeRate, Preferences, RecurringTransaction, TaxService}


def _kinds() -> set[Any]:
    """Every class of the client that reads or writes records of its own."""
    found = set()
    for module in pkgutil.iter_modules(quickbooks.objects.__path__, "quickbooks.objects."):
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            own = issubclass(one, QuickbooksBaseObject) and getattr(one, "qbo_object_name", "")
            named = one.__name__ == own or own == "TaxService/Taxcode"
            if named and (hasattr(one, "get") or hasattr(one, "save")):
                found.add(one)
    return found


def test_every_kind_of_the_client_is_in_the_table() -> None:
    known = {row.kind for row in ROWS} | APART
    assert _kinds() == known
    assert {*QuickBooks._BUSINESS_OBJECTS} <= {one.qbo_object_name for one in known}
    assert len(ROWS) + len(APART) == 37


def test_what_is_left_out_is_offered_and_has_a_reason() -> None:
    for row in ROWS:
        assert row.left_out.keys() <= row.offered, row.name
        assert all(row.left_out.values()), row.name
        assert (row.build is None) == ("create" not in row.offered), row.name
        assert (row.find is None) == (row.build is not None), row.name
