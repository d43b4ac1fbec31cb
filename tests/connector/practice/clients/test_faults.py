"""Wrong use: which of its exceptions python-quickbooks raises, with which code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from quickbooks.exceptions import (
    GeneralException,
    ObjectNotFoundException,
    QuickbooksException,
    UnsupportedException,
    ValidationException,
)
from quickbooks.objects import Customer, Invoice, Item, Payment, Term, Vendor

from tests.connector.practice.clients.lists import account, customer, item, ref, term, vendor
from tests.connector.practice.clients.sales import invoice, payment


def _twice(qb: Any) -> Customer:
    first = customer(qb).save(qb=qb)
    second = customer(qb)
    second.DisplayName = first.DisplayName.upper()
    return second


def _vendor_named_like_a_customer(qb: Any) -> Vendor:
    made = vendor(qb)
    made.DisplayName = "Ann Lee"
    return made


def _nameless(qb: Any) -> Customer:
    made = customer(qb)
    made.DisplayName = made.GivenName = made.FamilyName = ""
    return made


def _changed(build: Callable[[Any], Any], **fields: Any) -> Callable[[Any], Any]:
    """Builds with some fields set wrong."""

    def make(qb: Any) -> Any:
        made = build(qb)
        for field, value in fields.items():
            setattr(made, field, value)
        return made

    return make


def _email(address: str) -> Callable[[Any], Any]:
    def make(qb: Any) -> Customer:
        made = customer(qb)
        made.PrimaryEmailAddr.Address = address
        return made

    return make


def _miscalculated(qb: Any) -> Invoice:
    made = invoice(qb)
    made.Line[0].Amount = 1
    return made


def _taxed(code: str) -> Callable[[Any], Any]:
    def make(qb: Any) -> Invoice:
        made = invoice(qb)
        made.Line[0].SalesItemLineDetail.TaxCodeRef = ref(code)
        return made

    return make


def _renumbered(qb: Any) -> Invoice:
    made = invoice(qb)
    made.DocNumber = invoice(qb).save(qb=qb).DocNumber
    return made


def _overpaid(qb: Any) -> Payment:
    made = payment(qb)
    made.Line[0].Amount = made.TotalAmt = 1000
    return made


def _of_nobody(qb: Any) -> Invoice:
    return _changed(invoice, CustomerRef=ref("99999"))(qb)


def _unknown_property(qb: Any) -> Customer:
    return _changed(customer, Nickname="Co")(qb)


#: What is wrong, the object to save, the exception, the code.
WRONG = [
    ("an unknown property", _unknown_property, ValidationException, 2010),
    ("no name", _nameless, QuickbooksException, 6080),
    ("the name of another customer", _twice, QuickbooksException, 6240),
    ("a customer's name", _vendor_named_like_a_customer, QuickbooksException, 6240),
    ("a colon", _changed(customer, DisplayName="a:b"), ValidationException, 2040),
    ("a tab", _changed(vendor, DisplayName="a\tb"), ValidationException, 2040),
    ("too long", _changed(customer, Notes="x" * 2001), ValidationException, 2050),
    ("no address", _email("cora"), ValidationException, 2210),
    (
        "an unknown word",
        _changed(customer, PreferredDeliveryMethod="Fax"),
        ValidationException,
        2170,
    ),
    ("no flag", _changed(customer, Taxable="perhaps"), ValidationException, 2080),
    ("no account", _changed(item, IncomeAccountRef=None), ValidationException, 2020),
    (
        "an account that is not income",
        _changed(item, IncomeAccountRef=ref("92")),
        QuickbooksException,
        6430,
    ),
    (
        "an account that is gone",
        _changed(item, IncomeAccountRef=ref("999")),
        ValidationException,
        2500,
    ),
    ("types that do not fit", _changed(account, AccountType="Bank"), QuickbooksException, 6010),
    ("no such type", _changed(account, AccountType="Piggy Bank"), QuickbooksException, 6430),
    ("too many days", _changed(term, DueDays=1000), QuickbooksException, 6000),
    ("no such customer", _of_nobody, ValidationException, 2500),
    (
        "an inactive customer",
        _changed(invoice, CustomerRef=ref("11")),
        ObjectNotFoundException,
        610,
    ),
    ("no customer", _changed(invoice, CustomerRef=None), ValidationException, 2020),
    ("no lines", _changed(invoice, Line=[]), ValidationException, 2020),
    ("no product of price and quantity", _miscalculated, QuickbooksException, 6070),
    ("a code of another tax system", _taxed("7"), QuickbooksException, 6100),
    ("a number in use", _renumbered, QuickbooksException, 6140),
    ("no date", _changed(invoice, TxnDate="05/11/2026"), ValidationException, 2070),
    ("closed books", _changed(invoice, TxnDate="2026-10-31"), QuickbooksException, 6210),
    (
        "nobody to send to",
        _changed(invoice, EmailStatus="NeedToSend", BillEmail=None),
        QuickbooksException,
        6420,
    ),
    ("no number", _changed(payment, TotalAmt="much"), ValidationException, 2060),
    ("no amount", _changed(payment, TotalAmt=None), ValidationException, 2020),
    ("more than is owed", _overpaid, QuickbooksException, 6000),
    ("another customer's invoice", _changed(payment, CustomerRef=ref("12")), GeneralException, 620),
]


@pytest.mark.parametrize(
    ("build", "error", "code"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_wrong_object(build: Any, error: type, code: int, qb: Any) -> None:
    wrong = build(qb)
    before = type(wrong).count(qb=qb)
    with pytest.raises(QuickbooksException) as refused:
        wrong.save(qb=qb)
    assert (type(refused.value), refused.value.error_code) == (error, code)
    assert refused.value.message
    assert refused.value.detail
    assert type(wrong).count(qb=qb) == before


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("select * from Customer where", 4000),
        ("select * from Customer where DisplayName = 'O'Neil'", 4000),
        ("select * from Customer where DisplayName = 'O’Neil'", 4000),
        ("select * from Customer where Notes = 'x'", 4001),
        ("select * from Customer startposition 0", 4001),
        ("select * from Customer maxresults 1001", 4001),
        ("select * from Nobody", 4001),
    ],
)
def test_a_wrong_statement(statement: str, code: int, qb: Any) -> None:
    with pytest.raises(ValidationException) as refused:
        Customer.query(statement, qb=qb)
    assert refused.value.error_code == code


def _stale(kind: Any, **fields: Any) -> Callable[[Any], Any]:
    def act(qb: Any) -> Any:
        made = kind(qb).save(qb=qb)
        part = {"Id": made.Id, "SyncToken": "7", "sparse": True, **fields}
        return qb.update_object(type(made).qbo_object_name, json.dumps(part))

    return act


def _delete_a_customer(qb: Any) -> Any:
    made = customer(qb).save(qb=qb)
    return qb.delete_object("Customer", made.to_json())


def _owing_and_hidden(qb: Any) -> Any:
    owed = invoice(qb).save(qb=qb)
    owing = Customer.get(owed.CustomerRef.value, qb=qb)
    owing.Active = False
    return owing.save(qb=qb)


#: What is wrong, what is done, the exception, the code.
WRONG_CALLS = [
    ("a stale update", _stale(customer, Notes="x"), QuickbooksException, 5010),
    ("a stale void", lambda qb: _stale_void(qb), QuickbooksException, 5010),
    ("deleting a customer", _delete_a_customer, UnsupportedException, 500),
    ("hiding who owes", _owing_and_hidden, QuickbooksException, 6220),
    ("no such record", lambda qb: Item.get(999, qb=qb), ObjectNotFoundException, 610),
    ("no such kind", lambda qb: qb.get_single_object("Sparrow", 1), UnsupportedException, 500),
    (
        "too long a requestid",
        lambda qb: term(qb).save(qb=qb, request_id="r" * 51),
        ValidationException,
        2130,
    ),
]


def _stale_void(qb: Any) -> Any:
    made = invoice(qb).save(qb=qb)
    made.SyncToken = "7"
    return made.void(qb=qb)


@pytest.mark.parametrize(
    ("act", "error", "code"), [row[1:] for row in WRONG_CALLS], ids=[row[0] for row in WRONG_CALLS]
)
def test_a_wrong_call(act: Any, error: type, code: int, qb: Any) -> None:
    with pytest.raises(QuickbooksException) as refused:
        act(qb)
    assert (type(refused.value), refused.value.error_code) == (error, code)


def test_throttled(qb: Any, r1: Any) -> None:
    r1.control("switches", {"limits": "intuit"})
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    for _ in range(10):
        Term.count(qb=qb)
    with pytest.raises(QuickbooksException) as refused:
        Term.count(qb=qb)
    assert "ThrottleExceeded; errorCode=003001" in refused.value.message
    r1.control("clock", {"advance": 60})
    assert Term.count(qb=qb) == 3
