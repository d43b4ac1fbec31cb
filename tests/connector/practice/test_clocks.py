"""Whose clock dates what: that of the company or of Intuit, by switch; sources disagree."""

from __future__ import annotations

from typing import Any

import pytest

#: In Boise, where the company is, it is half past midnight; in California still the day before.
_MIDNIGHT = "2026-11-07T00:30:00-07:00"


def _at_midnight(client: Any) -> None:
    client.control("clock", {"now": _MIDNIGHT})
    client.http.headers["Authorization"] = f"Bearer {client.running.access_token()}"


@pytest.mark.parametrize(("switch", "day"), [("company", "2026-11-07"), ("pacific", "2026-11-06")])
def test_a_transaction_without_a_date_gets_one(
    r1: Any, invoice: Any, payment: Any, switch: str, day: str
) -> None:
    _at_midnight(r1)
    r1.control("switches", {"today_by": switch})
    made = r1.ok("invoice", invoice())
    assert made["TxnDate"] == day
    assert r1.ok("payment", payment(5))["TxnDate"] == day
    assert made["MetaData"]["CreateTime"] == _MIDNIGHT


@pytest.mark.parametrize(
    ("switch", "stamp"), [("company", _MIDNIGHT), ("pacific", "2026-11-06T23:30:00-08:00")]
)
def test_stamps_have_an_offset(r1: Any, invoice: Any, switch: str, stamp: str) -> None:
    _at_midnight(r1)
    r1.control("switches", {"stamps_by": switch})
    made = r1.ok("invoice", invoice())
    assert made["MetaData"]["LastUpdatedTime"] == stamp
    assert made["TxnDate"] == "2026-11-07"
    refused = r1.post("invoice", {})
    assert refused.json()["time"] == stamp.replace("00-0", "00.000-0", 1)


@pytest.mark.parametrize("path", ["query?query=wrong", "nothing/1", "customer/999"])
def test_a_refused_read_has_the_time_of_the_company(r1: Any, path: str) -> None:
    refused = r1.http.get(f"{r1.base}/{path}", timeout=20)
    assert refused.json()["time"] == "2026-11-06T10:00:00.000-07:00"
