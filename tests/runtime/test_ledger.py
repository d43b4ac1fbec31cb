"""Claims and links: one document has one maker, whatever names it is met under."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.base import Document, Happening, Linked, Write
from runtime.models import NewRun
from runtime.store import events, ledger, runs
from runtime.store.database import Database, sqlite_url
from runtime.store.migrate import migrate
from runtime.store.schema import metadata

NOW = datetime(2026, 11, 7, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(sqlite_url(tmp_path))
    migrate(made)
    made.write(_two_runs)
    yield made
    made.close()


def _two_runs(tx: object) -> None:
    for number in (1, 2):
        event, _ = events.add(tx, "crm", _happening(number), {}, NOW)  # type: ignore[arg-type]
        new = NewRun(
            event=event,
            recipe="r",
            revision=1,
            settings_revision=1,
            company="c",
            order_key=str(number),
            received_at=NOW,
        )
        runs.add(tx, new, NOW)  # type: ignore[arg-type]


def _happening(number: int) -> Happening:
    return Happening(
        identity=str(number), type="t", trigger="t", happened_at=NOW, data={}, raw=b"{}"
    )


def invoice(*aliases: str, also: tuple[str, ...] = ()) -> Document:
    return Document(kind="invoice", aliases=aliases, also=also)


def write(document: Document) -> Write:
    return Write(document=document, operation="create", path="invoice", body={}, facts={"n": "1"})


def claim(database: Database, run: int, document: Document) -> object:
    return database.write(ledger.claim, "c", run, write(document), b"{}", NOW)


def test_the_second_run_is_told_who_makes_it(database: Database) -> None:
    made = claim(database, 1, invoice("crm:1"))
    assert isinstance(made, ledger.Request)
    assert made.state == "new"
    assert len(made.key) == 36
    assert claim(database, 2, invoice("crm:1")) == ledger.Taken(run=1, state="queued")
    assert database.read(ledger.look_up, "c", invoice("crm:1"), 2) == ledger.Taken(
        run=1, state="queued"
    )


def test_a_further_name_waits_while_another_run_makes_it(database: Database) -> None:
    claim(database, 1, invoice("crm:1", also=("job:9",)))
    rival = claim(database, 2, invoice("crm:2", also=("job:9",)))
    assert isinstance(rival, ledger.Taken)


def test_a_further_name_of_a_made_document_is_left_to_it(database: Database) -> None:
    request = claim(database, 1, invoice("crm:1", also=("job:9",)))
    assert isinstance(request, ledger.Request)
    database.write(ledger.answered, request, "77", {"total": "5"}, NOW)
    second = claim(database, 2, invoice("crm:2", also=("job:9",)))
    assert isinstance(second, ledger.Request)
    by_job = database.read(ledger.look_up, "c", invoice("job:9"), 2)
    assert by_job == Linked(kind="invoice", id="77", facts={"total": "5"})
    assert database.read(ledger.look_up, "c", invoice("qbo:77"), 2) == by_job


def test_the_same_request_comes_back_byte_for_byte(database: Database) -> None:
    first = claim(database, 1, invoice("crm:1"))
    changed = Write(
        document=invoice("crm:1"), operation="create", path="invoice", body={}, facts={}
    )
    again = database.write(ledger.claim, "c", 1, changed, b"other bytes", NOW)
    assert isinstance(first, ledger.Request)
    assert isinstance(again, ledger.Request)
    assert (again.key, again.body, again.state) == (first.key, b"{}", "sent")
    unsettled = database.read(ledger.look_up, "c", invoice("crm:1"), 1)
    assert isinstance(unsettled, ledger.Unsettled)


def test_a_refusal_frees_the_document_under_a_new_key(database: Database) -> None:
    first = claim(database, 1, invoice("crm:1"))
    assert isinstance(first, ledger.Request)
    database.write(ledger.refused, first)
    assert database.read(ledger.look_up, "c", invoice("crm:1"), 2) is None
    second = claim(database, 2, invoice("crm:1"))
    assert isinstance(second, ledger.Request)
    assert second.key != first.key


def test_what_was_forgotten_is_made_anew_under_a_new_key(database: Database) -> None:
    wanted = invoice("crm:x/1")
    first = claim(database, 1, wanted)
    assert isinstance(first, ledger.Request)
    database.write(ledger.answered, first, "77", {}, NOW)
    assert database.write(ledger.forget, "c", "invoice", "crm:x/1")
    again = claim(database, 2, wanted)
    assert isinstance(again, ledger.Request)
    assert again.state == "new"
    assert again.key != first.key
    database.write(ledger.answered, again, "78", {}, NOW)
    assert database.read(ledger.look_up, "c", wanted, 3) == Linked(kind="invoice", id="78")


def test_letting_go_keeps_what_may_have_been_sent(database: Database) -> None:
    claim(database, 1, invoice("crm:1"))
    database.write(ledger.let_go, 1)
    assert isinstance(database.read(ledger.look_up, "c", invoice("crm:1"), 2), ledger.Taken)


def test_names_of_two_records_are_a_contradiction(database: Database) -> None:
    for run, alias in ((1, "crm:1"), (2, "crm:2")):
        request = claim(database, run, invoice(alias))
        assert isinstance(request, ledger.Request)
        database.write(ledger.answered, request, alias, {}, NOW)
    with pytest.raises(ledger.Contradiction, match="crm:1, crm:2"):
        database.read(ledger.look_up, "c", invoice("crm:1", "crm:2"), 1)


def test_two_contacts_linked_to_one_customer_are_one_document(database: Database) -> None:
    known = Linked(kind="customer", id="10", facts={"name": "Dana"})
    for run, alias in ((1, "crm:a"), (2, "crm:b")):
        document = Document(kind="customer", aliases=(alias,))
        assert database.write(ledger.link, "c", document, known, run, NOW) == known
    both = Document(kind="customer", aliases=("crm:a", "crm:b"))
    assert database.read(ledger.look_up, "c", both, 1) == known


def test_a_link_ends_a_request_that_never_went_out(database: Database) -> None:
    request = claim(database, 1, invoice("crm:1"))
    assert isinstance(request, ledger.Request)
    database.write(ledger.mark, request, "unsent", NOW)
    found = Linked(kind="invoice", id="5", facts={})
    database.write(ledger.link, "c", invoice("crm:1"), found, 1, NOW)
    assert [r.state for r in database.read(ledger.written_by, 1)] == ["refused"]


def test_the_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    migrated, created = Database(f"sqlite:///{tmp_path}/m"), Database(f"sqlite:///{tmp_path}/c")
    migrate(migrated)
    created.write(metadata.create_all)
    assert _shape(migrated) == _shape(created)
    migrated.close()
    created.close()


def _shape(database: Database) -> dict[str, object]:
    from sqlalchemy import inspect

    found = inspect(database.engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)],
            sorted(str(i["name"]) for i in found.get_indexes(table)),
        )
        for table in sorted(found.get_table_names())
        if table != "alembic_version"
    }


NAMES = st.sampled_from(["crm:1", "crm:2", "crm:3"])
ALSO = st.sampled_from(["job:1", "job:2"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "answer", "refuse", "let_go", "link"]),
        st.sampled_from([1, 2]),
        NAMES,
        ALSO,
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_two_runs_do_a_name_has_one_record(
    steps: list[tuple[str, int, str, str]],
) -> None:
    database = Database("sqlite://")
    database.write(metadata.create_all)
    database.write(_two_runs)
    open_requests: dict[str, ledger.Request] = {}
    records: dict[str, str] = {}
    try:
        for number, (what, run, name, job) in enumerate(steps):
            document = invoice(name, also=(job,))
            if what == "claim":
                got = claim(database, run, document)
                if isinstance(got, ledger.Request):
                    assert name not in records
                    open_requests[name] = got
                elif isinstance(got, Linked):
                    assert records[name] == got.id
            elif what == "answer" and name in open_requests:
                request = open_requests.pop(name)
                database.write(ledger.answered, request, f"id{number}", {}, NOW)
                records[name] = f"id{number}"
            elif what == "refuse" and name in open_requests:
                database.write(ledger.refused, open_requests.pop(name))
            elif what == "let_go":
                database.write(ledger.let_go, run)
            elif what == "link" and name not in open_requests:
                linked = Linked(kind="invoice", id=records.get(name, f"id{number}"), facts={})
                stands = database.write(ledger.link, "c", document, linked, run, NOW)
                if isinstance(stands, Linked):
                    records[name] = stands.id
            for known, record in records.items():
                stands = database.read(ledger.look_up, "c", invoice(known), 1)
                assert isinstance(stands, Linked)
                assert stands.id == record
    finally:
        database.close()
