"""Drives one action: asks the store, claims, sends, and records, as the action's commands say."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from connector.base import (
    DAY,
    Chosen,
    Command,
    Document,
    Done,
    Find,
    Link,
    Linked,
    Need,
    Pin,
    Read,
    Recall,
    Write,
    Written,
)
from connector.errors import Awaiting, Hold, NeedsReconnect, Rejected, Retryable, Uncertain
from runtime.clock import Clock, Observe
from runtime.courtesy import Courtesy
from runtime.journal import Journal
from runtime.models import Run
from runtime.store import ledger, pins
from runtime.store.database import Database

#: Seconds until a run looks again whether another run has finished the document it needs.
OCCUPIED_WAIT, STUCK_WAIT = 2.0, 30.0


class Answer(Protocol):
    """What a service answered to a write."""

    @property
    def id(self) -> str:
        """The id of what was made."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the service said of it that is worth remembering."""

    @property
    def record(self) -> Mapping[str, Any]:
        """The record as the service returned it, for the trace."""

    @property
    def trace(self) -> str:
        """The service's trace id."""


class Service(Protocol):
    """The client of a service, as far as an action needs it."""

    def kept(self, query: str, age: float = DAY) -> tuple[Mapping[str, Any], ...] | None:
        """The answer to a Read that may be `age` seconds old, where it is at hand."""

    def read(self, query: str, *, keep: bool, age: float = DAY) -> tuple[Mapping[str, Any], ...]:
        """Ask the service; `keep` the answer for others where it may be `age` seconds old."""

    def encode(self, body: Mapping[str, Any]) -> bytes:
        """The bytes of a body, the same for the same body."""

    def send(self, path: str, raw: bytes, key: str, params: Mapping[str, str]) -> Answer:
        """Send one write."""

    def facts_of(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is worth remembering of a record that was found."""

    def forget_lists(self) -> None:
        """Read the cached lists anew next time."""


class _Restart(Exception):
    """The document was made meanwhile; the action begins anew and finds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One exchange with a service, for the trace."""

    what: str
    sent: Any
    got: Any
    seconds: float


class Conversation:
    """One run's talk with one service on behalf of one step after the other."""

    def __init__(
        self,
        *,
        database: Database,
        journal: Journal,
        run: Run,
        clock: Clock,
        observe: Observe,
        courtesy: Courtesy,
    ) -> None:
        self._database = database
        self._journal = journal
        self._run = run
        self._clock = clock
        self._observe = observe
        self._courtesy = courtesy
        self._links: dict[tuple[str, str], Linked] = {}
        #: What names were pinned to, by kind and name.
        self._pins: dict[tuple[str, str], Chosen] = {}
        #: Key parts of a write that makes no document: connection, recipe, event, step, line.
        self._loose_key: tuple[str, ...] = ()
        self._loose = 0
        #: Exchanges with the service since they were last taken away, for the trace.
        self.calls: list[Call] = []
        #: "kind:alias" names of what this run has linked; other runs may await them.
        self.linked: set[str] = set()

    def hold_talk(
        self,
        service: Service,
        begin: Callable[[], Generator[Command, Any, Done]],
        loose_key: tuple[str, ...],
    ) -> Done:
        """Run an action to its end.

        Raises every Consequence, and Contradiction and Fenced of the store.
        """
        self._loose_key = loose_key
        while True:
            self._loose = 0
            try:
                return self._talk(service, begin())
            except _Restart:
                continue

    def _talk(self, service: Service, action: Generator[Command, Any, Done]) -> Done:
        try:
            command = next(action)
            while True:
                self._observe("yield")
                try:
                    answer = self._answer(service, command)
                except Rejected as refusal:
                    command = action.throw(refusal)
                else:
                    command = action.send(answer)
        except StopIteration as end:
            done: Done = end.value
            return done

    def _answer(self, service: Service, command: Command) -> Any:
        match command:
            case Need(document=document):
                return self._need(service, document)
            case Read():
                return self._read(service, command)
            case Recall(kind=kind, name=name):
                return self._recall(kind, name)
            case Pin():
                return self._pin(command)
            case Link(document=document, linked=linked):
                return self._link(document, linked)
            case Write():
                return self._write(service, command)

    def _need(self, service: Service, document: Document) -> Linked | None:
        for alias in document.aliases:
            if (document.kind, alias) in self._links:
                return self._links[document.kind, alias]
        company = self._run.company
        standing = self._database.read(ledger.look_up, company, document, self._run.id)
        match standing:
            case ledger.Taken():
                raise _occupied(standing, document)
            case ledger.Unsettled(request=request):
                return self._resolve(service, request, document)
            case _:
                return standing

    def _read(self, service: Service, read: Read) -> Any:
        kept = service.kept(read.query, read.age) if read.cached else None
        if kept is not None:
            return kept
        self._journal.flush()
        began = self._clock.elapsed()
        with self._courtesy.away():
            records = service.read(read.query, keep=read.cached, age=read.age)
        seconds = self._clock.elapsed() - began
        got = f"{len(records)} records, kept" if read.cached else records
        self.calls.append(Call(what="read", sent=read.query, got=got, seconds=seconds))
        return records

    def _recall(self, kind: str, name: str) -> Chosen | None:
        if (kind, name) not in self._pins:
            found = self._database.read(pins.get, self._run.company, kind, name)
            if found is None:
                return None
            self._pins[kind, name] = found
        return self._pins[kind, name]

    def _pin(self, pin: Pin) -> None:
        self._pins[pin.kind, pin.name] = pin.chosen
        now = self._clock.now()
        self._journal.later(
            pins.keep, self._run.company, pin.kind, pin.name, chosen=pin.chosen, now=now
        )

    def _link(self, document: Document, linked: Linked) -> Linked:
        now = self._clock.now()
        stands = self._journal.commit(
            ledger.link, self._run.company, document, linked, self._run.id, now
        )
        if isinstance(stands, ledger.Taken):
            raise _occupied(stands, document)
        self._remember(document, stands)
        return stands

    def _write(self, service: Service, write: Write) -> Written:
        raw = service.encode(write.body)
        request = self._claim(write, raw)
        if request.state == "answered":
            return Written(id=request.answer, facts=request.facts)
        found = self._look_for(service, request) if request.state == "sent" else None
        written = found or self._send(service, request)
        if write.document is not None:
            kind = write.document.kind
            self._remember(write.document, Linked(kind=kind, id=written.id, facts=written.facts))
        return written

    def _claim(self, write: Write, raw: bytes) -> ledger.Request:
        now = self._clock.now()
        company, run = self._run.company, self._run.id
        if write.document is None:
            self._loose += 1
            key = ledger.request_key(*self._loose_key, str(self._loose))
            return self._journal.commit(ledger.prepare, company, run, key, write, raw, now)
        standing = self._journal.commit(ledger.claim, company, run, write, raw, now)
        if isinstance(standing, Linked):
            raise _Restart
        if isinstance(standing, ledger.Taken):
            raise _occupied(standing, write.document)
        return standing

    def _resolve(
        self, service: Service, request: ledger.Request, document: Document
    ) -> Linked | None:
        """Find out what became of a request whose answer is not known, before anything else."""
        if request.state == "unsent":
            return None  # certainly not done; the action will come to it and it is sent then
        written = self._look_for(service, request)
        if written is None:
            try:
                written = self._send(service, request)
            except Rejected:
                return None  # not done; the action comes to it again and deals with the refusal
        linked = Linked(kind=document.kind, id=written.id, facts=written.facts)
        self._remember(document, linked)
        return linked

    def _look_for(self, service: Service, request: ledger.Request) -> Written | None:
        self._let_settle(request)
        self._journal.flush()
        for find in request.find:
            found = [r for r in self._read(service, Read(query=find.query)) if agrees(r, find)]
            if len(found) > 1:
                raise Hold(
                    "several-found",
                    f"After a lost answer QuickBooks shows {len(found)} records that could be "
                    f"the one that was sent (ids {', '.join(str(r.get('Id')) for r in found)}). "
                    "Nothing more was booked.",
                    fix="Look at them in QuickBooks, remove the surplus one, then release.",
                )
            if found:
                record = found[0]
                self._observe("found")
                return self._answered(request, str(record["Id"]), service.facts_of(record))
        return None

    def _answered(self, request: ledger.Request, answer: str, said: Mapping[str, Any]) -> Written:
        facts = {**request.facts, **said}
        self._journal.later(ledger.answered, request, answer, facts, self._clock.now())
        return Written(id=answer, facts=facts)

    def _let_settle(self, request: ledger.Request) -> None:
        now = self._clock.now()
        age = (now - request.sent_at).total_seconds()
        if age < 0:  # the clock was set back: count from now, once
            self._journal.commit(ledger.mark, request, "sent", now, request.settle)
            age = 0.0
        if age < request.settle:
            raise Uncertain(
                "The answer to a write was lost; it is looked up once it has settled.",
                settle=request.settle - age,
            )

    def _send(self, service: Service, request: ledger.Request) -> Written:
        if request.state != "new":
            self._journal.commit(ledger.mark, request, "sent", self._clock.now())
        began = self._clock.elapsed()
        self._observe("sending")
        try:
            with self._courtesy.away():
                answer = service.send(request.path, request.body, request.key, request.params)
        except Uncertain as lost:
            now = self._clock.now()
            self._journal.later(ledger.mark, request, "sent", now, lost.settle)
            self._note(request, lost.sentence, began)
            raise
        except (Retryable, NeedsReconnect) as failure:
            if request.state != "sent":  # else an earlier try of it may still arrive
                self._journal.later(ledger.mark, request, "unsent", self._clock.now())
            self._note(request, failure.sentence, began)
            raise
        except Rejected as refusal:
            # At once: the action's next look into the ledger must not find it under way.
            self._journal.commit(ledger.refused, request)
            self._note(request, f"{refusal.code} {refusal.detail}", began)
            if refusal.code in ("610", "2500"):
                service.forget_lists()
            raise
        self._observe("received")
        self._note(request, {"trace": answer.trace, "record": answer.record}, began)
        return self._answered(request, answer.id, answer.facts)

    def _note(self, request: ledger.Request, got: Any, began: float) -> None:
        seconds = self._clock.elapsed() - began
        sent = {"path": request.path, "key": request.key, "body": request.body.decode()}
        self.calls.append(Call(what="write", sent=sent, got=got, seconds=seconds))

    def _remember(self, document: Document, linked: Linked) -> None:
        for alias in (*document.aliases, f"qbo:{linked.id}"):
            self._links[document.kind, alias] = linked
        self.linked.update(
            f"{document.kind}:{alias}" for alias in (*document.aliases, *document.also)
        )


def _occupied(taken: ledger.Taken, document: Document) -> Awaiting:
    wait = OCCUPIED_WAIT if taken.state in ("running", "queued", "waiting") else STUCK_WAIT
    return Awaiting(
        f"Run {taken.run} is making the same {document.kind} and is {taken.state}; "
        "this one goes on when that is done.",
        names=tuple(f"{document.kind}:{alias}" for alias in (*document.aliases, *document.also)),
        look_again=wait,
    )


def agrees(record: Mapping[str, Any], find: Find) -> bool:
    """Whether a record has every value that `find` expects."""
    return all(
        any(_same(value, wanted) for value in values_at(record, path.split(".")))
        for path, wanted in find.expect.items()
    )


def values_at(value: Any, path: list[str]) -> Iterator[Any]:
    """All values at a dotted path; a list on the way stands for each of its elements."""
    if isinstance(value, list | tuple):
        for element in value:
            yield from values_at(element, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from values_at(value[path[0]], path[1:])


def _same(value: Any, wanted: str) -> bool:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            return Decimal(value) == Decimal(wanted)
        except InvalidOperation:
            return False
    return " ".join(str(value).casefold().split()) == " ".join(wanted.casefold().split())
