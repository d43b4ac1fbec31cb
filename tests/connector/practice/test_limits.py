"""Intuit's limits: pure sliding windows, and the same over HTTP."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from connector.practice.clock import Clock
from connector.practice.gateway.limits import REQUESTS, Limits, Rate, admitted

NOW = datetime(2026, 11, 6, 17, 0, tzinfo=UTC)
MILLISECONDS = st.lists(st.integers(0, 900), min_size=1, max_size=120)


def _get(client: Any, path: str = "preferences") -> requests.Response:
    return client.http.get(f"{client.base}/{path}", timeout=20)


def _accepted(steps: list[int], rates: tuple[Rate, ...]) -> tuple[list[datetime], list[datetime]]:
    """When requests came that were let in, and that were not; `steps` lie between them, in ms."""
    kept: tuple[datetime, ...] = ()
    taken, refused, now = [], [], NOW
    for step in steps:
        now += timedelta(milliseconds=step)
        new = admitted(kept, now, rates)
        (refused if new is None else taken).append(now)
        kept = new or kept
    return taken, refused


@given(steps=MILLISECONDS, most=st.integers(1, 6), seconds=st.integers(1, 3))
def test_no_window_ever_holds_more_and_nothing_is_refused_in_vain(
    steps: list[int], most: int, seconds: int
) -> None:
    rates = (Rate(most=most, seconds=seconds), Rate(most=4 * most, seconds=4 * seconds))
    taken, refused = _accepted(steps, rates)

    def fullest(end: datetime, rate: Rate) -> int:
        start = end - timedelta(seconds=rate.seconds)
        return sum(start < one <= end for one in taken)

    assert all(fullest(end, rate) <= rate.most for end in taken for rate in rates)
    for moment in refused:
        assert any(fullest(moment, rate) == rate.most for rate in rates)
    assert len(taken) + len(refused) == len(steps)


def test_what_is_kept_does_not_grow() -> None:
    kept: tuple[datetime, ...] = ()
    for second in range(200):
        kept = admitted(kept, NOW + timedelta(seconds=second), REQUESTS) or ()
    assert len(kept) == 60


def test_times_from_before_the_clock_was_turned_back_do_not_count() -> None:
    full = [NOW + timedelta(days=1)] * 10
    assert admitted(full, NOW, REQUESTS) == (NOW,)


def test_five_hundred_a_minute_and_each_company_alone() -> None:
    clock = Clock()
    clock.set(NOW)
    limits = Limits(clock)

    def enter(realm: str) -> bool:
        entered = limits.enter(realm, batch=False)
        if entered:
            limits.leave(realm)
        return entered

    for _ in range(50):
        assert all(enter("a") for _ in range(10))
        clock.advance(1)
    assert not enter("a")
    assert enter("b")
    clock.advance(10)
    assert enter("a")


def test_nothing_is_refused_while_the_switch_is_off(r1: Any) -> None:
    assert {_get(r1).status_code for _ in range(12)} == {200}


@pytest.mark.parametrize(("seconds", "header"), [(0, None), (7, "7")])
def test_the_eleventh_in_a_second_is_throttled(r1: Any, seconds: int, header: str | None) -> None:
    r1.control("switches", {"limits": "intuit", "retry_after_on_limits": seconds})
    assert [_get(r1).status_code for _ in range(10)] == [200] * 10
    refused = r1.post("customer", {"DisplayName": "Jo"})
    assert refused.status_code == 429
    error = refused.json()["fault"]["error"][0]
    assert error["code"] == "3001"
    assert error["message"] == "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    assert error["detail"] == "The request limit was reached."
    assert refused.headers.get("Retry-After") == header
    assert len(r1.books()["records"]["Customer"]) == 6
    assert r1.calls()[-1]["status"] == 429
    r1.control("clock", {"advance": 1})
    assert _get(r1).status_code == 200


def test_companies_and_oauth_are_not_counted_together(r1: Any, r2: Any) -> None:
    r1.control("switches", {"limits": "intuit"})
    for _ in range(10):
        _get(r1)
    assert _get(r1).status_code == 429
    assert _get(r2).status_code == 200
    assert requests.post(r1.running.token, data={}, timeout=20).status_code == 401


def test_forty_batches_a_minute(r1: Any) -> None:
    r1.control("switches", {"limits": "intuit"})
    statuses = []
    for _ in range(41):
        statuses.append(r1.post("batch", {"BatchItemRequest": []}).status_code)
        r1.control("clock", {"advance": 1})
    assert 429 not in statuses[:40]
    assert statuses[40] == 429
    assert _get(r1).status_code == 200
    r1.control("clock", {"advance": 20})
    assert r1.post("batch", {"BatchItemRequest": []}).status_code != 429


def _wrong(client: Any) -> int:
    """The status of a call that the service refuses, if it comes to that."""
    return int(_get(client, "customer/999").status_code)


@pytest.mark.parametrize(("counts", "status"), [(True, 429), (False, 200)])
def test_whether_failed_calls_count_is_a_switch(r1: Any, counts: bool, status: int) -> None:
    r1.control("switches", {"limits": "intuit", "failed_calls_count": counts})
    assert [_wrong(r1) for _ in range(10)] == [400] * 10
    assert _get(r1).status_code == status


@pytest.mark.parametrize(("counts", "status"), [(True, 429), (False, 400)])
def test_a_failed_batch_too(r1: Any, counts: bool, status: int) -> None:
    r1.control("switches", {"limits": "intuit", "failed_calls_count": counts})
    for _ in range(40):
        assert r1.post("batch", {"BatchItemRequest": []}).status_code == 400
        r1.control("clock", {"advance": 1})
    assert r1.post("batch", {"BatchItemRequest": []}).status_code == status


@pytest.mark.parametrize(("counts", "status"), [(True, 429), (False, 200)])
def test_whether_throttled_calls_count_is_a_switch(r1: Any, counts: bool, status: int) -> None:
    r1.control("switches", {"limits": "intuit", "throttled_calls_count": counts})
    for _ in range(10):
        _get(r1)
    r1.control("clock", {"advance": 0.6})
    assert [_get(r1).status_code for _ in range(10)] == [429] * 10
    r1.control("clock", {"advance": 0.6})
    assert _get(r1).status_code == status


@pytest.mark.parametrize(("most", "status"), [(12, 429), (0, 200), (800, 200)])
def test_all_companies_together_have_a_limit(r1: Any, r2: Any, most: int, status: int) -> None:
    r1.control("switches", {"limits": "intuit", "all_a_minute": most})
    for client in (r1, r2):
        assert [_get(client).status_code for _ in range(6)] == [200] * 6
    assert _get(r2).status_code == status


@pytest.mark.parametrize(("counts", "refused"), [(True, 27), (False, 0)])
def test_whether_items_of_a_batch_count_is_a_switch(r1: Any, counts: bool, refused: int) -> None:
    r1.control("switches", {"limits": "intuit", "batch_items_count": counts})
    items = [{"bId": str(number), "Query": "select * from Term"} for number in range(30)]
    answers: list[Any] = []
    for _ in range(17):
        answers += r1.post("batch", {"BatchItemRequest": items}).json()["BatchItemResponse"]
        r1.control("clock", {"advance": 1})
    codes = [one["Fault"]["Error"][0]["code"] for one in answers if "Fault" in one]
    # 17 requests and 483 items are 500 in a minute; 510 items were sent.
    assert codes == ["3001"] * refused
    assert _get(r1).status_code == (429 if counts else 200)


def test_ten_at_once(r1: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def hold(seconds: float) -> None:
        begun.release()
        assert go_on.wait(20)

    monkeypatch.setattr("connector.practice.gateway.spoiling.time", SimpleNamespace(sleep=hold))
    r1.control("switches", {"limits": "intuit"})
    r1.control("faults", {"kind": "delay", "seconds": 9, "times": 10})
    headers = dict(r1.http.headers)

    def read(_: int) -> int:
        url = f"{r1.base}/preferences"
        return requests.get(url, headers=headers, timeout=20).status_code

    with ThreadPoolExecutor(10) as pool:
        held = pool.map(read, range(10))
        try:
            assert all(begun.acquire(timeout=20) for _ in range(10))
            r1.control("clock", {"advance": 60})
            assert _get(r1).status_code == 429
            r1.control("reset")
            r1.control("switches", {"limits": "intuit"})
            assert _get(r1).status_code == 429
        finally:
            go_on.set()
        assert list(held) == [200] * 10
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    assert _get(r1).status_code == 200


@pytest.mark.parametrize("kind", ["lost_answer", "cut", "html", "status"])
def test_a_request_leaves_whatever_happens_to_it(r1: Any, kind: str) -> None:
    r1.control("switches", {"limits": "intuit"})
    r1.control("faults", {"kind": kind, "times": 30})
    for _ in range(30):
        r1.control("clock", {"advance": 1})
        try:
            assert _get(r1).status_code != 429
        except requests.ConnectionError:
            assert kind == "lost_answer"
    assert [call["fault"] for call in r1.calls()] == [kind] * 30
    assert _get(r1).status_code == 200


def test_a_throttled_call_uses_up_no_fault_rule(r1: Any) -> None:
    r1.control("switches", {"limits": "intuit"})
    for _ in range(10):
        _get(r1)
    r1.control("faults", {"kind": "status", "status": 503})
    assert _get(r1).status_code == 429
    r1.control("clock", {"advance": 1})
    assert _get(r1).status_code == 503


@pytest.mark.parametrize(
    ("switch", "sentence"),
    [
        ({"limits": "some"}, "The switch limits is one of off, intuit, not some."),
        ({"monthly_reads": -1}, "The switch monthly_reads cannot be negative, as -1 is."),
        ({"webhook_retries": "1m"}, "is one of 20m, best_practices, not 1m."),
        ({"webhook_retry_on": "none"}, "is one of any, listed, not none."),
    ],
)
def test_a_wrong_switch_is_explained(r1: Any, switch: Any, sentence: str) -> None:
    answer = requests.post(f"{r1.running.control}/switches", json=switch, timeout=20)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
