"""Claims, links and requests: what makes every document exist once whatever crashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, String, bindparam, delete, insert, select, update

from connector.base import Document, Find, Linked, Write
from runtime.store import dialect
from runtime.store.schema import UNANSWERED, aliases, documents, in_state, requests, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The stored bytes and idempotency key of one write."""

    key: str
    company: str
    #: The ledger's id of the document it makes, or None.
    document: int | None
    run: int
    path: str
    params: Mapping[str, str]
    body: bytes
    find: tuple[Find, ...]
    facts: Mapping[str, Any]
    #: sent (the answer is not known), unsent (certainly not done), answered, refused
    state: str
    sent_at: datetime
    #: Seconds after `sent_at` from which a look-up can be trusted.
    settle: float
    #: The id it was answered with.
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Another run is making this document right now."""

    run: int
    #: That run's state.
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """This run sent a request for the document and does not know the answer."""

    request: Request


#: What the ledger knows of a document; None: nobody has it.
Standing: TypeAlias = Linked | Taken | Unsettled | None


class Contradiction(Exception):
    """The names of one document belong to two records in the ledger; a person must look."""


_FIND = (
    select(aliases.c.alias, documents, runs.c.state.label("run_state"))
    .select_from(aliases.join(documents).outerjoin(runs, documents.c.run == runs.c.id))
    .where(
        aliases.c.company == bindparam("company"),
        aliases.c.kind == bindparam("kind"),
        aliases.c.alias.in_(bindparam("names", expanding=True)),
    )
)
_FOUND = select(documents, runs.c.state.label("run_state")).select_from(
    documents.outerjoin(runs, documents.c.run == runs.c.id)
)
_FIND_ONE = (
    _FOUND.add_columns(aliases.c.alias)
    .join(aliases, aliases.c.document == documents.c.id)
    .where(
        aliases.c.company == bindparam("company"),
        aliases.c.kind == bindparam("kind"),
        aliases.c.alias == bindparam("name"),
    )
)
#: The prefix of the name that every linked document has of itself: QuickBooks' id.
_ID = "qbo:"
_FIND_ID = _FOUND.add_columns(bindparam("name", type_=String).label("alias")).where(
    documents.c.company == bindparam("company"),
    documents.c.kind == bindparam("kind"),
    documents.c.quickbooks_id == bindparam("known_id"),
)
_OPEN_REQUEST = select(requests).where(
    requests.c.document == bindparam("document"), requests.c.state.in_(UNANSWERED)
)


def look_up(tx: Connection, company: str, document: Document, run: int) -> Standing:
    """What the ledger knows of `document`, seen from `run`. Raises Contradiction."""
    row = _owner(_known(tx, company, document.kind, document.aliases), document)
    if row is None or row.state == "free":
        return None
    standing = _closed_to(row, run)
    if standing is not None:
        return standing
    request = tx.execute(_OPEN_REQUEST, {"document": row.id}).first()
    return None if request is None else Unsettled(request=_request(request))


def claim(
    tx: Connection, company: str, run: int, write: Write, body: bytes, now: datetime
) -> Request | Linked | Taken:
    """Claim the document of `write` for `run` and store its request, ready to be sent.

    Returns the request, or what stands in the way. Raises Contradiction.
    """
    document = write.document
    if document is None:
        raise ValueError("a write without a document has nothing to claim")
    known = _known(tx, company, document.kind, (*document.aliases, *document.also))
    row = _owner(known, document)
    obstacle = (row and _closed_to(row, run)) or _rival(known, document, run)
    if obstacle:
        return obstacle
    if row is None:
        held, generation, name = _open(tx, company, document, run, now), 0, document.aliases[0]
    else:
        held, generation, name = row.id, row.generation, row.name
        tx.execute(_REOPEN, {"held": held, "by": run})
    _name(tx, company, document, held)
    while True:
        key = request_key(company, document.kind, name, write.operation, str(generation))
        request = _store(tx, key, company, held, run, write, body, now)
        if request.document == held:
            return request
        generation += 1  # the key is that of a document which this name was taken off
        tx.execute(_RAISE, {"held": held, "raised": generation})


def prepare(
    tx: Connection, company: str, run: int, key: str, write: Write, body: bytes, now: datetime
) -> Request:
    """Store the request of a write that makes no document; the stored one if it is there."""
    return _store(tx, key, company, None, run, write, body, now)


def request_key(*parts: str) -> str:
    """The idempotency key of a write: 36 characters, the same for the same parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:36]


