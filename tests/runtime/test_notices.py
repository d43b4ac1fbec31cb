"""Notices: one trouble is one notice, whatever happens to it; what is told of it, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.models import Delivery, Notice, Trouble
from runtime.notices.deciding import addressees, after, concerned, is_due, message
from runtime.recipes import Recipe
from runtime.store import notices
from runtime.store.database import Database
from runtime.store.migrate import migrate

NOW = datetime(2026, 11, 7, 12, 0, tzinfo=UTC)
HELD = Trouble(
    key="held/paid/unmapped",
    kind="held",
    about="paid",
    sentence="A run is held.",
    fix="Map it.",
    recipients=("office",),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'd.sqlite'}")
    migrate(made)
    yield made
    made.close()


def only(database: Database) -> Notice:
    (found,) = database.read(notices.recent)
    return found


def test_the_same_trouble_is_one_notice_that_counts(database: Database) -> None:
    for minute in range(3):
        database.write(notices.raise_, HELD, NOW + timedelta(minutes=minute))
    found = only(database)
    assert (found.count, found.news) == (3, 3)
    assert (found.first_at, found.last_at) == (NOW, NOW + timedelta(minutes=2))
    assert database.read(notices.lasting) == [found]
    assert database.read(notices.lasting, "silence") == []


def test_a_state_that_is_seen_again_is_no_news_unless_it_changed(database: Database) -> None:
    for sentence in ("Two problems.", "Two problems.", "One problem."):
        seen = replace(HELD, sentence=sentence)
        database.write(notices.raise_, seen, NOW, again=False)
    found = only(database)
    assert (found.count, found.news, found.sentence) == (1, 2, "One problem.")


def test_an_ended_notice_begins_anew_under_its_number(database: Database) -> None:
    database.write(notices.raise_, HELD, NOW)
    later = NOW + timedelta(hours=1)
    assert database.write(notices.resolve, HELD.key, later, "It is mapped.")
    assert not database.write(notices.resolve, HELD.key, later, "It is mapped.")
    ended = only(database)
    assert (ended.ended_at, ended.ending) == (later, "It is mapped.")
    assert database.read(notices.lasting) == []
    later += timedelta(minutes=1)
    database.write(notices.raise_, HELD, later)
    again = only(database)
    assert (again.id, again.first_at, again.count, again.news) == (ended.id, later, 1, 2)
    assert (again.ended_at, again.ending) == (None, "")


def test_what_begins_again_at_once_has_not_ended(database: Database) -> None:
    database.write(notices.raise_, HELD, NOW)
    soon = NOW + timedelta(seconds=59)
    for again in (False, True):
        database.write(notices.resolve, HELD.key, NOW, "It is mapped.")
        database.write(notices.raise_, HELD, soon, again=again)
        found = only(database)
        assert (found.first_at, found.ended_at, found.count) == (NOW, None, 1 + again)
        assert found.news == 1 + again


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LASTS = Notice(
    id=1,
    key=HELD.key,
    kind="held",
    about="paid",
    sentence=HELD.sentence,
    fix=HELD.fix,
    recipients=("office",),
    first_at=NOW,
    last_at=NOW,
    count=1,
    news=3,
    ended_at=None,
    ending="",
)
ENDED = replace(LASTS, ended_at=NOW, ending="It is mapped.")
TOLD = Delivery(
    notice=1,
    recipient="office",
    told=3,
    told_at=NOW,
    told_end=False,
    tries=0,
    due_at=NOW,
    error="",
)
BEHIND = replace(TOLD, told=2)
NEVER = replace(TOLD, told=0, told_at=None, tries=2, due_at=NOW + HOUR, error="not sent")


@pytest.mark.parametrize(
    ("notice", "before", "later", "due"),
    [
        (LASTS, None, timedelta(), True),
        (ENDED, None, HOUR, False),
        (LASTS, TOLD, 24 * HOUR, False),
        (LASTS, BEHIND, HOUR - MINUTE, False),
        (LASTS, BEHIND, HOUR, True),
        (LASTS, NEVER, MINUTE, False),
        (LASTS, NEVER, HOUR, True),
        (ENDED, NEVER, 2 * HOUR, False),
        (ENDED, TOLD, MINUTE / 2, False),
        (ENDED, TOLD, MINUTE, True),
        (ENDED, BEHIND, MINUTE, True),
        (ENDED, replace(TOLD, told_end=True), 24 * HOUR, False),
        # What began again an hour after the last message is told at once.
        (LASTS, replace(BEHIND, told_end=True), HOUR, True),
        # A clock that was set back keeps nobody waiting.
        (LASTS, replace(BEHIND, told_at=NOW + 9 * HOUR), MINUTE, True),
        (LASTS, replace(NEVER, due_at=NOW + 99 * HOUR), MINUTE, True),
    ],
)
def test_when_a_recipient_is_told(
    notice: Notice, before: Delivery | None, later: timedelta, due: bool
) -> None:
    assert is_due(notice, before, NOW + later) is due


def test_failed_tries_wait_longer_each_time_but_never_for_long() -> None:
    waits = []
    told: Delivery | None = None
    for _ in range(12):
        told = after(message(LASTS, "office", told, UTC), NOW, "not sent")
        waits.append(told.due_at - NOW)
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert waits[-1] == waits[-2] == 6 * HOUR
    assert told is not None
    assert (told.told, told.told_at) == (0, None)
    done = after(message(LASTS, "office", told, UTC), NOW, "")
    assert (done.told, done.told_at, done.tries, done.error) == (3, NOW, 0, "")


def test_the_end_is_told_with_what_it_was() -> None:
    said = message(ENDED, "office", TOLD, UTC)
    assert said.title == "Over: Bookrelay: held, paid"
    assert said.body == (
        "It is mapped.\n\nIt was: A run is held.\n\nOver since 2026-11-07 12:00 UTC. (Notice 1)"
    )
    ended = after(said, NOW + MINUTE, "")
    assert (ended.told_end, ended.told_at) == (True, NOW)


def test_names_are_found_whatever_their_capitals_and_owner_stands_for_the_owner() -> None:
    asked = replace(LASTS, recipients=("Office", "ann@example.com", "office"))
    assert addressees(asked, ["office", "bob"]) == ("office", "ann@example.com")
    assert addressees(replace(LASTS, recipients=()), ["office", "bob"]) == ("office", "bob")
    assert addressees(replace(LASTS, recipients=()), []) == ("",)
    recipe = Recipe(
        id="paid",
        name="Paid",
        owner="ann",
        trigger="payment_collected",
        source=None,
        conditions=(),
        steps=(),
        notify=("bob", "owner", "ann"),
        file="recipes/paid.yaml",
        text="",
        digest="",
    )
    assert concerned(recipe) == ("ann", "bob")
    assert concerned(replace(recipe, owner="")) == ("bob", "ann")
