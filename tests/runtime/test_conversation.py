"""One run's talk with a service: what is found again, sent again, kept, and put before a person."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.base import (
    DAY,
    Command,
    Document,
    Done,
    Find,
    Happening,
    Link,
    Linked,
    Need,
    Read,
    Write,
)
from connector.errors import (
    Awaiting,
    Consequence,
    Hold,
    NeedsReconnect,
    Rejected,
    Retryable,
    Uncertain,
)
from runtime.clock import SetClock
from runtime.conversation import OCCUPIED_WAIT, STUCK_WAIT, Conversation, agrees
from runtime.courtesy import Courtesy
from runtime.journal import Journal
from runtime.models import NewRun, Run, RunState
from runtime.services import Sent
from runtime.store import events, ledger, runs
from runtime.store.database import Database
from runtime.store.schema import metadata

NOW = datetime(2026, 11, 7, tzinfo=UTC)
DOCUMENT = Document(kind="invoice", aliases=("crm:1",))
FIND = Find(query="select * from Invoice", expect={"DocNumber": "1042", "Line.Amount": "475.00"})
FOUND: Mapping[str, Any] = {"Id": "7", "DocNumber": "1042", "Line": [{"Amount": Decimal("475")}]}
KEY = ("leadexploder", "recipe", "1", "step", "")


class Scripted:
    """A service with scripted answers: each write takes the next one."""

    def __init__(self, *outcomes: Consequence | str) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[tuple[str, bytes]] = []
        self.records: tuple[Mapping[str, Any], ...] = ()
        self.lists: dict[str, tuple[Mapping[str, Any], ...]] = {}
        self.asked: list[str] = []
        self.forgotten = 0

    def kept(self, query: str, age: float = DAY) -> tuple[Mapping[str, Any], ...] | None:
        return self.lists.get(query)

    def read(self, query: str, *, keep: bool, age: float = DAY) -> tuple[Mapping[str, Any], ...]:
        self.asked.append(query)
        if keep:
            self.lists[query] = self.records
        return self.records

    def encode(self, body: Mapping[str, Any]) -> bytes:
        return repr(sorted(body.items())).encode()

    def send(self, path: str, raw: bytes, key: str, params: Mapping[str, str]) -> Sent:
        self.sent.append((key, raw))
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Consequence):
            raise outcome
        return Sent(id=outcome, record={"Id": outcome}, trace="1-a", facts={"said": "yes"})

    def facts_of(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"found": "yes"}

    def forget_lists(self) -> None:
        self.forgotten += 1


class Stage:
    """Two runs over one store, of which the first talks."""

    def __init__(self) -> None:
        self.database = Database("sqlite://")
        self.database.write(metadata.create_all)
        self.clock = SetClock(NOW)
        self.mine, self.other = self._run("1"), self._run("2")

    def _run(self, number: str) -> Run:
        happening = Happening(
            identity=number, type="t", trigger="t", happened_at=NOW, data={}, raw=b"{}"
        )
        event, _ = self.database.write(events.add, "crm", happening, {}, NOW)
        new = NewRun(
            event=event,
            recipe="r",
            revision=1,
            settings_revision=1,
            company="c",
            order_key=number,
            received_at=NOW,
        )
        self.database.write(runs.add, new, NOW)
        run = self.database.write(runs.take, "w", NOW)
        assert run is not None
        return run

    def talk(self, service: Scripted, *commands: Command) -> list[Any]:
        """The answers to `commands`, in a conversation of its own; all is recorded at its end."""
        answers: list[Any] = []

        def action() -> Generator[Command, Any, Done]:
            answers.clear()
            for command in commands:
                answers.append((yield command))
            return Done(values={})

        journal = Journal(self.database, self.mine)
        self.last = Conversation(
            database=self.database,
            journal=journal,
            run=self.mine,
            clock=self.clock,
            observe=lambda place: None,
            courtesy=Courtesy(),
        )
        try:
            self.last.hold_talk(service, action, KEY)
        finally:
            journal.flush()
        return answers

    def requests(self) -> list[tuple[str, str]]:
        stored = self.database.read(ledger.written_by, self.mine.id)
        return [(request.state, request.answer) for request in stored]


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.database.close()


def write(document: Document | None = DOCUMENT, **body: str) -> Write:
    return Write(
        document=document,
        operation="create",
        path="invoice",
        body=body,
        facts={"total": "475.00"},
        find=(FIND,),
    )


def fails(stage: Stage, service: Scripted, *commands: Command) -> Consequence:
    with pytest.raises(Consequence) as failed:
        stage.talk(service, *commands)
    return failed.value


def test_a_write_is_linked_with_what_is_known_of_it(stage: Stage) -> None:
    service = Scripted("7")
    (written,) = stage.talk(service, write())
    assert (written.id, written.facts) == ("7", {"total": "475.00", "said": "yes"})
    linked = Linked(kind="invoice", id="7", facts=written.facts)
    assert stage.talk(service, Need(document=DOCUMENT)) == [linked]
    assert stage.requests() == [("answered", "7")]


def test_what_this_run_wrote_needs_no_look_into_the_store(stage: Stage) -> None:
    by_id = Document(kind="invoice", aliases=("qbo:7",))
    _, first, second = stage.talk(
        Scripted("7"), write(), Need(document=DOCUMENT), Need(document=by_id)
    )
    assert first == second
    assert first.id == "7"
    assert stage.last.linked == {"invoice:crm:1"}


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (Uncertain("Lost."), "sent"),
        (Retryable("Down."), "unsent"),
        (NeedsReconnect("Refused."), "unsent"),
        (Rejected("No.", code="6000"), "refused"),
    ],
)
def test_what_is_known_after_a_failure_is_stored(
    stage: Stage, failure: Consequence, state: str
) -> None:
    assert fails(stage, Scripted(failure), write()) is failure
    assert stage.requests() == [(state, "")]
    assert len(stage.last.calls) == 1


def test_what_did_not_go_out_is_sent_again_with_its_bytes(stage: Stage) -> None:
    service = Scripted(Retryable("Down."), "7")
    fails(stage, service, write(a="1"))
    stage.talk(service, Need(document=DOCUMENT), write(a="2"))
    assert service.sent[0] == service.sent[1]
    assert service.asked == []
    assert stage.requests() == [("answered", "7")]


def test_a_lost_answer_settles_before_it_is_looked_up(stage: Stage) -> None:
    service = Scripted(Uncertain("Lost.", settle=120.0))
    fails(stage, service, write())
    stage.clock.move(50)
    early = fails(stage, service, Need(document=DOCUMENT))
    assert isinstance(early, Uncertain)
    assert early.settle == pytest.approx(70.0)
    assert service.asked == []


def test_a_clock_set_back_starts_the_settling_anew(stage: Stage) -> None:
    service = Scripted(Uncertain("Lost.", settle=120.0))
    fails(stage, service, write())
    stage.clock.move(-3600)
    early = fails(stage, service, Need(document=DOCUMENT))
    assert isinstance(early, Uncertain)
    assert early.settle == pytest.approx(120.0)
    service.records = (FOUND,)
    stage.clock.move(120)
    (linked,) = stage.talk(service, Need(document=DOCUMENT))
    assert linked.id == "7"


@pytest.mark.parametrize("again", [Need(document=DOCUMENT), write()])
def test_a_lost_answer_that_is_found_is_not_sent_again(stage: Stage, again: Command) -> None:
    service = Scripted(Uncertain("Lost."))
    fails(stage, service, write())
    stage.clock.move(60)
    service.records = ({**FOUND, "Id": "6", "DocNumber": "1041"}, FOUND)
    (got,) = stage.talk(service, again)
    assert (got.id, got.facts) == ("7", {"total": "475.00", "found": "yes"})
    assert len(service.sent) == 1
    assert stage.requests() == [("answered", "7")]


@pytest.mark.parametrize("again", [Need(document=DOCUMENT), write()])
def test_a_lost_answer_that_is_not_found_is_sent_again_with_its_key(
    stage: Stage, again: Command
) -> None:
    service = Scripted(Uncertain("Lost."), "7")
    fails(stage, service, write(a="1"))
    stage.clock.move(60)
    (got,) = stage.talk(service, again)
    assert got.id == "7"
    assert service.sent[0] == service.sent[1]


def test_a_resent_write_that_is_refused_leaves_the_action_to_go_on(stage: Stage) -> None:
    service = Scripted(Uncertain("Lost."), Rejected("No.", code="6240"), "8")
    fails(stage, service, write())
    stage.clock.move(60)
    needed, written = stage.talk(service, Need(document=DOCUMENT), write())
    assert (needed, written.id) == (None, "8")
    keys = [key for key, _ in service.sent]
    assert keys[0] == keys[1] != keys[2]


def test_a_second_try_that_does_not_go_out_leaves_the_first_in_doubt(stage: Stage) -> None:
    service = Scripted(Uncertain("Lost."), Retryable("Down."))
    fails(stage, service, write())
    stage.clock.move(60)
    fails(stage, service, write())
    assert stage.requests() == [("sent", "")]


def test_two_records_that_could_be_it_are_put_before_a_person(stage: Stage) -> None:
    service = Scripted(Uncertain("Lost."))
    fails(stage, service, write())
    stage.clock.move(60)
    service.records = (FOUND, {**FOUND, "Id": "9"})
    held = fails(stage, service, Need(document=DOCUMENT))
    assert isinstance(held, Hold)
    assert held.reason == "several-found"
    assert "(ids 7, 9)" in held.sentence
    assert len(service.sent) == 1
    assert stage.requests() == [("sent", "")]
    service.records = (FOUND,)  # the surplus one was removed
    (linked,) = stage.talk(service, Need(document=DOCUMENT))
    assert linked.id == "7"


# Writes that make no document


def test_writes_without_a_document_have_keys_in_their_order(stage: Stage) -> None:
    service = Scripted("a", "b")
    stage.talk(service, write(None), write(None))
    keys = [key for key, _ in service.sent]
    assert keys == [ledger.request_key(*KEY, "1"), ledger.request_key(*KEY, "2")]


def test_an_answered_write_without_a_document_is_not_sent_again(stage: Stage) -> None:
    service = Scripted("a")
    stage.talk(service, write(None))
    (again,) = stage.talk(service, write(None))
    assert (again.id, again.facts) == ("a", {"total": "475.00"})
    assert len(service.sent) == 1


def test_a_refused_write_without_a_document_goes_out_again_when_released(stage: Stage) -> None:
    service = Scripted(Rejected("No.", code="410"), "a")
    fails(stage, service, write(None))
    assert stage.requests() == [("refused", "")]
    (written,) = stage.talk(service, write(None))
    assert written.id == "a"
    assert service.sent[0] == service.sent[1]
    assert service.asked == []
    assert stage.requests() == [("answered", "a")]


def test_a_lost_write_without_a_document_is_looked_up(stage: Stage) -> None:
    service = Scripted(Uncertain("Lost."))
    fails(stage, service, write(None))
    stage.clock.move(60)
    service.records = (FOUND,)
    (written,) = stage.talk(service, write(None))
    assert written.id == "7"
    assert stage.last.linked == set()


# Lists


@pytest.mark.parametrize(("code", "forgotten"), [("610", 1), ("2500", 1), ("6000", 0)])
def test_a_refusal_for_what_is_gone_reads_the_lists_anew(
    stage: Stage, code: str, forgotten: int
) -> None:
    service = Scripted(Rejected("No.", code=code))
    fails(stage, service, write())
    assert service.forgotten == forgotten


def test_a_list_is_asked_for_once_and_a_search_every_time(stage: Stage) -> None:
    service = Scripted()
    service.records = (FOUND,)
    cached = Read(query="select * from Item", cached=True)
    fresh = Read(query="select * from Invoice")
    answers = stage.talk(service, cached, cached, fresh, fresh)
    assert answers == [(FOUND,)] * 4
    assert service.asked == [cached.query, fresh.query, fresh.query]
    shown = [call.got for call in stage.last.calls]
    assert shown == ["1 records, kept", (FOUND,), (FOUND,)]


# Other runs


def _other_claims(stage: Stage) -> ledger.Request:
    got = stage.database.write(ledger.claim, "c", stage.other.id, write(), b"{}", NOW)
    assert isinstance(got, ledger.Request)
    return got


LINK = Link(document=DOCUMENT, linked=Linked(kind="invoice", id="5", facts={}))


@pytest.mark.parametrize("command", [Need(document=DOCUMENT), write(), LINK])
@pytest.mark.parametrize(("held", "seconds"), [(False, OCCUPIED_WAIT), (True, STUCK_WAIT)])
def test_what_another_run_makes_is_awaited(
    stage: Stage, command: Command, held: bool, seconds: float
) -> None:
    _other_claims(stage)
    if held:
        hold = {"reason": "x", "sentence": "y", "fix": "z"}
        stage.database.write(runs.finish, stage.other, RunState.HELD, {}, now=NOW, hold=hold)
    service = Scripted()
    awaiting = fails(stage, service, command)
    assert isinstance(awaiting, Awaiting)
    assert (awaiting.names, awaiting.retry_after) == (("invoice:crm:1",), seconds)
    assert service.sent == []


def test_what_was_made_meanwhile_begins_the_action_anew(stage: Stage) -> None:
    service = Scripted()
    answers: list[Any] = []

    def action() -> Generator[Command, Any, Done]:
        answers.append((yield Need(document=DOCUMENT)))
        if answers == [None]:
            stage.database.write(ledger.answered, _other_claims(stage), "7", {}, NOW)
            yield write()
        return Done(values={})

    stage.talk(service)
    stage.last.hold_talk(service, action, KEY)
    assert answers == [None, Linked(kind="invoice", id="7", facts={})]
    assert service.sent == []


def test_a_link_is_known_at_once_and_afterwards(stage: Stage) -> None:
    linked, needed = stage.talk(Scripted(), LINK, Need(document=DOCUMENT))
    assert linked == needed == LINK.linked
    assert stage.database.read(ledger.look_up, "c", DOCUMENT, stage.other.id) == linked


# Whether a record is the one that was sent


@pytest.mark.parametrize(
    ("expect", "same"),
    [
        ({}, True),
        ({"DocNumber": "1042"}, True),
        ({"DocNumber": "104"}, False),
        ({"Line.Amount": "475.00"}, True),
        ({"Line.Amount": "475.01"}, False),
        ({"Line.Amount": "much"}, False),
        ({"Line.Missing": "1"}, False),
        ({"Missing": "1"}, False),
        ({"DocNumber.Deeper": "1"}, False),
        ({"Name": "dana  WHITFIELD"}, True),
        ({"Active": "true"}, True),
        ({"Active": "1"}, False),
    ],
)
def test_every_expected_value_must_agree(expect: dict[str, str], same: bool) -> None:
    record = {**FOUND, "Name": " Dana Whitfield ", "Active": True}
    assert agrees(record, Find(query="q", expect=expect)) is same
