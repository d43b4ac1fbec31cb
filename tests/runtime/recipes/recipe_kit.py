"""What the tests of recipes share: the actions by their schemas, and one collected payment."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any

from connector.base import ActionSpec, Books, Command, Done
from runtime.documents import schema
from runtime.events import triggers
from runtime.recipes import Installed


def perform(fields: Mapping[str, Any], books: Books) -> Generator[Command, Any, Done]:
    """An action that nobody runs here."""
    yield from ()
    return Done(values={"id": "1"})


ACTIONS: Mapping[str, ActionSpec] = {
    path.name.removesuffix(".json"): ActionSpec(
        name=path.name.removesuffix(".json"),
        service=path.name.split(".")[0],
        perform=perform,
        schema=json.loads(path.read_text(encoding="utf-8")),
    )
    for path in sorted((schema.FOLDER / "actions").glob("*.json"))
}
INSTALLED = Installed(actions=ACTIONS, triggers=triggers())
RECIPES = schema.FOLDER.parent / "recipes"


def example(event_type: str) -> dict[str, Any]:
    """The `data` of an event, as its schema shows it."""
    found: dict[str, Any] = json.loads(
        json.dumps(schema.load(f"events/{event_type}")["examples"][0])
    )
    return found


def scope(data: Mapping[str, Any], **rules: object) -> dict[str, Any]:
    """What a recipe may read, two steps done."""
    return {
        "trigger": data,
        "event": {"id": "1", "test": False, "timestamp": "2026-11-06T23:58:40Z"},
        "rules": {"net_days": 0, **rules},
        "steps": {"customer": {"id": "5"}, "invoice": {"id": "9"}},
    }
