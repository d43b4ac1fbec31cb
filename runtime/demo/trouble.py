"""What can stop the demonstration, and how signals end it without leaving a process behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Trouble(Exception):
    """The demonstration cannot go on; the text says why and what to do."""


class Interrupted(Exception):
    """Someone asked the demonstration to end (Ctrl-C, SIGTERM, a closed terminal)."""


class Signals:
    """Turns signals into Interrupted, once, and never while something must not be cut."""

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._told = False
        self._raised = False
        self._deaf = 0

    def __enter__(self) -> Signals:
        self._before = {one: signal.signal(one, self._hear) for one in _SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one, handler in self._before.items():
            signal.signal(one, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """A stretch that is finished first; a signal that came meanwhile is raised after it."""
        self._deaf += 1
        try:
            yield
        finally:
            self._deaf -= 1
        self._heed()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._told = True
        self._heed()

    def _heed(self) -> None:
        if self._told and not self._raised and not self._deaf:
            self._raised = True
            raise Interrupted
