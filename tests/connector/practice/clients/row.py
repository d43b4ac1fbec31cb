"""What a row of the table of kinds holds, and which operations follow from the client's class."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

#: Operation: the method of a class of python-quickbooks without which there is none.
OPERATIONS = {
    "create": "save",
    "update": "save",
    "sparse": "save",
    "batch": "save",
    "read": "get",
    "changes": "save",
    "list": "all",
    "delete": "delete",
    "void": "void",
    "pdf": "download_pdf",
    "send": "send",
    "reference": "to_ref",
}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of record as python-quickbooks knows it."""

    kind: Any
    #: (client) -> a valid object that is not saved yet; None for kinds that the API only reads.
    build: Callable[[Any], Any] | None = None
    #: (client) -> a record that is stored, for kinds that the API only reads.
    find: Callable[[Any], Any] | None = None
    #: A field that may change later, and what to.
    change: tuple[str, Any] = ("", None)
    #: A field by which queries find it.
    found_by: str = "Id"
    #: Operation that the class offers and QuickBooks does not, or the client does wrong: why.
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.kind.qbo_object_name)

    @property
    def envelope(self) -> str:
        """What its records are called in answers."""
        return str(self.kind.qbo_json_object_name) or self.name

    @property
    def offered(self) -> set[str]:
        """The operations for which the class has a method; what has `Active` can be hidden."""
        found = {one for one, method in OPERATIONS.items() if hasattr(self.kind, method)}
        hidden = {"hide"} if "update" in found and hasattr(self.kind(), "Active") else set()
        repeated = {"repeat"} if "request_id" in _takes(getattr(self.kind, "save", None)) else set()
        return found | hidden | repeated

    def __str__(self) -> str:
        return self.name

    def stored(self, qb: Any) -> Any:
        """A record that is stored: a new one, or one that is there."""
        if self.build is None:
            assert self.find is not None
            return self.find(qb)
        return self.build(qb).save(qb=qb)


def _takes(method: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(method).parameters) if method else ()


def unique(words: str) -> str:
    """A name that no other record of this test run has."""
    return f"{words} {next(_NUMBERS)}"
