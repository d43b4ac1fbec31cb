"""What every check of a recipe has before it: the document, what is installed, the names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from runtime.documents import Document
from runtime.recipes.installed import Installed
from runtime.recipes.names import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One recipe under check, at one place of it."""

    document: Document
    installed: Installed
    #: Name of its trigger; empty where it names none.
    trigger: str = ""
    #: What expressions may read at this place.
    names: Names
    #: Dotted paths that are filled whenever this place is reached, because conditions ask for it.
    present: frozenset[str] = field(default_factory=frozenset)

    def with_names(self, names: Names) -> Sheet:
        """The same recipe at a place where other names are known."""
        return replace(self, names=names)

    def with_present(self, present: frozenset[str]) -> Sheet:
        """The same recipe at a place that is reached only where these are filled too."""
        return replace(self, present=self.present | present)
