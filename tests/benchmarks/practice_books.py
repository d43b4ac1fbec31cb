"""A company with very many invoices, and how long queries of it take: `python -m` this module."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.query.select import select
from connector.practice.query.statement import parse
from connector.practice.seed import as_record, fixture
from connector.practice.switches import Switches
from connector.practice.wire import dump

INVOICES, CUSTOMERS = 100_000, 1_000
_IN_ONE_CHANGE = 2_000
_FIRST_CUSTOMER, _FIRST_INVOICE = 1_000, 101
_FIRST_DAY = date(2022, 1, 1)
_DAYS = 1_700
_NOW = datetime.fromisoformat("2026-11-06T10:00:00-07:00")

#: Statements by what they show; each asks by fields that have an index.
QUERIES = {
    "by id": "select * from Invoice where Id = '50101'",
    "by 30 ids": f"select * from Invoice where Id in ({', '.join(map(str, range(501, 531)))})",
    "by number": "select * from Invoice where DocNumber = 'N-77777'",
    "by beginning of number": "select * from Invoice where DocNumber like 'N-777%'",
    "by customer": "select * from Invoice where CustomerRef = '1501'",
    "by date": "select * from Invoice where TxnDate = '2024-05-05'",
    "by due date": "select * from Invoice where DueDate = '2024-05-05' orderby DocNumber",
    "by term": "select * from Invoice where SalesTermRef = '3'",
    "by balance": "select * from Invoice where Balance > '0' maxresults 100",
    "by total": "select * from Invoice where TotalAmt = 123.00",
    "by time of change": "select * from Invoice where MetaData.LastUpdatedTime > '2026-11-01'",
    "customer and date, in order": (
        "select * from Invoice where CustomerRef = '1501' and TxnDate >= '2023-01-01'"
        " orderby TxnDate desc startposition 11 maxresults 50"
    ),
    "the one with most, and date, in order": (
        "select * from Invoice where CustomerRef = '1000' and TxnDate >= '2023-01-01'"
        " orderby TxnDate desc startposition 11 maxresults 50"
    ),
    "open ones by due date": (
        "select * from Invoice where Balance > '0' orderby DueDate maxresults 100"
    ),
    "dates, in order": (
        "select * from Invoice where TxnDate >= '2022-06-01' orderby TxnDate maxresults 100"
    ),
    "newest first": "select * from Invoice orderby MetaData.LastUpdatedTime desc maxresults 100",
    "one term in order of dates": (
        "select * from Invoice where SalesTermRef = '3' orderby TxnDate maxresults 100"
    ),
    "paid ones, newest first": (
        "select * from Invoice where Balance = 0 orderby TxnDate desc maxresults 100"
    ),
    "how many": "select count(*) from Invoice",
    "how many since": "select count(*) from Invoice where TxnDate >= '2022-06-01'",
    "how many open since": (
        "select count(*) from Invoice where Balance > '0' and TxnDate >= '2022-06-01'"
    ),
    "last page": "select * from Invoice startposition 99901",
    "last page in order": "select * from Invoice orderby TxnDate startposition 99901",
    "last page in falling order": "select * from Invoice orderby Balance desc startposition 99901",
    "last page of ids": "select Id from Invoice orderby Id desc startposition 99901",
    "a thousand": "select * from Invoice maxresults 1000",
}


def filled(invoices: int = INVOICES, customers: int = CUSTOMERS) -> Books:
    """A company in memory with so many invoices; a tenth of them are the first customer's."""
    books, other = fixture()
    other.store.close()
    _put(books, [_customer(number) for number in range(customers)])
    rows: list[tuple[str, dict[str, Any]]] = []
    for number in range(invoices):
        rows.append(_invoice(number, customers))
        if len(rows) == _IN_ONE_CHANGE:
            _put(books, rows)
            rows = []
    _put(books, rows)
    return books


def measured(books: Books, *, times: int = 15) -> Iterator[tuple[str, int, float]]:
    """For each query: its name, how many records it gives, and the median in milliseconds.

    What is measured is all that the server does for it: reading the statement, finding the
    records and writing the answer.
    """
    for name, text in QUERIES.items():
        took, rows = [], 0
        for _ in range(times):
            began = time.perf_counter()
            found = select(_change(books), parse(text))
            dump(found)
            took.append((time.perf_counter() - began) * 1000)
            rows = len(found.get("Invoice", ()))
        yield name, rows, median(took)


def _change(books: Books) -> Change:
    return Change(books, now=_NOW, switches=Switches())


def _put(books: Books, rows: list[tuple[str, dict[str, Any]]]) -> None:
    change = _change(books)
    for entity, record in rows:
        change.put(entity, record)
    change.apply()


def _customer(number: int) -> tuple[str, dict[str, Any]]:
    identity = str(_FIRST_CUSTOMER + number)
    return "Customer", as_record("Customer", {"Id": identity, "DisplayName": f"Customer {number}"})


def _invoice(number: int, customers: int) -> tuple[str, dict[str, Any]]:
    whose = 0 if number % 10 == 0 else number % customers
    day = _FIRST_DAY + timedelta(days=number * 7 % _DAYS)
    total = Decimal(number % 500) + Decimal("0.00")
    line = {
        "Id": "1",
        "LineNum": 1,
        "Description": "Service as agreed",
        "Amount": total,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {
            "ItemRef": {"value": "1", "name": "Services"},
            "ItemAccountRef": {"value": "79", "name": "Service Revenue"},
            "TaxCodeRef": {"value": "NON"},
        },
    }
    last = {"Amount": total, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    stamp = datetime.fromisoformat(f"{day}T09:00:00-07:00") + timedelta(seconds=number % 3600)
    record = {
        "Id": str(_FIRST_INVOICE + number),
        "DocNumber": f"N-{number}",
        "TxnDate": day.isoformat(),
        "DueDate": (day + timedelta(days=30)).isoformat(),
        "CustomerRef": {"value": str(_FIRST_CUSTOMER + whose), "name": f"Customer {whose}"},
        "SalesTermRef": {"value": "3", "name": "Net 30"},
        "Line": [line, last],
        "TxnTaxDetail": {"TotalTax": Decimal("0.00")},
        "TotalAmt": total,
        "Balance": total if number % 5 == 0 else Decimal("0.00"),
    }
    return "Invoice", as_record("Invoice", record, stamp=stamp.isoformat())


def main() -> None:
    """Print a line for each query."""
    began = time.perf_counter()
    books = filled(int(sys.argv[1]) if len(sys.argv) > 1 else INVOICES)
    print(f"filled in {time.perf_counter() - began:.1f} s")
    for name, rows, took in measured(books):
        print(f"{took:8.2f} ms  {rows:4} rows  {name}")


if __name__ == "__main__":
    main()
