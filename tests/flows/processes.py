"""A real `bookrelay serve` process that may be killed at any moment, and what its store shows."""

from __future__ import annotations

import os
import queue
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: Seconds a start may take on a busy machine.
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request whose answer was not recorded when its process died."""

    key: str
    #: When it was marked as going out, by the clock of the process, in seconds since 1970.
    sent_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wreck:
    """What a killed process left in the store."""

    #: Requests that were going out in runs that were under way.
    open: tuple[OpenRequest, ...]
    #: Runs that were under way without such a request.
    between: int


class Bookrelay:
    """One data folder, served by one process after the other."""

    def __init__(self, data: Path, clock: Path, log: Path) -> None:
        self.data = data
        #: The running server's address; None while there is none.
        self.url: str | None = None
        self._clock = clock
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def start(self, kill: str = "") -> None:
        """Serve on a free port; `kill` is the point at which it kills itself, such as `sending:3`.

        A process that kills itself while it starts is told by `gone`.
        """
        more = {"BOOKRELAY_TEST_KILL": kill} if kill else {}
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "app.py", "serve", "--port", "0", "--data", str(self.data)],
                cwd=ROOT,
                env=self._environment(more),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url = self._heard(self._process)

    def command(self, *arguments: str) -> str:
        """Run a command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "app.py", *arguments, "--data", str(self.data)],
            cwd=ROOT,
            env=self._environment({}),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def gone(self) -> bool:
        """Whether the process has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """Kill the process, if it has not done so itself, and wait until it is gone."""
        process, self._process, self.url = self._process, None, None
        if process is None:
            return
        process.kill()
        process.wait(timeout=_PATIENCE)
        assert process.returncode == -9, f"it ended by itself: {self._log.read_text()[-3000:]}"
        assert process.stdout is not None
        process.stdout.close()

    def stop(self) -> None:
        """End the process in good order."""
        process, self._process, self.url = self._process, None, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=_PATIENCE)
        finally:
            process.kill()
            process.wait(timeout=_PATIENCE)
        assert process.stdout is not None
        process.stdout.close()

    def wreck(self) -> Wreck:
        """What the process that was just killed left; to be asked before the next one starts."""
        with closing(self._store()) as store:
            rows = store.execute(
                "SELECT requests.key, requests.sent_at FROM requests JOIN runs"
                " ON runs.id = requests.run WHERE requests.state = 'sent'"
                " AND runs.state = 'running'"
            ).fetchall()
            (running,) = store.execute(
                "SELECT count(*) FROM runs WHERE state = 'running'"
            ).fetchone()
        return Wreck(
            open=tuple(OpenRequest(key=key, sent_at=at) for key, at in rows),
            between=running - len(rows),
        )

    def counts(self) -> dict[str, int]:
        """How many runs are in each state, and `events` and `new` events."""
        with closing(self._store()) as store:
            counted = dict(store.execute("SELECT state, count(*) FROM runs GROUP BY state"))
            counted["events"], counted["new"] = store.execute(
                "SELECT count(*), count(*) FILTER (WHERE state = 'new') FROM events"
            ).fetchone()
        return counted

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        with closing(self._store()) as store:
            return store.execute(statement).fetchall()

    def _store(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.data / 'bookrelay.sqlite'}?mode=ro", uri=True)

    def _heard(self, process: subprocess.Popen[str]) -> str | None:
        """The address that the server prints once it listens; None when it died before."""
        heard: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        read = process.stdout.readline
        threading.Thread(target=lambda: heard.put(read()), daemon=True).start()
        line = heard.get(timeout=_PATIENCE).split()
        return line[-1] if line else None

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith("BOOKRELAY_")}
        return {**own, "BOOKRELAY_TEST_CLOCK": str(self._clock), **more}


class SteppedTime:
    """The time that the processes and the senders see: real time and the offset in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.offset = 0.0
        self.step(0.0)

    def step(self, offset: float) -> None:
        """Set the clocks to `offset` seconds from real time."""
        new = self.file.with_suffix(".new")
        new.write_text(str(offset))
        new.replace(self.file)
        self.offset = offset

    def now(self) -> float:
        """Seconds since 1970 as the processes see them."""
        return time.time() + self.offset
