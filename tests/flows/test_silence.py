"""`expect`: a recipe that gets no events is told of, once, and again when they come."""

from __future__ import annotations

from typing import Any

from runtime.notices import board as noticeboard
from tests.events import payment
from tests.flows.paid import RECIPE, add, edit
from tests.harness import Harness

DAY = 86_400


def expect(harness: Harness, phrase: str) -> None:
    add(harness, f"expect: {phrase}\nowner: office")


def look(harness: Harness) -> list[dict[str, Any]]:
    harness.relay.watch.look()
    return harness.relay.database.read(noticeboard.all_notices, ())


def test_silence_is_told_once_and_ends_when_events_come_again(harness: Harness) -> None:
    """The clock stands on Friday 6 November, 17:00 in Boise."""
    expect(harness, "at least 1 per 3 working days")
    harness.post(payment("1"))
    harness.clock.move(5 * DAY - 1)
    assert look(harness) == []
    harness.clock.move(1)
    (notice,) = look(harness)
    assert notice["sentence"] == (
        'The recipe "Collected payment becomes a paid invoice" expects "at least 1 per 3 working '
        'days", and less came: the last one came on 2026-11-06 17:00 MST. '
        "What did not arrive was not booked."
    )
    assert f"change `expect:` in recipes/{RECIPE}.yaml" in notice["fix"]
    assert [one["recipient"] for one in notice["told"]] == ["office"]
    harness.clock.move(10 * DAY)
    assert [(n["count"], n["ended"]) for n in look(harness)] == [(1, None)]

    harness.post(payment("2", test=True))
    assert look(harness)[0]["ended"] is None
    harness.post(payment("3"))
    (notice,) = look(harness)
    assert notice["ended"]
    assert notice["ending"] == "Events come again, as many as the recipe expects."


def test_a_recipe_that_never_got_anything_says_since_when(harness: Harness) -> None:
    expect(harness, "at least 2 per day")
    harness.clock.move(DAY)
    (notice,) = look(harness)
    assert "none has come since it was accepted on 2026-11-06 17:00 MST" in notice["sentence"]


def test_a_disabled_recipe_is_not_watched(harness: Harness) -> None:
    expect(harness, "at least 1 per day")
    harness.clock.move(DAY)
    assert look(harness)[0]["ended"] is None
    add(harness, "enabled: false")
    (notice,) = look(harness)
    assert notice["ending"] == (
        "The recipe is no longer watched: it was disabled or removed, or expects nothing any more."
    )
    harness.clock.move(DAY)
    assert look(harness)[0]["ended"]


def test_events_of_another_connection_do_not_count_where_one_is_named(harness: Harness) -> None:
    harness.apply({"connections": {"second": {"connector": "leadexploder"}}})
    add(harness, "expect: at least 1 per day")
    edit(harness, "trigger: payment_collected", "from: second\n  trigger: payment_collected")
    harness.clock.move(DAY - 60)
    harness.post(payment("1"))
    harness.clock.move(60)
    assert '"second"' in look(harness)[0]["fix"]
