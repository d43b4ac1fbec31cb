"""The actions that recipes may name, as generators that do no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from connector.base import Action
from connector.quickbooks.actions.customers import find_or_create_customer
from connector.quickbooks.actions.estimates import create_estimate
from connector.quickbooks.actions.invoices import create_invoice
from connector.quickbooks.actions.payments import confirm_payment, record_payment

ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "quickbooks.find_or_create_customer": find_or_create_customer,
        "quickbooks.create_invoice": create_invoice,
        "quickbooks.create_estimate": create_estimate,
        "quickbooks.record_payment": record_payment,
        "quickbooks.confirm_payment": confirm_payment,
    }
)