_REOPEN = (
    update(documents)
    .where(documents.c.id == bindparam("held"))
    .values(state="open", run=bindparam("by"))
)
_RAISE = (
    update(documents)
    .where(documents.c.id == bindparam("held"))
    .values(generation=bindparam("raised"))
)
_SENT = (
    update(requests)
    .where(requests.c.key == bindparam("request"))
    .values(state=bindparam("new_state"), sent_at=bindparam("at"), settle=bindparam("new_settle"))
)


def mark(tx: Connection, request: Request, state: str, at: datetime, settle: float = 10.0) -> None:
    """Note that `request` goes out now (`sent`), or that it certainly did not (`unsent`)."""
    tx.execute(_SENT, {"request": request.key, "new_state": state, "at": at, "new_settle": settle})


_ANSWERED = (
    update(requests)
    .where(requests.c.key == bindparam("request"))
    .values(state="answered", answer=bindparam("got"))
)
_MADE = (
    update(documents)
    .where(documents.c.id == bindparam("held"))
    .values(
        state="made",
        quickbooks_id=bindparam("new_id"),
        facts=bindparam("new_facts"),
        at=bindparam("made_at"),
    )
)


def answered(
    tx: Connection, request: Request, answer: str, facts: Mapping[str, Any], now: datetime
) -> None:
    """Record the answer to a request and link its document."""
    tx.execute(_ANSWERED, {"request": request.key, "got": answer})
    if request.document is None:
        return
    row = {"held": request.document, "new_id": answer, "new_facts": facts, "made_at": now}
    tx.execute(_MADE, row)


def refused(tx: Connection, request: Request) -> None:
    """Record a definite refusal: the key is spent, the document free to be claimed again."""
    tx.execute(update(requests).where(requests.c.key == request.key).values(state="refused"))
    if request.document is not None:
        freed = {"state": "free", "generation": documents.c.generation + 1}
        tx.execute(update(documents).where(documents.c.id == request.document).values(**freed))


def link(
    tx: Connection, company: str, document: Document, linked: Linked, run: int, now: datetime
) -> Linked | Taken:
    """Record that `document` is an existing record of QuickBooks; gives what stands after it.

    Raises Contradiction.
    """
    known = _known(tx, company, document.kind, (*document.aliases, *document.also))
    row = _owner(known, document)
    obstacle = (row and _closed_to(row, run)) or _rival(known, document, run)
    if isinstance(obstacle, Taken):
        return obstacle
    if row is not None and isinstance(obstacle, Linked):
        _name(tx, company, document, row.id)
        return obstacle
    same = tx.execute(
        _WITH_ID, {"company": company, "kind": document.kind, "known_id": linked.id}
    ).scalar()
    if same is None:
        held = row.id if row is not None else _open(tx, company, document, run, now)
    else:
        held = same
        if row is not None:
            _merge(tx, row.id, held)
    values = {"held": held, "new_id": linked.id, "new_facts": dict(linked.facts), "made_at": now}
    tx.execute(_MADE, values)
    unsent = update(requests).where(requests.c.document == held, requests.c.state == "unsent")
    tx.execute(unsent.values(state="refused"))  # nothing of it went out, and nothing will
    _name(tx, company, document, held)
    return linked


def _merge(tx: Connection, loser: int, winner: int) -> None:
    tx.execute(update(aliases).where(aliases.c.document == loser).values(document=winner))
    tx.execute(update(requests).where(requests.c.document == loser).values(document=winner))


def let_go(tx: Connection, run: int) -> None:
    """Free the claims of a run that ends without an open request for them."""
    unanswered = select(requests.c.document).where(
        requests.c.run == run,
        requests.c.state.in_(UNANSWERED),
        requests.c.document.is_not(None),
    )
    mine = update(documents).where(
        documents.c.run == run, in_state(documents, "open"), documents.c.id.not_in(unanswered)
    )
    tx.execute(mine.values(state="free", run=None))


def give_up(tx: Connection, run: int) -> None:
    """Free all that a skipped run had claimed; nothing of it went out, and nothing will."""
    unsent = update(requests).where(requests.c.run == run, requests.c.state == "unsent")
    tx.execute(unsent.values(state="refused"))
    mine = update(documents).where(documents.c.run == run, in_state(documents, "open"))
    tx.execute(mine.values(state="free", run=None, generation=documents.c.generation + 1))


