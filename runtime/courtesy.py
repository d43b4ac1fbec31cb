"""Who may use the processor: acknowledging a webhook goes first, and few book at a time.

Python runs one thread at a time. Eight workers that all want to compute would each keep the others,
and every acknowledgement, waiting for many turns; two do the same work in less time. A worker that
waits for an answer from the network computes nothing and gives its turn to another.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """So many turns for all threads; one given back goes to whoever has waited longest.

    A `threading.Semaphore` lets the thread that gave its turn back take it again before a waiting
    one is awake: one that came back from the network could then wait for as long as others had
    anything to do, and all that waits for its document with it.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    def acquire(self) -> None:
        """Take a turn, waiting for it where all are taken."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            given = threading.Event()
            self._waiting.append(given)
        given.wait()

    def release(self) -> None:
        """Hand the turn to the next, or keep it free."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


class Courtesy:
    """The rules between the threads of one process that answer and those that book."""

    #: Workers that compute at the same time.
    TURNS = 2
    #: Seconds that one who books waits at most for those who answer, so that a flood of webhooks
    #: never stops the books.
    LONGEST = 0.02

    def __init__(self) -> None:
        self._turns = Turns(self.TURNS)
        self._lock = threading.Lock()
        self._answering = 0
        self._nobody_answers = threading.Event()
        self._nobody_answers.set()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While a webhook is being acknowledged."""
        with self._lock:
            self._answering += 1
            self._nobody_answers.clear()
        try:
            yield
        finally:
            with self._lock:
                self._answering -= 1
                if not self._answering:
                    self._nobody_answers.set()

    @contextmanager
    def booking(self) -> Iterator[None]:
        """While a worker books."""
        self._take_turn()
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def away(self) -> Iterator[None]:
        """While a worker that books waits for the network."""
        self._turns.release()
        try:
            yield
        finally:
            self._take_turn()

    def _take_turn(self) -> None:
        if not self._nobody_answers.is_set():
            self._nobody_answers.wait(self.LONGEST)
        self._turns.acquire()
