"""What goes wrong around the books: wrong control calls, companies that go, failed commits."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.practice.books.books import Books
from connector.practice.books.store import Closed, Store
from connector.practice.seed import fixture
from connector.practice.server import Running
from connector.practice.shelf import FolderRefused
from connector.practice.webhooks.webhooks import subscription
from connector.practice.wire import load
from tests.answers import start
from tests.connector.practice.conftest import R1, Client

HUGE = 10**30


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"now": "9999-12-31T23:59:59-14:00"}),
        ("clock", {"now": "0001-01-01T00:00:00+14:00"}),
        ("clock", {"advance": 10**14}),
        ("clock", {"advance": 10**12}),
        ("faults", {"kind": "fault", "match": {"method": 5}}),
        ("faults", {"kind": "status", "status": 99_999}),
        ("faults", {"kind": "delay", "seconds": -1}),
        ("faults", {"kind": "delay", "seconds": HUGE}),
        ("faults", {"kind": "throttle", "retry_after": -1}),
        ("switches", {"latency_ms": HUGE}),
        ("switches", {"rotation_overlap": HUGE}),
        ("switches", {"tax_rate": "NaN"}),
        ("members", {"realm": ["x"], "person": "owner", "admin": True}),
        ("preferences", {"realm": R1, "set": [1]}),
        ("preferences", {"realm": R1, "set": {"CurrencyPrefs": None}}),
        ("preferences", {"realm": R1, "set": {"SalesFormsPrefs.CustomTxnNumbers": []}}),
        ("preferences", {"realm": R1, "set": {"a." * 5000: 1}}),
        ("records", {"realm": R1, "entity": "Term", "record": {"Id": str(HUGE), "Name": "x"}}),
        ("records", {"realm": R1, "entity": "Term", "record": {"Id": "٣", "Name": "x"}}),
        ("companies", {"name": "N", "country": ["US"]}),
        ("companies", {"name": "N", "like": {"a": 1}}),
        ("webhooks", {"url": "https://a\x01b/", "verifier": "v"}),
    ],
)
def test_a_wrong_control_call_gets_a_sentence_and_does_no_harm(
    r1: Client, path: str, body: Any
) -> None:
    refused = requests.post(f"{r1.running.control}/{path}", json=body, timeout=20)
    assert refused.status_code == 400, refused.text
    assert refused.json()["error"].endswith(".")
    assert r1.read("customer/10")["Id"] == "10"
    assert len(r1.control("companies", method="GET")) == 2


def test_webhook_addresses_that_urls_may_have_are_taken() -> None:
    address = "https://receiver.example:8443/a~b?c=%20"
    assert subscription({"url": address, "verifier": "v"}).url == address


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "v3/company", 404),
        ("TRACE", "v3/company/1/customer", 405),
        ("GET", "oauth2/v1/tokens/bearer", 405),
        ("GET", "_control/nothing", 404),
        ("POST", ".well-known/openid_configuration", 405),
    ],
)
def test_programs_are_never_answered_with_a_page(
    r1: Client, method: str, path: str, status: int
) -> None:
    told = r1.http.request(method, f"{r1.running.api}/{path}", timeout=20)
    assert told.status_code == status
    assert told.json()


def test_pages_have_an_end_and_show_wrapped_records(r1: Client, invoice: Any) -> None:
    schedule = {"IntervalType": "Monthly"}
    info = {"Name": "Rent", "RecurType": "Automated", "ScheduleInfo": schedule}
    made = r1.post("recurringtransaction", {"Invoice": invoice(RecurringInfo=info)})
    assert made.status_code == 200, made.text
    identity = made.json()["RecurringTransaction"]["Invoice"]["Id"]
    pages = f"{r1.running.api}/books/{r1.realm}"
    for path in ("recurringtransaction", f"recurringtransaction/{identity}"):
        assert requests.get(f"{pages}/{path}", timeout=20).status_code == 200
    last = requests.get(f"{pages}/customer", params={"page": str(HUGE)}, timeout=20)
    assert last.status_code == 200


@pytest.mark.parametrize("head", ["Content-Disposition: form-data\r\n", "X-None: 1\r\n"])
def test_a_part_without_a_name_is_refused(r1: Client, head: str) -> None:
    raw = f"--b\r\n{head}\r\nx\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    told = r1.http.post(f"{r1.base}/upload", data=raw, headers=headers, timeout=20)
    assert (told.status_code, told.json()["Fault"]["Error"][0]["code"]) == (400, "2010")


def test_a_body_that_is_too_large_is_refused_as_json(r1: Client) -> None:
    headers = {"Content-Type": "application/json"}
    raw = b" " * (20 * 1024 * 1024 + 1)
    told = r1.http.post(f"{r1.base}/customer", data=raw, headers=headers, timeout=20)
    assert told.status_code == 413
    assert told.json()["Fault"]["Error"]


def test_a_company_that_goes_while_it_is_used(r1: Client, running: Running) -> None:
    realm = r1.control("companies", {"name": "Wren"})["realm_id"]
    client = Client(running, realm)
    running.state.companies[realm].store.close()
    others = {key: books for key, books in running.state.companies.items() if key != realm}
    told = client.http.get(f"{client.base}/customer/10", timeout=20)
    page = requests.get(f"{running.api}/books/{realm}", timeout=20)
    running.state.companies = others
    assert (told.status_code, told.json()["fault"]["error"][0]["code"]) == (403, "3100")
    assert page.status_code == 404


def test_companies_that_are_added_at_once_are_all_there(r1: Client) -> None:
    def add(number: int) -> str:
        return str(r1.control("companies", {"name": f"Wren {number}"})["realm_id"])

    with ThreadPoolExecutor(4) as pool:
        realms = list(pool.map(add, range(8)))
    assert len(set(realms)) == 8
    assert set(realms) < {one["realm_id"] for one in r1.control("companies", method="GET")}


def test_snapshots_that_are_taken_and_forgotten_at_once(r1: Client) -> None:
    def use(number: int) -> set[int]:
        url = f"{r1.running.control}/snapshots/a"
        asked = (("PUT", url), ("POST", f"{url}/restore"), ("DELETE", url))
        return {requests.request(*one, timeout=20).status_code for one in asked * 3}

    with ThreadPoolExecutor(4) as pool:
        assert set().union(*pool.map(use, range(4))) <= {200, 400}
    assert r1.read("customer/10")["Id"] == "10"


class _Full(Exception):
    """Stands for a disk that is full."""


_CHANGED = {"Customer": "10", "Preferences": "1"}


def test_what_was_read_in_a_transaction_that_is_undone_is_forgotten() -> None:
    books = fixture()[0]
    before = {kind: books.store.body(kind, one) for kind, one in _CHANGED.items()}
    with pytest.raises(_Full):
        _change_and_fail(books)
    assert books.preferences == load(str(before["Preferences"]))
    assert books.find("Customer", "10") == load(str(before["Customer"]))


def _change_and_fail(books: Books) -> None:
    with books.store.transaction():
        for kind, one in _CHANGED.items():
            books.store.put(kind, {"Id": one, "MetaData": {}})
        assert books.preferences == books.find("Preferences", "1") == {"Id": "1", "MetaData": {}}
        assert books.find("Customer", "10") == {"Id": "10", "MetaData": {}}
        raise _Full


def test_a_commit_that_fails_is_undone(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "one.sqlite"), {"Term": {}})
    store.run("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    deferred = "REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED"
    store.run(f"CREATE TABLE child (parent INTEGER {deferred})")
    store.run("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.run("INSERT INTO child VALUES (1)")
    with store.transaction():
        store.run("INSERT INTO parent VALUES (2)")
        store.run("INSERT INTO child VALUES (2)")
    assert store.run("SELECT parent FROM child") == [(2,)]
    store.close()
    with pytest.raises(Closed):
        store.run("SELECT 1")


def test_a_start_that_fails_frees_the_folder(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            start(data=tmp_path, port=taken.getsockname()[1])
    with start(data=tmp_path) as running:
        assert running.state.companies


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FolderRefused, match="cannot be used"):
        start(data=tmp_path / "file" / "below")
    (tmp_path / "books" / f"{R1}.sqlite").mkdir(parents=True)
    with pytest.raises(FolderRefused, match="cannot be read"):
        start(data=tmp_path / "books")


def test_stopping_waits_shortly_for_calls_under_way() -> None:
    with socket.socket() as half, start() as running:
        half.connect(("127.0.0.1", running.port))
        half.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow")
        rule = {"kind": "delay", "seconds": 6}
        requests.post(f"{running.control}/faults", json=rule, timeout=20)
        thread = threading.Thread(target=_call, args=[running.token])
        thread.start()
        while not any(one["times"] == 0 for one in running.state.injections.told()):
            time.sleep(0.01)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    thread.join()


def _call(url: str) -> None:
    with pytest.raises(requests.RequestException):
        requests.post(url, timeout=20)


def test_the_log_of_calls_keeps_the_beginning_of_a_long_statement(r1: Client) -> None:
    head = {"Content-Type": "application/text"}
    long = f"select * from Customer where DisplayName = '{'x' * 50_000}'"
    assert r1.http.post(f"{r1.base}/query", data=long, headers=head, timeout=20).ok
    [call] = [one for one in r1.calls() if one["query"]]
    assert (call["entity"], len(call["query"])) == ("Customer", 10_000)


def test_authorisations_that_have_ended_are_not_kept_for_ever(tmp_path: Path) -> None:
    with start(data=tmp_path) as running:
        old = running.refresh_token
        running.state.clock.advance(200 * 86_400)
        kept = running.state.tokens.grant([R1])
        running.state.tokens.expire_refresh(None)
        living = running.access_token()
    with start(data=tmp_path) as running:
        grants = running.state.tokens.dump()["grants"]
        refresh = {one["refresh"] for one in grants}
        assert not refresh & {old, kept}
        assert running.state.tokens.realms(living)
        # Two companies and both together are given ready tokens at each start.
        assert len(grants) == 1 + 3


@pytest.mark.parametrize("inner", [{}, {"sparse": True}, {"Line": None}])
def test_an_empty_recurring_transaction_is_refused(r1: Client, inner: Any) -> None:
    assert r1.fault("recurringtransaction", {"Invoice": inner})["code"] == "2020"
