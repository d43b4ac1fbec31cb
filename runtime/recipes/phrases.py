"""Reads the two short phrases of recipes: `50 per hour`, `at least 1 per 3 working days`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LIMIT = re.compile(r"([1-9][0-9]{0,5}) per (minute|hour|day)")
_EXPECT = re.compile(
    r"at least ([1-9][0-9]{0,3}) per (?:([1-9][0-9]{0,2}) )?(hour|day|working day|week)s?"
)
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`50 per hour`."""

    count: int
    #: minute, hour or day
    unit: str

    @property
    def seconds(self) -> int:
        """Length of the window."""
        return _SECONDS[self.unit]

    def __str__(self) -> str:
        return f"{self.count} per {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """`at least 1 per 3 working days`."""

    least: int
    count: int
    #: hour, day, working day or week; working days are Monday to Friday in the company's zone.
    unit: str

    def __str__(self) -> str:
        many = f"{self.count} {self.unit}s" if self.count > 1 else self.unit
        return f"at least {self.least} per {many}"


def limit(phrase: str) -> Limit:
    """What `at_most:` says. Raises ValueError for what its schema refuses."""
    found = _LIMIT.fullmatch(phrase)
    if found is None:
        raise ValueError(phrase)
    return Limit(count=int(found[1]), unit=found[2])


def expectation(phrase: str) -> Expectation:
    """What `expect:` says. Raises ValueError for what its schema refuses."""
    found = _EXPECT.fullmatch(phrase)
    if found is None:
        raise ValueError(phrase)
    return Expectation(least=int(found[1]), count=int(found[2] or 1), unit=found[3])
