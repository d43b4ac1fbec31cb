"""What the books must know about a kind of record, whatever else it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from connector.practice.books.ledger import Posting
from connector.practice.shape import Record


class Kept(Protocol):
    """What the books must know about a kind of record to keep it."""

    @property
    def name(self) -> str:
        """E.g. `Invoice`."""

    @property
    def filters(self) -> Mapping[str, str]:
        """Fields that can be asked for, and how each compares."""

    @property
    def lookups(self) -> Mapping[str, str]:
        """The same for fields that only the practice company itself looks for."""

    @property
    def post(self) -> Callable[[Any, Record], list[Posting]] | None:
        """(the Change that puts it into effect, a record) -> what it posts; None = nothing."""

    @property
    def numbered_with(self) -> str:
        """The sequence that gives the ids."""
