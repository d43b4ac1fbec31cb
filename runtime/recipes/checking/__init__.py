"""What a schema cannot know about a recipe: its trigger, actions, fields, names, expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.documents import Document
from runtime.events import Tree
from runtime.problems import Problem
from runtime.recipes.checking import certain, conditions, people, steps, when
from runtime.recipes.checking.sheet import Sheet
from runtime.recipes.installed import Installed
from runtime.recipes.model import Table
from runtime.recipes.names import Names

__all__ = ["check"]


def check(
    document: Document,
    installed: Installed,
    inputs: Tree = None,
    tables: Mapping[str, Table] | None = None,
) -> list[Problem]:
    """Every mistake in a recipe beyond its schema; what has the wrong shape is passed over.

    `inputs` has the names that a template declares, for a document that is one; `tables` the
    lookup tables that could be read.
    """
    value = document.value
    if not isinstance(value, Mapping):
        return []
    trigger = when.trigger_of(value)
    names = Names.of_trigger(trigger, inputs)
    sheet = Sheet(
        document=document,
        installed=installed,
        trigger=trigger,
        enabled=value.get("enabled") is not False,
        names=names,
        tables=tables or {},
    )
    return list(_problems(sheet, value))


def _problems(sheet: Sheet, value: Mapping[str, Any]) -> Iterator[Problem]:
    yield from when.check(sheet, value)
    yield from people.check(sheet, value)
    yield from conditions.check(sheet, value, ())
    yield from certain.check(sheet, certain.placed(value, ()), ())
    yield from steps.check(sheet, value)
