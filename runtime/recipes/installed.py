"""What recipes may name on this installation: actions, triggers, connections, files beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from connector.base import ActionSpec

#: Gives the text of a file by its path below the folder of recipes; None where there is none.
#: For the path of a folder, with a slash at its end, the names of what lies there, one a line.
Beside: TypeAlias = Callable[[str], str | None]


def nothing_beside(path: str) -> None:
    """A recipe that stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where the parts of a recipe are read from: tables, templates."""

    beside: Beside
    #: The folder of recipes as the user knows it, such as `recipes`; empty for the present one.
    root: str = ""

    def shown(self, path: str) -> str:
        """A path below the folder as the user knows it."""
        return f"{self.root}/{path}" if self.root else path

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder below it, sorted."""
        return sorted((self.beside(f"{folder}/" if folder else "") or "").splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What is installed and connected, as far as recipes are checked against it."""

    #: By name, such as `quickbooks.create_invoice`.
    actions: Mapping[str, ActionSpec]
    #: Names of triggers, such as `payment_collected`.
    triggers: Collection[str]
    #: Connector key by connection name; None where connections are not known (a bare check).
    connections: Mapping[str, str] | None = None
    #: Keys of the connectors that give a trigger, by its name; empty where that is not known.
    given_by: Mapping[str, Collection[str]] = field(default_factory=dict)
    #: Names of those who can be told of trouble; None where they are not known.
    recipients: Collection[str] | None = None
