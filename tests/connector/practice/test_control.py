"""The control API, the call log and the pages."""

from __future__ import annotations

from typing import Any

import pytest
import requests


def test_the_clock_stands_where_it_is_put(r1: Any) -> None:
    r1.control("clock", {"now": "2026-11-06T17:00:00+00:00"})
    told = r1.control("clock", {"advance": 90})
    assert told == {"now": "2026-11-06T17:01:30+00:00"}
    answer = r1.http.get(f"{r1.base}/preferences", timeout=20)
    assert answer.headers["Date"] == "Fri, 06 Nov 2026 17:01:30 GMT"
    assert answer.json()["time"] == "2026-11-06T10:01:30.000-07:00"


def test_a_running_clock_can_be_moved_and_keeps_running(r1: Any) -> None:
    r1.control("clock", {"now": None})
    first = r1.control("clock", {"advance": 3600})["now"]
    assert r1.control("clock", method="GET")["now"] > first


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("clock", {"now": "2026-11-06T10:00:00"}, "The time needs an offset"),
        ("clock", {"later": 1}, "Unknown: later; known: now, advance."),
        ("clock", {"advance": "soon"}, "Invalid Number : soon"),
        ("switches", {"gravity": False}, "There is no switch gravity"),
        ("switches", {"replay": "yes"}, "The switch replay takes a value like True, not 'yes'."),
        ("switches", {"rotation": "never"}, "The switch rotation is one of 24h, every, not never."),
        ("switches", {"tax_rate": "high"}, "The switch tax_rate is a percentage, not high."),
        ("switches", {"tax_rate": "101"}, "The switch tax_rate is a percentage, not 101."),
        ("preferences", {"realm": "1", "set": {}}, "There is no company 1."),
        ("records", {"realm": "9341455600000001", "entity": "Castle"}, "A record needs `entity`"),
        (
            "records",
            {
                "realm": "9341455600000001",
                "entity": "Invoice",
                "record": {"TotalAmt": "much", "Colour": 1},
            },
            "The record cannot be kept: ",
        ),
        (
            "records",
            {
                "realm": "9341455600000001",
                "entity": "Transfer",
                "record": {"TxnDate": "2026-11-06"},
            },
            "which its entry in the ledger needs.",
        ),
        ("faults", [], "The body must be a JSON object."),
    ],
)
def test_a_wrong_control_call_is_explained(r1: Any, path: str, body: Any, sentence: str) -> None:
    answer = requests.post(f"{r1.running.control}/{path}", json=body, timeout=20)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_a_record_can_be_put_past_the_rules(r1: Any) -> None:
    record = {"Id": "900", "CustomerRef": {"value": "10"}, "DocNumber": "7", "TotalAmt": 50}
    r1.control("records", {"realm": r1.realm, "entity": "Invoice", "record": record})
    assert r1.read("invoice/900")["Balance"] == 50
    assert r1.read("customer/10")["Balance"] == 50
    twin = {"DisplayName": "Dana Whitfield"}
    put = r1.control("records", {"realm": r1.realm, "entity": "customer", "record": twin})
    assert put["Id"] == "16"
    assert r1.ok("customer", {"DisplayName": "Next"})["Id"] == "17"


def test_a_reset_goes_back_to_the_seed(r1: Any) -> None:
    r1.ok("customer", {"DisplayName": "Gone"}, requestid="k")
    r1.control("switches", {"replay": False})
    r1.control("reset")
    assert r1.calls() == []
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    assert r1.ok("customer", {"DisplayName": "Gone"}, requestid="k")["Id"] == "16"


