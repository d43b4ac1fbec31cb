"""A practice company served over HTTP, fresh for each test, and a small client for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connector.practice.server import Running
from tests.answers import start

R1, R2 = "9341455600000001", "9341455600000002"


class Client:
    """Speaks to one company; `fault` and `ok` say which answer a test expects."""

    def __init__(self, running: Running, realm: str = R1) -> None:
        self.running = running
        self.realm = realm
        self.http = requests.Session()
        self.http.headers["Accept"] = "application/json"
        self.http.headers["Authorization"] = f"Bearer {running.access_token()}"

    @property
    def base(self) -> str:
        return f"{self.running.api}/v3/company/{self.realm}"

    def post(self, path: str, body: Any, **params: str) -> requests.Response:
        return self.http.post(f"{self.base}/{path}", json=body, params=params, timeout=20)

    def ok(self, path: str, body: Any, **params: str) -> dict[str, Any]:
        """The record of a write that must succeed."""
        response = self.post(path, body, **params)
        assert response.status_code == 200, response.text
        return next(value for key, value in response.json().items() if key != "time")

    def fault(self, path: str, body: Any, **params: str) -> dict[str, Any]:
        """The error of a write that must be refused."""
        response = self.post(path, body, **params)
        assert response.status_code == 400, response.text
        return response.json()["Fault"]["Error"][0]

    def read(self, path: str) -> dict[str, Any]:
        response = self.http.get(f"{self.base}/{path}", timeout=20)
        assert response.status_code == 200, response.text
        return next(value for key, value in response.json().items() if key != "time")

    def query(self, statement: str) -> dict[str, Any]:
        url = f"{self.base}/query"
        response = self.http.get(url, params={"query": statement}, timeout=20)
        assert response.status_code == 200, response.text
        return response.json()["QueryResponse"]

    def query_fault(self, statement: str) -> dict[str, Any]:
        url = f"{self.base}/query"
        response = self.http.get(url, params={"query": statement}, timeout=20)
        assert response.status_code == 400, response.text
        return response.json()["Fault"]["Error"][0]

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        url = f"{self.running.control}/{path}"
        response = self.http.request(method, url, json=body, timeout=20)
        assert response.status_code == 200, response.text
        return response.json()

    def books(self) -> dict[str, Any]:
        return self.control(f"books/{self.realm}", method="GET")

    def calls(self) -> list[dict[str, Any]]:
        return self.control("calls", method="GET")

    def prefer(self, **values: Any) -> None:
        dotted = {key.replace("__", "."): value for key, value in values.items()}
        self.control("preferences", {"realm": self.realm, "set": dotted})


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    with start() as served:
        yield served


@pytest.fixture
def r1(running: Running) -> Iterator[Client]:
    running.state.reset()
    client = Client(running)
    client.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    client.http.headers["Authorization"] = f"Bearer {running.access_token()}"
    yield client
    client.http.close()


@pytest.fixture
def r2(r1: Client, running: Running) -> Iterator[Client]:
    client = Client(running, R2)
    yield client
    client.http.close()


@pytest.fixture
def line() -> Any:
    """Makes an item line."""

    def make(amount: float, item: str = "1", code: str = "NON", **detail: Any) -> dict[str, Any]:
        inner = {"ItemRef": {"value": item}, "TaxCodeRef": {"value": code}, **detail}
        kind = "SalesItemLineDetail"
        return {"Amount": amount, "DetailType": kind, kind: inner}

    return make


@pytest.fixture
def invoice(line: Any) -> Any:
    """Makes an invoice body for Dana (10)."""

    def make(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return {"CustomerRef": {"value": "10"}, "Line": [*lines] or [line(475)], **fields}

    return make


@pytest.fixture
def payment() -> Any:
    """Makes a payment body for Dana (10), applied to invoices given as (id, amount)."""

    def make(total: float, *parts: tuple[str, float], **fields: Any) -> dict[str, Any]:
        lines = [
            {"Amount": amount, "LinkedTxn": [{"TxnId": identity, "TxnType": "Invoice"}]}
            for identity, amount in parts
        ]
        return {"CustomerRef": {"value": "10"}, "TotalAmt": total, "Line": lines, **fields}

    return make
