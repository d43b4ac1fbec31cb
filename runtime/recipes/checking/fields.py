"""Checks that an action is given the fields it needs, and no others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.documents import At
from runtime.documents.hints import hint
from runtime.problems import Problem
from runtime.recipes.checking.sheet import Sheet
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


def check(sheet: Sheet, group: Group) -> Iterator[Problem]:
    """Fields that nobody knows, and required ones that are missing, at and below a group."""
    yield from _unknown(sheet, group)
    yield from _missing(sheet, group)
    declared = group.schema.get("properties", {})
    for name, value in group.given.items():
        yield from _inside(sheet, group, name, value, declared.get(name, {}))


def _unknown(sheet: Sheet, group: Group) -> Iterator[Problem]:
    declared = group.schema.get("properties", {})
    for name in group.given:
        if name not in declared:
            sentence = f'{group.of} has no field "{name}"'
            fix = hint(name, list(declared))
            at = (*group.at, name)
            yield sheet.document.problem(at, "unknown-field", sentence, fix, key=True)


def _missing(sheet: Sheet, group: Group) -> Iterator[Problem]:
    declared = group.schema.get("properties", {})
    for name in group.schema.get("required", ()):
        if group.given.get(name, "") in ("", None):
            fix = _addition(name, declared[name], group.earlier)
            sentence = f'{group.of} needs "{name}"'
            at = (*group.at, name)
            yield sheet.document.problem(at, "missing-field", sentence, fix, key=True)


def _inside(
    sheet: Sheet, group: Group, name: str, value: object, field: Mapping[str, Any]
) -> Iterator[Problem]:
    """Below a field: the elements of a list, of a loop, or a group of declared values."""
    at: At = (*group.at, name)
    for below, place, schema in _below(value, at, field):
        inner = replace(group, given=below, at=place, schema=schema, of=f'"{name}"')
        yield from check(sheet, inner)


def _below(
    value: object, at: At, field: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], At, Mapping[str, Any]]]:
    items = field.get("items", {})
    if is_loop(value) and isinstance(value, Mapping):
        if "properties" in items and isinstance(value.get("make"), Mapping):
            yield value["make"], (*at, "make"), items
    elif isinstance(value, list) and "properties" in items:
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                yield item, (*at, index), items
    elif isinstance(value, Mapping) and "properties" in field:
        yield value, at, field


def _addition(name: str, field: Mapping[str, Any], earlier: Collection[str]) -> str:
    if name in earlier:
        return f'add {name}: "{{{{ steps.{name}.id }}}}"'
    about = str(field.get("description", "")).rstrip(".")
    return f"add {name}: {about}" if about else f"add {name}"
