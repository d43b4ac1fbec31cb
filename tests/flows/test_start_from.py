"""`start_from`: the past is fetched once, for one recipe, whatever happens meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from runtime import backfilling, history
from runtime.notices import board as noticeboard
from runtime.store import backfills
from tests.events import contact_created, payment
from tests.flows.crm import Crm
from tests.flows.paid import RECIPE, add, edit
from tests.harness import SECRET, Harness

#: A second recipe for payments, which asks for nothing of the past.
OTHER = """\
recipe: 1
id: other
name: Another
when:
  trigger: payment_collected
only_if:
  - field: event.test
    is: true
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      crm_id: "{{ trigger.contact.id }}"
      name: "{{ trigger.contact.name }}"
"""


class Killed(BaseException):
    """The process ends here."""


def start_from(harness: Harness, day: str) -> None:
    edit(harness, "\nwhen:\n", f"\nwhen:\n  start_from: {day}\n")


def fetch(harness: Harness, pages: int = 10) -> None:
    """Let the backfill begin, and so many looks at whether a page may be read."""
    for _ in range(pages + 1):
        harness.clock.move(6)
        harness.heart.backfill()
        harness.work()


def past(crm: Crm, *days: str) -> None:
    """One paid invoice each day; its number is the day's place in the list."""
    for number, day in enumerate(days, start=len(crm.events) + 1):
        crm.tell(str(number), f"msg_{number}", at=f"{day}T12:00:00-07:00")


def booked(harness: Harness) -> dict[str, int]:
    """How many invoices there are of each number of the past."""
    numbers = (str(invoice["DocNumber"]) for invoice in harness.records("Invoice"))
    return dict(sorted(Counter(number for number in numbers if len(number) < 3).items()))


def notices(harness: Harness) -> list[dict[str, Any]]:
    return harness.relay.database.read(noticeboard.all_notices, ())


def the_backfill(harness: Harness) -> backfills.Backfill:
    found = harness.relay.database.read(backfills.get, RECIPE, "leadexploder")
    assert found is not None
    return found


def once(*numbers: int) -> dict[str, int]:
    return {str(number): 1 for number in sorted(numbers, key=str)}


def test_the_past_since_a_day_is_booked_once(harness: Harness, crm: Crm) -> None:
    crm.tell("1", "msg_1", at="2026-10-31T23:59:59-06:00")
    crm.tell("2", "msg_2", at="2026-11-01T00:00:00-06:00")
    past(crm, "2026-11-02", "2026-11-03", "2026-11-04")
    start_from(harness, "2026-11-01")
    fetch(harness)
    assert booked(harness) == once(2, 3, 4, 5)
    done = the_backfill(harness)
    assert (done.started, bool(done.ended_at)) == (4, True)
    assert crm.asked[0]["since"] == ["2026-11-01T06:00:00+00:00"]
    asked = len(crm.asked)
    fetch(harness)
    assert (booked(harness), len(crm.asked)) == (once(2, 3, 4, 5), asked)


def test_without_start_from_nothing_of_the_past_is_read(harness: Harness, crm: Crm) -> None:
    past(crm, "2026-11-02")
    fetch(harness)
    assert (booked(harness), crm.asked) == ({}, [])


def test_only_this_recipe_is_started_until_the_event_comes_live(harness: Harness, crm: Crm) -> None:
    (harness.data / "recipes" / "other.yaml").write_text(OTHER)
    start_from(harness, "2026-11-01")
    past(crm, "2026-11-02")
    crm.events.append({"id": "msg_c", **contact_created()})
    fetch(harness)
    assert [run["recipe"] for run in harness.runs()] == [RECIPE]
    (event,) = harness.relay.database.read(history.all_events)
    assert (event["identity"], event["status"]) == ("msg_1", "stored")

    told = harness.post({k: v for k, v in crm.events[0].items() if k != "id"}, identity="msg_1")
    assert told["status"] == "stored"
    harness.settle()
    assert [run["recipe"] for run in harness.runs()] == [RECIPE, "other"]
    assert booked(harness) == once(1)
    again = harness.post({k: v for k, v in crm.events[0].items() if k != "id"}, identity="msg_1")
    assert again["status"] == "duplicate"


def test_what_came_live_before_the_recipe_gets_its_run_and_no_second_event(
    harness: Harness, crm: Crm
) -> None:
    add(harness, "enabled: false")
    event = crm.tell("1", "msg_1", at="2026-11-02T12:00:00-07:00")
    harness.post(event, identity="msg_1")
    harness.settle()
    assert booked(harness) == {}
    edit(harness, "enabled: false\n", "")
    event = crm.tell("2", "msg_2", at="2026-11-03T12:00:00-07:00")
    harness.post(event, identity="msg_2")
    harness.settle()
    start_from(harness, "2026-11-01")
    fetch(harness)
    assert booked(harness) == once(1, 2)
    assert the_backfill(harness).started == 1
    assert len(harness.relay.database.read(history.all_events)) == 2


