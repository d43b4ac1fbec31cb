"""Faults on demand, seen by a real HTTP client."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from connector.practice.gateway.injection import Injections

_BODY = {"DisplayName": "Jo"}


def _count(client: Any) -> int:
    return len(client.books()["records"]["Customer"])


def test_a_lost_answer_is_a_broken_connection_after_the_commit(r1: Any) -> None:
    r1.control("faults", {"match": {"entity": "Customer"}, "kind": "lost_answer"})
    with pytest.raises(requests.ConnectionError):
        r1.post("customer", _BODY, requestid="k1")
    assert _count(r1) == 7
    assert r1.ok("customer", _BODY, requestid="k1")["Id"] == "16"
    assert _count(r1) == 7
    lost, again = r1.calls()
    assert (lost["status"], lost["committed"], lost["fault"]) == (0, "16", "lost_answer")
    assert (again["status"], again["replayed"]) == (200, True)


def test_a_cut_answer_is_half_a_body(r1: Any) -> None:
    r1.control("faults", {"kind": "cut"})
    response = r1.post("customer", _BODY)
    assert response.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        response.json()
    assert _count(r1) == 7


@pytest.mark.parametrize(
    ("rule", "status", "code"),
    [
        ({"kind": "status"}, 500, "10000"),
        ({"kind": "status", "status": 503}, 503, "10000"),
        ({"kind": "fault", "code": "6190"}, 400, "6190"),
        ({"kind": "fault", "code": "6000", "detail": "odd"}, 400, "6000"),
        ({"kind": "fault_in_200", "code": "6540"}, 200, "6540"),
    ],
)
def test_refusals_in_the_service_shape(r1: Any, rule: Any, status: int, code: str) -> None:
    r1.control("faults", rule)
    response = r1.post("customer", _BODY)
    assert response.status_code == status
    assert response.json()["Fault"]["Error"][0]["code"] == code
    assert response.headers["intuit_tid"]
    assert _count(r1) == 6


@pytest.mark.parametrize(
    ("rule", "status", "code"),
    [
        ({"kind": "throttle", "retry_after": 7}, 429, "3001"),
        ({"kind": "status", "status": 401}, 401, "3200"),
        ({"kind": "fault", "code": "3100"}, 403, "3100"),
    ],
)
def test_refusals_in_the_gateway_shape(r1: Any, rule: Any, status: int, code: str) -> None:
    r1.control("faults", rule)
    response = r1.post("customer", _BODY)
    error = response.json()["fault"]["error"][0]
    assert (response.status_code, error["code"]) == (status, code)
    assert f"errorCode=00{code}; statusCode={status}" in error["message"]
    assert response.headers.get("Retry-After") == ("7" if status == 429 else None)


def test_html_and_an_error_that_had_committed(r1: Any) -> None:
    r1.control("faults", {"kind": "html"})
    first = r1.post("customer", _BODY)
    assert (first.status_code, first.headers["Content-Type"][:9]) == (502, "text/html")
    r1.control("faults", {"kind": "status", "commit": True})
    assert r1.post("customer", _BODY).status_code == 500
    assert _count(r1) == 7


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_delay_may_come_before_or_after_the_work(r1: Any, when: str) -> None:
    r1.control("faults", {"kind": "delay", "seconds": 0.05, "when": when})
    began = time.monotonic()
    assert r1.ok("customer", _BODY)["Id"] == "16"
    assert time.monotonic() - began >= 0.05


def test_latency_is_for_every_call(r1: Any) -> None:
    r1.control("switches", {"latency_ms": 30})
    began = time.monotonic()
    r1.read("preferences")
    assert time.monotonic() - began >= 0.03


def test_a_rule_strikes_what_it_matches_and_as_often_as_it_says(r1: Any) -> None:
    match = {"method": "POST", "path": "/customer"}
    r1.control("faults", {"match": match, "kind": "status", "times": 2})
    r1.read("preferences")
    statuses = [r1.post("customer", {"DisplayName": f"n{n}"}).status_code for n in range(3)]
    assert statuses == [500, 500, 200]


def test_queries_match_by_their_entity(r1: Any) -> None:
    r1.control("faults", {"match": {"entity": "customer"}, "kind": "throttle"})
    assert r1.query("select * from Term")
    url = f"{r1.base}/query"
    answer = r1.http.get(url, params={"query": "select * from Customer"}, timeout=20)
    assert answer.status_code == 429


def test_rules_can_be_cleared(r1: Any) -> None:
    r1.control("faults", {"kind": "status", "times": 99})
    r1.control("faults", method="DELETE")
    r1.ok("customer", _BODY)


def test_token_calls_fail_in_their_own_shape(r1: Any) -> None:
    r1.control("faults", {"match": {"path": "/oauth2"}, "kind": "fault", "code": "invalid_grant"})
    answer = requests.post(r1.running.token, data={}, timeout=20)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_a_rate_is_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        rules = Injections()
        rules.add({"kind": "status", "rate": 0.2, "seed": seed})
        calls = (rules.take(method="GET", path="/", entity="") for _ in range(500))
        return [rule is not None for rule in calls]

    assert struck(1) == struck(1) != struck(2)
    assert 60 <= sum(struck(1)) <= 140


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"kind": "magic"}, "The kind of a fault rule is one of"),
        ({"kind": "status", "colour": 1}, "A fault rule has no field colour"),
        ({"kind": "status", "times": "two"}, "The field times of a fault rule cannot be 'two'."),
        ({"kind": "status", "match": {"host": "x"}}, "A fault rule cannot match by host."),
    ],
)
def test_a_wrong_rule_is_explained(rule: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Injections().add(rule)
