"""Awkward moments between a write and its record: nothing is doubled, and nobody is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests as http
from sqlalchemy import select

from connector.base import Write
from runtime.store import ledger, runs
from runtime.store.schema import requests
from tests.events import NEW, payment
from tests.harness import REALM, Harness


class Killed(BaseException):
    """The process ended here."""


class DieAfter:
    """Ends the process at the first `then` that follows the n-th `point`."""

    def __init__(self, point: str, then: str, n: int = 1) -> None:
        self._point, self._then, self._left = point, then, n

    def __call__(self, point: str) -> None:
        if self._left == 0 and point == self._then:
            self._left = -1
            raise Killed(point)
        if point == self._point:
            self._left -= 1


def _started(make: Callable[..., Harness], **options: object) -> Harness:
    harness = make(**options)
    harness.setup()
    return harness


def test_a_refusal_that_was_not_recorded_leads_to_the_suffix_all_the_same(
    make_harness: Callable[..., Harness],
) -> None:
    harness = _started(make_harness)
    harness.control("switches", {"replay": False})
    harness.post(payment("3001", contact={**NEW, "name": "Rivera Plumbing", "company": None}))
    harness.again(DieAfter("sending", "yield"))
    with pytest.raises(Killed):
        harness.work()
    harness.again()
    _pass_time(harness, 12)  # it settles once, and not again after the second refusal
    assert [run["state"] for run in harness.runs()] == ["succeeded"], harness.holds()
    names = [c["DisplayName"] for c in harness.records("Customer")]
    assert names.count("Rivera Plumbing (2)") == 1
    assert [i["Balance"] for i in harness.records("Invoice")] == [0]


def test_what_may_have_been_sent_stays_so_when_the_second_try_cannot_start(
    make_harness: Callable[..., Harness],
) -> None:
    """The first try may still arrive: before the third, too, it is looked up."""
    harness = _started(make_harness)
    harness.control("switches", {"replay": False})
    harness.post(payment("3002"))
    harness.again(DieAfter("sending", "sending", 3))  # the payment's
    with pytest.raises(Killed):
        harness.work()
    harness.again()
    payment_path = {"method": "POST", "path": "/payment"}
    harness.control("faults", {"match": payment_path, "kind": "throttle", "retry_after": 1})
    _pass_time(harness, 12)  # looked up, not there, sent again: throttled
    looked_up = _look_ups(harness)
    assert looked_up == 1
    _commit_late(harness)
    harness.settle()
    assert [run["state"] for run in harness.runs()] == ["succeeded"], harness.holds()
    assert len(harness.records("Payment")) == 1


def _pass_time(harness: Harness, seconds: int) -> None:
    for _ in range(seconds):
        harness.tick()
        harness.work()
        harness.clock.move(1)


def _look_ups(harness: Harness) -> int:
    return sum("from Payment where" in call["query"] for call in harness.calls())


def _commit_late(harness: Harness) -> None:
    """The first try arrives after all."""
    (row,) = harness.relay.database.read(
        lambda tx: tx.execute(select(requests).where(requests.c.path == "payment")).all()
    )
    url = f"{harness.practice.api}/v3/company/{REALM}/payment?requestid={row.key}&minorversion=75"
    token = {"Authorization": f"Bearer {harness.practice.access_token()}"}
    headers = {**token, "Content-Type": "application/json", "Accept": "application/json"}
    answer = http.post(url, data=row.body, headers=headers, timeout=5)
    assert answer.ok, answer.text


def test_a_name_without_an_address_is_not_taken_for_another_of_that_name(
    make_harness: Callable[..., Harness],
) -> None:
    """The refusal of a name that another customer has is lost: his record is not ours."""
    harness = _started(make_harness)
    harness.setup({"match_keys": ["email", "phone"]})
    harness.control("switches", {"replay": False})
    record = {"DisplayName": "Robin Vale", "PrimaryPhone": {"FreeFormNumber": "+15035550100"}}
    harness.control("records", {"realm": REALM, "entity": "Customer", "record": record})
    harness.post(payment("3003", contact={**NEW, "email": None}))
    harness.again(DieAfter("sending", "yield"))
    with pytest.raises(Killed):
        harness.work()
    harness.again()
    harness.settle()
    assert [run["state"] for run in harness.runs()] == ["succeeded"], harness.holds()
    (invoice,) = harness.records("Invoice")
    people = {c["Id"]: c["DisplayName"] for c in harness.records("Customer")}
    assert people[invoice["CustomerRef"]["value"]] == "Robin Vale (2)"


@pytest.mark.parametrize("how", ["killed", "not recorded"])
def test_a_run_that_once_awaited_something_settles_all_the_same(
    make_harness: Callable[..., Harness], how: str
) -> None:
    """What it awaited long ago must not wake it before its own request has settled."""
    harness = _started(make_harness)
    database, now = harness.relay.database, harness.clock.now()
    harness.post(payment("3004"))
    run = harness.relay.workers._next()
    assert run is not None
    waits = {"now": now, "seconds": 0.0, "error": "", "counts": False}
    database.write(runs.wait, run, {}, **waits, awaits="item:x")
    run = database.write(runs.take, "w1", now)
    assert run is not None
    if how == "killed":
        write = Write(document=None, operation="create", path="x", body={})
        database.write(ledger.prepare, run.company, run.id, "key", write, b"{}", now)
        database.write(runs.take_over, ["w1"], now, 10.0)
    else:
        database.write(runs.give_back, run, now, 10.0)
    database.write(runs.end_waits, run.company, ["item:x"], now)
    stands = database.read(runs.get, run.id)
    assert stands is not None
    assert stands.due_at == now + timedelta(seconds=10)
