"""The QuickBooks client against faked and real wires."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
import responses

from connector.errors import (
    Consequence,
    NeedsReconnect,
    Rejected,
    Retryable,
    Uncertain,
)
from connector.http import session
from connector.quickbooks.client import QuickBooksClient, encode

BASE = "https://quickbooks.example"
COMPANY = f"{BASE}/v3/company/9341455600000001"
EXPIRED = {
    "fault": {
        "error": [
            {
                "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                "detail": "Token expired: AB0",
                "code": "3200",
            }
        ],
        "type": "AUTHENTICATION",
    }
}
STALE = {
    "Fault": {
        "Error": [{"Message": "Stale Object Error", "Detail": "You and Ann", "code": "5010"}],
        "type": "ValidationFault",
    }
}


class Wallet:
    """Tokens at_1, at_2 ...; remembers which were refused."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def token(self) -> str:
        return f"at_{len(self.refused) + 1}"

    def renew(self, stale: str) -> str:
        self.refused.append(stale)
        return self.token()


@pytest.fixture
def wallet() -> Wallet:
    return Wallet()


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with session(pool=1) as opened:
        yield opened


@pytest.fixture
def client(wallet: Wallet, http: requests.Session) -> QuickBooksClient:
    return QuickBooksClient(BASE + "/", "9341455600000001", wallet.token, wallet.renew, http)


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def write(client: QuickBooksClient) -> Any:
    return client.write("invoice", b'{"DocNumber":"1042"}', "k1", {})


def requests_of(wire: responses.RequestsMock) -> list[Any]:
    return [call.request for call in wire.calls]


def test_a_write(client: QuickBooksClient, wire: responses.RequestsMock) -> None:
    wire.post(
        f"{COMPANY}/invoice",
        body='{"Invoice":{"Id":"238","TotalAmt":475.10,"Balance":0},"time":"2026"}',
        headers={"intuit_tid": "1-abc", "Date": "Fri, 06 Nov 2026 23:58:40 GMT"},
    )
    answer = client.write("invoice", b'{"a":1}', "k&1", {"include": "allowduplicatedocnum"})
    assert answer.id == "238"
    assert answer.record == {"Id": "238", "TotalAmt": Decimal("475.10"), "Balance": Decimal(0)}
    assert str(answer.record["TotalAmt"]) == "475.10"
    assert isinstance(answer.record["Balance"], Decimal)
    assert answer.trace == "1-abc"
    assert answer.date == datetime(2026, 11, 6, 23, 58, 40, tzinfo=UTC)
    request: Any = wire.calls[0].request
    assert request.body == b'{"a":1}'
    assert request.params == {
        "include": "allowduplicatedocnum",
        "requestid": "k&1",
        "minorversion": "75",
    }
    assert request.headers["Authorization"] == "Bearer at_1"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"


def test_a_delete_and_a_batch(client: QuickBooksClient, wire: responses.RequestsMock) -> None:
    deleted = {"Payment": {"status": "Deleted", "domain": "QBO", "Id": "125"}, "time": "2026"}
    wire.post(f"{COMPANY}/payment", json=deleted)
    wire.post(f"{COMPANY}/batch", json={"BatchItemResponse": [{"bId": "1"}], "time": "2026"})
    assert client.write("payment", b"{}", "k1", {"operation": "delete"}).id == "125"
    assert client.write("batch", b"{}", "k2", {}).record["BatchItemResponse"] == [{"bId": "1"}]


def test_get(client: QuickBooksClient, wire: responses.RequestsMock) -> None:
    wire.get(f"{COMPANY}/preferences", json={"Preferences": {"Id": "1", "x": 0.1}, "time": "2026"})
    wire.get(f"{COMPANY}/cdc", json={"CDCResponse": [{"QueryResponse": [{}]}], "time": "2026"})
    assert client.get("preferences") == {"Id": "1", "x": Decimal("0.1")}
    assert "CDCResponse" in client.get("cdc?entities=Invoice")
    first, second = requests_of(wire)
    assert first.params == {"minorversion": "75"}
    assert second.params == {"minorversion": "75", "entities": "Invoice"}
    assert "Content-Type" not in first.headers


def asked(wire: responses.RequestsMock) -> list[str]:
    return [request.params["query"] for request in requests_of(wire)]


def page(*ids: int) -> dict[str, Any]:
    return {"QueryResponse": {"startPosition": 1, "Item": [{"Id": str(i)} for i in ids]}}


def test_a_query_reads_pages_until_a_short_one(
    client: QuickBooksClient, wire: responses.RequestsMock
) -> None:
    wire.get(f"{COMPANY}/query", json=page(*range(1000)))
    wire.get(f"{COMPANY}/query", json=page(*range(1000, 1003)))
    found = client.query("select * from Item where Name = 'O\\'Brien & Söhne + 1'")
    assert [record["Id"] for record in found] == [str(i) for i in range(1003)]
    select = "select * from Item where Name = 'O\\'Brien & Söhne + 1'"
    assert asked(wire) == [
        f"{select} STARTPOSITION 1 MAXRESULTS 1000",
        f"{select} STARTPOSITION 1001 MAXRESULTS 1000",
    ]


def test_an_exactly_full_page_is_followed_by_an_empty_one(
    client: QuickBooksClient, wire: responses.RequestsMock
) -> None:
    wire.get(f"{COMPANY}/query", json=page(*range(1000)))
    wire.get(f"{COMPANY}/query", json={"QueryResponse": {}, "time": "2026"})
    assert len(client.query("select * from Item")) == 1000


