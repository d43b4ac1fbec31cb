"""Puts a recipe together: its file, its tables and its template become one frozen `Recipe`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from runtime.documents import Document
from runtime.problems import Problem
from runtime.recipes.checking import check
from runtime.recipes.conditions import Condition, field_path
from runtime.recipes.installed import Files, Installed
from runtime.recipes.mapping import compile_fields
from runtime.recipes.model import Recipe, Step
from runtime.recipes.phrases import expectation, limit
from runtime.recipes.tables import checks as table_checks
from runtime.recipes.tables.reading import say_of, tables_of
from runtime.recipes.templates.reading import expand
from runtime.recipes.whole import Whole


def assemble(document: Document, installed: Installed, files: Files) -> Whole:
    """A recipe with all its parts, checked beyond its schema; wrong shapes are passed over."""
    value = document.value
    if not isinstance(value, Mapping):
        return Whole(value={})
    if "use" in value:
        return expand(document, installed, files)
    found = tables_of(value.get("tables"), files, partial(say_of, document))
    return Whole(
        value=value,
        problems=[
            *check(document, installed, None, found.tables),
            *_no_template(document),
            *found.problems,
            *table_checks.check(document, found.tables),
        ],
        tables=found.tables,
        parts=found.parts,
    )


def build(document: Document, whole: Whole, *, enabled: bool) -> Recipe:
    """The recipe of a document without errors; `enabled` where it says nothing itself."""
    value = whole.value
    when = value["when"]
    return Recipe(
        id=value["id"],
        name=value["name"],
        owner=value.get("owner", ""),
        trigger=when["trigger"],
        source=when.get("from"),
        start_from=date.fromisoformat(when["start_from"]) if "start_from" in when else None,
        at_most=limit(value["at_most"]) if "at_most" in value else None,
        expect=expectation(value["expect"]) if "expect" in value else None,
        notify=tuple(value.get("on_error", {}).get("notify", ())),
        conditions=_conditions(value),
        steps=tuple(_step(step) for step in value["do"]),
        tables=whole.tables,
        inputs=whole.inputs,
        template=whole.template,
        file=document.file,
        text=document.text,
        parts=whole.parts,
        digest=digest_of(document.text, whole.parts),
        enabled=value.get("enabled", enabled),
    )


def digest_of(text: str, parts: Mapping[str, str]) -> str:
    """SHA-256 over a recipe and its parts; without parts that of its text alone."""
    told = hashlib.sha256(text.encode())
    for path in sorted(parts):
        told.update(f"\0{path}\0{parts[path]}".encode())
    return told.hexdigest()


def _no_template(document: Document) -> Iterator[Problem]:
    if "inputs" in document.value:
        sentence = '"inputs" answers what a template asks, but this recipe uses none'
        fix = "add use: with a template and its version, or take it out"
        yield document.problem(("inputs",), "no-template", sentence, fix, key=True)


def _step(step: Mapping[str, Any]) -> Step:
    return Step(
        id=step["id"],
        action=step["action"],
        conditions=_conditions(step),
        fields=compile_fields(step["with"]),
    )


def _conditions(part: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            field=field_path(entry["field"]),
            operator=operator,
            value=tuple(value) if isinstance(value, list) else value,
            otherwise=entry.get("otherwise", ""),
        )
        for entry in part.get("only_if", ())
        for operator, value in entry.items()
        if operator not in ("field", "otherwise")
    )
