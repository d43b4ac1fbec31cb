"""Checks that an action is given the fields it needs, no others, and each with a fitting value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.documents import At
from runtime.documents.hints import hint
from runtime.problems import Problem
from runtime.recipes.checking import constants, emptiness, foreign, kindly, samples, values
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.checking.slot import Slot
from runtime.recipes.mapping import is_loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields given to an action or to an element of one of its lists."""

    given: Mapping[str, Any]
    at: At
    #: What is declared of them.
    schema: Mapping[str, Any]
    #: Whose fields they are, in words.
    of: str
    #: Ids of the steps before.
    earlier: Collection[str]

    @property
    def declared(self) -> Mapping[str, Any]:
        """The schema of each field by name."""
        fields: Mapping[str, Any] = self.schema.get("properties", {})
        return fields

    def slots(self) -> Iterator[Slot]:
        """The fields that are given and declared."""
        for name, value in self.given.items():
            if name in self.declared:
                yield Slot(
                    name=name,
                    value=value,
                    at=(*self.at, name),
                    schema=self.declared[name],
                    of=self.of,
                    required=name in self.schema.get("required", ()),
                )


def check(sheet: Sheet, group: Group) -> Iterator[Problem]:
    """What is wrong with the fields of a group and of all groups below it."""
    yield from _unknown(sheet, group)
    yield from _missing(sheet, group)
    for slot in group.slots():
        yield from next(filter(None, (list(look(sheet, slot)) for look in _LOOKS)), ())
        for inner, below in _below(sheet, slot):
            given, at, schema = below
            part = replace(group, given=given, at=at, schema=schema, of=f'"{slot.name}"')
            yield from check(inner, part)


#: What is looked for in a field, one after the other: the first that is found explains the rest.
_LOOKS = (foreign.check, constants.check, kindly.check, samples.check, emptiness.check)


def _unknown(sheet: Sheet, group: Group) -> Iterator[Problem]:
    for name in group.given:
        if name not in group.declared:
            sentence = f'{group.of} has no field "{name}"'
            fix = hint(name, list(group.declared))
            at = (*group.at, name)
            yield sheet.document.problem(at, "unknown-field", sentence, fix, key=True)


def _missing(sheet: Sheet, group: Group) -> Iterator[Problem]:
    for name in group.schema.get("required", ()):
        if group.given.get(name, "") in ("", None):
            fix = _addition(name, group.declared[name], group.earlier)
            sentence = f'{group.of} needs "{name}"'
            at = (*group.at, name)
            yield sheet.document.problem(at, "missing-field", sentence, fix, key=True)


def _addition(name: str, field: Mapping[str, Any], earlier: Collection[str]) -> str:
    if name in earlier:
        return f'add {name}: "{{{{ steps.{name}.id }}}}"'
    about = str(field.get("description", "")).rstrip(".")
    return f"add {name}: {about}" if about else f"add {name}"


def _below(
    sheet: Sheet, slot: Slot
) -> Iterator[tuple[Sheet, tuple[Mapping[str, Any], At, Mapping[str, Any]]]]:
    """The groups below a field whose own fields are declared, each with the names known there."""
    value, items = slot.value, slot.schema.get("items", {})
    if isinstance(value, Mapping) and is_loop(value):
        if "properties" in items and isinstance(value.get("make"), Mapping):
            yield values.inside(sheet, value), (value["make"], (*slot.at, "make"), items)
    elif isinstance(value, list) and "properties" in items:
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                yield sheet, (item, (*slot.at, index), items)
    elif isinstance(value, Mapping) and "properties" in slot.schema:
        yield sheet, (value, slot.at, slot.schema)
