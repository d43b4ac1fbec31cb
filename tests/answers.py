"""Starts practice companies whose every answer is held against the tables of fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.practice import server
from connector.practice.entities import FIELDS
from connector.practice.server import Running
from connector.practice.shape import problems
from tests.report_shape import misshapen

#: What an envelope holds beside records.
_ENVELOPE = frozenset(
    {"time", "startPosition", "maxResults", "totalCount", "bId", "Fault", "fault", "warnings"}
)
_NESTED = frozenset({"QueryResponse", "BatchItemResponse", "CDCResponse", "AttachableResponse"})
#: Answers that hold no records.
_OTHER_ANSWERS = ("/taxservice/",)


class Watch:
    """Collects what does not fit; `told` gives it once."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def __call__(self, path: str, body: Any) -> None:
        if "/reports/" in path:
            self._found += [f"{path}: {sentence}" for sentence in misshapen(body)]
        elif not any(part in path for part in _OTHER_ANSWERS):
            self._found += [f"{path}: {sentence}" for sentence in misfits(body)]

    def told(self) -> list[str]:
        """All that was found since the last time."""
        found, self._found = self._found, []
        return found


def misfits(body: Any) -> Iterator[str]:
    """What is wrong with the records of an answer, and with an envelope of unknown parts."""
    for envelope in body if isinstance(body, list) else [body]:
        if not isinstance(envelope, Mapping):
            yield f"{envelope!r} is no envelope."
            continue
        for name, value in envelope.items():
            if name in _NESTED:
                yield from misfits(value)
            elif name == "Report":
                yield from misshapen(value)
            elif name in FIELDS:
                yield from _records(name, value)
            elif name not in _ENVELOPE:
                yield f"{name} is neither a part of an envelope nor a kind with a table of fields."


def _records(name: str, value: Any) -> Iterator[str]:
    for record in value if isinstance(value, list) else [value]:
        if isinstance(record, Mapping):
            yield from problems(FIELDS[name], record, name)
        else:
            yield f"{name} is {record!r}, not a record."


WATCH = Watch()


def start(**options: Any) -> Running:
    """A practice company like `server.start`; the test fails in which an answer did not fit."""
    return server.start(observe=WATCH, **options)
