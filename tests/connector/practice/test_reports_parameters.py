"""What a report may be asked for: periods, words, numbers; the rest is refused."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.practice.reports.columns import divided, title
from connector.practice.reports.parameters import PERIODS
from connector.practice.reports.periods import MACROS, Period, macro_period
from tests.connector.practice.reports import ask, get, refusal

FRIDAY = date(2026, 11, 6)
R1 = "9341455600000001"
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("macro", "start", "end"),
    [
        ("today", "2026-11-06", "2026-11-06"),
        ("yesterday", "2026-11-05", "2026-11-05"),
        ("this week", "2026-11-01", "2026-11-07"),
        ("this week-to-date", "2026-11-01", "2026-11-06"),
        ("last week", "2026-10-25", "2026-10-31"),
        ("last week-to-date", "2026-10-25", "2026-10-30"),
        ("next week", "2026-11-08", "2026-11-14"),
        ("next 4 weeks", "2026-11-08", "2026-12-05"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("this month-to-date", "2026-11-01", "2026-11-06"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("last month-to-date", "2026-10-01", "2026-10-06"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("this fiscal quarter", "2026-11-01", "2027-01-31"),
        ("this fiscal quarter-to-date", "2026-11-01", "2026-11-06"),
        ("last fiscal quarter", "2026-08-01", "2026-10-31"),
        ("last fiscal quarter-to-date", "2026-08-01", "2026-08-06"),
        ("next fiscal quarter", "2027-02-01", "2027-04-30"),
        ("this fiscal year", "2026-02-01", "2027-01-31"),
        ("this fiscal year-to-date", "2026-02-01", "2026-11-06"),
        ("last fiscal year", "2025-02-01", "2026-01-31"),
        ("last fiscal year-to-date", "2025-02-01", "2025-11-06"),
        ("next fiscal year", "2027-02-01", "2028-01-31"),
        ("this calendar quarter", "2026-10-01", "2026-12-31"),
        ("last calendar quarter-to-date", "2026-07-01", "2026-08-06"),
        ("next calendar quarter", "2027-01-01", "2027-03-31"),
        ("last calendar year", "2025-01-01", "2025-12-31"),
        ("next calendar year", "2027-01-01", "2027-12-31"),
    ],
)
def test_macros_of_a_fiscal_year_from_february(macro: str, start: str, end: str) -> None:
    found = macro_period(macro, FRIDAY, 2)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


def test_the_last_day_of_a_shorter_month() -> None:
    found = macro_period("last month-to-date", date(2026, 3, 31), 1)
    assert found == Period(date(2026, 2, 1), date(2026, 2, 28))


@given(today=DAYS, first_month=st.integers(1, 12), macro=st.sampled_from(sorted(MACROS - {"all"})))
def test_macros_hang_together(today: date, first_month: int, macro: str) -> None:
    found = macro_period(macro, today, first_month)
    assert found.start <= found.end
    if macro.startswith("this"):
        assert found.start <= today <= found.end
        unit = macro.removeprefix("this ").removesuffix("-to-date")
        last, following = (
            macro_period(f"{when} {unit}", today, first_month) for when in ("last", "next")
        )
        whole = macro_period(f"this {unit}", today, first_month)
        assert last.end + timedelta(days=1) == whole.start
        assert whole.end + timedelta(days=1) == following.start


@given(start=DAYS, days=st.integers(0, 800), by=st.sampled_from(sorted(PERIODS)), data=st.data())
def test_columns_cover_the_period_without_gaps(
    start: date, days: int, by: str, data: st.DataObject
) -> None:
    kind, fiscal = PERIODS[by]
    whole = Period(start, start + timedelta(days=days))
    parts = list(divided(whole, kind, data.draw(st.integers(1, 12)) if fiscal else 1))
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    for one, following in pairwise(parts):
        assert one.start <= one.end
        assert one.end + timedelta(days=1) == following.start
    assert len({title(one) for one in parts}) == len(parts)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-11-01", "2026-11-30", "Nov 2026"),
        ("2026-01-01", "2026-03-31", "Jan - Mar 2026"),
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-07-01", "2027-06-30", "Jul 2026 - Jun 2027"),
        ("2026-11-06", "2026-11-06", "Nov 6, 2026"),
        ("2026-11-02", "2026-11-30", "Nov 2 - 30, 2026"),
        ("2026-10-25", "2026-11-01", "Oct 25 - Nov 1, 2026"),
        ("2026-12-27", "2027-01-02", "Dec 27, 2026 - Jan 2, 2027"),
    ],
)
def test_titles_of_periods(start: str, end: str, text: str) -> None:
    assert title(Period(date.fromisoformat(start), date.fromisoformat(end))) == text


def _period(report: dict[str, Any]) -> tuple[str, str, str]:
    header = report["Header"]
    return header["StartPeriod"], header["EndPeriod"], header.get("DateMacro", "")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, ("2026-01-01", "2026-11-06", "this calendar year-to-date")),
        ({"date_macro": "LAST MONTH"}, ("2026-10-01", "2026-10-31", "last month")),
        ({"date_macro": "All"}, ("2026-11-06", "2026-11-06", "all")),
        ({"start_date": "2026-03-05"}, ("2026-03-05", "2026-11-06", "")),
        ({"start_date": "2027-03-05"}, ("2027-03-05", "2027-03-05", "")),
        ({"end_date": "2026-03-05"}, ("2026-01-01", "2026-03-05", "")),
        (
            {"start_date": "2026-03-05", "end_date": "2026-03-06", "date_macro": "Today"},
            ("2026-03-05", "2026-03-06", ""),
        ),
    ],
)
def test_periods(r1: Any, sent: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert _period(ask(r1, "ProfitAndLoss", **sent)) == expected


def test_today_is_that_of_the_company(r1: Any) -> None:
    r1.control("clock", {"now": "2026-11-07T05:30:00+00:00"})
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    report = ask(r1, "ProfitAndLoss", date_macro="Today")
    assert _period(report)[0] == "2026-11-06"
    assert report["Header"]["Time"] == "2026-11-06T22:30:00-07:00"


def test_all_dates_reach_from_the_first_posting_to_the_last(r1: Any, invoice: Any) -> None:
    r1.prefer(AccountingInfoPrefs__BookCloseDate=None)
    for day in ("2025-05-05", "2027-07-07"):
        r1.ok("invoice", invoice(TxnDate=day))
    assert _period(ask(r1, "ProfitAndLoss", date_macro="All"))[:2] == ("2025-05-05", "2027-07-07")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"start_date": "01/01/2026"}, "2070"),
        ({"start_date": "20260101"}, "2070"),
        ({"end_date": "2026-02-30"}, "2070"),
        ({"end_date": "1899-12-31"}, "2070"),
        ({"end_date": "3000-01-01"}, "2070"),
        ({"start_date": "2026-02-02", "end_date": "2026-02-01"}, "2070"),
        ({"report_date": "today"}, "2070"),
        ({"date_macro": "This Century"}, "2170"),
        ({"accounting_method": "Both"}, "2170"),
        ({"summarize_column_by": "Months"}, "2170"),
        ({"sort_order": "up"}, "2170"),
        ({"aging_method": "DueDate"}, "2170"),
        ({"aging_period": "0"}, "2060"),
        ({"aging_period": "30.5"}, "2060"),
        ({"num_periods": "101"}, "2060"),
        ({"num_periods": "9999999999"}, "2060"),
        ({"qzurl": "yes"}, "2080"),
        ({"adjusted_gain_loss": "1"}, "2080"),
        ({"customer": "404"}, "2500"),
        ({"customer": "10,404"}, "2500"),
        ({"class": "404"}, "2500"),
        ({"account": "Income"}, "2500"),
    ],
)
def test_wrong_values_are_refused(r1: Any, sent: dict[str, str], code: str) -> None:
    assert refusal(r1, "AgedReceivables", **sent) == code


def test_an_unknown_report(r1: Any) -> None:
    for name in ("Profit", "profitandloss", "CashFlow"):
        response = get(r1, name)
        assert response.status_code == 500
        fault = response.json()["Fault"]
        assert (fault["type"], fault["Error"][0]["code"]) == ("SystemFault", "500")


def test_what_changes_nothing(r1: Any, invoice: Any) -> None:
    r1.ok("invoice", invoice())
    plain = ask(r1, "ProfitAndLoss")
    for more in ("testing_migration", "qzurl", "adjusted_gain_loss"):
        assert ask(r1, "ProfitAndLoss", **{more: "true"}) == plain
    assert ask(r1, "ProfitAndLoss", minorversion="75", customer="", date_macro="") == plain


def test_filters_of_one_column_must_both_hold(r1: Any, invoice: Any) -> None:
    r1.ok("invoice", invoice())
    assert ask(r1, "ProfitAndLoss", customer="10")["Rows"] != {}
    assert ask(r1, "ProfitAndLoss", customer="10", vendor="20")["Rows"] == {}
    kind = "AccountBasedExpenseLineDetail"
    spent = {"Amount": 5, "DetailType": kind, kind: {"AccountRef": {"value": "97"}}}
    r1.ok("bill", {"VendorRef": {"value": "20"}, "Line": [spent]})
    jo = r1.ok("employee", {"GivenName": "Jo", "FamilyName": "Park"})["Id"]
    assert ask(r1, "ProfitAndLoss", vendor="20")["Rows"] != {}
    assert ask(r1, "ProfitAndLoss", vendor="20", employee=jo)["Rows"] == {}


def test_a_report_has_room_for_so_many_cells(r1: Any, invoice: Any) -> None:
    r1.ok("invoice", invoice())
    period = {"start_date": "2026-11-01", "end_date": "2026-11-30"}
    # Five rows: two for income, three sums. Thirty days, the names and the total.
    cells = 5 * 32
    for name, by, most in (
        ("ProfitAndLoss", "Days", cells),
        ("TransactionList", "Total", 9),
        ("GeneralLedger", "Total", 2 * 3 * 8),
    ):
        for room, fits in ((most, True), (most - 1, False), (0, True)):
            r1.control("switches", {"report_cells": room})
            response = get(r1, name, summarize_column_by=by, **period)
            assert (response.status_code == 200) == fits, (name, room)
            if not fits:
                assert response.json()["Fault"]["Error"][0]["code"] == "10100"
    r1.control("switches", {"report_cells": 20})
    assert refusal(r1, "ProfitAndLoss", summarize_column_by="Days", **period) == "10100"


def test_reports_are_metered_reads(r1: Any) -> None:
    ask(r1, "ProfitAndLoss")
    get(r1, "Nope")
    refusal(r1, "ProfitAndLoss", qzurl="x")
    assert r1.control("metering", method="GET") == {"2026-11": {R1: 1}}


def test_reports_have_a_limit_of_their_own(r1: Any) -> None:
    r1.control("switches", {"limits": "intuit", "reports_a_minute": 3})
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    statuses = [get(r1, "ProfitAndLoss").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    r1.read("preferences")
    r1.control("clock", {"advance": 60})
    assert get(r1, "ProfitAndLoss").status_code == 200
    r1.control("switches", {"reports_a_minute": 0})
    assert [get(r1, "ProfitAndLoss").status_code for _ in range(4)] == [200] * 4
