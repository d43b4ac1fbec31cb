"""Whatever is sold, paid, credited and voided: every way of adding it up comes to the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.practice.server import Running
from tests.connector.practice.conftest import R2, Client
from tests.connector.practice.reports import ask, group, titles

Record = dict[str, Any]
FIRST = date(2026, 10, 1)
ALL = {"start_date": "2026-01-01", "end_date": "2027-12-31"}
BASES = ("Accrual", "Cash")

days = st.integers(0, 180).map(lambda step: (FIRST + timedelta(days=step)).isoformat())
cents = st.integers(1, 99_999).map(lambda number: number / 100)
#: What happens: a kind, who, when, how much, and a number that chooses among what is there.
steps = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("invoice", "invoice", "payment", "payment", "creditmemo", "salesreceipt"),
                *("apply", "void", "delete", "loose"),
            )
        ),
        st.integers(0, 2),
        days,
        cents,
        st.integers(0, 1000),
    ),
    min_size=1,
    max_size=12,
)


class Firm:
    """A company whose books are filled by random steps; what does not fit is left out."""

    def __init__(self, client: Client) -> None:
        self.client = client
        names = ({"DisplayName": "Ann"}, {"DisplayName": "Omar"})
        self.customers = [client.ok("customer", one)["Id"] for one in names]
        job = {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": self.customers[0]}}
        self.customers.append(client.ok("customer", job)["Id"])
        self.classes = [client.ok("class", {"Name": name})["Id"] for name in ("Spa", "Shop")]

    def take(self, step: tuple[str, int, str, float, int]) -> None:
        kind, who, day, amount, choice = step
        if kind in ("invoice", "creditmemo", "salesreceipt"):
            self.sell(kind, who, day, amount, choice)
        elif kind == "loose":
            body = {"CustomerRef": {"value": self.customers[who]}, "TotalAmt": amount}
            self.client.ok("payment", {**body, "TxnDate": day})
        elif kind in ("void", "delete"):
            self.end(kind, choice)
        else:
            self.pay(day, amount, choice, with_credit=kind == "apply")

    def sell(self, kind: str, who: int, day: str, amount: float, choice: int) -> None:
        taxed = {"TaxCodeRef": {"value": "TAX" if choice % 2 else "NON"}}
        tagged = {"ClassRef": {"value": self.classes[choice % 3]}} if choice % 3 < 2 else {}
        lines = [
            _line(amount, {**taxed, **tagged}),
            _line(round(amount / 3, 2), {"ItemRef": {"value": "2"}}),
        ]
        body = {"CustomerRef": {"value": self.customers[who]}, "Line": lines, "TxnDate": day}
        if kind == "invoice" and choice % 5 == 0:
            discount = {"Amount": 1 if amount > 2 else 0, "DetailType": "DiscountLineDetail"}
            body["Line"] = [*lines, {**discount, "DiscountLineDetail": {}}]
        if kind == "invoice":
            due = date.fromisoformat(day) + timedelta(days=choice % 60)
            body["DueDate"] = due.isoformat()
        self.client.ok(kind, body)

    def pay(self, day: str, amount: float, choice: int, *, with_credit: bool) -> None:
        """Pay an open invoice in part, or more than it; or use up a credit memo on it."""
        invoice = _chosen(self.open("Invoice"), choice)
        if invoice is None:
            return
        part = min(Decimal(str(amount)), Decimal(str(invoice["Balance"])))
        lines = [_applied("Invoice", invoice, part)]
        total = amount
        if with_credit:
            owner = invoice["CustomerRef"]["value"]
            open_ones = [
                one for one in self.open("CreditMemo") if one["CustomerRef"]["value"] == owner
            ]
            credit = _chosen(open_ones, choice)
            if credit is None:
                return
            part = min(part, Decimal(str(credit["RemainingCredit"])))
            lines = [_applied("Invoice", invoice, part), _applied("CreditMemo", credit, part)]
            total = 0
        payer = {"CustomerRef": invoice["CustomerRef"]}
        self.client.ok("payment", {**payer, "TotalAmt": total, "Line": lines, "TxnDate": day})

    def end(self, kind: str, choice: int) -> None:
        entity = "Payment" if choice % 2 else "Invoice"
        record = _chosen(self.all(entity), choice)
        if record is not None:
            options = {"operation": kind}
            if kind == "void" and entity == "Payment":
                options = {"operation": "update", "include": "void"}
            body = {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True}
            self.client.ok(entity.lower(), body, **options)

    def open(self, entity: str) -> list[Record]:
        left = "RemainingCredit" if entity == "CreditMemo" else "Balance"
        return [one for one in self.all(entity) if one.get(left)]

    def all(self, entity: str) -> list[Record]:
        return self.client.query(f"select * from {entity}").get(entity, [])


def _line(amount: float, detail: Record) -> Record:
    kind = "SalesItemLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: {"ItemRef": {"value": "1"}, **detail}}


def _applied(entity: str, record: Record, amount: Decimal) -> Record:
    link = {"TxnId": record["Id"], "TxnType": entity}
    return {"Amount": float(amount), "LinkedTxn": [link]}


def _chosen(records: list[Record], choice: int) -> Record | None:
    return records[choice % len(records)] if records else None


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[Client]:
    made = Client(running, R2)
    yield made
    made.http.close()


def filled(client: Client, happened: list[tuple[str, int, str, float, int]]) -> Firm:
    client.running.state.reset()
    client.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    client.http.headers["Authorization"] = f"Bearer {client.running.access_token()}"
    firm = Firm(client)
    for step in happened:
        firm.take(step)
    return firm


some = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@some
@given(happened=steps)
def test_profit_is_the_same_whatever_it_is_divided_by(client: Client, happened: Any) -> None:
    filled(client, happened)
    for basis in BASES:
        asked = {"accounting_method": basis, **ALL}
        [profit] = group(ask(client, "ProfitAndLoss", **asked), "NetIncome")
        for by in ("Month", "FiscalYear", "Customers", "Classes", "ProductsAndServices"):
            report = ask(client, "ProfitAndLoss", summarize_column_by=by, **asked)
            *parts, total = group(report, "NetIncome")
            assert sum(parts) == total == profit, (basis, by)
        assert group(ask(client, "CustomerIncome", **asked), "GrandTotal")[-1] == profit


@some
@given(happened=steps, day=days)
def test_balance_sheets_balance(client: Client, happened: Any, day: str) -> None:
    filled(client, happened)
    for basis in BASES:
        asked = {"accounting_method": basis, "start_date": "2026-10-01", "end_date": day}
        for by in ("Total", "Week", "Customers"):
            report = ask(client, "BalanceSheet", summarize_column_by=by, **asked)
            assets = group(report, "TotalAssets")
            if by != "Customers":
                assert assets == group(report, "TotalLiabilitiesAndEquity"), (basis, by)
            else:
                assert assets[-1:] == group(report, "TotalLiabilitiesAndEquity")[-1:]
        debit, credit = group(ask(client, "TrialBalance", **asked), "GrandTotal")
        assert debit == credit


@some
@given(happened=steps, day=days)
def test_what_customers_owe_is_the_receivable(client: Client, happened: Any, day: str) -> None:
    firm = filled(client, happened)
    for until in (day, ALL["end_date"]):
        period = {"start_date": "2026-01-01", "end_date": until}
        [owed] = group(ask(client, "BalanceSheet", accounting_method="Accrual", **period), "AR")
        assert group(ask(client, "CustomerBalance", **period), "GrandTotal") == [owed]
        aged = ask(client, "AgedReceivables", report_date=until)
        *parts, total = group(aged, "GrandTotal")
        assert (sum(parts), total) == (owed, owed)
        assert titles(aged)[-1] == "Total"
    left = [Decimal(str(one["Balance"])) for one in firm.open("Invoice")]
    credits = [Decimal(str(one["RemainingCredit"])) for one in firm.open("CreditMemo")]
    loose = [Decimal(str(one["UnappliedAmt"])) for one in firm.all("Payment")]
    assert sum(left) - sum(credits) - sum(loose) == owed
