"""Answers by requestid: a repeated request is given the first answer, also while it is made."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a write was answered."""

    status: int
    #: The JSON text.
    body: str
    #: The id of the record that was written, empty for a refusal.
    committed: str = ""


class Replay:
    """The answers of one company; how long QuickBooks keeps them is not known, here for ever."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, Answer] = {}
        self._in_flight: dict[str, threading.Event] = {}

    def once(
        self, key: str, make: Callable[[], Answer], *, keep: Callable[[Answer], bool]
    ) -> tuple[Answer, bool]:
        """The answer for `key` and whether it is a repeat; `make` is called by one caller only.

        Callers that come while it is made wait for it. What `keep` refuses, and what raised, is
        not remembered: the next caller makes its own.
        """
        while True:
            with self._lock:
                if key in self._made:
                    return self._made[key], True
                waiting_for = self._in_flight.get(key)
                if waiting_for is None:
                    self._in_flight[key] = threading.Event()
                    break
            waiting_for.wait()
        try:
            answer = make()
            if keep(answer):
                self.remember(key, answer)
            return answer, False
        finally:
            with self._lock:
                self._in_flight.pop(key).set()

    def remember(self, key: str, answer: Answer) -> None:
        """Store an answer."""
        with self._lock:
            self._made[key] = answer

    def made(self) -> dict[str, Answer]:
        """All answers, for saving."""
        with self._lock:
            return dict(self._made)
