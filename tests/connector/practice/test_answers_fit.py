"""Every answer holds what QuickBooks could answer, and whatever is wrong with one is noticed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from connector.practice.entities import FIELDS
from connector.practice.faults import Fault
from connector.practice.shape import clean, problems
from connector.practice.wire import load
from tests.answers import WATCH, misfits, start

REALM = "9341455600000001"
ADDRESS = {"Line1": "12 Elm St", "City": "Boise", "PostalCode": "83702"}
EXPENSE: dict[str, Any] = {
    "Amount": 20,
    "Description": "Pipes",
    "DetailType": "AccountBasedExpenseLineDetail",
    "AccountBasedExpenseLineDetail": {
        "AccountRef": {"value": "97"},
        "CustomerRef": {"value": "{Customer}"},
        "BillableStatus": "Billable",
        "ClassRef": {"value": "{Class}"},
    },
}
SOLD = {
    "Amount": 20,
    "DetailType": "SalesItemLineDetail",
    "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "TAX"}},
}
DEPOSITED = {"TxnType": "Payment", "TxnLineId": "0"}
#: (path, body) of writes that fill as many fields as possible; `{Customer}` is the id of the
#: latest record of that kind.
WRITES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("class", {"Name": "Repairs"}),
    ("department", {"Name": "Boise", "Address": ADDRESS}),
    (
        "customer",
        {
            "DisplayName": "Zoe Hart",
            "GivenName": "Zoe",
            "PrimaryEmailAddr": {"Address": "zoe@hart.example"},
            "PrimaryPhone": {"FreeFormNumber": "(208) 555-0101"},
            "WebAddr": {"URI": "https://hart.example"},
            "BillAddr": ADDRESS,
            "SalesTermRef": {"value": "3"},
            "CreditLimit": 500.5,
        },
    ),
    ("vendor", {"DisplayName": "Vera Supplies", "Vendor1099": True, "BillRate": 45}),
    ("term", {"Name": "The 15th", "DayOfMonthDue": 15, "DueNextMonthDays": 3}),
    (
        "estimate",
        {
            "CustomerRef": {"value": "{Customer}"},
            "TxnStatus": "Accepted",
            "AcceptedDate": "2026-11-05",
            "Line": [
                {
                    "Amount": 100,
                    "DetailType": "SalesItemLineDetail",
                    "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
                }
            ],
        },
    ),
    (
        "invoice",
        {
            "CustomerRef": {"value": "{Customer}"},
            "DocNumber": "R-1",
            "PrivateNote": "crm",
            "CustomerMemo": {"value": "Thanks"},
            "BillEmail": {"Address": "zoe@hart.example"},
            "EmailStatus": "NeedToSend",
            "DepartmentRef": {"value": "{Department}"},
            "CustomField": [{"DefinitionId": "1", "Type": "StringType", "StringValue": "x"}],
            "LinkedTxn": [{"TxnId": "{Estimate}", "TxnType": "Estimate"}],
            "Line": [
                {
                    "Amount": 100,
                    "Description": "Lawn care",
                    "DetailType": "SalesItemLineDetail",
                    "SalesItemLineDetail": {
                        "ItemRef": {"value": "1"},
                        "Qty": 2,
                        "UnitPrice": 50,
                        "TaxCodeRef": {"value": "TAX"},
                        "ClassRef": {"value": "{Class}"},
                        "ServiceDate": "2026-11-05",
                    },
                },
                {"DetailType": "DescriptionOnly", "Description": "On Friday"},
                {
                    "Amount": 5,
                    "DetailType": "DiscountLineDetail",
                    "DiscountLineDetail": {"PercentBased": False},
                },
            ],
        },
    ),
    (
        "payment",
        {
            "CustomerRef": {"value": "{Customer}"},
            "TotalAmt": 60,
            "PaymentMethodRef": {"value": "3"},
            "PaymentRefNum": "ch_1",
            "Line": [{"Amount": 50, "LinkedTxn": [{"TxnId": "{Invoice}", "TxnType": "Invoice"}]}],
        },
    ),
    (
        "creditmemo",
        {
            "CustomerRef": {"value": "{Customer}"},
            "InvoiceRef": {"value": "{Invoice}"},
            "Line": [SOLD],
        },
    ),
    (
        "salesreceipt",
        {
            "CustomerRef": {"value": "{Customer}"},
            "PaymentMethodRef": {"value": "3"},
            "PaymentRefNum": "ch_2",
            "Line": [SOLD],
        },
    ),
    (
        "refundreceipt",
        {
            "CustomerRef": {"value": "{Customer}"},
            "DepositToAccountRef": {"value": "90"},
            "Line": [{**SOLD, "Amount": 5}],
        },
    ),
    (
        "deposit",
        {
            "DepositToAccountRef": {"value": "92"},
            "CashBack": {"AccountRef": {"value": "91"}, "Amount": 1, "Memo": "till"},
            "Line": [
                {"Amount": 60, "LinkedTxn": [{**DEPOSITED, "TxnId": "{Payment}"}]},
                {
                    "Amount": 5,
                    "DetailType": "DepositLineDetail",
                    "DepositLineDetail": {
                        "AccountRef": {"value": "79"},
                        "Entity": {"value": "{Vendor}", "type": "VENDOR"},
                        "PaymentMethodRef": {"value": "2"},
                        "ClassRef": {"value": "{Class}"},
                        "CheckNum": "7",
                    },
                },
            ],
        },
    ),
    (
        "employee",
        {
            "GivenName": "Mia",
            "SSN": "123-45-6789",
            "PrimaryAddr": ADDRESS,
            "HiredDate": "2026-03-02",
        },
    ),
    (
        "timeactivity",
        {
            "NameOf": "Employee",
            "EmployeeRef": {"value": "{Employee}"},
            "CustomerRef": {"value": "{Customer}"},
            "Hours": 2,
            "Description": "Drains",
        },
    ),
    (
        "journalentry",
        {
            "DocNumber": "J-1",
            "Line": [
                {
                    "Amount": 40,
                    "DetailType": "JournalEntryLineDetail",
                    "JournalEntryLineDetail": {
                        "PostingType": "Debit",
                        "AccountRef": {"value": "99"},
                        "Entity": {"Type": "Customer", "EntityRef": {"value": "{Customer}"}},
                        "ClassRef": {"value": "{Class}"},
                        "DepartmentRef": {"value": "{Department}"},
                    },
                },
                {
                    "Amount": 40,
                    "DetailType": "JournalEntryLineDetail",
                    "JournalEntryLineDetail": {
                        "PostingType": "Credit",
                        "AccountRef": {"value": "79"},
                    },
                },
            ],
        },
    ),
    (
        "purchase",
        {
            "PaymentType": "Check",
            "AccountRef": {"value": "92"},
            "EntityRef": {"value": "{Vendor}", "type": "Vendor"},
            "DocNumber": "101",
            "Line": [EXPENSE, {"DetailType": "DescriptionOnly", "Description": "As agreed"}],
        },
    ),
    (
        "transfer",
        {
            "FromAccountRef": {"value": "91"},
            "ToAccountRef": {"value": "92"},
            "Amount": 12.5,
        },
    ),
    ("purchaseorder", {"VendorRef": {"value": "{Vendor}"}, "Line": [EXPENSE]}),
    (
        "bill",
        {
            "VendorRef": {"value": "{Vendor}"},
            "SalesTermRef": {"value": "3"},
            "DocNumber": "B-1",
            "LinkedTxn": [{"TxnId": "{PurchaseOrder}", "TxnType": "PurchaseOrder"}],
            "Line": [EXPENSE],
        },
    ),
    ("vendorcredit", {"VendorRef": {"value": "{Vendor}"}, "Line": [{**EXPENSE, "Amount": 5}]}),
    (
        "billpayment",
        {
            "VendorRef": {"value": "{Vendor}"},
            "PayType": "Check",
            "CheckPayment": {"BankAccountRef": {"value": "92"}},
            "TotalAmt": 15,
            "Line": [
                {"Amount": 20, "LinkedTxn": [{"TxnId": "{Bill}", "TxnType": "Bill"}]},
                {
                    "Amount": 5,
                    "LinkedTxn": [{"TxnId": "{VendorCredit}", "TxnType": "VendorCredit"}],
                },
            ],
        },
    ),
)
Record = dict[str, Any]


@pytest.fixture(scope="module")
def answers() -> dict[str, list[Record]]:
    """Answers of a practice company by kind of record, read after writes of every sort."""
    found: dict[str, list[Record]] = {}
    with start() as running, requests.Session() as http:
        clock = {"now": "2026-11-06T10:00:00-07:00"}
        requests.post(f"{running.control}/clock", json=clock, timeout=20)
        http.headers["Accept"] = "application/json"
        http.headers["Authorization"] = f"Bearer {running.access_token()}"
        base = f"{running.api}/v3/company/{REALM}"
        ids: dict[str, str] = {}
        for path, body in WRITES:
            written = http.post(f"{base}/{path}", json=_filled(body, ids), timeout=20)
            assert written.status_code == 200, written.text
            ids |= {kind: one["Id"] for kind, one in written.json().items() if kind != "time"}
        for kind in FIELDS:
            asked = {"query": f"select * from {kind}"}
            told = load(http.get(f"{base}/query", params=asked, timeout=20).content)
            found[kind] = told["QueryResponse"].get(kind, [])
    return found


def _filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, ids) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, ids) for one in value]
    return value.format(**ids) if isinstance(value, str) else value


#: A place in a record: what holds it, and its name or number there.
Place = tuple[Any, Any]


def _places(value: Any) -> Iterator[Place]:
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _objects(record: Record) -> list[Record]:
    """The objects in a record, below it."""
    found = (holder[key] for holder, key in _places(record))
    return [one for one in found if isinstance(one, dict)]


def _misspell(holder: Any, key: Any) -> None:
    if isinstance(key, str):
        holder[f"{key}x"] = holder.pop(key)
    else:
        holder[key] = "stray"


def _change_type(holder: Any, key: Any) -> None:
    value = holder[key]
    holder[key] = 7 if isinstance(value, str) else str(value)


def _wrap(holder: Any, key: Any) -> None:
    holder[key] = [holder[key]]


def _box(holder: Any, key: Any) -> None:
    holder[key] = {"value": {"value": holder[key]}}


def _clear(holder: Any, key: Any) -> None:
    holder[key] = None


def _unlist(holder: Any, key: Any) -> None:
    value = holder[key]
    if isinstance(value, list):
        holder[key] = value[0] if value else {}
    else:
        _wrap(holder, key)


def _record_of(data: st.DataObject, answers: dict[str, list[Record]]) -> tuple[str, Record]:
    kind = data.draw(st.sampled_from([kind for kind, records in answers.items() if records]))
    return kind, copy.deepcopy(data.draw(st.sampled_from(answers[kind])))


def test_every_answer_fits(answers: dict[str, list[Record]]) -> None:
    told = [
        sentence
        for kind, records in answers.items()
        for record in records
        for sentence in problems(FIELDS[kind], record, kind)
    ]
    assert told == []
    lists = ("Class", "Department", "Customer", "Vendor", "Employee", "CustomerType", "Budget")
    sold = (
        "Estimate",
        "Invoice",
        "Payment",
        "JournalEntry",
        "TimeActivity",
        "CreditMemo",
        "SalesReceipt",
        "RefundReceipt",
        "Deposit",
    )
    bought = ("PurchaseOrder", "Bill", "VendorCredit", "BillPayment", "Purchase", "Transfer")
    written = (*lists, *sold, *bought, "Preferences", "CompanyInfo")
    assert all(answers[kind] for kind in written)


@given(data=st.data())
def test_an_answer_may_be_sent_back(answers: dict[str, list[Record]], data: st.DataObject) -> None:
    kind, record = _record_of(data, answers)
    cleaned = clean(record, FIELDS[kind])
    assert set(cleaned) == {key for key in record if FIELDS[kind][key].writable}


@pytest.mark.parametrize("spoil", [_misspell, _change_type, _wrap, _box, _clear, _unlist])
@given(data=st.data())
def test_what_is_wrong_is_noticed(
    answers: dict[str, list[Record]], spoil: Callable[[Any, Any], None], data: st.DataObject
) -> None:
    kind, record = _record_of(data, answers)
    holder, key = data.draw(st.sampled_from(list(_places(record))))
    spoil(holder, key)
    assert problems(FIELDS[kind], record, kind)


@given(data=st.data())
def test_a_property_in_the_wrong_place_is_noticed(
    answers: dict[str, list[Record]], data: st.DataObject
) -> None:
    kind, record = _record_of(data, answers)
    data.draw(st.sampled_from(_objects(record)))["SyncToken"] = "0"
    (sentence,) = problems(FIELDS[kind], record, kind)
    assert sentence.startswith(f"{kind}.")
    assert sentence.endswith(".SyncToken is not a property that QuickBooks has there.")


@given(data=st.data())
def test_an_unknown_property_is_refused_at_any_depth(
    answers: dict[str, list[Record]], data: st.DataObject
) -> None:
    kind, record = _record_of(data, answers)
    data.draw(st.sampled_from([record, *_objects(record)]))["Colour"] = "red"
    with pytest.raises(Fault) as caught:
        clean(record, FIELDS[kind])
    assert caught.value.code == "2010"
    assert caught.value.element.endswith("Colour")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("Invoice", "EmailStatus", "EMAIL_SENT"),
        ("Invoice", "PrintStatus", "Printed"),
        ("Invoice", "GlobalTaxCalculation", "None"),
        ("Invoice", "TxnDate", "11/06/2026"),
        ("Invoice", "TxnDate", "2026-11-06T00:00:00-07:00"),
        ("Invoice", "MetaData", {"CreateTime": "2026-11-06T10:00:00"}),
        ("Invoice", "MetaData", {"CreateTime": "2026-13-06T10:00:00-07:00"}),
        ("Invoice", "TotalAmt", "475.00"),
        ("Invoice", "TotalAmt", 1e16),
        ("Invoice", "TotalAmt", True),
        ("Invoice", "CustomerRef", {"name": "Dana"}),
        ("Invoice", "CustomerRef", {"value": 10}),
        ("Invoice", "Line", [{"DetailType": "SalesItemLine"}]),
        ("Invoice", "Line", [{"LineNum": 0}]),
        ("Invoice", "Line", [{"DetailType": "DescriptionOnly", "DiscountLineDetail": {}}]),
        ("Invoice", "CustomField", [{"Name": "no slot"}]),
        ("Invoice", "CustomField", [{"StringValue": "a", "BooleanValue": True}]),
        ("Estimate", "TxnStatus", "Won"),
        ("Item", "Type", "service"),
        ("Account", "AccountType", "Income Account"),
        ("Account", "Classification", "Income"),
        ("Term", "DueDays", -1),
        ("Term", "DueDays", 3.5),
        ("Customer", "status", "Gone"),
        ("CompanyInfo", "FiscalYearStartMonth", "1"),
        ("Preferences", "ReportPrefs", {"ReportBasis": "accrual"}),
        ("Preferences", "SalesFormsPrefs", {"CustomTxnNumber": True}),
    ],
)
def test_wrong_values_are_noticed(kind: str, field: str, value: Any) -> None:
    (sentence,) = problems(FIELDS[kind], {field: value}, kind)
    assert sentence.startswith(f"{kind}.{field}")


@pytest.mark.parametrize(
    ("body", "beginning"),
    [
        ({"Invoice": {"Colour": 1}}, "Invoice.Colour is not"),
        ({"QueryResponse": {"Invoice": [{"Id": 7}]}}, "Invoice.Id is 7, not text"),
        ({"BatchItemResponse": [{"bId": "1", "Customer": "x"}]}, "Customer is 'x', not a record"),
        (
            {"CDCResponse": [{"QueryResponse": [{"Estimate": [{"status": "Gone"}]}]}]},
            "Estimate.status is 'Gone', not one of",
        ),
        ({"Widget": {}}, "Widget is neither"),
        ({"QueryResponse": [7]}, "7 is no envelope"),
    ],
)
def test_records_are_found_in_every_envelope(body: Any, beginning: str) -> None:
    (sentence,) = misfits(body)
    assert sentence.startswith(beginning)


def test_right_envelopes() -> None:
    right = {"QueryResponse": {"startPosition": 1, "maxResults": 1, "totalCount": 1}, "time": "…"}
    assert [*misfits(right), *misfits({"CDCResponse": [{"QueryResponse": [{}]}]})] == []


def test_every_answer_is_watched(r1: Any) -> None:
    record = {"Id": "77", "DisplayName": "Odd", "Taxable": "yes", "Active": True}
    r1.running.state.companies[r1.realm].store.put("Customer", record)
    r1.read("customer/77")
    r1.query("select * from Customer where Id = '77'")
    path = f"/v3/company/{r1.realm}"
    sentence = "Customer.Taxable is 'yes', not true or false."
    assert WATCH.told() == [f"{path}/customer/77: {sentence}", f"{path}/query: {sentence}"]


@pytest.mark.parametrize("operation", ["delete", "void"])
def test_deleting_and_voiding_refuse_unknown_properties(
    r1: Any, invoice: Any, operation: str
) -> None:
    made = r1.ok("invoice", invoice())
    body = {"Id": made["Id"], "SyncToken": made["SyncToken"], "Reason": "doubled"}
    assert r1.fault("invoice", body, operation=operation)["code"] == "2010"
    del body["Reason"]
    assert r1.ok("invoice", body, operation=operation)["Id"] == made["Id"]
