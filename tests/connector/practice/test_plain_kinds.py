"""Time activities, recurring transactions, customer types and budgets: kept, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest

SCHEDULE = {"IntervalType": "Monthly", "NumInterval": 1, "DayOfMonth": 1}


def worked(**fields: Any) -> dict[str, Any]:
    """Two hours of Rivera Plumbing."""
    return {"NameOf": "Vendor", "VendorRef": {"value": "20"}, "Hours": 2, **fields}


def template(invoice: Any, **fields: Any) -> dict[str, Any]:
    """A monthly invoice."""
    info = {"Name": "Rent", "RecurType": "Automated", "Active": True, "ScheduleInfo": SCHEDULE}
    return {"Invoice": invoice(RecurringInfo=info, **fields)}


def test_hours_of_an_employee(r1: Any) -> None:
    worker = r1.ok("employee", {"GivenName": "Mia", "BillRate": 40})["Id"]
    body = {"NameOf": "Employee", "EmployeeRef": {"value": worker}, "Hours": 1, "Minutes": 30}
    made = r1.ok("timeactivity", {**body, "VendorRef": {"value": "20"}, "Description": "Drains"})
    assert made["EmployeeRef"] == {"value": worker, "name": "Mia"}
    assert (made["HourlyRate"], made["TxnDate"]) == (40, "2026-11-06")
    assert (made["BillableStatus"], "VendorRef" in made) == ("NotBillable", False)
    found = r1.query(f"select * from TimeActivity where EmployeeRef = '{worker}'")
    assert found["TimeActivity"] == [made]
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Hours": 3}
    assert r1.ok("timeactivity", sent)["Minutes"] == 30
    r1.ok("timeactivity", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert r1.query("select * from TimeActivity") == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"Hours": 2}, "2020"),
        ({"NameOf": "Employee", "Hours": 2}, "2020"),
        (worked(NameOf="Other"), "2170"),
        (worked(VendorRef={"value": "404"}), "2500"),
        ({"NameOf": "Vendor", "VendorRef": {"value": "20"}}, "2020"),
        (worked(Hours=None, StartTime="2026-11-06T08:00:00-07:00"), "2020"),
        (worked(Hours=None, EndTime="2026-11-06T08:00:00-07:00"), "2020"),
        (worked(Hours=8761), "6000"),
        (worked(Minutes=60), "6000"),
        (worked(Hours=-1), "2060"),
        (worked(BillableStatus="Billable"), "2020"),
        (worked(CustomerRef={"value": "11"}), "610"),
        (worked(Line=[]), "2010"),
    ],
)
def test_refused_time(r1: Any, body: Any, code: str) -> None:
    assert r1.fault("timeactivity", body)["code"] == code


def test_a_time_with_its_ends(r1: Any) -> None:
    ends = {"StartTime": "2026-11-06T08:00:00-07:00", "EndTime": "2026-11-06T09:00:00-07:00"}
    made = r1.ok("timeactivity", worked(Hours=None, **ends))
    assert (made["StartTime"], "HourlyRate" in made) == (ends["StartTime"], False)


def test_a_template_is_kept_and_not_run(r1: Any, invoice: Any) -> None:
    told = r1.ok("recurringtransaction", template(invoice))
    made = told["Invoice"]
    assert (made["TotalAmt"], made["SyncToken"]) == (475, "0")
    assert made["RecurringInfo"]["ScheduleInfo"] == SCHEDULE
    assert made["RecurDataRef"] == {"value": made["Id"]}
    assert r1.read(f"recurringtransaction/{made['Id']}") == told
    assert r1.query("select * from RecurringTransaction")["RecurringTransaction"] == [told]
    assert r1.read("customer/10")["Balance"] == 0
    assert r1.query("select * from Invoice") == {}


def test_a_template_uses_up_no_number(r1: Any, invoice: Any) -> None:
    r1.prefer(SalesFormsPrefs__CustomTxnNumbers=False)
    assert "DocNumber" not in r1.ok("recurringtransaction", template(invoice))["Invoice"]
    assert r1.ok("invoice", invoice())["DocNumber"] == "1001"


def test_a_template_is_changed_and_deleted(r1: Any, invoice: Any, line: Any) -> None:
    made = r1.ok("recurringtransaction", template(invoice, PrivateNote="n"))["Invoice"]
    sent = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Line": [line(50)]}
    after = r1.ok("recurringtransaction", {"Invoice": sent})["Invoice"]
    assert (after["TotalAmt"], after["PrivateNote"], after["SyncToken"]) == (50, "n", "1")
    assert r1.fault("recurringtransaction", {"Invoice": sent})["code"] == "5010"
    full = template(invoice, Id=made["Id"], SyncToken="1")
    assert "PrivateNote" not in r1.ok("recurringtransaction", full)["Invoice"]
    other = {"Estimate": {**full["Invoice"], "SyncToken": "2"}}
    assert r1.fault("recurringtransaction", other)["code"] == "6000"
    gone = {"Invoice": {"Id": made["Id"], "SyncToken": "2"}}
    told = r1.ok("recurringtransaction", gone, operation="delete")
    assert told == {"Invoice": {"status": "Deleted", "domain": "QBO", "Id": made["Id"]}}
    assert r1.query("select * from RecurringTransaction") == {}


def test_a_template_in_a_batch(r1: Any, invoice: Any) -> None:
    made = r1.ok("recurringtransaction", template(invoice))["Invoice"]
    change = {"Invoice": {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "n"}}
    item = {"bId": "1", "operation": "update", "RecurringTransaction": change}
    response = r1.post("batch", {"BatchItemRequest": [item]})
    [answer] = response.json()["BatchItemResponse"]
    assert answer["RecurringTransaction"]["Invoice"]["PrivateNote"] == "n"


def test_refused_templates(r1: Any, invoice: Any) -> None:
    good = template(invoice)
    link = [{"TxnId": "1", "TxnType": "Estimate"}]
    rows = [
        ({}, "2020"),
        ({"Payment": {}}, "2020"),
        ({**good, "Bill": {}}, "2010"),
        ({"Invoice": []}, "2010"),
        ({"Invoice": invoice()}, "2020"),
        ({"Invoice": invoice(RecurringInfo={"Name": "Rent"})}, "2020"),
        (template(invoice, CustomerRef={"value": "404"}), "2500"),
        (template(invoice, LinkedTxn=link), "6000"),
        (template(invoice, Colour="red"), "2010"),
    ]
    for body, code in rows:
        assert r1.fault("recurringtransaction", body)["code"] == code, body


def test_lists_that_are_only_read(r1: Any, r2: Any) -> None:
    for client in (r1, r2):
        found = client.query("select * from CustomerType orderby Name")["CustomerType"]
        assert [(one["Id"], one["Name"]) for one in found] == [
            ("2", "Commercial"),
            ("1", "Residential"),
        ]
    budget = r1.read("budget/1")
    assert (budget["BudgetEntryType"], len(budget["BudgetDetail"])) == ("Quarterly", 8)
    assert r1.post("budget", {"Name": "More"}).status_code == 500
    assert r1.post("customertype", {"Name": "More"}).status_code == 500


def test_a_customer_has_a_type(r1: Any) -> None:
    body = {"Id": "14", "SyncToken": "0", "sparse": True, "CustomerTypeRef": {"value": "2"}}
    assert r1.ok("customer", body)["CustomerTypeRef"] == {"value": "2", "name": "Commercial"}
    wrong = {**body, "SyncToken": "1", "CustomerTypeRef": {"value": "9"}}
    assert r1.fault("customer", wrong)["code"] == "2500"
