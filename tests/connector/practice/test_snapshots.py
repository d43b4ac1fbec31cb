"""Snapshots of all companies: taken, gone back to, forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from connector.practice.server import start
from tests.connector.practice.conftest import Client


@pytest.fixture(params=["memory", "file"])
def company(request: Any, tmp_path: Path) -> Any:
    with start(data=tmp_path if request.param == "file" else None) as running:
        client = Client(running)
        client.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
        client.http.headers["Authorization"] = f"Bearer {running.access_token()}"
        yield client
        client.http.close()


def test_all_is_as_it_was(company: Any, invoice: Any) -> None:
    kept = company.ok("invoice", invoice(DocNumber="1"))
    company.control("switches", {"replay": False})
    company.control("snapshots/before", method="PUT")
    before = company.books()
    company.ok("invoice", invoice(DocNumber="2"), requestid="k")
    company.ok("invoice", {"Id": kept["Id"], "SyncToken": "0"}, operation="void")
    company.control("switches", {"replay": True, "tax_rate": "9"})
    company.control("clock", {"advance": 60})
    assert company.books() != before
    company.control("snapshots/before/restore")
    assert company.books() == before
    assert company.control("clock", method="GET") == {"now": "2026-11-06T17:00:00+00:00"}
    assert company.running.state.switches.replay is False
    assert company.running.state.switches.tax_rate == "6"
    again = company.ok("invoice", invoice(DocNumber="2"), requestid="k")
    assert int(again["Id"]) == int(kept["Id"]) + 1


def test_a_snapshot_is_replaced_and_forgotten(company: Any) -> None:
    company.control("snapshots/a", method="PUT")
    company.ok("customer", {"DisplayName": "New"})
    company.control("snapshots/a", method="PUT")
    company.control("snapshots/a/restore")
    assert company.query("select count(*) from Customer where DisplayName = 'New'")["totalCount"]
    assert company.control("snapshots", method="GET") == ["a"]
    company.control("snapshots/a", method="DELETE")
    url = f"{company.running.control}/snapshots/a/restore"
    answer = requests.post(url, timeout=20)
    assert answer.status_code == 400
    assert answer.json()["error"] == "There is no snapshot 'a'; there are: none."
