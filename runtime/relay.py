"""A running Bookrelay: what ticks, what works, and how it starts and stops."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection as Tx

from connector.base import Connector
from connector.catalog import Catalog
from runtime.backfilling import Backfiller
from runtime.clock import Clock, StepWatch
from runtime.courtesy import Courtesy
from runtime.editor import EditorSchemas
from runtime.intake import Intake
from runtime.liveness import Liveness
from runtime.notices.telling import Teller
from runtime.notices.watch import Watch
from runtime.pins import PinCheck
from runtime.polling import Polls
from runtime.problems import Problem
from runtime.recipes import Installed
from runtime.runner import Runner
from runtime.safe import Accounts, Safe
from runtime.scheduler import Ticker
from runtime.services import Desk
from runtime.settings import Revisions, Settings, SettingsStore
from runtime.shelf import Shelf
from runtime.store import companies, mending, revisions
from runtime.store.database import Database
from runtime.worker import Workers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """All parts of one process, put together by the composition root."""

    folder: Path
    database: Database
    catalog: Catalog
    clock: Clock
    settings: SettingsStore
    revisions: Revisions
    safe: Safe
    accounts: Accounts
    shelf: Shelf
    editor: EditorSchemas
    courtesy: Courtesy
    intake: Intake
    desk: Desk
    runner: Runner
    workers: Workers
    polls: Polls
    pins: PinCheck
    backfiller: Backfiller
    liveness: Liveness
    teller: Teller
    watch: Watch

    @property
    def installed(self) -> Installed:
        """What recipes may name here now."""
        return installed_of(self.catalog, self.settings.current())


def installed_of(catalog: Catalog, settings: Settings) -> Installed:
    """What recipes may name where this is installed and these connections are set up."""
    return Installed(
        actions=catalog.actions,
        triggers=catalog.triggers,
        connections={name: one.connector for name, one in settings.connections.items()},
        given_by=catalog.triggers,
        recipients=tuple(settings.notifications),
    )


class Heart:
    """Keeps a Relay going: workers, ticks, takeover of what a dead process left."""

    #: Seconds between looks at what is due, and between the slower duties.
    TICK, BEAT, POLL, TELL, PINS, PAST = 1.0, 10.0, 1.0, 5.0, 60.0, 2.0

    def __init__(self, relay: Relay, ticker: Ticker) -> None:
        self._relay = relay
        self._ticker = ticker
        self._steps = StepWatch(relay.clock)

    def start(self) -> None:
        """Take over, look again at what is held, and begin."""
        relay = self._relay
        relay.liveness.begin()
        relay.safe.refresh()
        relay.shelf.refresh()
        relay.editor.keep(relay.installed)
        self._log_problems(())
        self.tick()
        relay.workers.start()
        relay.workers.wake()
        self._ticker.every(self.TICK, self.tick, "due")
        self._ticker.every(self.BEAT, self.beat, "beat")
        self._ticker.every(self.POLL, self.poll, "poll")
        self._ticker.every(self.PAST, self.backfill, "backfill")
        self._ticker.every(self.TELL, self.tell, "tell")
        self._ticker.every(self.PINS, self.look_at_pins, "pins")
        self._ticker.start()

    def stop(self) -> None:
        """Finish what is in hand and leave in good order."""
        self._ticker.stop()
        self._relay.workers.stop()
        self._relay.liveness.end()
        self._relay.database.close()

    def tick(self) -> None:
        """What must be looked at every second."""
        relay = self._relay
        step = self._steps.step()
        now = relay.clock.now()
        if step:
            log.warning("the clock stepped by %.0f s", step, extra={"action": "clock_stepped"})
            relay.database.write(mending.shift, step)
        settings = relay.settings.adopt(self._record, at_least=self._newest)
        if relay.database.read(mending.needs_mending, settings.revision, now):
            relay.database.write(_mend, settings.revision, now)
        live, problems = relay.shelf.live, relay.shelf.problems
        changed = relay.shelf.refresh()
        if live != relay.shelf.live:
            log.info("recipes read again", extra={"action": "recipes_read"})
        if relay.shelf.problems is not problems:
            self._log_problems(frozenset(problems))
        relay.editor.keep(relay.installed, again=changed)
        relay.workers.wake()

    def beat(self) -> None:
        """Show this process alive, take over from dead ones, learn new secrets."""
        relay = self._relay
        relay.liveness.beat()
        relay.liveness.take_over()
        relay.safe.refresh()

    def poll(self) -> None:
        """Ask the sources that are due."""
        self._relay.polls.run(pollable(self._relay))

    def backfill(self) -> None:
        """Fetch a little of the past that recipes ask for."""
        self._relay.backfiller.run(pollable(self._relay))

    def tell(self) -> None:
        """Look what somebody must be told, and tell it."""
        self._relay.watch.look()
        self._relay.teller.tell()

    def look_at_pins(self) -> None:
        """See once a night whether pinned names still stand in QuickBooks."""
        self._relay.pins.run(self._relay.settings.current().companies)

    def _log_problems(self, told: Collection[Problem]) -> None:
        for problem in self._relay.shelf.problems:
            if problem not in told:
                log.warning("%s", problem, extra={"action": "recipe_problem"})

    def _record(self, revision: int, body: Mapping[str, object]) -> None:
        relay = self._relay
        relay.database.write(revisions.accept_settings, revision, body, relay.clock.now())

    def _newest(self) -> int:
        return self._relay.database.read(revisions.newest_settings)


def pollable(relay: Relay) -> dict[str, tuple[Connector, Mapping[str, str]]]:
    """Every connection with its connector and account."""
    settings: Settings = relay.settings.current()
    known = relay.catalog.connectors
    return {
        name: (known[connection.connector], relay.accounts(name))
        for name, connection in settings.connections.items()
        if connection.connector in known
    }


def _mend(tx: Tx, settings_revision: int, now: datetime) -> None:
    mending.rearm(tx, now)
    companies.rearm(tx, now)
    mending.release_held(tx, settings_revision, now)
    mending.release_reconnected(tx, now)
