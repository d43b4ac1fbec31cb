"""Fetches the past for a recipe that says `start_from`, page by page, for that recipe alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection

from connector.base import Connector, Happening, Page
from connector.errors import Consequence, NeedsReconnect, Retryable
from runtime import starting
from runtime.clock import Clock
from runtime.filing import start
from runtime.models import Trouble
from runtime.notices import troubles
from runtime.runner import needs_books
from runtime.settings import Settings
from runtime.shelf import Live, Shelf
from runtime.store import backfills, events, notices, workers
from runtime.store.backfills import Backfill
from runtime.store.database import Database

log = logging.getLogger(__name__)

#: Until then every process has read the recipe, so that what comes live is not missed between.
SETTLE = timedelta(seconds=5)
#: Runs of one recipe that may wait to be taken before the next page is read.
AHEAD = 25
#: Events stored per transaction.
_AT_ONCE = 100
#: Failures in a row after which it is told, and after which the first page is read again.
_TOLD, _REWIND = 3, 5
#: Seconds: the wait after the first failure, and the longest.
_FIRST, _LONGEST = 30.0, 3600.0

Sources: TypeAlias = Mapping[str, tuple[Connector, Mapping[str, str]]]


class _Unfiled(Exception):
    """An event of the page came live a moment ago and is being filed; the page is read again."""


class _BegunAnew(Exception):
    """Another process began with an earlier day meanwhile, whose first page is read next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The past that one connection could give one recipe."""

    live: Live
    connection: str
    connector: Connector
    account: Mapping[str, str]
    day: date

    @property
    def key(self) -> tuple[str, str]:
        """Names it in this module."""
        return self.live.recipe.id, self.connection


@dataclass(slots=True, kw_only=True)
class _Try:
    """How reading went lately, in this process."""

    failures: int = 0
    #: In seconds of the clock that never steps.
    due: float = 0.0
    #: Names of the pages told since the start of the process, to notice a source that goes in
    #: circles.
    pages: set[str] = field(default_factory=set)


class Backfiller:
    """Reads the past of connections for recipes, a page at each tick.

    Whatever happens between, each event starts the recipe once: a page is stored together with
    the name of the next one, and an event that has started the recipe never starts it again. So
    editing or disabling a recipe, or a later day, moves and repeats nothing; an earlier day reads
    everything since then once more and starts the recipe with what it has not had.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        worker: str,
        http: Any,
        shelf: Shelf,
        settings: Callable[[], Settings],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker
        self._http = http
        self._shelf = shelf
        self._settings = settings
        self._wake = wake
        self._tries: dict[tuple[str, str], _Try] = {}

    def run(self, sources: Sources) -> None:
        """Read one page of every past that is wanted and not read yet."""
        settings = self._settings()
        unasked: dict[str, Trouble] = {}
        pasts = list(wanted(self._shelf.live, sources))
        for past in pasts:
            if needs_books(past.live.recipe) and not settings.companies:
                continue  # there is no company yet in whose zone the day begins
            backfill = self._database.read(backfills.get, *past.key)
            if backfill is not None and backfill.ended_at and not _earlier(past, backfill):
                continue
            if not past.connector.polls(past.account):
                trouble = troubles.unasked(past.live.recipe, past.connection, past.day)
                unasked[trouble.key] = trouble
                continue
            if backfill is None or _earlier(past, backfill):
                new = _new(past, settings, self._clock.now())
                self._database.write(backfills.begin, new)
            elif self._may(past, backfill):
                self._try(past, backfill)
        self._tell(unasked, {troubles.backfill_key(*past.key) for past in pasts})

    def _may(self, past: Past, backfill: Backfill) -> bool:
        """Whether the next page may be read now, so that what comes live goes first."""
        began, now = backfill.began_at, self._clock.now()
        if began <= now < began + SETTLE or self._clock.elapsed() < self._of(past).due:
            return False
        return self._database.read(backfills.under_way, past.live.recipe.id) < AHEAD

    def _try(self, past: Past, backfill: Backfill) -> None:
        lease = f"backfill/{past.live.recipe.id}/{past.connection}"
        fence = self._database.write(workers.acquire, lease, self._worker, self._worker)
        if fence is None:
            return
        try:
            self._read(past, backfill, lease, fence)
        except _Unfiled:
            self._wake()
        except _BegunAnew:
            return
        except Consequence as error:
            self._failed(past, backfill, error)
        else:
            self._worked(past)
        finally:
            self._database.write(workers.release, lease, fence)

    def _read(self, past: Past, backfill: Backfill, lease: str, fence: int) -> None:
        # Another process may have read on while the lease was not ours.
        current = self._database.read(backfills.get, *past.key)
        if current != backfill:
            return
        got = past.connector.poll(past.account, backfill.since, backfill.page or None, self._http)
        pages = self._of(past).pages
        if not backfill.page:
            pages.clear()
        if got.next is not None and got.next in pages:
            pages.clear()
            raise Retryable(f"{past.connection} gives the same page again.")
        started = self._store(past, backfill, got, lease, fence)
        if got.next is not None:
            pages.add(got.next)
        if started:
            self._wake()
        if got.next is None:
            log.info(
                "the past since %s of %s is read for recipe %s",
                backfill.day,
                past.connection,
                past.live.recipe.id,
                extra={"action": "backfill_done"},
            )

    def _store(self, past: Past, backfill: Backfill, got: Page, lease: str, fence: int) -> int:
        """Store a page; the cursor moves in the transaction of its last part."""
        mine = [each for each in got.happenings if _is_wanted(each, past, backfill)]
        parts = [mine[i : i + _AT_ONCE] for i in range(0, len(mine), _AT_ONCE)] or [[]]
        turns = [*((part, backfill.page) for part in parts[:-1]), (parts[-1], got.next)]
        settings = self._settings()

        def keep(tx: Connection, part: Sequence[Happening], page: str | None) -> int:
            if not workers.holds(tx, lease, fence):
                raise Retryable("Another worker reads this past now.")
            now = self._clock.now()
            started = sum(_start(tx, past, each, settings, now) for each in part)
            if not backfills.advance(tx, backfill, page, started, now):
                raise _BegunAnew
            return started

        return sum(self._database.write(keep, part, page) for part, page in turns)

    def _worked(self, past: Past) -> None:
        self._of(past).failures = 0
        key = troubles.backfill_key(*past.key)
        if any(notice.key == key for notice in self._database.read(notices.lasting)):
            now = self._clock.now()
            self._database.write(notices.resolve, key, now, troubles.FETCHED_AGAIN)

    def _failed(self, past: Past, backfill: Backfill, error: Consequence) -> None:
        state = self._of(past)
        state.failures += 1
        asked = error.retry_after if isinstance(error, Retryable) else None
        wait = min(_FIRST * 2.0 ** min(state.failures - 1, 16), _LONGEST)
        state.due = self._clock.elapsed() + max(wait, asked or 0.0)
        log.warning(
            "the past of %s could not be read: %s",
            past.connection,
            error.sentence,
            extra={"action": "backfill_failed"},
        )
        if state.failures >= _TOLD or isinstance(error, NeedsReconnect):
            told = troubles.unread(past.live.recipe, past.connection, error.sentence, error.fix)
            self._database.write(notices.raise_, told, self._clock.now(), again=False)
        if state.failures % _REWIND == 0 and backfill.page:
            # The source may have forgotten the page.
            self._database.write(backfills.rewind, backfill)

    def _tell(self, unasked: Mapping[str, Trouble], wanted_keys: Collection[str]) -> None:
        """Note which pasts cannot be asked for, and end what nobody wants any more."""
        for notice in self._database.read(notices.lasting, troubles.UNREAD):
            if notice.key not in wanted_keys:
                now = self._clock.now()
                self._database.write(notices.resolve, notice.key, now, troubles.ASKED)
        told = {n.key: n.sentence for n in self._database.read(notices.lasting, troubles.UNASKED)}
        if told != {key: trouble.sentence for key, trouble in unasked.items()}:
            now, endings = self._clock.now(), {"": troubles.ASKED}
            self._database.write(notices.reconcile, troubles.UNASKED, unasked, now, endings)

    def _of(self, past: Past) -> _Try:
        return self._tries.setdefault(past.key, _Try())


