"""Lets whoever acknowledges a webhook go before whoever books: a sender's patience is short."""

from __future__ import annotations

import threading
from types import TracebackType


class Courtesy:
    """Entered by those who answer; those who book give way while anybody is inside."""

    #: Seconds that one who books waits at most, so that a flood of webhooks never stops the books.
    LONGEST = 0.02

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._nobody = threading.Event()
        self._nobody.set()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            self._nobody.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._nobody.set()

    def give_way(self) -> None:
        """Wait while somebody is being answered, but not for long."""
        if not self._nobody.is_set():
            self._nobody.wait(self.LONGEST)
