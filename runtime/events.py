"""What standard events look like: their names as triggers, their declared fields, their check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from functools import cache
from typing import Any, TypeAlias

from runtime.documents import mistakes, schema

#: Declared names below a name. None: nothing is declared, anything may follow.
Tree: TypeAlias = "Mapping[str, Branch] | None"


#: Kinds of values by JSON Schema's names for them; amounts and days say `x-kind`.
_KINDS = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "flag",
    "array": "list",
    "object": "group",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One declared name: what is below it, what it holds, and whether it always holds something."""

    below: Tree
    _: KW_ONLY
    is_list: bool = False
    #: text, money, number, date, time, flag, list, group; empty where nothing is declared.
    kind: str = ""
    #: True where it is never absent, null or empty, as long as the group it stands in is there.
    filled: bool = False
    #: The only values it can have; empty where any will do.
    choices: tuple[str | int | bool, ...] = ()
    #: What it is, one sentence.
    about: str = ""


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
    return None if event_type is None else tree_of(schema.load(f"events/{event_type}"))


@cache
def examples(trigger: str) -> tuple[Mapping[str, Any], ...]:
    """The `data` of sample events of a trigger; none where it is no standard one."""
    event_type = triggers().get(trigger)
    return () if event_type is None else tuple(schema.load(f"events/{event_type}")["examples"])


def tree_of(node: Mapping[str, Any]) -> Tree:
    """The names below a group as its JSON Schema declares them; None where it is open."""
    parts = list(_parts(node))
    if any(part.get("x-open") for part in parts):
        return None
    required = {name for part in parts for name in part.get("required", ())}
    mentions: dict[str, list[Mapping[str, Any]]] = {}
    for part in parts:
        for name, below in part.get("properties", {}).items():
            mentions.setdefault(name, []).append(below)
    return {name: _branch(found, name in required) for name, found in mentions.items()}


def _parts(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and those it is made of; its alternatives are "this or null" here."""
    yield node
    for part in (*node.get("allOf", ()), *node.get("anyOf", ())):
        yield from _parts(part)


def _branch(mentions: Iterable[Mapping[str, Any]], required: bool) -> Branch:
    """One name from all that is said of it: later mentions add conditions to the first."""
    parts = [part for mention in mentions for part in _parts(mention)]
    items = next((part["items"] for part in parts if "items" in part), None)
    whole = {"allOf": parts} if items is None else items
    choices = next((part["enum"] for part in parts if "enum" in part), ())
    return Branch(
        tree_of(whole),
        is_list=items is not None,
        kind="list" if items is not None else _kind(parts),
        filled=required and not _nullable(parts),
        choices=tuple(choice for choice in choices if choice is not None),
        about=next((part["description"] for part in parts if "description" in part), ""),
    )


def _kind(parts: Iterable[Mapping[str, Any]]) -> str:
    declared = [kind for part in parts if (kind := part.get("x-kind") or _plain_kind(part))]
    exact = [kind for kind in declared if kind not in ("text", "number")]
    return next(iter([*exact, *declared]), "")


def _plain_kind(part: Mapping[str, Any]) -> str:
    kinds = [_KINDS[name] for name in _types(part) if name in _KINDS]
    if kinds or "enum" not in part:
        return next(iter(kinds), "")
    return "number" if all(isinstance(choice, int) for choice in part["enum"]) else "text"


def _nullable(parts: Iterable[Mapping[str, Any]]) -> bool:
    found = list(parts)
    if any(part.get("not") == {"type": "null"} for part in found):
        return False
    return any("null" in _types(part) for part in found)


def _types(part: Mapping[str, Any]) -> list[str]:
    types = part.get("type", [])
    return [types] if isinstance(types, str) else list(types)
