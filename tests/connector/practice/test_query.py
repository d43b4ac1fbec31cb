"""The query language: what it reads, what it answers, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.practice.faults import Fault
from connector.practice.query.statement import Condition, Statement, parse


def test_a_statement_in_all_its_parts() -> None:
    text = (
        "select * from Invoice where TxnDate >= '2026-11-01' AND Id in ('1', '2') "
        "order by TxnDate desc, Id startposition 11 maxresults 10"
    )
    assert parse(text) == Statement(
        entity="Invoice",
        conditions=(
            Condition(field="TxnDate", operator=">=", values=("2026-11-01",)),
            Condition(field="Id", operator="IN", values=("1", "2")),
        ),
        order=(("TxnDate", True), ("Id", False)),
        start=11,
        rows=10,
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "4000"),
        ("select", "4000"),
        ("delete from Customer", "4000"),
        ("select * from Customer where", "4000"),
        ("select * from Customer where DisplayName != 'x'", "4000"),
        ("select * from Customer where DisplayName = 'O'Neil'", "4000"),
        ("select * from Customer where DisplayName = \u2019x\u2019", "4000"),
        ("select * from Customer where DisplayName = 'O\u2019Neil'", "4000"),
        ("select * from Customer where DisplayName = x", "4000"),
        ("select * from Customer where Active = true or Job = true", "4000"),
        ("select * from Customer order DisplayName", "4000"),
        ("select * from Customer maxresults x", "4000"),
        ("select * from Customer where Id in ('1' '2')", "4000"),
        ("select * from Customer startposition 0", "4001"),
        ("select * from Customer maxresults 1001", "4001"),
    ],
)
def test_what_cannot_be_read(text: str, code: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(text)
    assert caught.value.code == code


def test_the_parser_says_where() -> None:
    with pytest.raises(Fault) as caught:
        parse("select * from Customer where DisplayName = R")
    assert caught.value.detail == 'QueryParserError: Encountered "R" at line 1, column 43.'
    with pytest.raises(Fault) as caught:
        parse("select * from Customer startposition 0")
    assert caught.value.detail == "STARTPOSITION: value 0 is too small. Min allowed value is 1"


@given(st.text(st.characters(exclude_characters="\u2018\u2019\u201c\u201d\u2013\u2014")))
def test_an_escaped_value_comes_through_unchanged(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    statement = parse(f"select * from Customer where DisplayName = '{escaped}'")
    assert statement.conditions[0].values == (value,)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("", ["10", "12", "13", "14", "15"]),
        ("where Active in (true, false)", ["10", "11", "12", "13", "14", "15"]),
        ("where Active = false", ["11"]),
        ("where displayname = 'dana WHITFIELD'", ["10"]),
        ("where PrimaryEmailAddr = 'dana.whitfield@example.com'", ["10"]),
        ("where PrimaryEmailAddr like '%pat@kim.example%'", ["15"]),
        ("where PrimaryEmailAddr = ' '", ["14"]),
        ("where DisplayName like 'Ann%'", ["12", "13"]),
        ("where DisplayName like 'A.n%'", []),
        ("where DisplayName > 'Omar'", ["14", "15"]),
        ("where Id = '12'", ["12"]),
        ("where Id in ('12', '99', '14')", ["12", "14"]),
        ("where Id = '11'", []),
        ("where Balance >= 0 and Job = false", ["10", "12", "13", "14", "15"]),
        ("where Balance > '0'", []),
        ("where MetaData.CreateTime < '2026-06-01T00:00:00Z'", ["10", "12", "13", "14", "15"]),
        ("where MetaData.LastUpdatedTime > '2026-06-01'", []),
        ("orderby DisplayName desc maxresults 2", ["15", "14"]),
        ("order by GivenName asc, DisplayName desc startposition 2", ["12", "10", "14", "15"]),
        ("startposition 9", []),
    ],
)
def test_customers_by_query(r1: Any, where: str, ids: list[str]) -> None:
    found = r1.query(f"select * from Customer {where}")
    assert [one["Id"] for one in found.get("Customer", [])] == ids
    assert found == {} or found["maxResults"] == len(ids)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("select * from Castle", "4001"),
        ("select * from Invoice where PrivateNote = 'x'", "4001"),
        ("select * from Invoice orderby PrivateNote", "4001"),
        ("select * from Customer where Id > '3'", "4001"),
        ("select * from Customer where Active = 'maybe'", "4001"),
        ("select * from Invoice where TxnDate = 'soon'", "4001"),
        ("select * from Invoice where Balance = 'much'", "4001"),
        ("select * from Customer where MetaData.CreateTime > 'soon'", "4001"),
        (
            "select * from Customer where MetaData.CreateTime > '9999-12-31T23:59:59-12:00'",
            "4001",
        ),
    ],
)
def test_what_cannot_be_asked(r1: Any, text: str, code: str) -> None:
    assert r1.query_fault(text)["code"] == code


def test_transactions_by_query(r1: Any, invoice: Any, line: Any) -> None:
    r1.ok("invoice", invoice(DocNumber="1042"))
    r1.ok("invoice", invoice(line(5), CustomerRef={"value": "14"}, TxnDate="2026-11-05"))
    assert r1.query("select count(*) from Invoice") == {"totalCount": 2}
    rows = [
        ("DocNumber = '1042'", 1),
        ("CustomerRef = '14'", 1),
        ("TxnDate = CURRENT_DATE", 1),
        ("Balance > 5", 1),
        ("TotalAmt = '5.00'", 1),
        ("SalesTermRef = '3' and TxnDate <= '2026-11-06'", 2),
    ]
    for where, count in rows:
        assert r1.query(f"select count(*) from Invoice where {where}")["totalCount"] == count, where


def test_columns_make_sparse_rows(r1: Any) -> None:
    found = r1.query("select Id, DisplayName from Customer where Id = '14'")["Customer"]
    assert found == [{"domain": "QBO", "Id": "14", "DisplayName": "Omar Haddad", "sparse": True}]
    assert "Taxable" in r1.query("select *, Job from Customer where Id = '14'")["Customer"][0]


def test_a_statement_in_the_body(r1: Any) -> None:
    headers = {"Content-Type": "application/text"}
    response = r1.http.post(
        f"{r1.base}/query", data="select * from Term", headers=headers, timeout=20
    )
    assert len(response.json()["QueryResponse"]["Term"]) == 3
    assert r1.calls()[-1]["query"] == "select * from Term"
    assert r1.query("select * from CompanyInfo")["CompanyInfo"][0]["Country"] == "US"
    assert r1.query("select * from Preferences")["maxResults"] == 1
