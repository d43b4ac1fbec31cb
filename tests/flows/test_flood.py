"""`at_most`: what comes beyond a recipe's limit is held until somebody has looked, told once."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner

from app import Composition
from runtime.commands import bookrelay
from runtime.filing import file_event
from runtime.notices import board as noticeboard
from runtime.starting import store
from runtime.store import events, runs
from tests.events import payment
from tests.flows.paid import RECIPE, add
from tests.harness import Harness


def notices(harness: Harness) -> list[dict[str, Any]]:
    return harness.relay.database.read(noticeboard.all_notices, ())


def release(harness: Harness, *words: str) -> str:
    arguments = ["holds", "release", *words, "--data", str(harness.data)]
    done = CliRunner().invoke(bookrelay, arguments, obj=Composition())
    assert done.exit_code == 0, done.output
    return done.stdout


def send(harness: Harness, *numbers: int) -> None:
    for number in numbers:
        harness.post(payment(str(number)), identity=f"msg_{number}")
    harness.work()


def booked(harness: Harness) -> int:
    return len(harness.records("Invoice"))


def test_what_comes_beyond_the_limit_is_held_told_once_and_released(harness: Harness) -> None:
    add(harness, "at_most: 3 per hour")
    before = booked(harness)
    send(harness, 1, 2, 3, 4, 5, 6)
    assert booked(harness) == before + 3
    assert [hold["reason"] for hold in harness.holds()] == ["flood"] * 3
    last = harness.holds()[-1]
    assert last["sentence"] == (
        'The recipe "Collected payment becomes a paid invoice" has got 6 events since '
        "2026-11-06 17:00 MST, more than its limit of 3 per hour. What came beyond it is held, "
        "and nothing of that was booked."
    )
    assert "bookrelay holds release --reason flood" in last["fix"]
    (notice,) = notices(harness)
    assert (notice["kind"], notice["count"], notice["sentence"]) == ("flood", 3, last["sentence"])

    release(harness, "--reason", "flood")
    harness.settle()
    assert booked(harness) == before + 6
    assert harness.holds() == []
    harness.relay.watch.look()
    assert notices(harness)[0]["ended"]


def test_redeliveries_and_replays_count_for_nothing_and_time_passes(harness: Harness) -> None:
    add(harness, "at_most: 3 per hour")
    send(harness, 1, 2)
    send(harness, 1, 2, 1, 2)
    release(harness, "1", "2")
    harness.settle()
    send(harness, 3)
    assert harness.holds() == []
    harness.clock.move(3599)
    send(harness, 4)
    assert len(harness.holds()) == 1
    harness.clock.move(1)
    send(harness, 5, 6)
    assert len(harness.holds()) == 1


def test_the_limit_survives_a_restart_and_a_change_of_settings_lets_nothing_go(
    harness: Harness,
) -> None:
    add(harness, "at_most: 2 per day")
    send(harness, 1, 2)
    harness.again()
    send(harness, 3)
    assert [hold["reason"] for hold in harness.holds()] == ["flood"]
    harness.setup({"rules": {"net_days": 15}})
    harness.settle()
    assert [hold["reason"] for hold in harness.holds()] == ["flood"]
    assert len(notices(harness)) == 1


def test_a_recipe_that_says_nothing_has_no_limit(harness: Harness) -> None:
    for number in range(501):
        harness.post(payment(str(number)), identity=f"msg_{number}")
    relay, now = harness.relay, harness.clock.now()
    paid = [each for each in relay.shelf.live if each.recipe.id == RECIPE]
    while fresh := relay.database.read(events.unmatched):
        filed = [file_event(event, paid, relay.settings.current()) for event in fresh]
        relay.database.write(store, filed, now)
    assert relay.database.read(runs.counts) == {"queued": 501}
