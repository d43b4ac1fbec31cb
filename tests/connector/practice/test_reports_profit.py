"""Profit and loss on both bases, by periods and by what postings are for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector.practice.books.ledger import Posting, post
from connector.practice.reports import REPORTS
from tests.connector.practice.library import signed_in
from tests.connector.practice.reports import ask, get, group, lines, rows, titles, values

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


@pytest.fixture
def books(r2: Any, line: Any, invoice: Any, payment: Any) -> Any:
    """A small company: two invoices, one with tax and a discount, paid in parts over two years.

    100.00 for Ann in January; 200.00 of service and 100.00 of retail, less 30.00, with 6 % tax on
    the retail line, for Omar in March: 276.00 in all.
    """
    retail = {"Name": "Cream", "Type": "NonInventory", "IncomeAccountRef": {"value": "88"}}
    cream = r2.ok("item", retail)["Id"]
    for name in ("Ann", "Omar"):
        r2.ok("customer", {"DisplayName": name})
    ann, omar = (one["Id"] for one in r2.query("select * from Customer")["Customer"])
    discount = {"Amount": 30, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {}}
    first = invoice(line(100), CustomerRef={"value": ann}, TxnDate="2026-01-31")
    sale = invoice(
        line(200),
        line(100, item=cream, code="TAX"),
        discount,
        CustomerRef={"value": omar},
        TxnDate="2026-03-01",
    )
    made = [r2.ok("invoice", one) for one in (first, sale)]
    assert [one["TotalAmt"] for one in made] == [100, 276]
    parts = (
        (ann, "2026-02-01", 40, (made[0]["Id"], 40)),
        (ann, "2027-01-05", 70, (made[0]["Id"], 60)),
        (omar, "2026-12-31", 138, (made[1]["Id"], 138)),
    )
    for customer, day, total, part in parts:
        r2.ok("payment", payment(total, part, TxnDate=day, CustomerRef={"value": customer}))
    return r2


def test_accrual_counts_what_was_invoiced(books: Any) -> None:
    report = ask(books, "ProfitAndLoss", **YEAR)
    assert lines(report) == {
        "Income": [""],
        "Discounts Given": ["-30.00"],
        "Service Revenue": ["300.00"],
        "Skincare Retail": ["100.00"],
    }
    assert [row.get("group") for row in report["Rows"]["Row"]] == [
        "Income",
        "GrossProfit",
        "NetOperatingIncome",
        "NetIncome",
    ]
    assert group(report, "NetIncome") == [Decimal("370.00")]
    [total] = report["Columns"]["Column"][1:]
    assert total["MetaData"] == [{"Name": "ColKey", "Value": "total"}]


def test_cash_counts_what_was_paid(books: Any) -> None:
    report = ask(books, "ProfitAndLoss", accounting_method="Cash", **YEAR)
    # 40 of 100, and half of the other invoice; the tax of 6 is nobody's income.
    assert lines(report) == {
        "Income": [""],
        "Discounts Given": ["-15.00"],
        "Service Revenue": ["140.00"],
        "Skincare Retail": ["50.00"],
    }
    assert report["Header"]["ReportBasis"] == "Cash"
    later = ask(
        books,
        "ProfitAndLoss",
        accounting_method="Cash",
        start_date="2027-01-01",
        end_date="2027-12-31",
    )
    assert lines(later) == {
        "Income": [""],
        "Service Revenue": ["60.00"],
        "Unapplied Cash Payment Income": ["10.00"],
    }


def test_money_from_before_the_invoice_is_unapplied_until_its_date(
    r1: Any, line: Any, invoice: Any, payment: Any
) -> None:
    made = r1.ok("invoice", invoice(line(200), TxnDate="2026-12-05"))
    paid = r1.ok("payment", payment(150, (made["Id"], 150), TxnDate="2026-11-20"))
    r1.ok("payment", payment(50, (made["Id"], 50), TxnDate="2026-12-20"))
    asked = {"accounting_method": "Cash", "summarize_column_by": "Month"}
    span = {"start_date": "2026-11-01", "end_date": "2026-12-31"}
    found = lines(ask(r1, "ProfitAndLoss", **asked, **span))
    assert found["Service Revenue"] == ["", "200.00", "200.00"]
    assert found["Unapplied Cash Payment Income"] == ["150.00", "-150.00", ""]
    sheet = ask(r1, "BalanceSheet", **asked, **span)
    assert group(sheet, "AR") == [0, 0]
    assert group(sheet, "NetIncome") == [150, 200]
    later = {"Id": paid["Id"], "SyncToken": "0", "sparse": True, "TxnDate": "2026-12-06"}
    r1.ok("payment", later)
    assert "Unapplied Cash Payment Income" not in lines(ask(r1, "ProfitAndLoss", **asked, **span))


def test_months_over_the_end_of_the_year(books: Any) -> None:
    report = ask(
        books,
        "ProfitAndLoss",
        accounting_method="cash",
        summarize_column_by="month",
        start_date="2026-12-15",
        end_date="2027-02-10",
    )
    assert titles(report) == ["Dec 15 - 31, 2026", "Jan 2027", "Feb 1 - 10, 2027", "Total"]
    dates = [
        [one["Value"] for one in column["MetaData"] if one["Name"] != "ColKey"]
        for column in report["Columns"]["Column"]
    ]
    assert dates == [
        [],
        ["2026-12-15", "2026-12-31"],
        ["2027-01-01", "2027-01-31"],
        ["2027-02-01", "2027-02-10"],
        [],
    ]
    assert lines(report)["Service Revenue"] == ["100.00", "60.00", "", "160.00"]
    assert lines(report)["Skincare Retail"] == ["50.00", "", "", "50.00"]
    assert group(report, "NetIncome") == [Decimal(135), Decimal(70), Decimal(0), Decimal(205)]
    assert report["Header"]["SummarizeColumnsBy"] == "Month"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("Customers", {"Ann": 100, "Omar": 270, "Total": 370}),
        ("ProductsAndServices", {"Cream": 100, "Services": 300, "Not Specified": -30}),
        ("Vendors", {"Not Specified": 370, "Total": 370}),
        ("Quarter", {"Jan - Mar 2026": 370, "Apr - Jun 2026": 0}),
        ("Year", {"2026": 370, "Total": 370}),
        ("Week", {"Jan 25 - 31, 2026": 100, "Mar 1 - 7, 2026": 270, "Jan 1 - 3, 2026": 0}),
        ("Days", {"Jan 31, 2026": 100, "Mar 1, 2026": 270, "Mar 2, 2026": 0}),
    ],
)
def test_columns(books: Any, by: str, expected: dict[str, int]) -> None:
    report = ask(books, "ProfitAndLoss", summarize_column_by=by, **YEAR)
    found = dict(zip(titles(report), group(report, "NetIncome"), strict=True))
    assert {title: found[title] for title in expected} == expected
    assert found["Total"] == 370


def test_fiscal_quarters_and_years(books: Any) -> None:
    with books.running.state.companies[books.realm].store.transaction():
        store = books.running.state.companies[books.realm].store
        info = books.running.state.companies[books.realm].info
        store.put("CompanyInfo", {**info, "FiscalYearStartMonth": "March"})
    for by, expected in (
        ("FiscalQuarter", {"Jan - Feb 2026": 100, "Mar - May 2026": 270}),
        ("FiscalYear", {"Jan - Feb 2026": 100, "Mar - Dec 2026": 270}),
    ):
        report = ask(books, "ProfitAndLoss", summarize_column_by=by, **YEAR)
        found = dict(zip(titles(report), group(report, "NetIncome"), strict=True))
        assert {title: found[title] for title in expected} == expected


def test_filters(books: Any) -> None:
    by_name = {one["DisplayName"]: one["Id"] for one in _all(books, "Customer")}
    ann, omar = by_name["Ann"], by_name["Omar"]
    services = _all(books, "Item")[0]["Id"]
    for filters, expected in (
        ({"customer": ann}, 100),
        ({"customer": f"{ann},{omar}"}, 370),
        ({"customer": omar, "item": services}, 200),
        ({"account": "88"}, 100),
    ):
        report = ask(books, "ProfitAndLoss", **filters, **YEAR)
        assert group(report, "NetIncome") == [expected]
    header = ask(books, "ProfitAndLoss", customer=ann, **YEAR)["Header"]
    assert header["Customer"] == ann


def _all(client: Any, entity: str) -> list[dict[str, Any]]:
    return client.query(f"select * from {entity}")[entity]


def test_classes_and_departments(r1: Any, line: Any, invoice: Any) -> None:
    spa, shop = (r1.ok("class", {"Name": name})["Id"] for name in ("Spa", "Shop"))
    vip = r1.ok("class", {"Name": "VIP", "ParentRef": {"value": spa}})["Id"]
    boise = r1.ok("department", {"Name": "Boise"})["Id"]
    tagged = [line(10, ClassRef={"value": one}) for one in (spa, shop, vip)]
    r1.ok("invoice", invoice(*tagged, line(5), DepartmentRef={"value": boise}))
    by_class = ask(r1, "ProfitAndLoss", summarize_column_by="Classes")
    assert titles(by_class) == ["Shop", "Spa", "Spa:VIP", "Not Specified", "Total"]
    assert group(by_class, "NetIncome") == [10, 10, 10, 5, 35]
    keys = [one["MetaData"][0]["Value"] for one in by_class["Columns"]["Column"]]
    assert keys == ["account", shop, spa, vip, "not_specified", "total"]
    by_place = ask(r1, "ProfitAndLoss", summarize_column_by="Departments")
    assert titles(by_place) == ["Boise", "Total"]
    report = ask(r1, "ProfitAndLoss", class_=spa, department=boise)
    assert group(report, "NetIncome") == [10]
    assert (report["Header"]["Class"], report["Header"]["Department"]) == (spa, boise)


def test_parents_are_sections_with_amounts_of_their_own(r1: Any, line: Any, invoice: Any) -> None:
    below = {"AccountType": "Income", "ParentRef": {"value": "82"}}
    deep = r1.ok("account", {"Name": "Deep clean", **below})["Id"]
    idle = r1.ok("account", {"Name": "Idle", **below})["Id"]
    r1.ok("account", {"Name": "Attic", **below, "ParentRef": {"value": idle}})
    items = [
        r1.ok("item", {"Name": key, "Type": "Service", "IncomeAccountRef": {"value": key}})["Id"]
        for key in ("82", deep)
    ]
    r1.ok("invoice", invoice(line(150, item=items[0]), line(275, item=items[1])))
    [parent] = ask(r1, "ProfitAndLoss")["Rows"]["Row"][0]["Rows"]["Row"]
    assert parent == {
        "type": "Section",
        "Header": {"ColData": [{"value": "Residential Cleaning", "id": "82"}, {"value": "150.00"}]},
        "Rows": {
            "Row": [
                {
                    "type": "Data",
                    "ColData": [{"value": "Deep clean", "id": deep}, {"value": "275.00"}],
                }
            ]
        },
        "Summary": {"ColData": [{"value": "Total Residential Cleaning"}, {"value": "425.00"}]},
    }


def test_every_group_in_its_place(r1: Any) -> None:
    """Costs and other income reach the ledger by postings of any kind of transaction."""
    kinds = ("Cost of Goods Sold", "Expense", "Other Income", "Other Expense")
    ids = {kind: r1.ok("account", {"Name": kind, "AccountType": kind})["Id"] for kind in kinds}
    amounts = {"79": -1000, ids[kinds[0]]: 300, ids[kinds[1]]: 200}
    amounts |= {ids[kinds[2]]: -50, ids[kinds[3]]: 20, "92": 530}
    _post(r1, amounts)
    report = ask(r1, "ProfitAndLoss")
    assert [(row["group"], values(row["Summary"]["ColData"])) for row in report["Rows"]["Row"]] == [
        ("Income", ["Total Income", "1000.00"]),
        ("COGS", ["Total Cost of Goods Sold", "300.00"]),
        ("GrossProfit", ["Gross Profit", "700.00"]),
        ("Expenses", ["Total Expenses", "200.00"]),
        ("NetOperatingIncome", ["Net Operating Income", "500.00"]),
        ("OtherIncome", ["Total Other Income", "50.00"]),
        ("OtherExpenses", ["Total Other Expenses", "20.00"]),
        ("NetOtherIncome", ["Net Other Income", "30.00"]),
        ("NetIncome", ["Net Income", "530.00"]),
    ]
    assert all(row["type"] == "Section" for row in report["Rows"]["Row"])


def _post(client: Any, amounts: dict[str, int]) -> None:
    store = client.running.state.companies[client.realm].store
    postings = [Posting(account=key, amount=Decimal(one)) for key, one in amounts.items()]
    with store.transaction():
        post(store, "JournalEntry", "900", "2026-11-02", postings)


def test_order(books: Any) -> None:
    for order, expected in (
        ("ascend", ["Discounts Given", "Skincare Retail", "Service Revenue"]),
        ("descend", ["Service Revenue", "Skincare Retail", "Discounts Given"]),
    ):
        report = ask(books, "ProfitAndLoss", sort_order=order, **YEAR)
        assert list(lines(report))[1:] == expected


def test_the_preferred_basis(books: Any) -> None:
    assert ask(books, "ProfitAndLoss", **YEAR)["Header"]["ReportBasis"] == "Accrual"
    books.prefer(ReportPrefs__ReportBasis="Cash")
    assert ask(books, "ProfitAndLoss", **YEAR)["Header"]["ReportBasis"] == "Cash"
    report = ask(books, "ProfitAndLoss", accounting_method="Accrual", **YEAR)
    assert report["Header"]["ReportBasis"] == "Accrual"


def test_nothing_to_report(r1: Any) -> None:
    for by in ("Total", "Month", "Customers"):
        report = ask(r1, "ProfitAndLoss", summarize_column_by=by)
        assert report["Rows"] == {}
        assert {"Name": "NoReportData", "Value": "true"} in report["Header"]["Option"]
        assert list(rows(report)) == []


def test_the_public_client_reads_a_report(
    r1: Any, invoice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    r1.ok("invoice", invoice())
    asked = {"summarize_column_by": "Month", "start_date": "2026-11-01", "end_date": "2026-11-30"}
    with signed_in(r1, monkeypatch) as client:
        report = client.get_report("ProfitAndLoss", asked)
    assert group(report, "NetIncome") == [475, 475]


def test_records_put_past_the_rules_spoil_no_report(r1: Any, invoice: Any) -> None:
    for entity, field in (("Account", "Name"), ("Customer", "DisplayName"), ("Class", "Name")):
        odd = {"Id": "odd", field: "Odd", "FullyQualifiedName": "Odd"}
        r1.control("records", {"realm": r1.realm, "entity": entity, "record": odd})
    r1.ok("invoice", invoice())
    _post(r1, {"79": -5, "odd": 5})
    for name in REPORTS:
        assert get(r1, name).status_code == 200, name
