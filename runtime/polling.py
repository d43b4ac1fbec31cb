"""Reads sources that can be asked: what a lost webhook did not tell arrives here, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from connector.base import Connector, Happening
from connector.errors import Consequence, Retryable
from runtime.clock import Clock
from runtime.store import cursors, events, workers
from runtime.store.database import Database

log = logging.getLogger(__name__)

#: Read again at every poll: events that the source indexed late.
OVERLAP = timedelta(minutes=10)
#: One cursor per connection covers all its triggers.
ALL = "*"
#: Read again once a day: what the source told even later.
SWEEP, SWEEP_EVERY = timedelta(days=2), 24 * 3600.0
#: Events stored per transaction, so that a long catch-up keeps memory and locks small.
_AT_ONCE = 200


class Poller:
    """Polls connections under a lease."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        worker: str,
        http: Any,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker
        self._http = http
        self._wake = wake
        #: When each connection was last swept, in elapsed seconds.
        self._swept: dict[str, float] = {}

    def poll(self, connection: str, connector: Connector, account: Mapping[str, str]) -> int:
        """Read what is new since the cursor; returns how many events were new.

        The first poll of a connection sets its baseline and fires nothing. Raises Retryable,
        NeedsReconnect; whatever was stored by then stays, and the cursor with it.
        """
        lease = f"poll/{connection}"
        fence = self._database.write(workers.acquire, lease, self._worker, self._worker)
        if fence is None:
            return 0
        try:
            return self._poll(connection, connector, account, lease, fence)
        finally:
            self._database.write(workers.release, lease, fence)

    def _poll(
        self,
        connection: str,
        connector: Connector,
        account: Mapping[str, str],
        lease: str,
        fence: int,
    ) -> int:
        began = self._clock.now()
        cursor = self._database.read(cursors.get, connection, ALL)
        if cursor is None:
            self._database.write(cursors.begin, connection, ALL, began)
            return 0
        since = self._window(connection, cursor, began)
        page: str | None = None
        pages: set[str] = set()
        new = 0
        while True:
            got = connector.poll(account, since, page, self._http)
            # The cursor moves with the last page only: pages need not be in the order of time.
            position = began if got.next is None else None
            new += self._store(connection, got.happenings, position, lease, fence)
            if got.next is None:
                return new
            if got.next in pages:
                raise Retryable(f"{connection} gives the same page again; the poll was stopped.")
            pages.add(got.next)
            page = got.next

    def _window(self, connection: str, cursor: cursors.Cursor, now: datetime) -> datetime:
        """From when to read; never from before the baseline."""
        swept = self._swept.get(connection)
        sweep = swept is None or self._clock.elapsed() - swept >= SWEEP_EVERY
        if sweep:
            self._swept[connection] = self._clock.elapsed()
        # A clock set back must not make the window start after what has not been read yet.
        since = min(cursor.position, now) - (SWEEP if sweep else OVERLAP)
        return max(since, cursor.baseline)

    def _store(
        self,
        connection: str,
        found: Sequence[Happening],
        position: datetime | None,
        lease: str,
        fence: int,
    ) -> int:
        batches = [found[i : i + _AT_ONCE] for i in range(0, len(found), _AT_ONCE)] or [()]
        new = 0
        for number, batch in enumerate(batches, start=1):
            end = position if number == len(batches) else None
            new += self._database.write(self._keep, connection, batch, end, lease, fence)
        if new:
            self._wake()
        return new

    def _keep(
        self,
        tx: Connection,
        connection: str,
        batch: Sequence[Happening],
        position: datetime | None,
        lease: str,
        fence: int,
    ) -> int:
        if not workers.holds(tx, lease, fence):
            raise Retryable("Another worker polls this connection now.")
        now = self._clock.now()
        stored = events.add_all(tx, connection, batch, {}, now)
        new = sum(status == "stored" for _, status in stored)
        if position is not None:
            cursors.advance(tx, connection, ALL, position=position, now=now, found=new > 0)
        return new


class Polls:
    """When each connection is polled next, on a clock that never steps."""

    #: Seconds between polls where the connection does not say.
    EVERY = 240.0

    def __init__(self, poller: Poller, clock: Clock) -> None:
        self._poller = poller
        self._clock = clock
        self._due: dict[str, float] = {}
        self._failures: dict[str, int] = {}

    def run(self, connections: Mapping[str, tuple[Connector, Mapping[str, str]]]) -> dict[str, str]:
        """Poll what is due; returns a sentence for each connection that failed."""
        failed = {}
        for name, (connector, account) in connections.items():
            if not connector.polls(account) or self._clock.elapsed() < self._due.get(name, 0.0):
                continue
            wait = float(account.get("poll_seconds") or self.EVERY)
            try:
                self._poller.poll(name, connector, account)
                self._failures.pop(name, None)
            except Consequence as error:
                failed[name] = error.sentence
                tries = self._failures[name] = self._failures.get(name, 0) + 1
                asked = error.retry_after if isinstance(error, Retryable) else None
                wait = max(min(wait * 2.0 ** (tries - 1), 3600.0), asked or 0.0)
                log.warning(
                    "poll of %s failed: %s", name, error.sentence, extra={"action": "poll_failed"}
                )
            self._due[name] = self._clock.elapsed() + wait
        return failed
