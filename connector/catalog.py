"""What Bookrelay can do: the connectors that give events, the actions recipes may name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from connector.base import ActionSpec, Connector
from connector.leadexploder import LeadExploder
from connector.stripe import Stripe

_SCHEMAS = Path(__file__).resolve().parent.parent / "schemas" / "actions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything a recipe can be checked against and run with."""

    #: By key, such as `leadexploder`.
    connectors: Mapping[str, Connector]
    #: By name, such as `quickbooks.create_invoice`.
    actions: Mapping[str, ActionSpec]
    #: Trigger name to the keys of the connectors that give it, sorted.
    triggers: Mapping[str, tuple[str, ...]]


def connectors() -> Mapping[str, Connector]:
    """The connectors that ship with Bookrelay, by key."""
    shipped: tuple[Connector, ...] = (LeadExploder(), Stripe())
    return MappingProxyType({one.key: one for one in shipped})


def catalog(actions: Iterable[ActionSpec]) -> Catalog:
    """The shipped connectors with these actions. Raises ValueError for two of one name."""
    known = connectors()
    return Catalog(connectors=known, actions=_by_name(actions), triggers=_triggers(known))


def action_schema(name: str) -> dict[str, Any]:
    """JSON Schema of an action's fields. Raises KeyError for a name that has none."""
    path = _SCHEMAS / f"{name}.json"
    if path.parent != _SCHEMAS or not path.is_file():
        raise KeyError(name)
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _by_name(actions: Iterable[ActionSpec]) -> Mapping[str, ActionSpec]:
    named: dict[str, ActionSpec] = {}
    for spec in actions:
        if spec.name in named:
            raise ValueError(f"two actions are named {spec.name}")
        named[spec.name] = spec
    return MappingProxyType(named)


def _triggers(known: Mapping[str, Connector]) -> Mapping[str, tuple[str, ...]]:
    names = sorted({name for one in known.values() for name in one.triggers})
    return MappingProxyType(
        {
            name: tuple(sorted(k for k, one in known.items() if name in one.triggers))
            for name in names
        }
    )
