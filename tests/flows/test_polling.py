"""Polling: an event whose webhook was lost arrives once; cursors neither lose nor repeat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import requests
import responses

from runtime import history
from runtime.polling import ALL
from runtime.store import cursors
from tests.flows.crm import URL, Crm
from tests.harness import Harness


def poll(harness: Harness, minutes: float = 4.0) -> None:
    harness.clock.move(minutes * 60)
    harness.heart.poll()


def events(harness: Harness) -> list[dict[str, Any]]:
    return harness.relay.database.read(history.all_events)


def cursor(harness: Harness) -> cursors.Cursor:
    found = harness.relay.database.read(cursors.get, "leadexploder", ALL)
    assert found is not None
    return found


def test_the_first_poll_sets_the_baseline_and_fires_nothing(harness: Harness, crm: Crm) -> None:
    crm.tell("1", "msg_old")
    harness.heart.poll()
    assert events(harness) == []
    assert crm.asked == []
    assert cursor(harness).position == harness.clock.now()


def test_a_lost_webhook_arrives_by_poll_once(harness: Harness, crm: Crm) -> None:
    harness.heart.poll()
    heard = crm.tell("1", "msg_1")
    crm.tell("2", "msg_2")
    crm.tell("3", "msg_3")
    harness.post(heard, identity="msg_1")
    poll(harness)
    poll(harness)
    harness.work()
    assert [e["identity"] for e in events(harness)] == ["msg_1", "msg_2", "msg_3"]
    assert sorted(i["DocNumber"] for i in harness.records("Invoice")) == ["1", "2", "3"]
    assert harness.post(heard, identity="msg_2")["status"] == "duplicate"


def test_each_poll_reads_an_overlap_again_but_never_before_the_baseline(
    harness: Harness, crm: Crm
) -> None:
    harness.heart.poll()
    baseline = cursor(harness).baseline
    poll(harness, 4)
    poll(harness, 30)
    poll(harness, 30)
    since = [query["since"][0] for query in crm.asked]
    from datetime import datetime

    read_from = [datetime.fromisoformat(text) for text in since]
    assert read_from[0] == baseline
    assert read_from[2] == baseline + timedelta(minutes=4 + 30 - 10)
    assert cursor(harness).empty_polls == 3


def test_a_failing_poll_leaves_the_cursor_and_is_tried_again(harness: Harness, crm: Crm) -> None:
    harness.heart.poll()
    before = cursor(harness)
    crm.tell("1", "msg_1")
    crm.down = True
    poll(harness)
    assert cursor(harness) == before
    crm.down = False
    poll(harness, 20)
    assert len(events(harness)) == 1
    assert cursor(harness).position == harness.clock.now()


def test_a_poll_cut_between_pages_reads_them_again(harness: Harness, crm: Crm) -> None:
    harness.heart.poll()
    for number in range(5):
        crm.tell(str(number), f"msg_{number}")
    asked = crm.answer

    def cut(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        return (500, {}, "") if "cursor=4" in str(request.url) else asked(request)

    responses_before = cursor(harness)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_callback(responses.GET, f"{URL}/api/v1/events", callback=cut)
        poll(harness)
    assert len(events(harness)) == 4
    assert cursor(harness).position == responses_before.position
    poll(harness, 20)
    assert len(events(harness)) == 5


def test_a_clock_set_back_does_not_skip_what_was_not_read(harness: Harness, crm: Crm) -> None:
    harness.heart.poll()
    poll(harness, 600)
    harness.clock.at -= timedelta(hours=2)
    crm.tell("1", "msg_1")
    poll(harness, 4)
    assert len(events(harness)) == 1


def test_only_one_worker_polls_a_connection(harness: Harness, crm: Crm) -> None:
    from runtime.store import workers

    harness.heart.poll()
    database = harness.relay.database
    fence = database.write(workers.acquire, "poll/leadexploder", "other", "other")
    poll(harness)
    assert crm.asked == []
    database.write(workers.release, "poll/leadexploder", fence)
    poll(harness)
    assert len(crm.asked) == 1
