"""What standard events look like: their names as triggers, their declared fields, their check."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

from runtime.documents import mistakes, schema

#: Declared names below a name. None: nothing is declared, anything may follow.
Tree: TypeAlias = "Mapping[str, Branch] | None"


class Branch:
    """One declared field: what is below it, and whether it is a list of that."""

    __slots__ = ("below", "is_list")

    def __init__(self, below: Tree, *, is_list: bool) -> None:
        self.below = below
        self.is_list = is_list


@cache
def types() -> tuple[str, ...]:
    """Every standard event type, e.g. `payment.collected`, sorted."""
    files = (schema.FOLDER / "events").glob("[!_]*.json")
    return tuple(sorted(path.name.removesuffix(".json") for path in files))


def trigger_of(event_type: str) -> str:
    """The name a recipe uses: `payment_collected` for `payment.collected`."""
    return event_type.replace(".", "_")


@cache
def triggers() -> Mapping[str, str]:
    """Event type by trigger name, for every standard event."""
    return {trigger_of(event_type): event_type for event_type in types()}


def validate_event(event_type: str, data: object) -> list[str]:
    """What is wrong with the `data` of an event: sentences that name the field and the remedy.

    An event that is no standard one has nothing to be checked against and gives no sentences.
    Fields beyond the declared ones are allowed.
    """
    if event_type not in types():
        return []
    errors = schema.validator(f"events/{event_type}").iter_errors(data)
    found = mistakes.explain(errors, whole=f"the event {event_type}")
    return [_sentence(mistake) for mistake in found]


def _sentence(mistake: mistakes.Mistake) -> str:
    words = f"{mistake.sentence}; {mistake.fix}" if mistake.fix else mistake.sentence
    return f"{words[:1].upper()}{words[1:]}."


@cache
def declared(trigger: str) -> Tree:
    """The fields that `trigger.` may name; None where the trigger is no standard one."""
    event_type = triggers().get(trigger)
    return None if event_type is None else _tree(schema.load(f"events/{event_type}"))


def _tree(node: Mapping[str, Any]) -> Tree:
    if node.get("x-open"):
        return None
    found: dict[str, Branch] = {}
    for part in (node, *node.get("allOf", ()), *node.get("anyOf", ())):
        for name, below in part.get("properties", {}).items():
            # A field's second mention only adds conditions to the first.
            found.setdefault(name, _branch(below))
        if part is not node:
            found |= {**(_tree(part) or {}), **found}
    return found


def _branch(node: Mapping[str, Any]) -> Branch:
    items = next(
        (part["items"] for part in (node, *node.get("anyOf", ())) if "items" in part), None
    )
    if items is not None:
        return Branch(_tree(items), is_list=True)
    return Branch(_tree(node), is_list=False)
