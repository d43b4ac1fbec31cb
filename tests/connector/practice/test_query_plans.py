"""Queries by a filterable field find their records by an index, and walk along one when sorting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities import BY_NAME
from connector.practice.query.select import select
from connector.practice.query.sql import Sql, conditions_of, paged
from connector.practice.query.statement import Statement, parse
from connector.practice.seed import empty
from connector.practice.switches import Switches
from tests.benchmarks.practice_books import QUERIES, filled

_INVOICE = BY_NAME["Invoice"]
_NAMES = ("Id", "CustomerRef", "SalesTermRef")
_FIELDS = ("Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime", *_INVOICE.filters)
_VALUES = {"day": "'2026-11-06'", "moment": "'2026-11-06'", "number": "5"}


@pytest.fixture(scope="module")
def books() -> Iterator[Books]:
    found, other = empty()
    yield found
    found.store.close()
    other.store.close()


def _view(books: Books) -> Change:
    return Change(
        books, now=datetime.fromisoformat("2026-11-06T10:00:00-07:00"), switches=Switches()
    )


def _plan(books: Books, sql: Sql) -> str:
    """What SQLite does for it."""
    return "; ".join(
        row[3] for row in books.store.run(f"EXPLAIN QUERY PLAN {sql.text}", sql.values)
    )


def _steps(books: Books, statement: Statement, *, narrow: bool) -> str:
    found = conditions_of(_view(books), _INVOICE, statement)
    return _plan(books, paged(_INVOICE, statement, found, found if narrow else []))


@pytest.mark.parametrize("field", _FIELDS)
def test_records_are_found_by_an_index(books: Books, field: str) -> None:
    kind = {"MetaData.CreateTime": "moment", "MetaData.LastUpdatedTime": "moment"}.get(field)
    value = _VALUES.get(kind or _INVOICE.filters.get(field, ""), "'7'")
    for operator in ("=", "in", *(() if field in _NAMES else ("<", ">="))):
        shown = f"({value})" if operator == "in" else value
        for order in ("", "orderby TxnDate", "orderby Balance desc, Id"):
            statement = parse(f"select * from Invoice where {field} {operator} {shown} {order}")
            plan = _steps(books, statement, narrow=True)
            assert plan.startswith("SEARCH k USING"), plan
            named = "customer and day" if field == "CustomerRef" else field
            assert f"Invoice by {field}" in plan or f"Invoice by {named}" in plan


@pytest.mark.parametrize("field", _FIELDS)
def test_an_order_is_an_index(books: Books, field: str) -> None:
    for direction in ("", "desc"):
        plan = _steps(
            books, parse(f"select * from Invoice orderby {field} {direction}"), narrow=False
        )
        assert "Invoice by " in plan
        assert "TEMP B-TREE" not in plan


def test_many_that_fit_are_not_sorted(books: Books) -> None:
    statement = parse("select * from Invoice where Balance = 0 orderby TxnDate desc")
    plan = _steps(books, statement, narrow=False)
    assert plan == "SCAN k USING INDEX Invoice by TxnDate"


def test_a_customers_invoices_are_in_the_order_of_their_dates(books: Books) -> None:
    where = "CustomerRef = '7' and TxnDate >= '2026-01-01' and Balance > 0"
    statement = parse(f"select * from Invoice where {where} orderby TxnDate desc")
    plan = _steps(books, statement, narrow=False)
    assert plan == "SEARCH k USING INDEX Invoice by customer and day (CustomerRef=?)"


def test_the_beginning_of_a_text_is_found_by_an_index(books: Books) -> None:
    plan = _steps(books, parse("select * from Invoice where DocNumber like 'a%b%'"), narrow=True)
    assert "Invoice by DocNumber (DocNumber>? AND DocNumber<?)" in plan


def test_the_books_of_the_benchmark_answer_its_queries() -> None:
    books = filled(3_000, 30)
    try:
        found: dict[str, Any] = {
            name: select(_view(books), parse(text)) for name, text in QUERIES.items()
        }
        assert found["how many"] == {"totalCount": 3_000}
        assert found["open ones by due date"]["maxResults"] == 100
        assert found["by 30 ids"]["maxResults"] == 30
        # Both ways to the records of a page, along an order and by a narrow condition.
        text = "select Id from Invoice where Balance > 0 orderby TxnDate maxresults 1000"
        walked = select(_view(books), parse(text))["Invoice"]
        narrow = text.replace("Balance > 0", "Balance > 0 and Id in (101, 106, 111)")
        few = select(_view(books), parse(narrow))["Invoice"]
        assert [one for one in walked if one["Id"] in ("101", "106", "111")] == few
    finally:
        books.store.close()