def test_nothing_found(client: QuickBooksClient, wire: responses.RequestsMock) -> None:
    wire.get(f"{COMPANY}/query", json={"QueryResponse": {}, "time": "2026"})
    assert client.query("select * from Item") == ()


def test_a_statement_with_its_own_page_is_sent_as_it_is(
    client: QuickBooksClient, wire: responses.RequestsMock
) -> None:
    wire.get(f"{COMPANY}/query", json=page(1, 2))
    assert len(client.query("select * from Item maxresults 2")) == 2
    assert asked(wire) == ["select * from Item maxresults 2"]


def test_an_ended_token_is_renewed_once_and_the_same_request_repeated(
    client: QuickBooksClient, wallet: Wallet, wire: responses.RequestsMock
) -> None:
    wire.post(f"{COMPANY}/invoice", json=EXPIRED, status=401)
    wire.post(f"{COMPANY}/invoice", json={"Invoice": {"Id": "1"}})
    assert write(client).id == "1"
    assert wallet.refused == ["at_1"]
    first, second = requests_of(wire)
    assert (first.url, first.body) == (second.url, second.body)
    assert second.headers["Authorization"] == "Bearer at_2"


def test_a_second_401_needs_a_person(
    client: QuickBooksClient, wallet: Wallet, wire: responses.RequestsMock
) -> None:
    wire.post(f"{COMPANY}/invoice", json=EXPIRED, status=401)
    wire.post(f"{COMPANY}/invoice", json=EXPIRED, status=401)
    with pytest.raises(NeedsReconnect, match="no longer accepts"):
        write(client)
    assert wallet.refused == ["at_1"]


def test_a_401_that_no_refresh_heals_is_not_repeated(
    client: QuickBooksClient, wallet: Wallet, wire: responses.RequestsMock
) -> None:
    refusal = {"Fault": {"Error": [{"code": "0110"}], "type": "AuthenticationFault"}}
    wire.post(f"{COMPANY}/invoice", json=refusal, status=401)
    with pytest.raises(NeedsReconnect):
        write(client)
    assert wallet.refused == []


@pytest.mark.parametrize(
    ("failure", "meant"),
    [
        (Uncertain("The refresh was lost.", settle=120), Retryable),
        (Retryable("Later."), Retryable),
        (NeedsReconnect("Gone."), NeedsReconnect),
    ],
)
def test_a_lost_refresh_leaves_the_request_unsent(
    http: requests.Session, failure: Consequence, meant: type[Consequence]
) -> None:
    def token() -> str:
        raise failure

    client = QuickBooksClient(BASE, "1", token, lambda stale: stale, http)
    with pytest.raises(meant, match=failure.sentence) as told:
        write(client)
    assert type(told.value) is meant


@pytest.mark.parametrize(
    ("answer", "writing", "reading"),
    [
        ({"json": STALE, "status": 400}, Rejected, Rejected),
        ({"json": STALE, "status": 200}, Rejected, Rejected),
        ({"json": {}, "status": 500}, Uncertain, Retryable),
        ({"body": "<html>bad gateway</html>", "status": 502}, Uncertain, Retryable),
        ({"body": "<html>maintenance</html>", "status": 200}, Uncertain, Retryable),
        ({"body": '{"Invoice":{"Id":"1"', "status": 200}, Uncertain, Retryable),
        ({"body": "", "status": 200}, Uncertain, Retryable),
        ({"json": {"time": "2026"}, "status": 200}, Uncertain, Retryable),
        ({"json": {"Fault": "odd"}, "status": 200}, Uncertain, Retryable),
        ({"json": {}, "status": 429}, Retryable, Retryable),
        ({"json": {}, "status": 403}, NeedsReconnect, NeedsReconnect),
        ({"body": requests.ConnectTimeout("x")}, Retryable, Retryable),
        ({"body": requests.ReadTimeout("x")}, Uncertain, Retryable),
        ({"body": requests.ConnectionError("cut")}, Uncertain, Retryable),
    ],
)
def test_failures(
    client: QuickBooksClient,
    wire: responses.RequestsMock,
    answer: dict[str, Any],
    writing: type[Consequence],
    reading: type[Consequence],
) -> None:
    wire.post(f"{COMPANY}/invoice", **answer)
    wire.get(f"{COMPANY}/query", **answer)
    with pytest.raises(writing) as failed:
        write(client)
    assert type(failed.value) is writing
    with pytest.raises(reading) as unanswered:
        client.query("select * from Invoice")
    assert type(unanswered.value) is reading


def test_a_seen_request_is_looked_up_at_once(
    client: QuickBooksClient, wire: responses.RequestsMock
) -> None:
    seen = {"Fault": {"Error": [{"Message": "Duplicate Request ID", "code": "600"}]}}
    wire.post(f"{COMPANY}/invoice", json=seen, status=400)
    with pytest.raises(Uncertain) as maybe:
        write(client)
    assert maybe.value.settle == 0.0


@contextmanager
def cutting_server(after: int) -> Iterator[str]:
    """A server that sends the first `after` bytes of a good answer and closes the connection."""
    body = json.dumps({"Invoice": {"Id": "1"}, "time": "2026"}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if after:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: after - 1])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("after", [0, 1, 10])
def test_a_write_cut_anywhere_is_uncertain(
    wallet: Wallet, http: requests.Session, after: int
) -> None:
    with cutting_server(after) as base:
        client = QuickBooksClient(base, "1", wallet.token, wallet.renew, http)
        with pytest.raises(Uncertain):
            write(client)


def test_encode_is_compact_exact_utf8() -> None:
    assert encode({"n": "Söhne", "a": Decimal("475.00")}) == '{"n":"Söhne","a":475.00}'.encode()
