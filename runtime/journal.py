"""Gathers what a run wants recorded, so that one commit carries an answer and the next claim."""

from __future__ import annotations

from collections.abc import Callable
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

    def later(
        self, call: Callable[Concatenate[Connection, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Record with the next commit."""
        self._pending.append(lambda tx: call(tx, *args, **kwargs))

    def commit(
        self, call: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Record all that was kept for later and then `call`, together. Raises Fenced."""
        pending = self._pending
        result = self._database.write(self._all, pending, lambda tx: call(tx, *args, **kwargs))
        self._pending = []
        return result

    def flush(self) -> None:
        """Record what was kept for later; before anything else goes over the network."""
        if self._pending:
            self.commit(lambda tx: None)

    def _all(
        self,
        tx: Connection,
        pending: list[Callable[[Connection], Any]],
        call: Callable[[Connection], T],
    ) -> T:
        runs.check_fence(tx, self._run)
        for record in pending:
            record(tx)
        return call(tx)
