"""What every check of a recipe has before it: the document, what is installed, the names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from runtime.documents import Document
from runtime.recipes.checking import made_up
from runtime.recipes.expressions.compiling import (
    Compiled,
    ExpressionProblem,
    as_keys,
    compile_value,
)
from runtime.recipes.installed import Installed
from runtime.recipes.model import Table
from runtime.recipes.names import Names, locate


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One recipe under check, at one place of it."""

    document: Document
    installed: Installed
    #: Name of its trigger; empty where it names none.
    trigger: str = ""
    #: Whether it runs; one that is switched off may wait for what is not connected yet.
    enabled: bool = True
    #: What expressions may read at this place.
    names: Names
    #: Dotted paths that are filled whenever this place is reached, because conditions ask for it.
    present: frozenset[str] = field(default_factory=frozenset)
    #: Its lookup tables that could be read.
    tables: Mapping[str, Table] = field(default_factory=dict)
    #: The samples of the trigger that reach this place, each as a scope.
    samples: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def least(self) -> Mapping[str, Any]:
        """The poorest scope that this place may have: what may be absent is absent."""
        return made_up.least(self.names.roots, self.present)

    @cached_property
    def _read(self) -> dict[str, Compiled | None]:
        """Expressions that were looked at here before: several checks ask for each."""
        return {}

    def readable(self, value: object) -> Compiled | None:
        """An expression whose names all lead somewhere.

        None for a fixed value, and for one that is told elsewhere because it cannot be read.
        """
        if not isinstance(value, str) or "{{" not in value:
            return None
        if value not in self._read:
            self._read[value] = self._readable(value)
        return self._read[value]

    def _readable(self, text: str) -> Compiled | None:
        try:
            compiled = compile_value(text)
        except ExpressionProblem:
            return None
        wrong = any(locate(self.names, as_keys(path)) for path in compiled.paths)
        return None if wrong else compiled

    def with_names(self, names: Names) -> Sheet:
        """The same recipe at a place where other names are known."""
        return replace(self, names=names)

    def with_present(self, present: frozenset[str]) -> Sheet:
        """The same recipe at a place that is reached only where these are filled too."""
        return replace(self, present=self.present | present)

    def with_samples(self, samples: Iterable[Mapping[str, Any]]) -> Sheet:
        """The same recipe at a place that these samples reach."""
        return replace(self, samples=tuple(samples))
