"""Which workers are alive, without trusting any clock but one that never steps."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from runtime.clock import Clock
from runtime.store import runs, workers
from runtime.store.database import Database

#: Seconds without a new beat after which a worker on another machine counts as dead.
SILENCE = 60.0
#: Seconds that a request under way at its death is given before it is looked up.
SETTLE = 10.0


class Liveness:
    """This process' sign of life, and the takeover from those who have none.

    On one machine each worker holds a lock on a file, which the system frees at its death. Across
    machines a worker is dead when its beat has not moved for SILENCE seconds of our own time.
    """

    def __init__(self, *, database: Database, folder: Path, clock: Clock) -> None:
        self.worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._host = socket.gethostname()
        self._database = database
        self._folder = folder / "workers"
        self._clock = clock
        self._seen: dict[str, tuple[int, float]] = {}
        self._lock = FileLock(self._file(self.worker))

    def begin(self) -> None:
        """Show this process alive and take over from dead ones."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire(timeout=0)
        now = self._clock.now()
        self._database.write(workers.register, self.worker, self._host, now)
        self.take_over()

    def beat(self) -> None:
        """Say that this process is alive; registered anew if it was declared dead."""
        if not self._database.write(workers.beat, self.worker):
            self._database.write(workers.register, self.worker, self._host, self._clock.now())

    def take_over(self) -> int:
        """Free what dead workers held; returns how many runs that were."""
        dead = [worker for worker in self._dead() if worker != self.worker]
        if not dead:
            return 0
        now = self._clock.now()

        def bury(tx: Connection) -> int:
            freed = runs.take_over(tx, dead, now, SETTLE)
            workers.bury(tx, dead)
            return freed

        freed = self._database.write(bury)
        for worker in dead:
            self._file(worker).unlink(missing_ok=True)
        return freed

    def abandon(self) -> None:
        """Let go of the sign of life as a killed process does, and of nothing else."""
        self._lock.release()

    def end(self) -> None:
        """Leave in good order."""
        self._database.write(workers.bury, [self.worker])
        self._lock.release()
        self._file(self.worker).unlink(missing_ok=True)

    def _dead(self) -> Iterator[str]:
        for worker, host, beat in self._database.read(workers.beats):
            if host == self._host and self._file(worker).exists():
                if self._is_free(worker):
                    yield worker
            elif self._silent(worker, beat):
                yield worker

    def _is_free(self, worker: str) -> bool:
        if worker == self.worker:
            return False
        with contextlib.suppress(Timeout):
            lock = FileLock(self._file(worker))
            lock.acquire(timeout=0)
            lock.release()
            return True
        return False

    def _silent(self, worker: str, beat: int) -> bool:
        seen, since = self._seen.get(worker, (-1, 0.0))
        if beat != seen:
            self._seen[worker] = (beat, self._clock.elapsed())
            return False
        return self._clock.elapsed() - since > SILENCE

    def _file(self, worker: str) -> Path:
        return self._folder / f"{worker}.lock"
