"""What a row of the table of kinds holds, and which operations follow from the client's class."""

from __future__ import annotations

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
    "list": "all",
    "delete": "delete",
    "void": "void",
    "pdf": "download_pdf",
    "send": "send",
    "reference": "to_ref",
    "link": "to_linked_txn",
}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of record as python-quickbooks knows it."""

    kind: Any
    #: (client) -> a valid object that is not saved yet.
    build: Callable[[Any], Any]
    #: A field that may change later, and what to.
    change: tuple[str, Any]
    #: A field by which queries find it.
    found_by: str = ""
    #: Operation that the class offers and QuickBooks does not: why.
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.kind.qbo_object_name)

    @property
    def offered(self) -> set[str]:
        """The operations for which the class has a method; what has `Active` can be hidden."""
        found = {one for one, method in OPERATIONS.items() if hasattr(self.kind, method)}
        return found | ({"hide"} if hasattr(self.kind(), "Active") else set())


def unique(words: str) -> str:
    """A name that no other record of this test run has."""
    return f"{words} {next(_NUMBERS)}"
