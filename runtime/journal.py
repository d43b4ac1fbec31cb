"""Gathers what a run wants recorded, so that one commit carries an answer and the next claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from runtime.models import Run
from runtime.store import runs
from runtime.store.database import Database

P = ParamSpec("P")
T = TypeVar("T")


class Journal:
    """The recordings of one run, each commit guarded by its fencing number."""

    def __init__(self, database: Database, run: Run) -> None:
        self._database = database
        self._run = run
        self._pending: list[Callable[[Connection], Any]] = []
        self._steps: Mapping[str, Any] | None = None

    def later(
        self, call: Callable[Concatenate[Connection, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Record with the next commit."""
        self._pending.append(lambda tx: call(tx, *args, **kwargs))

    def progress(self, steps: Mapping[str, Any]) -> None:
        """Record what finished steps gave with the next commit."""
        self._steps = dict(steps)

    def commit(
        self, call: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Record all that was kept for later and then `call`, together. Raises Fenced."""
        result = self._database.write(self._all, lambda tx: call(tx, *args, **kwargs))
        self._pending, self._steps = [], None
        return result

    def end(self, call: Callable[[Connection], None]) -> None:
        """Like `commit`, for what ends the run and so records its steps and checks the fence."""
        self._database.write(self._pending_and, call)
        self._pending, self._steps = [], None

    def flush(self) -> None:
        """Record what was kept for later; before anything else goes over the network."""
        if self._pending or self._steps is not None:
            self.commit(lambda tx: None)

    def _all(self, tx: Connection, call: Callable[[Connection], T]) -> T:
        if self._steps is None:
            runs.check_fence(tx, self._run)
        else:
            runs.progress(tx, self._run, self._steps)
        return self._pending_and(tx, call)

    def _pending_and(self, tx: Connection, call: Callable[[Connection], T]) -> T:
        for record in self._pending:
            record(tx)
        return call(tx)
