"""Purchases: expenses, checks and card charges, paid at once; and money given back for them."""

from __future__ import annotations

from connector.practice.books.change import Change
from connector.practice.books.ledger import Posting
from connector.practice.entities.common.kind import ADDRESS, TRANSACTION_IDS, Entity, named
from connector.practice.entities.common.lines import LINKED
from connector.practice.entities.common.parts import CARD, CARD_ANSWER, TRANSACTION
from connector.practice.entities.common.posting import reversed_postings
from connector.practice.entities.common.system import system_account
from connector.practice.entities.currency.transactions import (
    ZERO,
    check_account,
    no_cleanup,
    settle,
)
from connector.practice.entities.purchases.expenses import (
    EXPENSE_LINES,
    complete_expenses,
    expense_postings,
)
from connector.practice.entities.tax.forms import TAX_DETAIL
from connector.practice.faults import business, missing
from connector.practice.shape import (
    Fields,
    Record,
    alike,
    flag,
    number,
    obj,
    one_of,
    read_only,
    reference,
    text,
)

PRINT_STATUS = one_of("NotSet", "NeedToPrint", "PrintComplete")
GLOBAL_TAX = one_of("TaxExcluded", "TaxInclusive", "NotApplicable")
CHECK = obj(**alike(text(), "CheckNum", "Status", "NameOnAcct", "AcctNum", "BankName"))
CHARGE = obj(CreditChargeInfo=CARD, CreditChargeResponse=read_only(CARD_ANSWER))
#: What is bought is taxed in the line or not at all; the total is QuickBooks' business.
BOUGHT: Fields = {
    **TRANSACTION,
    "DocNumber": text(21),
    "Line": EXPENSE_LINES,
    "LinkedTxn": LINKED,
    "TxnTaxDetail": TAX_DETAIL,
    "TotalAmt": read_only(number),
    "HomeTotalAmt": read_only(number),
    "Memo": text(4000),
    "GlobalTaxCalculation": GLOBAL_TAX,
    "IncludeInAnnualTPAR": flag,
    "LessCIS": number,
}
#: The accounts that each way of paying may use.
_PAID_FROM = {
    "Cash": ("Bank", "Other Current Asset"),
    "Check": ("Bank",),
    "CreditCard": ("Credit Card",),
}
PAYEES = ("Vendor", "Customer", "Employee")


def _purchase(change: Change, record: Record, old: Record | None) -> Record:
    if not record.get("PaymentType"):
        raise missing("PaymentType")
    if old is not None and record["PaymentType"] != old["PaymentType"]:
        raise business("The payment type of an expense cannot be changed.")
    check_account(change, record, "AccountRef", *_PAID_FROM[record["PaymentType"]])
    targets = {"AccountRef": "Account", "PaymentMethodRef": "PaymentMethod"}
    record = settle(change, record, old, targets)
    record = {"PrintStatus": "NotSet", **record, **_payee(change, record, old)}
    record = complete_expenses(change, record, old)
    return _credited({**record, "LinkedTxn": (old or {}).get("LinkedTxn", [])})


def _credited(record: Record) -> Record:
    """Only a card can be credited; with cash and checks QuickBooks ignores `Credit` [S]."""
    card = record["PaymentType"] == "CreditCard"
    kept = {key: value for key, value in record.items() if value is not None and key != "Credit"}
    return {**kept, "Credit": bool(record.get("Credit"))} if card else kept


def _payee(change: Change, record: Record, old: Record | None) -> Record:
    """The payee with its name and type; raises Fault 2500 or 610."""
    ref = record.get("EntityRef") or {}
    if not ref.get("value"):
        return {"EntityRef": None}
    before = (old or {}).get("EntityRef") or {}
    kind = ref.get("type") or _kind_of(change, ref["value"])
    known = (before.get("value", ""),) if before.get("type") == kind else ()
    found = named(change.refer(kind, ref["value"], known=known))
    return {"EntityRef": {**found, "type": kind}}


def _kind_of(change: Change, identity: str) -> str:
    """What a payee without a type is: the first kind that has its id."""
    return next((kind for kind in PAYEES if change.find(kind, identity)), PAYEES[0])


def _post(change: Change, purchase: Record) -> list[Posting]:
    payee = purchase.get("EntityRef") or {}
    name = f"{payee.get('type', 'Vendor')}:{payee['value']}" if payee else ""
    expenses = expense_postings(change, purchase, name)
    account = (purchase.get("AccountRef") or {}).get("value")
    money = Posting(
        account=account or system_account(change, "OpeningBalanceEquity"),
        amount=-sum((one.amount for one in expenses), ZERO),
        part="money",
        name=name,
    )
    found = [money, *expenses]
    return reversed_postings(found) if purchase.get("Credit") else found


PURCHASE = Entity(
    name="Purchase",
    fields={
        **BOUGHT,
        **alike(reference, "AccountRef", "PaymentMethodRef"),
        "PaymentRefNum": text(21),
        "PaymentType": one_of(*_PAID_FROM),
        "CheckPayment": CHECK,
        "CreditCardPayment": CHARGE,
        "EntityRef": obj(value=text(50), name=read_only(text()), type=one_of(*PAYEES)),
        "Credit": flag,
        "RemitToAddr": ADDRESS,
        "PrintStatus": PRINT_STATUS,
    },
    filters={
        "DocNumber": "text",
        "TxnDate": "day",
        "PaymentType": "text",
        "Credit": "flag",
        "TotalAmt": "number",
    },
    sequence=TRANSACTION_IDS,
    complete=_purchase,
    remove=no_cleanup,
    post=_post,
    posting=True,
)
