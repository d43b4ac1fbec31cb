"""The log of calls: what was asked, what was answered, what was committed by it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

_MOST = 200_000


@dataclass(slots=True, kw_only=True)
class Call:
    """One call; filled in while it is handled."""

    method: str
    path: str
    #: The kind of record, also for queries; empty for OAuth calls.
    entity: str = ""
    #: The statement of a query, or the beginning of a very long one.
    query: str = ""
    requestid: str = ""
    #: 0 when the answer was lost on purpose.
    status: int = 0
    #: Id of the record this very call wrote; empty for reads, refusals and replayed answers.
    committed: str = ""
    #: The answer was that of an earlier call with the same requestid.
    replayed: bool = False
    #: The kind of the injected fault that struck, or empty.
    fault: str = ""
    #: The trace id of the answer (`intuit_tid`), also when the answer was lost.
    tid: str = ""
    #: Practice time, ISO 8601.
    time: str = ""


class Calls:
    """The latest calls in order of their answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=_MOST)

    def add(self, call: Call) -> None:
        """Log a call."""
        with self._lock:
            self._calls.append(call)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._calls.clear()

    def told(self) -> list[dict[str, Any]]:
        """The log for the control API."""
        with self._lock:
            calls = list(self._calls)
        return [asdict(call) for call in calls]