def test_the_call_log(r1: Any, invoice: Any) -> None:
    r1.ok("invoice", invoice(), requestid="k1")
    r1.query("select * from customer")
    r1.fault("invoice", {})
    told = [
        (one["method"], one["entity"], one["requestid"], one["status"], one["committed"])
        for one in r1.calls()
    ]
    assert told == [
        ("POST", "Invoice", "k1", 200, "101"),
        ("GET", "Customer", "", 200, ""),
        ("POST", "Invoice", "", 400, ""),
    ]
    assert r1.calls()[0]["path"] == f"/v3/company/{r1.realm}/invoice"
    assert r1.calls()[0]["time"] == "2026-11-06T17:00:00+00:00"
    r1.control("calls", method="DELETE")
    assert r1.calls() == []


def test_income_follows_line_item_account(r1: Any, invoice: Any, line: Any) -> None:
    body = {"Name": "Deposit", "Type": "Service", "IncomeAccountRef": {"value": "95"}}
    deposit = r1.ok("item", body)["Id"]
    r1.ok("invoice", invoice(line(475), line(-100, item=deposit)))
    books = r1.books()
    assert books["income_by_account"] == {"79": "475.00", "95": "-100.00"}
    assert books["account_names"]["95"] == "Customer Deposits"


def test_pages_show_the_books_and_escape_them(r1: Any, invoice: Any, payment: Any) -> None:
    name = "<script>alert(1)</script>"
    made = r1.ok("invoice", invoice(DocNumber="1042"))
    r1.ok("customer", {"DisplayName": name})
    r1.ok("payment", payment(475, (made["Id"], 475), PaymentRefNum="ch_9"))
    r1.ok("estimate", invoice(TxnStatus="Accepted"))
    assert "Lumen Med Spa LLC" in requests.get(r1.running.api, timeout=20).text
    page = _page(r1, "")
    for shown in ("1042", "ch_9", "475.00", "Service Revenue", "Undeposited Funds"):
        assert shown in page
    assert "&lt;script&gt;" in _page(r1, "/Customer")
    assert name not in page + _page(r1, "/Customer")
    record = _page(r1, f"/Invoice/{made['Id']}")
    for shown in ("Accounts Receivable (A/R)", "accrual", "cash", "SalesItemLineDetail.ItemRef"):
        assert shown in record
    assert "Older" not in _page(r1, "/Customer?page=1")
    assert "None." in _page(r1, "/Customer?page=2")


def test_lists_are_shown_page_by_page(r1: Any) -> None:
    for number in range(50):
        r1.ok("customer", {"DisplayName": f"Number {number}"})
    first, second = _page(r1, "/customer"), _page(r1, "/customer?page=2")
    assert "Number 49" in first
    assert "Older" in first
    assert "Ann Lee" in second
    assert "Newer" in second


@pytest.mark.parametrize("path", ["1", "9341455600000001/Castle", "9341455600000001/Invoice/1"])
def test_a_page_that_does_not_exist(r1: Any, path: str) -> None:
    assert requests.get(f"{r1.running.api}/books/{path}", timeout=20).status_code == 404


def _page(client: Any, path: str) -> str:
    answer = requests.get(f"{client.running.api}/books/{client.realm}{path}", timeout=20)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "invoice/404", 400),
        ("GET", "castle/1", 500),
        ("PUT", "invoice/1", 500),
        ("POST", "batches", 500),
        ("GET", "companyinfo/1", 400),
    ],
)
def test_what_does_not_exist(r1: Any, method: str, path: str, status: int) -> None:
    answer = r1.http.request(method, f"{r1.base}/{path}", json={}, timeout=20)
    assert answer.status_code == status
    assert answer.json()["Fault"]["Error"]


def test_a_body_that_is_not_json(r1: Any) -> None:
    for raw in (
        b"{",
        b'{"DisplayName": "\\uD83D"}',
        b'{"DisplayName": NaN}',
        b"\xff",
        b"[" * 100_000,
    ):
        answer = r1.http.post(f"{r1.base}/customer", data=raw, timeout=20)
        assert answer.status_code == 400
        assert answer.json()["Fault"]["Error"][0]["code"] == "2010"
