"""What each consequence leaves in the store: state, due time, hold, and freed claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.base import Document, Happening, Write
from connector.errors import (
    Awaiting,
    Consequence,
    Hold,
    NeedsReconnect,
    Rejected,
    Retryable,
    Skipped,
    Uncertain,
)
from runtime.endings import contradiction, reason_of, record_end
from runtime.models import NewRun, Run
from runtime.retry import LEAST_TRIES, LEAST_WAIT
from runtime.store import companies, events, ledger, runs
from runtime.store.database import Database
from runtime.store.runs import Fenced
from runtime.store.schema import metadata

NOW = datetime(2026, 11, 7, tzinfo=UTC)
DOCUMENT = Document(kind="invoice", aliases=("crm:1",))
STEPS = {"customer": {"action": "a", "state": "done", "values": {"id": "5"}}}


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database("sqlite://")
    made.write(metadata.create_all)
    yield made
    made.close()


@pytest.fixture
def run(database: Database) -> Run:
    happening = Happening(identity="1", type="t", trigger="t", happened_at=NOW, data={}, raw=b"{}")
    event, _ = database.write(events.add, "crm", happening, {}, NOW)
    new = NewRun(
        event=event,
        recipe="r",
        revision=1,
        settings_revision=1,
        company="c",
        order_key="1",
        received_at=NOW,
    )
    database.write(runs.add, new, NOW)
    taken = database.write(runs.take, "w", NOW)
    assert taken is not None
    return taken


def end(database: Database, run: Run, error: Consequence, spread: float = 1.0) -> Run:
    database.write(record_end, run, STEPS, error, error.sentence, now=NOW, spread=lambda: spread)
    after = database.read(runs.get, run.id)
    assert after is not None
    return after


def claim(database: Database, run: Run, state: str) -> ledger.Request:
    write = Write(document=DOCUMENT, operation="create", path="invoice", body={}, facts={})
    request = database.write(ledger.claim, "c", run.id, write, b"{}", NOW)
    assert isinstance(request, ledger.Request)
    database.write(ledger.mark, request, state, NOW)
    return request


@pytest.mark.parametrize(
    ("error", "seconds", "tries"),
    [
        (Awaiting("Another makes it.", names=("invoice:a", "invoice:b"), look_again=30.0), 30.0, 0),
        (Awaiting("The job is not there.", look_again=0.0), 0.0, 0),
        (Retryable("Throttled.", retry_after=90.0), 90.0, 1),
        (Uncertain("Lost.", settle=120.0), 120.0, 1),
    ],
)
def test_what_may_still_come_waits(
    database: Database, run: Run, error: Consequence, seconds: float, tries: int
) -> None:
    after = end(database, run, error)
    assert after.state == "waiting"
    assert after.due_at == NOW + timedelta(seconds=seconds)
    assert (after.tries, after.waited) == (tries, seconds * tries)
    assert (after.error, after.steps, after.hold) == (error.sentence, STEPS, None)


@pytest.mark.parametrize("name", ["invoice:a", "invoice:b"])
def test_only_the_first_awaited_name_ends_a_wait(database: Database, run: Run, name: str) -> None:
    end(database, run, Awaiting("Soon.", names=("invoice:a", "invoice:b"), look_again=900.0))
    database.write(runs.end_waits, "c", [name], NOW)
    assert database.read(runs.ready, NOW) is (name == "invoice:a")


@pytest.mark.parametrize("error", [Retryable("Down."), Uncertain("Lost.")])
def test_after_tries_and_time_enough_it_is_dead(
    database: Database, run: Run, error: Consequence
) -> None:
    tired = replace(run, tries=LEAST_TRIES, waited=LEAST_WAIT)
    after = end(database, tired, error)
    assert (after.state, after.error, after.booked_at) == ("dead", error.sentence, None)


def test_nothing_to_do_is_a_good_end(database: Database, run: Run) -> None:
    after = end(database, run, Skipped("It is a test event."))
    assert (after.state, after.error, after.hold) == ("skipped", "It is a test event.", None)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Hold("unmapped", "No account.", fix="Map it."), "unmapped"),
        (NeedsReconnect("Refused.", fix="Connect."), "reconnect"),
        (Rejected("Refused for good.", fix="Look.", code="6000"), "rejected"),
        (Consequence("Odd.", fix="Tell."), "unknown"),
    ],
)
def test_a_person_is_asked(database: Database, run: Run, error: Consequence, reason: str) -> None:
    after = end(database, run, error)
    assert after.state == "held"
    assert after.hold == {"reason": reason, "sentence": error.sentence, "fix": error.fix}
    assert reason_of(error) == reason
    disconnected = database.read(companies.disconnected, "c")
    assert disconnected == (error.sentence if reason == "reconnect" else "")


@pytest.mark.parametrize(
    "error", [Skipped("Nothing."), Hold("unmapped", "No account.", fix="Map it.")]
)
def test_a_claim_whose_answer_is_not_known_outlives_the_run(
    database: Database, run: Run, error: Consequence
) -> None:
    claim(database, run, "sent")
    end(database, run, error)
    assert isinstance(database.read(ledger.look_up, "c", DOCUMENT, 99), ledger.Taken)


def test_an_older_holder_cannot_end_a_run(database: Database, run: Run) -> None:
    with pytest.raises(Fenced):
        end(database, replace(run, fence=run.fence - 1), Skipped("Late."))
    now = database.read(runs.get, run.id)
    assert now is not None
    assert now.state == "running"


def test_a_contradiction_says_that_nothing_was_booked() -> None:
    hold = contradiction(ledger.Contradiction("Two customers: 5, 6."))
    assert hold.reason == "contradiction"
    assert hold.sentence == "Two customers: 5, 6. Nothing was booked."
    assert "merge or void" in hold.fix
