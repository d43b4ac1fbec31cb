"""The names that an editor offers in conditions and templates, each with what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connector.base import ActionSpec
from runtime.documents import schema
from runtime.events import Branch, triggers
from runtime.recipes.names import Names

#: Names below this depth are not offered: nobody reads them from a menu.
_DEEPEST = 4
#: What the shipped recipes call an element of a list.
_ELEMENT = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One name that a recipe may write."""

    #: e.g. `trigger.payment.amount`, or `line.amount` inside a loop.
    path: str
    #: What it means, one sentence.
    about: str = ""
    #: Whether `for_each` can go through it.
    is_list: bool = False
    #: The only values it can have; empty where any will do.
    choices: tuple[str | int | bool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """What recipes with one trigger may read."""

    #: Names by what they have in common: `trigger.payment`, `trigger.contact`, `event`, `rules`.
    groups: Mapping[str, tuple[Named, ...]]
    #: What the elements of the trigger's lists have.
    elements: tuple[Named, ...]

    @property
    def lists(self) -> list[Named]:
        """What `for_each` can go through."""
        return [one for names in self.groups.values() for one in names if one.is_list]


def readable(trigger: str) -> Readable:
    """The names of a recipe with this trigger, before any of its steps."""
    groups: dict[str, tuple[Named, ...]] = {}
    elements: dict[str, Named] = {}
    for root, branch in Names.of_trigger(trigger).roots.items():
        below = branch.below or {}
        if root != "trigger":
            groups[root] = tuple(_below(below, root, _DEEPEST))
            continue
        for name, part in below.items():
            groups[f"trigger.{name}"] = tuple(_walk(part, f"trigger.{name}", _DEEPEST))
        elements = {one.path: one for each in _lists(branch, _DEEPEST) for one in _element(each)}
    return Readable(
        groups={name: names for name, names in groups.items() if names},
        elements=tuple(elements.values()),
    )


def usual_id(action: str) -> str:
    """What a step with this action is usually called: `invoice` of `quickbooks.create_invoice`."""
    return action.rpartition(".")[2].rpartition("_")[2]


def results(actions: Mapping[str, ActionSpec]) -> tuple[Named, ...]:
    """What steps give to later ones, where they are called as usual."""
    found: dict[str, Named] = {}
    for name, action in sorted(actions.items()):
        for field, given in action.schema.get("x-gives", {}).items():
            path = f"steps.{usual_id(name)}.{field}"
            found.setdefault(path, Named(path=path, about=str(given.get("description", ""))))
    return tuple(found.values())


def title_of(trigger: str) -> tuple[str, str]:
    """Title and description of a trigger's event; empty for one that is no standard event."""
    event_type = triggers().get(trigger)
    if event_type is None:
        return "", ""
    found = schema.load(f"events/{event_type}")
    return str(found.get("title", "")), str(found.get("description", ""))


def _walk(branch: Branch, path: str, deepest: int) -> Iterator[Named]:
    yield Named(path=path, about=branch.about, is_list=branch.is_list, choices=branch.choices)
    if not branch.is_list:
        yield from _below(branch.below or {}, path, deepest - 1)


def _below(names: Mapping[str, Branch], path: str, deepest: int) -> Iterator[Named]:
    if deepest:
        for name, branch in names.items():
            yield from _walk(branch, f"{path}.{name}", deepest)


def _lists(branch: Branch, deepest: int) -> Iterator[Branch]:
    for below in (branch.below or {}).values() if deepest else ():
        if below.is_list:
            yield below
        else:
            yield from _lists(below, deepest - 1)


def _element(branch: Branch) -> Iterator[Named]:
    yield from _below(branch.below or {}, _ELEMENT, 1)
