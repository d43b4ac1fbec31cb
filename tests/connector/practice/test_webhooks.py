"""Webhooks as Intuit sends them, received by a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.signatures import verify_intuit
from tests.connector.practice.receiver import Receiver, receiving

R1, R2 = "9341455600000001", "9341455600000002"
VERIFIER = "intuit-verifier-token-example"
VECTORS = Path(__file__).parents[1] / "signature_vectors.json"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def subscribed(r1: Any, receiver: Receiver) -> Any:
    """Company 1, with the receiver subscribed to everything."""
    r1.control("webhooks", {"url": receiver.url, "verifier": VERIFIER}, method="PUT")
    return r1


def note(client: Any, identity: str, **other: Any) -> None:
    """Something happens to an invoice of company 1, or as told otherwise."""
    state = client.running.state
    event = {"realm": R1, "entity": "Invoice", "operation": "updated", "identity": identity}
    state.webhooks.note(**{**event, "at": state.clock.now(), **other})


def deliver(client: Any) -> list[dict[str, Any]]:
    return client.control("webhooks/deliver")


def deliveries(client: Any) -> list[dict[str, Any]]:
    return client.control("webhooks", method="GET")["deliveries"]


def test_a_delivery_is_signed_and_holds_cloud_events(subscribed: Any, receiver: Any) -> None:
    note(subscribed, "95")
    outcome = deliver(subscribed)
    came = receiver.all()[0]
    verify_intuit(came.raw, came.headers, VERIFIER)
    assert came.path == "/hooks?app=1"
    assert came.headers["intuit-created-time"] == "2026-11-06T17:00:00Z"
    assert came.headers["intuit-notification-schema-version"] == "0.1"
    assert came.headers["intuit-t-id"] == outcome[0]["id"]
    assert came.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (outcome[0]["state"], outcome[0]["status"]) == ("acknowledged", 200)
    event = came.events[0]
    sample = json.loads(json.loads(VECTORS.read_text(encoding="utf-8"))["intuit"]["body"])[1]
    assert list(event) == list(sample)
    assert len(event["source"]) == len(sample["source"])
    assert event["id"] == outcome[0]["events"][0]["id"]
    assert {key: event[key] for key in event if key not in ("id", "source")} == {
        "specversion": "1.0",
        "type": "qbo.invoice.updated.v1",
        "datacontenttype": "application/json",
        "time": "2026-11-06T17:00:00Z",
        "intuitentityid": "95",
        "intuitaccountid": R1,
        "data": {},
    }


def test_one_post_holds_what_was_gathered_of_several_companies(
    subscribed: Any, receiver: Any
) -> None:
    subscribed.control("switches", {"webhook_delay": 60})
    note(subscribed, "95")
    subscribed.control("clock", {"advance": 59})
    merge = {"realm": R2, "entity": "Customer", "operation": "merged", "deleted_id": "27"}
    note(subscribed, "123", **merge)
    assert deliver(subscribed) == []
    assert subscribed.control("webhooks", method="GET")["pending_events"] == 2
    subscribed.control("clock", {"advance": 1})
    deliver(subscribed)
    came = receiver.all()
    assert [len(one.events) for one in came] == [2]
    first, second = came[0].events
    assert (first["intuitaccountid"], second["intuitaccountid"]) == (R1, R2)
    assert (second["type"], second["intuitentityid"]) == ("qbo.customer.merged.v1", "123")
    assert second["data"] == {"deletedid": "27"}
    assert first["id"] != second["id"]


def test_the_old_shape(r1: Any, receiver: Any) -> None:
    wanted = {"url": receiver.url, "verifier": VERIFIER, "shape": "legacy"}
    r1.control("webhooks", wanted)
    r1.control("switches", {"webhook_delay": 1})
    note(r1, "95", operation="voided")
    note(r1, "27", realm=R2)
    note(r1, "1234", entity="Customer", operation="merged", deleted_id="27")
    r1.control("clock", {"advance": 1})
    deliver(r1)
    told = receiver.all()[0].events
    assert list(told) == ["eventNotifications"]
    first, second = told["eventNotifications"]
    assert (first["realmId"], second["realmId"]) == (R1, R2)
    voided, merged = first["dataChangeEvent"]["entities"]
    assert (voided["operation"], "deletedId" in voided) == ("Void", False)
    assert merged == {
        "id": "1234",
        "operation": "Merge",
        "name": "Customer",
        "lastUpdated": "2026-11-06T17:00:00.000Z",
        "deletedId": "27",
    }


@pytest.mark.parametrize("status", [301, 400, 404, 410])
def test_any_other_answer_is_tried_again_or_only_listed_ones(
    subscribed: Any, receiver: Any, status: int
) -> None:
    receiver.answers = [status, 503, 200, status]
    note(subscribed, "95")
    assert deliver(subscribed)[0]["state"] == "waiting"
    subscribed.control("switches", {"webhook_retry_on": "listed"})
    subscribed.control("clock", {"advance": 1200})
    assert deliver(subscribed)[0]["state"] == "waiting"
    subscribed.control("clock", {"advance": 1800})
    assert deliver(subscribed)[0]["state"] == "acknowledged"
    note(subscribed, "96")
    assert deliver(subscribed)[0]["state"] == "dropped"
    assert {one.path for one in receiver.all()} == {"/hooks?app=1"}


def test_a_redelivery_is_the_same_to_the_byte(subscribed: Any, receiver: Any) -> None:
    receiver.answers = [500]
    note(subscribed, "95")
    deliver(subscribed)
    subscribed.control("clock", {"advance": 1199})
    assert deliver(subscribed) == []
    subscribed.control("clock", {"advance": 1})
    deliver(subscribed)
    first, again = receiver.all()
    assert first.raw == again.raw
    assert first.headers == again.headers
    (told,) = deliveries(subscribed)
    assert [one["status"] for one in told["attempts"]] == [500, 200]
    assert told["attempts"][1]["at"] == "2026-11-06T17:20:00+00:00"


def test_it_is_dropped_after_four_attempts(subscribed: Any, receiver: Any) -> None:
    receiver.answers = [500] * 9
    note(subscribed, "95")
    for _ in range(6):
        deliver(subscribed)
        subscribed.control("clock", {"advance": 86_400})
    assert len(receiver.all()) == 4
    (told,) = deliveries(subscribed)
    assert (told["state"], told["due"]) == ("dropped", None)


@pytest.mark.parametrize(("schedule", "meanwhile"), [("20m", ["96"]), ("best_practices", [])])
def test_later_events_wait_for_the_first_or_do_not(
    subscribed: Any, receiver: Any, schedule: str, meanwhile: list[str]
) -> None:
    def came() -> list[str]:
        return [event["intuitentityid"] for one in receiver.all() for event in one.events]

    subscribed.control("switches", {"webhook_retries": schedule})
    receiver.answers = [500]
    note(subscribed, "95")
    deliver(subscribed)
    assert came() == ["95"]
    note(subscribed, "96")
    deliver(subscribed)
    assert came() == meanwhile
    subscribed.control("clock", {"advance": 1200})
    deliver(subscribed)
    assert came() == ["95", "96"][: 2 - len(meanwhile)]


def test_it_is_delivered_without_being_asked(subscribed: Any, receiver: Any) -> None:
    note(subscribed, "95")
    assert receiver.came.get(timeout=20).events[0]["intuitentityid"] == "95"


def test_only_what_was_subscribed_to_and_only_since(r1: Any, receiver: Any) -> None:
    note(r1, "1")
    wanted = {"url": receiver.url, "verifier": VERIFIER, "entities": ["Payment"]}
    told = r1.control("webhooks", wanted, method="PUT")
    assert told["subscription"] == {
        "url": receiver.url,
        "shape": "cloudevents",
        "entities": ["Payment"],
    }
    note(r1, "2")
    note(r1, "3", entity="Payment", operation="merged")
    note(r1, "4", entity="Payment", operation="created")
    assert [one["events"][0]["identity"] for one in deliver(r1)] == ["4"]
    r1.control("webhooks", method="DELETE")
    note(r1, "5", entity="Payment")
    assert deliver(r1) == []
    nothing = {"subscription": None, "pending_events": 0, "deliveries": []}
    assert r1.control("webhooks", method="GET") == nothing


def test_a_reset_ends_the_subscription(subscribed: Any, receiver: Any) -> None:
    subscribed.control("switches", {"webhook_delay": 60})
    note(subscribed, "95")
    subscribed.control("reset")
    assert subscribed.control("webhooks", method="GET")["subscription"] is None
    assert deliver(subscribed) == []


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"url": "http://example.com/hooks"}, "https, or http on this machine"),
        ({"url": "http://192.168.0.1/"}, "https, or http on this machine"),
        ({"url": "ftp://127.0.0.1/"}, "not ftp://127.0.0.1/."),
        ({"url": "https://"}, "Webhooks need a `url`"),
        ({"url": "https://exa mple.com"}, "Webhooks need a `url`"),
        ({"url": "http://127.0.0.1:99999/"}, "Webhooks need a `url`"),
        ({"url": None}, "not None."),
        ({"verifier": ""}, "Webhooks need a `verifier`"),
        ({"verifier": "two words"}, "Webhooks need a `verifier`"),
        ({"verifier": 7}, "Webhooks need a `verifier`"),
        ({"shape": "xml"}, "The shape of webhooks is one of cloudevents, legacy, not xml."),
        ({"entities": "Invoice"}, "are a list"),
        ({"entities": []}, "are a list"),
        ({"entities": ["Invoice", "Castle"]}, "There are no webhooks for Castle; there are for"),
        ({"colour": "red"}, "Unknown: colour"),
    ],
)
def test_a_wrong_subscription_is_explained(r1: Any, told: Any, sentence: str) -> None:
    body = {"url": "https://example.com", "verifier": "v", **told}
    answer = requests.put(f"{r1.running.control}/webhooks", json=body, timeout=20)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


@pytest.mark.parametrize(("hours", "told"), [(0, 2), (24, 1), (48, 2)])
def test_an_endpoint_that_fails_for_long_is_told_nothing_more_by_switch(
    subscribed: Any, receiver: Any, hours: int, told: int
) -> None:
    subscribed.control("switches", {"webhook_inactive_hours": hours})
    receiver.answers = [500]
    note(subscribed, "95")
    deliver(subscribed)
    subscribed.control("clock", {"advance": 24 * 3600})
    deliver(subscribed)
    assert len(receiver.all()) == told
    subscribed.control("webhooks", {"url": receiver.url, "verifier": VERIFIER}, method="PUT")
    deliver(subscribed)
    assert len(receiver.all()) == 2 - told
    note(subscribed, "96")
    deliver(subscribed)
    subscribed.control("clock", {"advance": 24 * 3600})
    note(subscribed, "97")
    deliver(subscribed)
    assert len(receiver.all()) == 2
