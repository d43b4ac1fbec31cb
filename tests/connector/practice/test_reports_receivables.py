"""What customers owe, how long it is overdue, and what was earned with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connector.practice.reports import ask, group, lines, titles

TODAY = "2026-11-06"


@pytest.fixture
def books(r1: Any, line: Any, invoice: Any, payment: Any) -> Any:
    """Dana owes 100 since October and 50 from the 19th; Omar 200 since August; two payments."""
    r1.prefer(AccountingInfoPrefs__BookCloseDate=None)
    omar = {"CustomerRef": {"value": "14"}}
    old = r1.ok("invoice", invoice(line(100), TxnDate="2026-09-01", DueDate="2026-10-01"))["Id"]
    r1.ok("invoice", invoice(line(50), TxnDate="2026-10-20", DueDate="2026-11-19"))
    r1.ok("invoice", invoice(line(200), TxnDate="2026-08-01", DueDate="2026-08-01", **omar))
    r1.ok("payment", payment(30, (old, 30), TxnDate="2026-11-01"))
    r1.ok("payment", payment(10, TxnDate="2026-11-05", **omar))
    return r1


def test_ages(books: Any) -> None:
    report = ask(books, "AgedReceivables")
    assert titles(report) == ["Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    assert lines(report) == {
        "Dana Whitfield": ["50.00", "", "70.00", "", "", "120.00"],
        "Omar Haddad": ["", "-10.00", "", "", "200.00", "190.00"],
    }
    assert group(report, "GrandTotal") == [50, -10, 70, 0, 200, 310]
    header = report["Header"]
    assert "ReportBasis" not in header
    assert header["Option"] == [
        {"Name": "report_date", "Value": TODAY},
        {"Name": "NoReportData", "Value": "false"},
    ]


def test_ages_as_of_a_date(books: Any) -> None:
    earlier = {"Dana Whitfield": ["50.00", "100.00", "", "", "", "150.00"]}
    earlier |= {"Omar Haddad": ["", "", "", "", "200.00", "200.00"]}
    for sent in (
        {"report_date": "2026-10-31"},
        {"end_date": "2026-10-31"},
        {"date_macro": "Last Month"},
        {"report_date": "2026-10-31", "aging_method": "Report_Date"},
    ):
        assert lines(ask(books, "AgedReceivables", **sent)) == earlier
    before = ask(books, "AgedReceivables", report_date="2026-07-31")
    assert before["Rows"] == {}


def test_ages_as_of_today_of_what_there_was(books: Any) -> None:
    sent = {"report_date": "2026-10-31", "aging_method": "Current"}
    assert lines(ask(books, "AgedReceivables", **sent)) == {
        "Dana Whitfield": ["50.00", "", "70.00", "", "", "120.00"],
        "Omar Haddad": ["", "", "", "", "200.00", "200.00"],
    }


def test_a_report_date_to_come_goes_before_today(books: Any) -> None:
    later = {"report_date": "2027-02-18"}
    by_date = lines(ask(books, "AgedReceivables", **later))
    assert lines(ask(books, "AgedReceivables", aging_method="Current", **later)) == by_date


def test_who_has_paid_all_is_not_listed(r1: Any, invoice: Any, payment: Any) -> None:
    made = r1.ok("invoice", invoice())["Id"]
    r1.ok("payment", payment(475, (made, 475)))
    for name in ("AgedReceivables", "CustomerBalance"):
        assert ask(r1, name)["Rows"] == {}


@pytest.mark.parametrize(
    ("day", "place"),
    [
        ("2026-11-19", 0),
        ("2026-11-20", 1),
        ("2026-12-19", 1),
        ("2026-12-20", 2),
        ("2027-02-17", 3),
        ("2027-02-18", 4),
        ("2029-01-01", 4),
    ],
)
def test_a_debt_grows_older_day_by_day(books: Any, day: str, place: int) -> None:
    cells = lines(ask(books, "AgedReceivables", report_date=day))["Dana Whitfield"]
    assert float(cells[place]) in (50, 120)


def test_periods_of_other_lengths(books: Any) -> None:
    report = ask(books, "AgedReceivables", aging_period="10", num_periods="2")
    assert titles(report) == ["Current", "1 - 10", "11 and over", "Total"]
    assert lines(report)["Omar Haddad"] == ["", "-10.00", "200.00", "190.00"]
    one = ask(books, "AgedReceivables", num_periods="1")
    assert titles(one) == ["Current", "1 and over", "Total"]


def test_ages_from_the_date_of_the_form_by_preference(books: Any) -> None:
    books.prefer(ReportPrefs__CalcAgingReportFromTxnDate=True)
    report = ask(books, "AgedReceivables")
    assert lines(report)["Dana Whitfield"] == ["", "50.00", "", "70.00", "", "120.00"]


def test_balances(books: Any) -> None:
    report = ask(books, "CustomerBalance", accounting_method="Cash")
    assert lines(report) == {"Dana Whitfield": ["120.00"], "Omar Haddad": ["190.00"]}
    assert group(report, "GrandTotal") == [310]
    assert report["Header"]["DateMacro"] == "all"
    for sent in ({"end_date": "2026-10-31"}, {"report_date": "2026-10-31"}):
        before = ask(books, "CustomerBalance", **sent)
        assert lines(before) == {"Dana Whitfield": ["150.00"], "Omar Haddad": ["200.00"]}
    alone = ask(books, "CustomerBalance", customer="14")
    assert lines(alone) == {"Omar Haddad": ["190.00"]}
    assert alone["Header"]["Customer"] == "14"
    by_amount = ask(books, "CustomerBalance", sort_order="descend")
    assert list(lines(by_amount)) == ["Omar Haddad", "Dana Whitfield"]


def test_sub_customers_stand_below_their_parents(r1: Any, line: Any, invoice: Any) -> None:
    jobs = []
    for name in ("Cabin", "Attic"):
        job = {"DisplayName": name, "Job": True, "ParentRef": {"value": "10"}}
        jobs.append(r1.ok("customer", job)["Id"])
    for customer, amount in (("10", 5), (jobs[0], 7), (jobs[1], 11), ("14", 13)):
        r1.ok("invoice", invoice(line(amount), CustomerRef={"value": customer}))
    parent, omar, total = ask(r1, "CustomerBalance")["Rows"]["Row"]
    assert parent == {
        "type": "Section",
        "Header": {"ColData": [{"value": "Dana Whitfield", "id": "10"}, {"value": "5.00"}]},
        "Rows": {
            "Row": [
                {
                    "type": "Data",
                    "ColData": [{"value": "Attic", "id": jobs[1]}, {"value": "11.00"}],
                },
                {"type": "Data", "ColData": [{"value": "Cabin", "id": jobs[0]}, {"value": "7.00"}]},
            ]
        },
        "Summary": {"ColData": [{"value": "Total Dana Whitfield"}, {"value": "23.00"}]},
    }
    assert omar["ColData"][1] == {"value": "13.00"}
    assert total == {
        "type": "Section",
        "group": "GrandTotal",
        "Summary": {"ColData": [{"value": "TOTAL"}, {"value": "36.00"}]},
    }


def test_credits_and_what_they_pay(r1: Any, line: Any, invoice: Any) -> None:
    dates = {"TxnDate": "2026-11-01", "DueDate": "2026-11-03"}
    sold = r1.ok("invoice", invoice(line(100), **dates))["Id"]
    credit = r1.ok("creditmemo", invoice(line(40), TxnDate="2026-11-06"))["Id"]
    assert lines(ask(r1, "AgedReceivables"))["Dana Whitfield"][:2] == ["-40.00", "100.00"]
    parts = [
        {"Amount": 25, "LinkedTxn": [{"TxnId": identity, "TxnType": kind}]}
        for kind, identity in (("Invoice", sold), ("CreditMemo", credit))
    ]
    r1.ok("payment", {"CustomerRef": {"value": "10"}, "TotalAmt": 0, "Line": parts})
    assert lines(ask(r1, "AgedReceivables"))["Dana Whitfield"][:2] == ["-15.00", "75.00"]


def test_income_by_customer(books: Any) -> None:
    report = ask(books, "CustomerIncome")
    assert titles(report) == ["Income", "Expenses", "Net Income"]
    assert lines(report) == {
        "Dana Whitfield": ["150.00", "", "150.00"],
        "Omar Haddad": ["200.00", "", "200.00"],
    }
    cash = ask(books, "CustomerIncome", accounting_method="Cash")
    assert lines(cash)["Omar Haddad"] == ["10.00", "", "10.00"]
    assert group(cash, "GrandTotal") == [40, 0, 40]


def test_nobody_owes_anything(r1: Any) -> None:
    for name in ("CustomerBalance", "AgedReceivables", "CustomerIncome"):
        assert ask(r1, name)["Rows"] == {}
