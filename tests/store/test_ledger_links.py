"""What the ledger does with links, giving up, forgetting, and writes that make no document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from connector.base import Document, Find, Happening, Linked, Write
from runtime.models import NewRun
from runtime.store import events, ledger, runs
from runtime.store.database import Database, sqlite_url
from runtime.store.migrate import migrate

NOW = datetime(2026, 11, 7, tzinfo=UTC)
FIND = (Find(query="select * from Invoice", expect={"DocNumber": "1"}),)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(sqlite_url(tmp_path))
    migrate(made)
    made.write(_three_runs)
    yield made
    made.close()


def _three_runs(tx: Connection) -> None:
    for number in (1, 2, 3):
        happening = Happening(
            identity=str(number), type="t", trigger="t", happened_at=NOW, data={}, raw=b"{}"
        )
        event, _ = events.add(tx, "crm", happening, {}, NOW)
        new = NewRun(
            event=event,
            recipe="r",
            revision=1,
            settings_revision=1,
            company="c",
            order_key=str(number),
            received_at=NOW,
        )
        runs.add(tx, new, NOW)


def invoice(*aliases: str, also: tuple[str, ...] = ()) -> Document:
    return Document(kind="invoice", aliases=aliases, also=also)


def record(number: str, **facts: str) -> Linked:
    return Linked(kind="invoice", id=number, facts=facts)


def write(document: Document | None) -> Write:
    return Write(
        document=document, operation="create", path="invoice", body={}, facts={}, find=FIND
    )


def claimed(database: Database, run: int, document: Document) -> ledger.Request:
    got = database.write(ledger.claim, "c", run, write(document), b"{}", NOW)
    assert isinstance(got, ledger.Request)
    return got


def linked(database: Database, run: int, document: Document, to: Linked) -> object:
    return database.write(ledger.link, "c", document, to, run, NOW)


def standing(database: Database, document: Document, run: int = 3) -> ledger.Standing:
    return database.read(ledger.look_up, "c", document, run)


def states(database: Database, run: int) -> list[str]:
    return [request.state for request in database.read(ledger.written_by, run)]


def test_a_link_waits_for_the_run_that_makes_the_document(database: Database) -> None:
    claimed(database, 1, invoice("crm:1"))
    got = linked(database, 2, invoice("crm:1"), record("5"))
    assert got == ledger.Taken(run=1, state="queued")
    assert standing(database, invoice("qbo:5")) is None


def test_a_link_waits_for_the_run_that_makes_one_with_a_further_name(database: Database) -> None:
    claimed(database, 1, invoice("crm:1", also=("job:9",)))
    got = linked(database, 2, invoice("crm:2", also=("job:9",)), record("5"))
    assert got == ledger.Taken(run=1, state="queued")
    assert standing(database, invoice("crm:2")) is None


def test_what_is_linked_already_stays_and_learns_the_further_names(database: Database) -> None:
    database.write(ledger.answered, claimed(database, 1, invoice("crm:1")), "77", {"n": "1"}, NOW)
    got = linked(database, 2, invoice("crm:1", also=("job:9",)), record("5"))
    assert got == record("77", n="1")
    assert standing(database, invoice("job:9")) == record("77", n="1")
    assert standing(database, invoice("qbo:5")) is None


def test_a_refused_document_that_turns_out_to_exist_joins_its_record(database: Database) -> None:
    database.write(ledger.refused, claimed(database, 1, invoice("crm:1", also=("job:9",))))
    linked(database, 2, invoice("crm:2"), record("10"))
    assert linked(database, 1, invoice("crm:1"), record("10", n="2")) == record("10", n="2")
    for name in ("crm:1", "crm:2", "job:9", "qbo:10"):
        assert standing(database, invoice(name)) == record("10", n="2")
    both = standing(database, invoice("crm:1", "crm:2"))
    assert both == record("10", n="2")  # one document, hence no contradiction
    assert states(database, 1) == ["refused"]


def test_a_claim_that_never_went_out_ends_when_its_document_joins_a_record(
    database: Database,
) -> None:
    linked(database, 2, invoice("crm:2"), record("10"))
    request = claimed(database, 1, invoice("crm:1"))
    database.write(ledger.mark, request, "unsent", NOW)
    linked(database, 1, invoice("crm:1"), record("10"))
    assert states(database, 1) == ["refused"]
    database.write(ledger.let_go, 1)
    assert standing(database, invoice("crm:1")) == record("10")


def test_a_free_document_is_linked_in_place(database: Database) -> None:
    database.write(ledger.refused, claimed(database, 1, invoice("crm:1", also=("job:9",))))
    linked(database, 2, invoice("crm:1"), record("10"))
    assert standing(database, invoice("job:9")) == record("10")


def test_names_of_two_records_stop_a_claim_and_a_link(database: Database) -> None:
    linked(database, 1, invoice("crm:1"), record("10"))
    linked(database, 2, invoice("crm:2"), record("11"))
    both = invoice("crm:1", "crm:2")
    said = r"crm:1, crm:2 .* several invoices: 10, 11"
    with pytest.raises(ledger.Contradiction, match=said):
        claimed(database, 3, both)
    with pytest.raises(ledger.Contradiction, match=said):
        linked(database, 3, both, record("10"))
    assert states(database, 3) == []


def test_giving_up_frees_what_never_went_out_under_a_new_key(database: Database) -> None:
    first = claimed(database, 1, invoice("crm:1"))
    other = claimed(database, 2, invoice("crm:2"))
    database.write(ledger.mark, first, "unsent", NOW)
    database.write(ledger.mark, other, "unsent", NOW)
    database.write(ledger.give_up, 1)
    assert (states(database, 1), states(database, 2)) == (["refused"], ["unsent"])
    again = claimed(database, 3, invoice("crm:1"))
    assert again.state == "new"
    assert again.key != first.key
    assert standing(database, invoice("crm:2")) == ledger.Taken(run=2, state="queued")


def test_giving_up_leaves_what_was_made(database: Database) -> None:
    database.write(ledger.answered, claimed(database, 1, invoice("crm:1")), "77", {}, NOW)
    database.write(ledger.give_up, 1)
    assert standing(database, invoice("crm:1")) == record("77")
    assert states(database, 1) == ["answered"]


def test_forgetting_takes_one_name_of_one_kind_in_one_company(database: Database) -> None:
    linked(database, 1, invoice("crm:1", also=("job:9",)), record("10"))
    for company, kind, name in (
        ("other", "invoice", "crm:1"),
        ("c", "customer", "crm:1"),
        ("c", "invoice", "crm:7"),
    ):
        assert database.write(ledger.forget, company, kind, name) is False
    assert database.write(ledger.forget, "c", "invoice", "crm:1") is True
    assert standing(database, invoice("crm:1")) is None
    assert standing(database, invoice("job:9")) == record("10")


def test_a_write_without_a_document_is_stored_once(database: Database) -> None:
    first = database.write(ledger.prepare, "c", 1, "k", write(None), b"first", NOW)
    again = database.write(ledger.prepare, "c", 1, "k", write(None), b"second", NOW)
    assert (first.state, first.document) == ("new", None)
    assert (again.state, again.body, again.find) == ("sent", b"first", FIND)


@pytest.mark.parametrize("state", ["answered", "refused"])
def test_the_outcome_of_a_write_without_a_document_is_kept(database: Database, state: str) -> None:
    request = database.write(ledger.prepare, "c", 1, "k", write(None), b"{}", NOW)
    if state == "answered":
        database.write(ledger.answered, request, "9", {}, NOW)
    else:
        database.write(ledger.refused, request)
    again = database.write(ledger.prepare, "c", 1, "k", write(None), b"{}", NOW)
    assert (again.state, again.answer) == (state, "9" if state == "answered" else "")


def test_a_mark_says_when_it_went_out_and_how_long_it_settles(database: Database) -> None:
    request = claimed(database, 1, invoice("crm:1"))
    later = NOW + timedelta(seconds=40)
    database.write(ledger.mark, request, "sent", later, 120.0)
    seen = standing(database, invoice("crm:1"), run=1)
    assert isinstance(seen, ledger.Unsettled)
    assert (seen.request.state, seen.request.sent_at) == ("sent", later)
    assert (seen.request.settle, seen.request.find) == (120.0, FIND)


def test_a_write_without_a_document_cannot_be_claimed(database: Database) -> None:
    with pytest.raises(ValueError, match="nothing to claim"):
        database.write(ledger.claim, "c", 1, write(None), b"{}", NOW)
    assert database.read(ledger.written_by, 1) == []
