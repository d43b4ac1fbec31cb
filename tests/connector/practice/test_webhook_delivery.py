"""When webhooks are sent again, how they are named and signed, and how a POST is broken off."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.practice.clock import Clock
from connector.practice.switches import Switches
from connector.practice.webhooks.delivery import SCHEDULES, Attempt, Delivery, attempted, headers
from connector.practice.webhooks.notices import ENTITIES, Operation, is_announced, names
from connector.practice.webhooks.poster import PATIENCE, Poster
from connector.practice.webhooks.webhooks import Webhooks, subscription
from tests.answers import start
from tests.connector.practice.receiver import Receiver, receiving

R1 = "9341455600000001"
NOW = datetime(2026, 11, 6, 17, 0, tzinfo=UTC)
VECTORS = Path(__file__).parents[1] / "signature_vectors.json"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.mark.parametrize(
    ("entity", "operation", "expected"),
    [
        ("Invoice", "updated", ("qbo.invoice.updated.v1", "Invoice", "Update")),
        ("SalesReceipt", "voided", ("qbo.salesreceipt.voided.v1", "SalesReceipt", "Void")),
        ("Customer", "merged", ("qbo.customer.merged.v1", "Customer", "Merge")),
        ("Estimate", "emailed", ("qbo.estimate.emailed.v1", "Estimate", "Emailed")),
        ("Payment", "created", ("qbo.payment.created.v1", "Payment", "Create")),
        ("Vendor", "deleted", ("qbo.vendor.deleted.v1", "Vendor", "Delete")),
    ],
)
def test_an_event_has_a_name_in_both_shapes(entity: str, operation: str, expected: Any) -> None:
    assert names(entity, operation) == expected
    assert is_announced(entity, Operation(operation))


def test_what_is_not_announced() -> None:
    assert len(ENTITIES) == 29
    announced = [one for one in Operation if is_announced("Preferences", one)]
    assert announced == [Operation.UPDATED]
    merging = {entity for entity in ENTITIES if is_announced(entity, Operation.MERGED)}
    assert merging == {"Customer", "Vendor"}
    assert not is_announced("TaxCode", Operation.CREATED)
    with pytest.raises(ValueError, match="painted"):
        names("Invoice", "painted")


def test_the_signature_is_that_of_the_vector() -> None:
    vector = json.loads(VECTORS.read_text(encoding="utf-8"))["intuit"]
    raw = vector["body"].encode()
    made = Delivery(number=1, id="t", created=NOW, raw=raw, events=(), due=NOW)
    assert vector["headers"].items() <= headers(made, vector["secret"]).items()


@pytest.mark.parametrize(
    ("schedule", "waits", "state"),
    [
        ("20m", [1200, 1800, 3000, None], "dropped"),
        (
            "best_practices",
            [10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600],
            "waiting",
        ),
    ],
)
def test_the_two_schedules(schedule: str, waits: list[Any], state: str) -> None:
    one = Delivery(number=1, id="t", created=NOW, raw=b"", events=(), due=NOW)
    seen, at = [], NOW
    for _ in waits:
        one = attempted(one, Attempt(at=at, status=500), SCHEDULES[schedule], "any")
        seen.append((one.due - at).total_seconds() if one.due else None)
        at = one.due or at
    assert (seen, one.state) == (waits, state)
    if state == "waiting":
        done = attempted(one, Attempt(at=at, status=204), SCHEDULES[schedule], "any")
        assert (done.due, done.state) == (None, "acknowledged")


@pytest.mark.parametrize(
    "url", ["https://example.com/hooks", "http://[::1]:8/", "http://localhost"]
)
def test_urls_that_can_be_used(url: str) -> None:
    assert subscription({"url": url, "verifier": "v"}).url == url


def test_three_seconds_are_allowed_and_then_it_is_broken_off(receiver: Any) -> None:
    assert PATIENCE == 3
    receiver.answers = [None]
    assert Poster(patience=0.05).send(receiver.url, b"[]", {}) == 0
    assert receiver.came.get(timeout=20).raw == b"[]"


def test_an_answer_that_drips_is_broken_off() -> None:
    with _dripping() as url:
        began = time.monotonic()
        assert Poster(patience=0.2).send(url, b"[]", {}) == 0
        assert time.monotonic() - began < 5


@contextmanager
def _dripping() -> Iterator[str]:
    """A receiver that sends a byte now and then, for ever."""
    ended = threading.Event()

    def drip() -> None:
        peer, _ = listening.accept()
        with peer:
            while not ended.wait(0.01):
                try:
                    peer.sendall(b"H")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        ended.set()
        thread.join()


def test_nobody_there_and_nobody_with_a_certificate(receiver: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert Poster().send(f"http://127.0.0.1:{port}", b"[]", {}) == 0
    assert Poster().send(receiver.url.replace("http:", "https:"), b"[]", {}) == 0
    assert Poster().send("https://a..b/", b"[]", {}) == 0
    assert receiver.came.empty()


def test_a_stop_does_not_wait_for_a_silent_receiver(receiver: Any) -> None:
    receiver.answers = [None]
    with start() as running:
        webhooks = running.state.webhooks
        webhooks.subscribe(subscription({"url": receiver.url, "verifier": "v"}))
        for identity in ("1", "2"):
            at = running.state.clock.now()
            webhooks.note(realm=R1, entity="Item", operation="created", identity=identity, at=at)
        receiver.came.get(timeout=20)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert Poster.send(webhooks._poster, receiver.url, b"[]", {}) == 0


class Played(Poster):
    """Answers as told, without a network."""

    def __init__(self, answers: list[int]) -> None:
        super().__init__()
        self.answers = answers
        self.sent: list[tuple[int, list[str]]] = []

    def send(self, url: str, raw: bytes, headers: Mapping[str, str]) -> int:
        status = self.answers.pop(0) if self.answers else 200
        self.sent.append((status, [event["id"] for event in json.loads(raw)]))
        return status


class Forgetting(Played):
    """Everything is forgotten while the first delivery is under way."""

    webhooks: Webhooks

    def send(self, url: str, raw: bytes, headers: Mapping[str, str]) -> int:
        self.webhooks.clear()
        return super().send(url, raw, headers)


def _hooks(clock: Clock, poster: Poster, **switches: Any) -> Webhooks:
    clock.set(NOW)
    made = Webhooks(clock, lambda: Switches(**switches), poster)
    made.subscribe(subscription({"url": "https://example.com", "verifier": "v"}))
    return made


def _note(hooks: Webhooks, clock: Clock) -> None:
    hooks.note(realm=R1, entity="Item", operation="created", identity="1", at=clock.now())


def test_a_delivery_that_was_forgotten_on_its_way_stays_forgotten() -> None:
    clock, poster = Clock(), Forgetting([500])
    poster.webhooks = hooks = _hooks(clock, poster)
    _note(hooks, clock)
    hooks.deliver()
    assert len(poster.sent) == 1
    assert (hooks.outcomes(), hooks.told()["deliveries"]) == ([], [])


@given(
    answers=st.lists(st.sampled_from([0, 200, 404, 500]), max_size=30),
    steps=st.lists(st.sampled_from([0, 1, 10, 1200, 90_000]), min_size=1, max_size=30),
    schedule=st.sampled_from(sorted(SCHEDULES)),
    delay=st.sampled_from([0, 15]),
)
def test_every_event_is_taken_once_or_dropped_and_keeps_its_id(
    answers: list[int], steps: list[int], schedule: str, delay: int
) -> None:
    clock, poster = Clock(), Played(answers)
    hooks = _hooks(clock, poster, webhook_retries=schedule, webhook_delay=delay)
    for step in steps:
        _note(hooks, clock)
        hooks.deliver()
        clock.advance(step)
    for _ in range(40):
        clock.advance(timedelta(days=1).total_seconds())
        hooks.deliver()
    told = hooks.told()
    assert told["pending_events"] == 0
    order = [event["id"] for one in told["deliveries"] for event in one["events"]]
    assert len(order) == len(set(order)) == len(steps)
    taken = [identity for status, ids in poster.sent if status == 200 for identity in ids]
    dropped = [one for one in told["deliveries"] if one["state"] == "dropped"]
    assert len(taken) == len(set(taken)) == len(steps) - sum(len(d["events"]) for d in dropped)
    if schedule == "best_practices":
        assert taken == order
    for one in dropped:
        assert len(one["attempts"]) == 4
