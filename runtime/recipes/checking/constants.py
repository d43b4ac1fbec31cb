"""Converts the fixed values of fields as a run would, so that what cannot work is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC

from runtime.problems import Problem
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.checking.slot import Slot
from runtime.recipes.checking.when import unknown_connection
from runtime.recipes.coercion import coerce
from runtime.recipes.mapping import is_loop


def check(sheet: Sheet, slot: Slot) -> Iterator[Problem]:
    """What a fixed value, a list or a group cannot be in this field."""
    if not slot.schema.get("x-kind"):
        return
    yield from _connection(sheet, slot)
    if isinstance(slot.value, list) and slot.schema.get("items"):
        items = {"x-kind": "object", **slot.schema["items"]}
        for index, item in enumerate(slot.value):
            entry = replace(slot, value=item, at=(*slot.at, index), schema=items)
            yield from _convert(sheet, entry)
    else:
        yield from _convert(sheet, slot)


def _connection(sheet: Sheet, slot: Slot) -> Iterator[Problem]:
    """A connection that is not there."""
    name, known = slot.value, sheet.installed.connections
    if slot.schema.get("x-of") != "connection" or not isinstance(name, str) or "{{" in name:
        return
    if known is not None and name and name not in known and sheet.enabled:
        yield unknown_connection(sheet, slot.at, name, "runs are held at this step")


def _convert(sheet: Sheet, slot: Slot) -> Iterator[Problem]:
    given = _outside(slot.value)
    if given is None:
        return
    # What is inside a group or a list is looked at on its own.
    schema = {"properties": {slot.name: {**slot.schema, "properties": {}, "required": ()}}}
    for complaint in coerce({slot.name: given}, schema, UTC)[1]:
        sentence = complaint.removesuffix(".").replace(f'"{slot.name}"', slot.words, 1)
        fix = "write it in that form, or name a field of the event in {{ … }}"
        yield sheet.document.problem(slot.at, "wrong-kind", sentence, fix)


def _outside(value: object) -> object:
    """A value without what is inside of it; None where it is only known in a run."""
    if isinstance(value, str):
        return None if "{{" in value or "{%" in value else value
    if isinstance(value, Mapping):
        return [] if is_loop(value) else {}
    return [] if isinstance(value, list) else value
