"""What recipes may name on this installation: actions, triggers, connections, files beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from connector.base import ActionSpec

#: Gives the text of a file by its path below the folder of recipes; None where there is none.
Beside: TypeAlias = Callable[[str], str | None]


def nothing_beside(path: str) -> None:
    """A recipe that stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What is installed and connected, as far as recipes are checked against it."""

    #: By name, such as `quickbooks.create_invoice`.
    actions: Mapping[str, ActionSpec]
    #: Names of triggers, such as `payment_collected`.
    triggers: Collection[str]
    #: Connector key by connection name; None where connections are not known (a bare check).
    connections: Mapping[str, str] | None = None