def forget(tx: Connection, company: str, kind: str, alias: str) -> bool:
    """Take a name off its document, so that the next event about it is matched anew."""
    named = delete(aliases).where(
        aliases.c.company == company, aliases.c.kind == kind, aliases.c.alias == alias
    )
    return tx.execute(named).rowcount == 1


def _known(tx: Connection, company: str, kind: str, names: Sequence[str]) -> list[Row[Any]]:
    """The documents that have one of these names, a row for each name."""
    if len(names) > 1:
        found = tx.execute(_FIND, {"company": company, "kind": kind, "names": list(names)})
        return list(found)
    row = {"company": company, "kind": kind, "name": names[0]}
    if names[0].startswith(_ID):
        return list(tx.execute(_FIND_ID, {**row, "known_id": names[0].removeprefix(_ID)}))
    return list(tx.execute(_FIND_ONE, row))


def _owner(known: list[Row[Any]], document: Document) -> Row[Any] | None:
    """The one document that has these names. Raises Contradiction."""
    rows = {row.id: row for row in known if row.alias in document.aliases}
    if len(rows) > 1:
        ids = ", ".join(str(row.quickbooks_id or row.id) for row in rows.values())
        raise Contradiction(
            f"The names {', '.join(document.aliases)} belong to several {document.kind}s: {ids}."
        )
    return next(iter(rows.values()), None)


def _closed_to(row: Row[Any], run: int) -> Linked | Taken | None:
    if row.state == "made":
        return Linked(kind=row.kind, id=row.quickbooks_id, facts=row.facts)
    if row.state == "open" and row.run != run:
        return Taken(run=row.run, state=row.run_state)
    return None


def _rival(known: list[Row[Any]], document: Document, run: int) -> Taken | None:
    """Another run that is making a document under one of our further names."""
    for row in known:
        if row.alias in document.also and row.state == "open" and row.run != run:
            return Taken(run=row.run, state=row.run_state)
    return None


_WITH_ID = (
    select(documents.c.id)
    .where(
        documents.c.company == bindparam("company"),
        documents.c.kind == bindparam("kind"),
        documents.c.quickbooks_id == bindparam("known_id"),
    )
    .limit(1)
)
_NEW_DOCUMENT = insert(documents).returning(documents.c.id)


def _open(tx: Connection, company: str, document: Document, run: int, now: datetime) -> int:
    row: dict[str, Any] = {
        "company": company,
        "kind": document.kind,
        "name": document.aliases[0],
        "state": "open",
        "run": run,
        "generation": 0,
        "quickbooks_id": "",
        "facts": {},
        "at": now,
    }
    return int(tx.execute(_NEW_DOCUMENT, row).scalar_one())


def _name(tx: Connection, company: str, document: Document, held: int) -> None:
    rows = [
        {"company": company, "kind": document.kind, "alias": alias, "document": held}
        for alias in (*document.aliases, *document.also)
    ]
    tx.execute(dialect.insert_once(aliases), rows)


_REQUEST = select(requests).where(requests.c.key == bindparam("request"))


def _store(
    tx: Connection,
    key: str,
    company: str,
    document: int | None,
    run: int,
    write: Write,
    body: bytes,
    now: datetime,
) -> Request:
    row: dict[str, Any] = {
        "key": key,
        "company": company,
        "document": document,
        "run": run,
        "path": write.path,
        "params": dict(write.params),
        "body": body,
        "find": [{"query": find.query, "expect": dict(find.expect)} for find in write.find],
        "facts": dict(write.facts),
        "state": "sent",
        "sent_at": now,
        "settle": 10.0,
        "answer": "",
    }
    if tx.execute(dialect.insert_once(requests), row).rowcount == 1:
        return Request(**{**row, "find": write.find, "state": "new"})
    return _request(tx.execute(_REQUEST, {"request": key}).one())


def _request(row: Row[Any]) -> Request:
    values = dict(row._mapping)
    return Request(**{**values, "find": tuple(Find(**find) for find in values["find"])})


def written_by(tx: Connection, run: int) -> list[Request]:
    """Every request a run has stored."""
    return [_request(row) for row in tx.execute(select(requests).where(requests.c.run == run))]