def wanted(live: Sequence[Live], sources: Sources) -> Iterator[Past]:
    """Each connection that gives the trigger of an enabled recipe which says `start_from`."""
    for each in live:
        recipe = each.recipe
        if recipe.start_from is None or not recipe.enabled:
            continue
        for name, (connector, account) in sources.items():
            if recipe.trigger in connector.triggers and recipe.source in (None, name):
                yield Past(
                    live=each,
                    connection=name,
                    connector=connector,
                    account=account,
                    day=recipe.start_from,
                )


def _earlier(past: Past, backfill: Backfill) -> bool:
    return past.day.isoformat() < backfill.day


def _new(past: Past, settings: Settings, now: datetime) -> Backfill:
    """A backfill at its first page; the day begins where it begins first among the companies."""
    since = min(datetime.combine(past.day, time.min, tzinfo=zone) for zone in settings.zones)
    return Backfill(
        recipe=past.live.recipe.id,
        connection=past.connection,
        day=past.day.isoformat(),
        since=since.astimezone(UTC),
        page="",
        began_at=now,
        ended_at=None,
        started=0,
    )


def _is_wanted(happening: Happening, past: Past, backfill: Backfill) -> bool:
    mine = happening.trigger == past.live.recipe.trigger and not happening.ignored
    return mine and happening.happened_at >= backfill.since


def _start(
    tx: Connection, past: Past, happening: Happening, settings: Settings, now: datetime
) -> bool:
    """Start the recipe with one event; False where it had it already. Raises _Unfiled."""
    event = events.get(tx, events.add_past(tx, past.connection, happening, now))
    if event is None or event.state == "ignored":
        return False
    if event.state == "new":
        raise _Unfiled
    return starting.add_one(tx, start(event, past.live, settings, backfill=True), now)
