"""A recipe put together from its file and its parts, before it is known to be free of mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.problems import Problem
from runtime.recipes.model import Table


@dataclass(kw_only=True)
class Whole:
    """What a recipe's file and its parts say together, and what is wrong with it."""

    #: when, only_if, do and all the rest, as if no template were used.
    value: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    tables: Mapping[str, Table] = field(default_factory=dict)
    #: Text of each part by its path below the folder of recipes.
    parts: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    #: Such as `accepted-estimate@2`; empty without one.
    template: str = ""

    @property
    def complete(self) -> bool:
        """Whether every table that it declares could be read."""
        return set(self.value.get("tables", ())) == set(self.tables)