def test_edits_and_later_days_repeat_nothing_and_an_earlier_day_adds_what_is_missing(
    harness: Harness, crm: Crm
) -> None:
    past(crm, "2026-11-01", "2026-11-02", "2026-11-04")
    start_from(harness, "2026-11-02")
    fetch(harness)
    asked = len(crm.asked)
    edit(harness, "start_from: 2026-11-02", "start_from: 2026-11-03")
    fetch(harness)
    add(harness, "enabled: false")
    fetch(harness)
    edit(harness, "\nenabled: false", "")
    fetch(harness)
    assert (len(crm.asked), booked(harness)) == (asked, once(2, 3))
    edit(harness, "start_from: 2026-11-03", "start_from: 2026-11-01")
    fetch(harness)
    assert booked(harness) == once(1, 2, 3)
    assert the_backfill(harness).started == 1


def test_an_earlier_day_that_begins_while_another_process_reads_is_read_from_its_start(
    harness: Harness, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    past(crm, "2026-11-01", "2026-11-03")
    start_from(harness, "2026-11-02")
    harness.heart.backfill()
    begun = the_backfill(harness)
    earlier = replace(begun, day="2026-11-01", since=begun.since - timedelta(days=1))
    store = backfilling.Backfiller._store

    def meanwhile(*args: Any) -> int:
        harness.relay.database.write(backfills.begin, earlier)
        return store(*args)

    monkeypatch.setattr(backfilling.Backfiller, "_store", meanwhile)
    harness.clock.move(6)
    harness.heart.backfill()
    monkeypatch.undo()
    assert the_backfill(harness).ended_at is None
    edit(harness, "start_from: 2026-11-02", "start_from: 2026-11-01")
    fetch(harness)
    assert booked(harness) == once(1, 2)


def test_it_goes_on_at_the_page_where_it_was_killed(harness: Harness, crm: Crm) -> None:
    past(crm, *[f"2026-11-0{day}" for day in range(1, 7)])
    start_from(harness, "2026-11-01")
    fetch(harness, pages=1)
    assert the_backfill(harness).page == "2"
    harness.again()
    fetch(harness)
    assert [query.get("cursor", ["0"])[0] for query in crm.asked] == ["0", "2", "4"]
    assert booked(harness) == once(1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize("commit", range(1, 8))
def test_a_kill_after_any_commit_loses_and_doubles_nothing(
    commit: int, harness: Harness, crm: Crm
) -> None:
    """Seven: the backfill begins; then for both pages the lease, the page, and the lease again."""
    past(crm, "2026-11-01", "2026-11-02", "2026-11-03")
    start_from(harness, "2026-11-01")
    seen: list[str] = []
    harness.again(observe=lambda point: _kill_at(commit, point, seen))
    seen[:] = ["armed"]
    with pytest.raises(Killed):
        _three_looks(harness)
    harness.again()
    fetch(harness)
    harness.settle()
    assert booked(harness) == once(1, 2, 3)
    assert the_backfill(harness).started == 3


def _kill_at(commit: int, point: str, seen: list[str]) -> None:
    seen.append(point)
    if seen.count("commit") == commit and seen[0] == "armed":
        raise Killed


def _three_looks(harness: Harness) -> None:
    for _ in range(3):
        harness.clock.move(6)
        harness.heart.backfill()


def test_a_company_that_is_set_up_later_books_nothing_twice(harness: Harness, crm: Crm) -> None:
    """Runs that no company could be told for are the same runs once one can."""
    harness.setup({"locations": ["boise"]})
    past(crm, "2026-11-01")
    start_from(harness, "2026-11-01")
    fetch(harness)
    assert [hold["reason"] for hold in harness.holds()] == ["unknown-location"]
    harness.setup({"locations": []})
    harness.post({k: v for k, v in crm.events[0].items() if k != "id"}, identity="msg_1")
    harness.settle()
    assert booked(harness) == once(1)
    assert len(harness.runs()) == 1


def test_the_past_trips_no_limit_and_gives_way_to_what_comes_live(
    harness: Harness, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfilling, "AHEAD", 2)
    add(harness, "at_most: 1 per day")
    start_from(harness, "2026-11-01")
    past(crm, *[f"2026-11-0{day}" for day in range(1, 7)])
    for _ in range(5):
        harness.clock.move(6)
        harness.heart.backfill()
    assert len(crm.asked) == 1
    harness.post(payment("99", contact={"id": "c_7", "name": "Live One"}), identity="msg_99")
    harness.work()
    fetch(harness)
    assert booked(harness) == once(1, 2, 3, 4, 5, 6, 99)
    assert harness.holds() == []


def test_what_comes_live_overtakes_the_past_of_the_same_customer(
    harness: Harness, crm: Crm
) -> None:
    start_from(harness, "2026-11-01")
    past(crm, "2026-11-01", "2026-11-02")
    for _ in range(2):
        harness.clock.move(6)
        harness.heart.backfill()
    harness.post(payment("99"), identity="msg_99")
    taken = []
    advance = harness.relay.runner.advance
    harness.relay.workers._runner = Watcher(taken, advance)  # type: ignore[assignment]
    harness.work()
    assert taken == [3, 1, 2]


class Watcher:
    """Notes the events of the runs that are taken."""

    def __init__(self, taken: list[int], advance: Any) -> None:
        self._taken = taken
        self._advance = advance

    def advance(self, run: Any) -> None:
        self._taken.append(run.event)
        self._advance(run)


def test_a_connection_that_cannot_be_asked_is_told_of(harness: Harness) -> None:
    start_from(harness, "2026-11-01")
    fetch(harness)
    (notice,) = notices(harness)
    assert notice["sentence"] == (
        'The recipe "Collected payment becomes a paid invoice" wants the events since 2026-11-01, '
        'but "leadexploder" cannot be asked for past events. What it has not got of the past is '
        "not booked by it; what comes now goes its way."
    )
    assert "poll_url and poll_token" in notice["fix"]
    edit(harness, "  start_from: 2026-11-01\n", "")
    fetch(harness)
    assert notices(harness)[0]["ended"]


def test_a_source_that_is_down_is_asked_again_later_and_told_of(harness: Harness, crm: Crm) -> None:
    past(crm, "2026-11-01", "2026-11-02", "2026-11-03")
    start_from(harness, "2026-11-01")
    fetch(harness, pages=1)
    crm.down = True
    fetch(harness, pages=2)
    assert (len(crm.asked), notices(harness)) == (2, [])
    fetch(harness, pages=40)
    assert len(crm.asked) < 7
    (notice,) = notices(harness)
    assert 'cannot be fetched from "leadexploder": LeadExploder answered 503' in notice["sentence"]
    assert "the rest is not booked yet" in notice["sentence"]
    crm.down = False
    harness.clock.move(3600)
    fetch(harness)
    assert booked(harness) == once(1, 2, 3)
    assert notices(harness)[0]["ending"] == "The past is fetched again."


def test_a_page_that_the_source_has_forgotten_is_left_for_the_first(
    harness: Harness, crm: Crm
) -> None:
    past(crm, "2026-11-01", "2026-11-02", "2026-11-03")
    start_from(harness, "2026-11-01")
    fetch(harness, pages=1)
    known = crm.answer

    def forgetful(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        told = known(request)
        return (410, {}, "") if "cursor=2" in str(request.url) and len(crm.asked) < 7 else told

    crm.answer = forgetful  # type: ignore[method-assign]
    for _ in range(8):
        harness.clock.move(3600)
        fetch(harness, pages=1)
    assert [query.get("cursor", ["0"])[0] for query in crm.asked[-2:]] == ["0", "2"]
    assert booked(harness) == once(1, 2, 3)
    assert the_backfill(harness).started == 3


def test_a_new_event_that_is_not_filed_yet_is_left_to_those_who_file_it(
    harness: Harness, crm: Crm
) -> None:
    event = crm.tell("1", "msg_1", at="2026-11-02T12:00:00-07:00")
    start_from(harness, "2026-11-01")
    harness.heart.backfill()
    harness.clock.move(6)
    harness.post(event, identity="msg_1")
    harness.heart.backfill()
    assert the_backfill(harness).ended_at is None
    assert harness.runs() == []
    fetch(harness)
    assert the_backfill(harness).started == 0
    assert (len(harness.runs()), booked(harness)) == (1, once(1))


def test_the_past_begins_when_the_first_company_is_there(make_harness: Any, practice: Any) -> None:
    harness: Harness = make_harness()
    poll = {"webhook_secret": SECRET, "poll_url": "https://crm.example/poll", "poll_token": "t"}
    harness.apply({"connections": {"leadexploder": poll}})
    start_from(harness, "2026-11-01")
    fetch(harness)
    assert harness.relay.database.read(backfills.get, RECIPE, "leadexploder") is None
