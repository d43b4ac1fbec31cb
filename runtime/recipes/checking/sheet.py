"""What every check of a recipe has before it: the document, what is installed, the names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from runtime.documents import Document
from runtime.recipes.installed import Installed
from runtime.recipes.names import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One recipe under check, at one place of it."""

    document: Document
    installed: Installed
    #: What expressions may read at this place.
    names: Names

    def with_names(self, names: Names) -> Sheet:
        """The same recipe at a place where other names are known."""
        return replace(self, names=names)
