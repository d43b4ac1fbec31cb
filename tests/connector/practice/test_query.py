"""The query language over HTTP: what it answers, in which order, how much of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, quote_plus

import pytest

#: The facts' table, line by line: what each kind can be filtered and sorted by.
EVERYWHERE = ("Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime")
RECEIPT = ("DocNumber", "TxnDate", "CustomerRef", "Balance", "TotalAmt")
LIST = ("Name", "Active")
FILTERABLE = {
    "Customer": (
        *("DisplayName", "GivenName", "FamilyName", "CompanyName", "PrimaryEmailAddr", "Active"),
        *("Balance", "Job"),
    ),
    "Item": ("Name", "Type", "Active", "FullyQualifiedName", "SubItem", "Taxable", "Sku"),
    "Account": (
        *("Name", "AccountType", "AccountSubType", "Classification", "Active"),
        "FullyQualifiedName",
    ),
    "Invoice": (
        *("DocNumber", "TxnDate", "DueDate", "CustomerRef", "SalesTermRef", "Balance", "TotalAmt"),
    ),
    "Payment": ("TxnDate", "CustomerRef", "TotalAmt", "PaymentMethodRef", "PaymentRefNum"),
    "Estimate": ("DocNumber", "TxnDate", "DueDate", "CustomerRef"),
    "SalesReceipt": RECEIPT,
    "RefundReceipt": RECEIPT,
    "CreditMemo": RECEIPT,
    "Term": LIST,
    "Class": LIST,
    "Department": LIST,
    "PaymentMethod": LIST,
    "TaxCode": LIST,
}
#: A value that fits a field, where it is not a text.
VALUES = {
    **dict.fromkeys(("Active", "Job", "SubItem", "Taxable"), "true"),
    **dict.fromkeys(("TxnDate", "DueDate"), "'2026-11-06'"),
    **dict.fromkeys(("MetaData.CreateTime", "MetaData.LastUpdatedTime"), "'2026-11-06T10:00:00Z'"),
    **dict.fromkeys(("Balance", "TotalAmt"), "5"),
}
REFUSED = {
    "Invoice": ("PrivateNote", "CustomField", "Line.Amount", "LinkedTxn", "BillEmail", "ShipDate"),
    "Estimate": ("TxnStatus", "TotalAmt", "PrivateNote", "LinkedTxn"),
    "Payment": ("DocNumber", "PrivateNote", "UnappliedAmt", "Line.LinkedTxn", "CurrencyRef"),
    "Customer": ("Notes", "BillAddr.City", "PrimaryPhone", "SyncToken", "ParentRef"),
    "Item": ("UnitPrice", "IncomeAccountRef", "Description"),
    "Account": ("CurrentBalance", "AcctNum"),
    "Term": ("DueDays",),
    "Class": ("ParentRef",),
}


@pytest.mark.parametrize("entity", FILTERABLE)
def test_every_field_of_the_table_can_be_asked_and_sorted_by(r1: Any, entity: str) -> None:
    for field in (*EVERYWHERE, *FILTERABLE[entity]):
        value = VALUES.get(field, "'x'")
        r1.query(f"select * from {entity} where {field} = {value} orderby {field} desc")
        r1.query(f"select count(*) from {entity} where {field.lower()} in ({value}, ' ')")


@pytest.mark.parametrize("entity", REFUSED)
def test_no_other_field_can(r1: Any, entity: str) -> None:
    for field in REFUSED[entity]:
        for rest in (f"where {field} = 'x'", f"orderby {field}"):
            told = r1.query_fault(f"select * from {entity} {rest}")
            said = f"property '{field}' is not queryable for Entity {entity}"
            assert (told["code"], told["Detail"]) == ("4001", f"QueryValidationError: {said}")


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("", ["10", "12", "13", "14", "15"]),
        ("where Active in (true, false)", ["10", "11", "12", "13", "14", "15"]),
        ("where Active = false", ["11"]),
        ("where active = 'FALSE'", ["11"]),
        ("WHERE displayname = 'dana WHITFIELD'", ["10"]),
        ("where PrimaryEmailAddr = 'dana.whitfield@example.com'", ["10"]),
        ("where PrimaryEmailAddr like '%pat@kim.example%'", ["15"]),
        ("where PrimaryEmailAddr = ' '", ["14"]),
        ("where PrimaryEmailAddr in (' ', 'ANN.lee@example.com')", ["12", "13", "14"]),
        ("where DisplayName like 'Ann%'", ["12", "13"]),
        ("where DisplayName LIKE '%LEE'", ["12"]),
        ("where DisplayName like '%a%h%d%'", ["10", "14"]),
        ("where DisplayName like 'A.n%'", []),
        ("where DisplayName like 'Ann_Lee'", []),
        ("where DisplayName like 'Ann Lee'", ["12"]),
        ("where DisplayName like '%'", ["10", "12", "13", "14", "15"]),
        ("where DisplayName > 'Omar'", ["14", "15"]),
        ("where DisplayName >= 'ann' and DisplayName <= 'dana'", ["12", "13"]),
        ("where DisplayName = 'CURRENT_DATE'", []),
        ("where GivenName < ' '", []),
        ("where Id = '12'", ["12"]),
        ("where Id = 12", ["12"]),
        ("where Id in ('12', '99', '14', '12')", ["12", "14"]),
        ("where Id = '11'", []),
        ("where Balance >= 0 and Job = false", ["10", "12", "13", "14", "15"]),
        ("where Balance > '0'", []),
        ("where Balance > -0.5", ["10", "12", "13", "14", "15"]),
        ("where MetaData.CreateTime < '2026-06-01T00:00:00Z'", ["10", "12", "13", "14", "15"]),
        ("where metadata.createtime = '2026-01-02T16:00:00Z' and Id = '10'", ["10"]),
        ("where MetaData.LastUpdatedTime > '2026-06-01'", []),
        ("where MetaData.LastUpdatedTime <= CURRENT_DATE", ["10", "12", "13", "14", "15"]),
        ("orderby DisplayName desc maxresults 2", ["15", "14"]),
        ("order by GivenName asc, DisplayName desc startposition 2", ["12", "10", "14", "15"]),
        ("orderby DisplayName desc, DisplayName asc maxresults 1", ["15"]),
        ("orderby Job, Id desc", ["15", "14", "13", "12", "10"]),
        ("startposition 5 maxresults 1000", ["15"]),
        ("startposition 9", []),
    ],
)
def test_customers_by_query(r1: Any, where: str, ids: list[str]) -> None:
    found = r1.query(f"select * from Customer {where}")
    assert [one["Id"] for one in found.get("Customer", [])] == ids
    assert found == {} or found["maxResults"] == len(ids)


def test_ids_are_in_the_order_of_their_numbers(r2: Any) -> None:
    for number in range(11):
        r2.ok("customer", {"DisplayName": f"Customer {number}"})
    found = r2.query("select * from Customer orderby Id desc maxresults 3")["Customer"]
    assert [one["Id"] for one in found] == ["11", "10", "9"]


def test_pages_of_a_hundred_unless_told_otherwise(r1: Any) -> None:
    for number in range(101):
        r1.ok("class", {"Name": f"Class {number}"})
    first = r1.query("select * from Class")
    assert (len(first["Class"]), first["startPosition"], first["maxResults"]) == (100, 1, 100)
    rest = r1.query("select * from Class startposition 101 maxresults 1000")
    assert (len(rest["Class"]), rest["startPosition"], rest["maxResults"]) == (1, 101, 1)
    assert r1.query("select count(*) from Class startposition 50 maxresults 1") == {
        "totalCount": 101
    }


def test_nothing_found_is_an_empty_answer(r1: Any) -> None:
    answer = r1.http.get(
        f"{r1.base}/query", params={"query": "select * from Payment"}, timeout=20
    ).json()
    assert answer["QueryResponse"] == {}
    assert set(answer) == {"QueryResponse", "time"}
    assert r1.query("select count(*) from Payment") == {"totalCount": 0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select * from Castle", "Metadata not found for Entity: Castle"),
        ("select Tower from Customer", "Property Tower not found for Entity Customer"),
        ("select *, Tower from Customer", "Property Tower not found for Entity Customer"),
        ("select * from Customer where Id > '3'", "Operator > is not supported for property 'Id'"),
        ("select * from Customer where Id like '3%'", "Operator LIKE is not supported"),
        ("select * from Customer where Active < true", "Operator < is not supported"),
        ("select * from Invoice where CustomerRef >= '3'", "Operator >= is not supported"),
        ("select * from Invoice where TxnDate like '2026%'", "Operator LIKE is not supported"),
        ("select * from Customer where Active = 'maybe'", "Invalid value maybe for a flag field"),
        ("select * from Customer where Active = 1", "Invalid value 1"),
        ("select * from Invoice where TxnDate = 'soon'", "Invalid value soon"),
        ("select * from Invoice where TxnDate = '2026-02-30'", "Invalid value 2026-02-30"),
        ("select * from Invoice where TxnDate = '20260230'", "Invalid value 20260230"),
        ("select * from Invoice where TxnDate = 2026", "Invalid value 2026"),
        ("select * from Invoice where Balance = 'much'", "Invalid value much"),
        ("select * from Invoice where Balance = 'NaN'", "Invalid value NaN"),
        ("select * from Invoice where Balance = CURRENT_DATE", "Invalid value CURRENT_DATE"),
        ("select * from Customer where MetaData.CreateTime > 'soon'", "Invalid value soon"),
        (
            "select * from Customer where MetaData.CreateTime < '9999-12-31T23:00:00-02:00'",
            "Invalid value 9999",
        ),
    ],
)
def test_what_cannot_be_asked(r1: Any, text: str, said: str) -> None:
    told = r1.query_fault(text)
    assert (told["code"], told["Message"]) == ("4001", "Invalid query")
    assert told["Detail"].startswith(f"QueryValidationError: {said}")


def test_transactions_by_query(r1: Any, invoice: Any, line: Any) -> None:
    r1.ok("invoice", invoice(DocNumber="1042"))
    r1.ok("invoice", invoice(line(5), CustomerRef={"value": "14"}, TxnDate="2026-11-05"))
    assert r1.query("select count(*) from Invoice") == {"totalCount": 2}
    rows = [
        ("DocNumber = '1042'", 1),
        ("DocNumber = 1042", 1),
        ("DocNumber = ' '", 1),
        ("CustomerRef = '14'", 1),
        ("CustomerRef in ('14', '10')", 2),
        ("TxnDate = CURRENT_DATE", 1),
        ("TxnDate < current_date", 1),
        ("TxnDate >= '2026-11-06T00:00:00-07:00'", 1),
        ("Balance > 5", 1),
        ("TotalAmt = '5.00'", 1),
        ("TotalAmt in (5.0, '475')", 2),
        ("SalesTermRef = '3' and TxnDate <= '2026-11-06'", 2),
    ]
    for where, count in rows:
        assert r1.query(f"select count(*) from Invoice where {where}")["totalCount"] == count, where


def test_columns_make_sparse_rows(r1: Any) -> None:
    found = r1.query("select Id, displayname from Customer where Id = '14'")["Customer"]
    assert found == [{"domain": "QBO", "Id": "14", "DisplayName": "Omar Haddad", "sparse": True}]
    found = r1.query("select MetaData.CreateTime from Customer where Id = '14'")["Customer"]
    assert set(found[0]) == {"domain", "Id", "MetaData", "sparse"}
    whole = r1.query("select *, Job from Customer where Id = '14'")["Customer"]
    assert whole == [r1.read("customer/14")]


def test_a_statement_in_the_body(r1: Any) -> None:
    headers = {"Content-Type": "application/text"}
    response = r1.http.post(
        f"{r1.base}/query", data="select * from Term", headers=headers, timeout=20
    )
    assert len(response.json()["QueryResponse"]["Term"]) == 3
    assert r1.calls()[-1]["query"] == "select * from Term"
    assert r1.query("select * from CompanyInfo")["CompanyInfo"][0]["Country"] == "US"
    assert r1.query("select * from Preferences")["maxResults"] == 1


@pytest.mark.parametrize("encode", [quote, quote_plus])
def test_a_statement_in_the_address(r1: Any, encode: Any) -> None:
    made = r1.ok("customer", {"DisplayName": "R+D & Sons' 50% \u00fcber #1"})
    text = "select * from Customer where DisplayName = 'R+D & Sons\\' 50% \u00dcBER #1'"
    response = r1.http.get(f"{r1.base}/query?query={encode(text)}&minorversion=75", timeout=20)
    found = response.json()["QueryResponse"]["Customer"]
    assert [one["Id"] for one in found] == [made["Id"]]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "4000"),
        ("?query=", "4000"),
        ("?query=%20%20", "4000"),
        # The ampersand ends the statement within its quotes.
        ("?query=select * from Customer where DisplayName = 'A & B'", "4000"),
        # The plus is a space, and the time is none.
        (
            "?query=select * from Customer where MetaData.CreateTime > '2026-11-06T10:00:00+02:00'",
            "4001",
        ),
        # Encoded twice.
        ("?query=select%2520*%2520from%2520Customer", "4000"),
    ],
)
def test_addresses_that_went_wrong(r1: Any, raw: str, code: str) -> None:
    response = r1.http.get(f"{r1.base}/query{raw}", timeout=20)
    assert response.status_code == 400
    assert response.json()["Fault"]["Error"][0]["code"] == code


def test_an_empty_statement_is_called_so(r1: Any) -> None:
    response = r1.http.post(f"{r1.base}/query", data=b"", timeout=20)
    told = response.json()["Fault"]["Error"][0]
    assert told["Detail"] == "QueryParserError: The query provided was empty"


def test_the_case_of_an_entity_by_switch(r1: Any) -> None:
    assert r1.query("select * from TERM")["maxResults"] == 3
    r1.control("switches", {"entity_case_sensitive": True})
    told = r1.query_fault("select * from TERM")
    assert told["Detail"] == "QueryValidationError: Metadata not found for Entity: TERM"
    assert r1.query("SELECT NAME FROM Term")["maxResults"] == 3


def test_the_total_by_switch(r1: Any) -> None:
    statement = "select * from Customer maxresults 2"
    assert "totalCount" not in r1.query(statement)
    r1.control("switches", {"total_count": "always"})
    found = r1.query(statement)
    assert (found["maxResults"], found["totalCount"]) == (2, 5)
    assert r1.query("select * from Customer where Id = '999'") == {}


def test_the_length_of_a_list_by_switch(r1: Any) -> None:
    values = ", ".join(f"'{number}'" for number in range(40_000))
    text = f"select count(*) from Customer where Id in ({values})"
    url, headers = f"{r1.base}/query", {"Content-Type": "application/text"}
    many = r1.http.post(url, data=text, headers=headers, timeout=20)
    assert many.json()["QueryResponse"] == {"totalCount": 5}
    r1.control("switches", {"most_in_values": 2})
    assert r1.query("select count(*) from Customer where Id in (1, 2)") == {"totalCount": 0}
    told = r1.query_fault("select count(*) from Customer where Id in (1, 2, 3)")
    assert (told["code"], told["Message"]) == ("4002", "Error processing query")


def test_endless_statements_are_refused_not_a_crash(r1: Any) -> None:
    def asked(where: str) -> Any:
        text = f"select * from Customer where {where}"
        return r1.http.post(f"{r1.base}/query", data=text.encode(), timeout=20)

    many = asked(" and ".join(["Active = true"] * 501))
    assert many.json()["Fault"]["Error"][0]["code"] == "4002"
    assert asked(" and ".join(["Active = true"] * 500)).status_code == 200
    assert asked("DisplayName like '" + "a%" * 30_000 + "'").json()["QueryResponse"] == {}
    assert asked("DisplayName like '" + "%" * 60_000 + "'").json()["QueryResponse"] != {}
    fields = ", ".join(["Job", "Balance"] * 1500)
    assert asked(f"Job = false orderby {fields}").status_code == 200


def test_a_statement_too_long_for_an_address_fits_into_a_body(r1: Any) -> None:
    values = ", ".join(f"'{number}'" for number in range(40_000))
    text = f"select count(*) from Customer where Id in ({values})"
    url = f"{r1.base}/query"
    response = r1.http.get(url, params={"query": text}, timeout=20)
    assert response.status_code == 431
    # It was refused before the service saw it, and not in JSON.
    assert response.headers["Content-Type"].startswith("text/plain")
    assert r1.http.post(url, data=text, timeout=20).json()["QueryResponse"] == {"totalCount": 5}


@pytest.mark.parametrize(
    "raw", [b"= '\x00'", b"like 'a\x00%'", b"= '\xff\xfe'", b"= '\xf0\x9f\x98\x80'"]
)
def test_odd_bytes_find_nothing(r1: Any, raw: bytes) -> None:
    statement = b"select * from Customer where DisplayName " + raw
    response = r1.http.post(f"{r1.base}/query", data=statement, timeout=20)
    assert response.json()["QueryResponse"] == {}
