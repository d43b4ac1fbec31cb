"""The metered reads, and the trace of every answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from connector.practice.gateway.metering import Metering

R1, R2 = "9341455600000001", "9341455600000002"


def metered(client: Any) -> Any:
    return client.control("metering", method="GET")


def _get(client: Any, path: str) -> requests.Response:
    return client.http.get(f"{client.base}/{path}", timeout=20)


def test_reads_are_counted_by_month_and_company(r1: Any, r2: Any) -> None:
    assert metered(r1) == {}
    r1.read("preferences")
    r1.query("select * from Customer")
    statement = "select * from Item"
    url = f"{r1.base}/query"
    assert r1.http.post(url, data=statement, timeout=20).status_code == 200
    r2.read(f"companyinfo/{R2}")
    assert metered(r1) == {"2026-11": {R1: 3, R2: 1}}
    r1.control("clock", {"now": "2026-11-30T16:59:59-07:00"})
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    r1.read("preferences")
    r1.control("clock", {"advance": 1})
    r1.read("preferences")
    assert metered(r1) == {"2026-11": {R1: 4, R2: 1}, "2026-12": {R1: 1}}
    r1.control("reset")
    assert metered(r1) == {}


def test_writes_oauth_and_failed_calls_are_not_counted(r1: Any) -> None:
    r1.ok("customer", {"DisplayName": "Jo"})
    requests.post(r1.running.token, data={}, timeout=20)
    requests.get(r1.running.discovery, timeout=20)
    assert _get(r1, "customer/999").status_code == 400
    r1.query_fault("select * from")
    r1.http.headers["Authorization"] = "Bearer wrong"
    assert _get(r1, "preferences").status_code == 401
    assert metered(r1) == {}


@pytest.mark.parametrize(
    ("rule", "reads"),
    [
        ({"kind": "status"}, 0),
        ({"kind": "status", "commit": True}, 0),
        ({"kind": "fault_in_200"}, 0),
        ({"kind": "html", "status": 200}, 0),
        ({"kind": "lost_answer"}, 1),
        ({"kind": "cut"}, 1),
        ({"kind": "delay", "seconds": 0.001}, 1),
    ],
)
def test_what_the_service_did_counts_not_what_became_of_it(r1: Any, rule: Any, reads: int) -> None:
    r1.control("faults", rule)
    try:
        _get(r1, "preferences")
    except requests.ConnectionError:
        assert rule["kind"] == "lost_answer"
    assert metered(r1) == ({"2026-11": {R1: reads}} if reads else {})


def test_beyond_the_cap_reads_are_refused_until_the_next_month(r1: Any, r2: Any) -> None:
    r1.control("switches", {"monthly_reads": 3, "retry_after_on_limits": 7})
    for client in (r1, r2, r1):
        client.read("preferences")
    for client in (r1, r2):
        refused = _get(client, "preferences")
        assert refused.status_code == 429
        assert refused.json()["fault"]["error"][0]["code"] == "3001"
        assert "Retry-After" not in refused.headers
    r1.ok("customer", {"DisplayName": "Jo"})
    assert metered(r1) == {"2026-11": {R1: 2, R2: 1}}
    r1.control("clock", {"now": "2026-12-01T00:00:00+00:00"})
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    r1.read("preferences")


@given(
    counted=st.lists(
        st.tuples(st.sampled_from([R1, R2]), st.integers(0, 30), st.integers(0, 120)), max_size=40
    ),
    monthly=st.integers(0, 100),
)
def test_a_batch_counts_what_it_read(counted: list[tuple[str, int, int]], monthly: int) -> None:
    metering, first = Metering(), datetime(2026, 11, 1, tzinfo=UTC)
    for realm, reads, day in counted:
        metering.count(realm, reads, now=first + timedelta(days=day))
    told = metering.told()
    assert sum(sum(month.values()) for month in told.values()) == sum(one[1] for one in counted)
    assert list(told) == sorted(told)
    november = sum(told.get("2026-11", {}).values())
    assert november == sum(reads for _, reads, day in counted if day < 30)
    assert metering.used_up(monthly, now=first) == (monthly > 0 and november >= monthly)


@pytest.mark.parametrize(
    "rule",
    [None, {"kind": "status"}, {"kind": "status", "commit": True}, {"kind": "cut"}],
)
def test_every_answer_has_a_trace_that_the_log_knows(r1: Any, rule: Any) -> None:
    if rule:
        r1.control("faults", rule)
    first, second = r1.post("customer", {"DisplayName": "Jo"}), _get(r1, "nothing/1")
    for response in (first, second):
        assert response.headers["QBO-Version"]
        assert response.headers["Date"] == "Fri, 06 Nov 2026 17:00:00 GMT"
    told = [call["tid"] for call in r1.calls()]
    assert told == [one.headers["intuit_tid"] for one in (first, second)]
    assert told[0] != told[1]


def test_a_lost_answer_leaves_its_trace_in_the_log(r1: Any) -> None:
    r1.control("faults", {"kind": "lost_answer"})
    with pytest.raises(requests.ConnectionError):
        r1.post("customer", {"DisplayName": "Jo"})
    assert len(r1.calls()[0]["tid"]) > 20


def test_other_services_have_no_version(r1: Any) -> None:
    answer = requests.post(r1.running.token, data={}, timeout=20)
    assert answer.headers["intuit_tid"]
    assert "QBO-Version" not in answer.headers
