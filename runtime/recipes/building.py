"""Puts a recipe together: its file, its tables and its template become one frozen `Recipe`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from runtime.documents import At, Document
from runtime.documents.mistakes import shown
from runtime.problems import Problem
from runtime.recipes.checking import check
from runtime.recipes.conditions import Condition
from runtime.recipes.installed import Files, Installed
from runtime.recipes.mapping import compile_fields
from runtime.recipes.model import Recipe, Step, Table
from runtime.recipes.phrases import expectation, limit
from runtime.recipes.tables import Say, tables_of


@dataclass(kw_only=True)
class Whole:
    """What a recipe's file and its parts say together, and what is wrong with it."""

    #: when, only_if, do and all the rest, as if no template were used.
    value: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    tables: Mapping[str, Table] = field(default_factory=dict)
    #: Text of each part by its path below the folder of recipes.
    parts: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    #: Such as `accepted-estimate@2`; empty without one.
    template: str = ""

    @property
    def complete(self) -> bool:
        """Whether every table that it declares could be read."""
        return set(self.value.get("tables", ())) == set(self.tables)


def assemble(document: Document, installed: Installed, files: Files) -> Whole:
    """A recipe with all its parts, checked beyond its schema; wrong shapes are passed over."""
    value = document.value
    if not isinstance(value, Mapping):
        return Whole(value={})
    if "use" in value:
        return _of_template(document)
    found = tables_of(value.get("tables"), files, lambda name: _say(document, name))
    return Whole(
        value=value,
        problems=[*check(document, installed), *found.problems],
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


def _of_template(document: Document) -> Whole:
    use = document.value["use"]
    sentence = f"there is no template {shown(use)}"
    fix = "write `when:` and `do:` in the recipe itself"
    problem = document.problem(("use",), "unknown-template", sentence, fix)
    return Whole(value=document.value, problems=[problem])


def _say(document: Document, table: str) -> Say:
    """Tells of a problem at a setting of one table of a recipe."""

    def say(key: str, rule: str, sentence: str, fix: str) -> Problem:
        at: At = ("if_missing", "use_row") if key == "use_row" else (key,)
        return document.problem(("tables", table, *at), rule, sentence, fix)

    return say


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
            field=entry["field"],
            operator=operator,
            value=tuple(value) if isinstance(value, list) else value,
            otherwise=entry.get("otherwise", ""),
        )
        for entry in part.get("only_if", ())
        for operator, value in entry.items()
        if operator not in ("field", "otherwise")
    )
