"""The same requestid gets the first answer, at once, later, and while the first is at work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connector.practice.ledger import both

_BODY = {"DisplayName": "Once"}


def test_a_repeat_gets_the_first_answer(r1: Any) -> None:
    first = r1.post("customer", _BODY, requestid="k1")
    again = r1.post("customer", {"DisplayName": "Other body"}, requestid="k1")
    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert [call["replayed"] for call in r1.calls()] == [False, True]
    assert [call["committed"] for call in r1.calls()] == ["16", ""]


def test_companies_do_not_share_request_ids(r1: Any, r2: Any) -> None:
    r1.ok("customer", _BODY, requestid="k1")
    assert r2.ok("customer", _BODY, requestid="k1")["Id"] == "1"


def test_many_at_once_make_one_record(r1: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: r1.post("customer", _BODY, requestid="k").text, range(8)))
    assert len(set(answers)) == 1
    assert r1.query("select count(*) from Customer")["totalCount"] == 6


def test_replay_can_be_switched_off(r1: Any) -> None:
    r1.control("switches", {"replay": False})
    r1.ok("customer", _BODY, requestid="k1")
    assert r1.fault("customer", _BODY, requestid="k1")["code"] == "6240"


def test_refusals_are_replayed_by_switch(r1: Any) -> None:
    wrong = {"DisplayName": "Rivera Plumbing"}
    r1.fault("customer", wrong, requestid="k1")
    assert r1.fault("customer", _BODY, requestid="k1")["code"] == "6240"
    r1.control("switches", {"replay_faults": False})
    r1.fault("customer", wrong, requestid="k2")
    r1.ok("customer", _BODY, requestid="k2")


@pytest.mark.parametrize(("hours", "replayed"), [(0, True), (24, False), (25, True)])
def test_how_long_a_request_id_is_remembered_is_a_switch(
    r1: Any, hours: int, replayed: bool
) -> None:
    r1.control("switches", {"replay_hours": hours})
    first = r1.post("estimate", _offer(), requestid="k1")
    r1.control("clock", {"advance": 24 * 3600})
    r1.http.headers["Authorization"] = f"Bearer {r1.running.access_token()}"
    again = r1.post("estimate", _offer(), requestid="k1")
    assert (again.text == first.text) == replayed
    assert [call["replayed"] for call in r1.calls()] == [False, replayed]


@pytest.mark.parametrize(
    ("switch", "status", "replayed"),
    [("first", 200, True), ("refused", 400, False), ("new", 200, False)],
)
def test_what_another_body_gets_is_a_switch(
    r1: Any, switch: str, status: int, replayed: bool
) -> None:
    r1.control("switches", {"replay_other_body": switch})
    r1.ok("customer", _BODY, requestid="k1")
    same = r1.post("customer", _BODY, requestid="k1")
    assert same.status_code == 200
    other = r1.post("customer", {"DisplayName": "Other"}, requestid="k1")
    assert other.status_code == status
    if status == 400:
        assert other.json()["Fault"]["Error"][0]["code"] == "600"
    assert [call["replayed"] for call in r1.calls()] == [False, True, replayed]


def test_in_a_batch_too_another_body_is_told_apart(r1: Any) -> None:
    r1.control("switches", {"replay_other_body": "new"})

    def saved(name: str) -> Any:
        item = {"bId": "1", "operation": "create", "Customer": {"DisplayName": name}}
        answer = r1.post("batch", {"BatchItemRequest": [item]}, requestid="k")
        return answer.json()["BatchItemResponse"][0]["Customer"]["Id"]

    assert saved("A") == saved("A") != saved("B")


def _offer() -> dict[str, Any]:
    detail = {"ItemRef": {"value": "1"}}
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    return {"CustomerRef": {"value": "10"}, "Line": [line]}


def test_a_request_id_has_a_limit(r1: Any) -> None:
    assert r1.fault("customer", _BODY, requestid="k" * 51)["code"] == "2130"
    r1.ok("customer", _BODY, requestid="k" * 50)


_WRITES = st.lists(
    st.tuples(
        st.sampled_from(["create", "update", "sparse", "void", "delete"]),
        st.sampled_from(["customer", "invoice", "payment", "estimate"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)


def _body(operation: str, entity: str, number: int) -> dict[str, Any]:
    """A body that may or may not be right: some ids and tokens are of nothing."""
    known = {"Id": "10" if entity == "customer" else str(100 + number), "SyncToken": "0"}
    if operation in ("void", "delete"):
        return {**known, "sparse": True} if entity == "payment" else known
    whole: dict[str, Any] = {"DisplayName": f"Someone {number}"}
    if entity == "payment":
        whole = {"CustomerRef": {"value": "10"}, "TotalAmt": 5 - number}
    elif entity != "customer":
        detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "TAX"}}
        line = {"Amount": 20, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
        whole = {"CustomerRef": {"value": "10"}, "Line": [line] * number}
    if operation == "create":
        return whole
    return {**whole, **known, "sparse": operation == "sparse"}


def _params(operation: str, entity: str) -> dict[str, str]:
    if operation == "delete":
        return {"operation": "delete"}
    if operation != "void":
        return {}
    by_update = {"operation": "update", "include": "void"}
    return by_update if entity == "payment" else {"operation": "void"}


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(writes=_WRITES)
def test_replaying_any_write_changes_nothing(r1: Any, writes: list[tuple[str, str, int]]) -> None:
    r1.control("reset")
    r1.control("clock", {"now": "2026-11-06T10:00:00-07:00"})
    requests = [
        (entity, _body(operation, entity, number), _params(operation, entity))
        for operation, entity, number in writes
    ]
    first = [
        r1.post(path, body, requestid=f"k{number}", **params)
        for number, (path, body, params) in enumerate(requests)
    ]
    before, ledger = r1.books(), both(r1)
    r1.control("clock", {"advance": 60})
    for number, (path, body, params) in enumerate(requests):
        again = r1.post(path, body, requestid=f"k{number}", **params)
        assert (again.status_code, again.text) == (first[number].status_code, first[number].text)
    assert (r1.books(), both(r1)) == (before, ledger)
