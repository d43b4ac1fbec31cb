"""Worker threads: woken by the store, they file new events and advance runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from runtime import starting
from runtime.clock import Clock
from runtime.courtesy import Courtesy
from runtime.filing import Filed, file_event
from runtime.models import Run, RunState
from runtime.notices import troubles
from runtime.recipes import Recipe
from runtime.runner import Runner
from runtime.settings import Settings
from runtime.shelf import Shelf
from runtime.store import events, ledger, notices, runs
from runtime.store.database import Database, StoreFull

log = logging.getLogger(__name__)

#: Seconds a look-up waits after a run could not be recorded.
_SETTLE = 10.0


class Workers:
    """The worker threads of one process."""

    def __init__(
        self,
        *,
        database: Database,
        runner: Runner,
        shelf: Shelf,
        settings: Callable[[], Settings],
        clock: Clock,
        worker: str,
        courtesy: Courtesy,
        count: int = 8,
    ) -> None:
        self._database = database
        self._runner = runner
        self._shelf = shelf
        self._settings = settings
        self._clock = clock
        self._worker = worker
        self._courtesy = courtesy
        self._count = count
        self._bell = threading.Condition()
        self._rung = 0
        self._new_events = True
        self._stopping = False
        self._threads: list[threading.Thread] = []
        #: Runs whose end could not be recorded; they are put back as soon as it can.
        self._orphans: list[Run] = []

    def start(self) -> None:
        """Start the threads."""
        for number in range(self._count):
            thread = threading.Thread(target=self._work, name=f"worker-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let every thread finish the run in its hands, then end."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
        for thread in self._threads:
            thread.join(timeout=90)

    def wake(self, *, new_events: bool = True) -> None:
        """Something may be due: one idle thread looks, and wakes the next if there is more."""
        with self._bell:
            self._new_events = self._new_events or new_events
            self._rung = min(self._rung + 1, self._count)
            self._bell.notify()

    def drain(self) -> int:
        """Do all that is due now in the calling thread; how many runs were advanced."""
        done = 0
        with self._courtesy.booking():
            while (run := self._next()) is not None:
                self._advance(run)
                done += 1
        return done

    def _work(self) -> None:
        while not self._stopping:
            with self._courtesy.booking():
                worked = self._one()
            if not worked:
                self._wait()

    def _one(self) -> bool:
        """Advance the next run; False when there is none, or none that can be had."""
        try:
            run = self._next()
        except StoreFull:
            log.exception("the store cannot be written", extra={"action": "store_full"})
            return False
        except Exception:  # a worker thread must outlive whatever it meets
            log.exception("a worker met an error", extra={"action": "worker_error"})
            return False
        if run is not None:
            self._advance(run)
        return run is not None

    def _wait(self) -> None:
        with self._bell:
            while not self._rung and not self._stopping:
                self._bell.wait()
            self._rung = max(0, self._rung - 1)

    def _next(self) -> Run | None:
        self._put_back_orphans()
        filed: Sequence[Filed] = ()
        if self._new_events:
            self._new_events = False
            filed = self._file()
        return self._database.write(_store_and_take, filed, self._worker, self._clock.now())

    def _file(self) -> list[Filed]:
        settings = self._settings()
        fresh = self._database.read(events.unmatched)
        if len(fresh) > 1:
            self.wake(new_events=True)  # more than one worker's share, and maybe more to come
        return [file_event(event, self._shelf.live, settings) for event in fresh]

    def _advance(self, run: Run) -> None:
        try:
            self._runner.advance(run)
        except runs.Fenced:
            log.info("run %s was taken over", run.id, extra={"action": "run_fenced"})
        except (StoreFull, OperationalError):  # not written, or not read
            log.exception("run %s could not be recorded", run.id, extra={"action": "store_full"})
            self._orphans.append(run)
        except Exception as error:  # an error of ours must neither end the worker nor hide
            log.exception("run %s failed", run.id, extra={"action": "run_failed"})
            self._hold(run, error)

    def _hold(self, run: Run, error: Exception) -> None:
        try:
            known = self._shelf.newest(run.recipe, run.revision)
            self._database.write(_hold_broken, run, known, error, self._clock.now())
        except runs.Fenced:
            return
        except StoreFull:
            self._orphans.append(run)

    def _put_back_orphans(self) -> None:
        while self._orphans:
            try:
                run = self._orphans.pop()
            except IndexError:  # another thread was first
                return
            try:
                self._database.write(runs.give_back, run, self._clock.now(), _SETTLE)
            except StoreFull:
                self._orphans.append(run)
                raise


def _store_and_take(
    tx: Connection, filed: Sequence[Filed], worker: str, now: datetime
) -> Run | None:
    starting.store(tx, filed, now)
    return runs.take(tx, worker, now)


def _hold_broken(
    tx: Connection, run: Run, known: Recipe | None, error: Exception, now: datetime
) -> None:
    current = runs.get(tx, run.id)
    hold = {
        "reason": "internal-error",
        "sentence": f"Bookrelay met an error of its own ({type(error).__name__}: {error}). "
        "What is booked so far is listed; nothing more was booked.",
        "fix": "Report it with the run's number; release the run after an upgrade.",
    }
    steps = current.steps if current is not None else run.steps
    runs.finish(tx, run, RunState.HELD, steps, now=now, hold=hold)
    ledger.let_go(tx, run.id)
    notices.raise_(tx, troubles.held(run.recipe, known, hold), now)
