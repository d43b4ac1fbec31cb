"""The kinds of records the practice company keeps, by name and by path."""

from __future__ import annotations

from connector.practice.entities.banking.deposits import DEPOSIT
from connector.practice.entities.banking.journal import JOURNAL_ENTRY
from connector.practice.entities.banking.transfers import CREDIT_CARD_PAYMENT, TRANSFER
from connector.practice.entities.common.kind import Entity
from connector.practice.entities.currency.currencies import COMPANY_CURRENCY, EXCHANGE_RATE
from connector.practice.entities.currency.exchange import at_home
from connector.practice.entities.lists.accounts import ACCOUNT
from connector.practice.entities.lists.attachments import ATTACHABLE
from connector.practice.entities.lists.company import COMPANY_INFO, PREFERENCES
from connector.practice.entities.lists.employees import EMPLOYEE
from connector.practice.entities.lists.items import ITEM
from connector.practice.entities.lists.people import CUSTOMER, VENDOR
from connector.practice.entities.lists.readable import BUDGET, CUSTOMER_TYPE
from connector.practice.entities.lists.small_lists import CLASS, DEPARTMENT, PAYMENT_METHOD, TERM
from connector.practice.entities.purchases.bill_payments import BILL_PAYMENT
from connector.practice.entities.purchases.bills import BILL, VENDOR_CREDIT
from connector.practice.entities.purchases.orders import PURCHASE_ORDER
from connector.practice.entities.purchases.purchases import PURCHASE
from connector.practice.entities.purchases.time_activities import TIME_ACTIVITY
from connector.practice.entities.recurring import RECURRING_TRANSACTION
from connector.practice.entities.sales.credit_memos import CREDIT_MEMO
from connector.practice.entities.sales.estimates import ESTIMATE
from connector.practice.entities.sales.invoices import INVOICE
from connector.practice.entities.sales.payments import PAYMENT
from connector.practice.entities.sales.receipts import REFUND_RECEIPT, SALES_RECEIPT
from connector.practice.entities.tax.tax_lists import TAX_AGENCY, TAX_CODE, TAX_RATE
from connector.practice.shape import Fields

_KINDS = (
    COMPANY_INFO,
    PREFERENCES,
    CUSTOMER,
    VENDOR,
    EMPLOYEE,
    ACCOUNT,
    ITEM,
    TERM,
    PAYMENT_METHOD,
    CLASS,
    DEPARTMENT,
    TAX_CODE,
    ATTACHABLE,
    TAX_RATE,
    TAX_AGENCY,
    INVOICE,
    PAYMENT,
    ESTIMATE,
    CREDIT_MEMO,
    SALES_RECEIPT,
    REFUND_RECEIPT,
    JOURNAL_ENTRY,
    PURCHASE,
    TRANSFER,
    CREDIT_CARD_PAYMENT,
    DEPOSIT,
    BILL,
    VENDOR_CREDIT,
    BILL_PAYMENT,
    PURCHASE_ORDER,
    TIME_ACTIVITY,
    RECURRING_TRANSACTION,
    CUSTOMER_TYPE,
    BUDGET,
    COMPANY_CURRENCY,
    EXCHANGE_RATE,
)
#: Every kind, able to hold transactions in a foreign currency.
ENTITIES = tuple(at_home(entity) for entity in _KINDS)
BY_NAME = {entity.name: entity for entity in ENTITIES}
#: Paths and names in statements are read without regard to case.
BY_LOWER_NAME = {
    name.lower(): entity for entity in ENTITIES for name in (entity.name, entity.called) if name
}
#: What each kind of record that is answered may hold, by name.
FIELDS: dict[str, Fields] = {
    name: entity.fields for entity in ENTITIES for name in (entity.name, entity.called) if name
}

__all__ = ["BY_LOWER_NAME", "BY_NAME", "ENTITIES", "FIELDS", "Entity"]
