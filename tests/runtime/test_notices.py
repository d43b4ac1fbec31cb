"""Notices: one trouble is one notice, whatever happens to it; what is told of it, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.models import Notice, Trouble
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
    database.write(notices.raise_, HELD, later)
    again = only(database)
    assert (again.id, again.first_at, again.count, again.news) == (ended.id, later, 1, 2)
    assert (again.ended_at, again.ending) == (None, "")
