"""The tables: events, runs, documents and everything else that must survive a crash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import simplejson
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Double,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    false,
    literal_column,
)

#: States of runs: can be taken; hold back later ones of the customer; wait for a person.
READY, ACTIVE, STUCK = ("queued", "waiting"), ("queued", "running", "waiting"), ("held", "dead")
#: States of requests whose answer is not known, or that have not gone out.
UNANSWERED = ("sent", "unsent")


class Moment(TypeDecorator[datetime]):
    """A zoned time, kept as seconds since 1970 so that both databases compare it alike."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:
        return None if value is None else value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Json(TypeDecorator[Any]):
    """JSON text in which decimals stay exact."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else loads(value)


def dumps(value: Any) -> str:
    """`value` as compact JSON; Decimal as a number with all its digits."""
    return simplejson.dumps(value, use_decimal=True, separators=(",", ":"), default=str)


def loads(text: str | bytes) -> Any:
    """JSON with decimals as Decimal."""
    return simplejson.loads(text, use_decimal=True)


metadata = MetaData()


def in_state(table: FromClause, *states: str) -> ColumnElement[bool]:
    """`state` is one of these, spelled out in the statement: with values bound at run time the
    database could not know that a partial index holds all such rows, and would read every row."""
    column = table.c.state
    spelled: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return column == spelled[0] if len(spelled) == 1 else column.in_(spelled)


def awaiting(table: FromClause) -> ColumnElement[bool]:
    """A run that awaits a document."""
    return and_(in_state(table, "waiting"), table.c.reason != literal_column("''"))


events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("connection", String, nullable=False),
    Column("trigger", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("version", String, nullable=False, default=""),
    Column("type", String, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("location", String, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("contact", String, nullable=False),
    Column("state", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("headers", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("data", Json, nullable=False),
    UniqueConstraint("connection", "trigger", "identity", "version"),
    sqlite_autoincrement=True,
)
Index(
    "events_new",
    events.c.id,
    sqlite_where=in_state(events, "new"),
    postgresql_where=in_state(events, "new"),
)

Index("events_of_trigger", events.c.trigger, events.c.received_at)

recipe_revisions = Table(
    "recipe_revisions",
    metadata,
    Column("recipe", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("file", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("accepted_at", Moment, nullable=False),
    Column("parts", Json, nullable=False),
    Column("originals", Json, nullable=False),
    PrimaryKeyConstraint("recipe", "revision"),
)

recipes = Table(
    "recipes",
    metadata,
    Column("recipe", String, primary_key=True),
    Column("file", String, nullable=False),
    Column("state", String, nullable=False),
    Column("since", Moment, nullable=False),
)

recipe_changes = Table(
    "recipe_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recipe", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)

settings_revisions = Table(
    "settings_revisions",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    Column("accepted_at", Moment, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event", Integer, ForeignKey("events.id"), nullable=False),
    Column("recipe", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("settings_revision", Integer, nullable=False),
    Column("company", String, nullable=False),
    Column("order_key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("delay", Double, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("waited", Double, nullable=False),
    Column("worker", String, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("hold", Json),
    Column("error", Text),
    Column("steps", Json, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("booked_at", Moment),
    #: Started by the backfill of its recipe: gives way to what comes live.
    Column("backfill", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("event", "recipe", "company"),
    sqlite_autoincrement=True,
)
_ready = in_state(runs, *READY)
_active = in_state(runs, *ACTIVE)
_running = in_state(runs, "running")
Index("runs_running", runs.c.company, sqlite_where=_running, postgresql_where=_running)
_stuck = in_state(runs, *STUCK)
Index("runs_ready", runs.c.id, sqlite_where=_ready, postgresql_where=_ready)
Index("runs_active", runs.c.order_key, runs.c.id, sqlite_where=_active, postgresql_where=_active)
Index(
    "runs_awaiting",
    runs.c.reason,
    sqlite_where=awaiting(runs),
    postgresql_where=awaiting(runs),
)
Index("runs_of_recipe", runs.c.recipe, runs.c.backfill, runs.c.received_at)
Index("runs_stuck", runs.c.id, sqlite_where=_stuck, postgresql_where=_stuck)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("step", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("outcome", String, nullable=False),
    Column("trace", Text, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("company", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("state", String, nullable=False),
    Column("run", Integer),
    Column("generation", Integer, nullable=False),
    Column("quickbooks_id", String, nullable=False),
    Column("facts", Json, nullable=False),
    Column("at", Moment, nullable=False),
)

_open_document = in_state(documents, "open")
Index(
    "documents_open",
    documents.c.run,
    sqlite_where=_open_document,
    postgresql_where=_open_document,
)
Index("documents_id", documents.c.company, documents.c.kind, documents.c.quickbooks_id)

aliases = Table(
    "aliases",
    metadata,
    Column("company", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("alias", String, nullable=False),
    Column("document", Integer, ForeignKey("documents.id"), nullable=False),
    PrimaryKeyConstraint("company", "kind", "alias"),
)
Index("aliases_document", aliases.c.document)

requests = Table(
    "requests",
    metadata,
    Column("key", String, primary_key=True),
    Column("company", String, nullable=False),
    Column("document", Integer, ForeignKey("documents.id")),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("path", String, nullable=False),
    Column("params", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("find", Json, nullable=False),
    Column("facts", Json, nullable=False),
    Column("state", String, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("settle", Double, nullable=False),
    Column("answer", String, nullable=False),
)
Index("requests_run", requests.c.run)
Index("requests_document", requests.c.document)

cursors = Table(
    "cursors",
    metadata,
    Column("connection", String, nullable=False),
    Column("trigger", String, nullable=False),
    Column("baseline", Moment, nullable=False),
    Column("position", Moment, nullable=False),
    Column("polled_at", Moment, nullable=False),
    Column("empty_polls", Integer, nullable=False),
    PrimaryKeyConstraint("connection", "trigger"),
)

backfills = Table(
    "backfills",
    metadata,
    Column("recipe", String, nullable=False),
    Column("connection", String, nullable=False),
    #: `start_from` as the recipe says it, and the moment at which that day begins.
    Column("day", String, nullable=False),
    Column("since", Moment, nullable=False),
    #: The source's name of the page to read next; empty: the first.
    Column("page", String, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("started", Integer, nullable=False),
    PrimaryKeyConstraint("recipe", "connection"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("worker", String, nullable=False),
    Column("fence", Integer, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("beat", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
)

companies = Table(
    "companies",
    metadata,
    Column("company", String, primary_key=True),
    Column("paused_until", Moment),
    Column("pause", Double, nullable=False),
    Column("disconnected", Text, nullable=False),
    Column("second", Integer, nullable=False),
    Column("in_second", Integer, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("in_minute", Integer, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("fix", Text, nullable=False),
    Column("recipients", Json, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("count", Integer, nullable=False),
    Column("news", Integer, nullable=False),
    Column("ended_at", Moment),
    Column("ending", Text, nullable=False),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,
)
_lasting = notices.c.ended_at.is_(None)
Index("notices_open", notices.c.id, sqlite_where=_lasting, postgresql_where=_lasting)

deliveries = Table(
    "deliveries",
    metadata,
    Column("notice", Integer, ForeignKey("notices.id"), nullable=False),
    Column("recipient", String, nullable=False),
    Column("told", Integer, nullable=False),
    Column("told_at", Moment),
    Column("told_end", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("error", Text, nullable=False),
    PrimaryKeyConstraint("notice", "recipient"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    sqlite_autoincrement=True,
)

#: Names that recipes use for records of QuickBooks' lists, and the records they mean.
pins = Table(
    "pins",
    metadata,
    Column("company", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("quickbooks_id", String, nullable=False),
    Column("label", String, nullable=False),
    Column("type", String, nullable=False),
    Column("state", String, nullable=False),
    Column("pinned_at", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
    PrimaryKeyConstraint("company", "kind", "name"),
)

#: Lists and preferences as QuickBooks last gave them, for all processes.
lists = Table(
    "lists",
    metadata,
    Column("company", String, nullable=False),
    Column("query", String, nullable=False),
    Column("records", Json, nullable=False),
    Column("read_at", Moment, nullable=False),
    PrimaryKeyConstraint("company", "query"),
)
