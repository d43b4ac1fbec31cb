"""The same requestid gets the first answer, at once, later, and while the first is at work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

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


def test_a_request_id_has_a_limit(r1: Any) -> None:
    assert r1.fault("customer", _BODY, requestid="k" * 51)["code"] == "2130"
    r1.ok("customer", _BODY, requestid="k" * 50)
