"""Reads recipes: each file becomes one frozen `Recipe`, or the list of its mistakes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.base import ActionSpec
from runtime.documents import Document, schema
from runtime.documents import reading as documents
from runtime.problems import Problem
from runtime.recipes import checks as recipe_checks
from runtime.recipes.conditions import Condition, exclude
from runtime.recipes.mapping import Fields, compile_fields

#: Recipes in this folder run only where they say `enabled: true`.
OPT_IN_FOLDER = "desktop"
_ENDINGS = frozenset((".yaml", ".yml", ".json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a recipe."""

    #: What later steps call it: `steps.<id>`.
    id: str
    #: e.g. `quickbooks.create_invoice`
    action: str
    #: Where one does not hold, the step is left out.
    conditions: tuple[Condition, ...]
    #: What stands under `with:`, compiled; `mapping.render` gives its values.
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One trigger, conditions, ordered steps."""

    #: Identity; the file may be renamed.
    id: str
    name: str
    #: e.g. `payment_collected`
    trigger: str
    #: The connection it must come from (`from:`); None where any will do.
    source: str | None
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    #: Path as the user knows it.
    file: str
    #: The file as it was read.
    text: str
    #: SHA-256 of the text, hexadecimal: equal digests are one revision.
    digest: str
    enabled: bool = True


def load_recipes(
    folder: Path, actions: Mapping[str, ActionSpec], triggers: Collection[str]
) -> tuple[list[Recipe], list[Problem]]:
    """Every recipe below `folder` that is free of mistakes, and all mistakes of the others.

    Disabled recipes are given too, except those of the folder `desktop`. Of two recipes that
    would book one event twice only the first, by path, is given.
    """
    found: list[Recipe] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix.lower() not in _ENDINGS or not path.is_file() or inside.name[0] in "._":
            continue
        shown_as = f"{folder.name}/{inside.as_posix()}"
        optional = OPT_IN_FOLDER in inside.parts[:-1]
        document, mistakes = documents.read_file(path, shown_as)
        recipe, mistakes = _parsed(document, mistakes, actions, triggers, enabled=not optional)
        problems += mistakes
        if recipe is not None and (recipe.enabled or not optional):
            rivals = two_recipes(recipe, found)
            problems += rivals[:1]
            found += [] if rivals else [recipe]
    return found, sorted(problems)


def parse_recipe(
    text: str, file: str, actions: Mapping[str, ActionSpec], triggers: Collection[str]
) -> tuple[Recipe | None, list[Problem]]:
    """One recipe from its text; None where it has a mistake, and then all its mistakes."""
    document, problems = documents.read_document(text, file)
    return _parsed(document, problems, actions, triggers, enabled=True)


def two_recipes(recipe: Recipe, others: Iterable[Recipe]) -> list[Problem]:
    """What keeps `recipe` from running beside the others: the same id, or the same events."""
    return [problem for other in others if (problem := _rivalry(recipe, other))]


def _parsed(
    document: Document | None,
    problems: list[Problem],
    actions: Mapping[str, ActionSpec],
    triggers: Collection[str],
    *,
    enabled: bool,
) -> tuple[Recipe | None, list[Problem]]:
    if document is None:
        return None, problems
    problems = [
        *problems,
        *schema.problems(document, "recipe", document.file),
        *recipe_checks.check(document, actions, triggers),
    ]
    if problems:
        return None, sorted(set(problems))
    return _build(document, enabled=enabled), []


def _build(document: Document, *, enabled: bool) -> Recipe:
    value: Mapping[str, Any] = document.value
    return Recipe(
        id=value["id"],
        name=value["name"],
        trigger=value["when"]["trigger"],
        source=value["when"].get("from"),
        conditions=_conditions(value),
        steps=tuple(_step(step) for step in value["do"]),
        file=document.file,
        text=document.text,
        digest=hashlib.sha256(document.text.encode()).hexdigest(),
        enabled=value.get("enabled", enabled),
    )


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


def _rivalry(recipe: Recipe, other: Recipe) -> Problem | None:
    if recipe.id == other.id:
        sentence = f'the id "{recipe.id}" is also that of {other.file}'
        return _rival(recipe, sentence, "give one of them another id, or delete the copy")
    if not _meet(recipe, other):
        return None
    sentence = f'"{recipe.name}" and "{other.name}" ({other.file}) would both handle one event'
    fix = "add an `only_if:` that tells them apart, or set `enabled: false` in one of them"
    return _rival(recipe, f"{sentence}; only the second runs", fix)


def _meet(recipe: Recipe, other: Recipe) -> bool:
    sources = {recipe.source, other.source}
    return (
        recipe.enabled
        and other.enabled
        and recipe.trigger == other.trigger
        and (None in sources or len(sources) == 1)
        and not exclude(recipe.conditions, other.conditions)
    )


def _rival(recipe: Recipe, sentence: str, fix: str) -> Problem:
    document, _ = documents.read_document(recipe.text, recipe.file)
    line, column = document.place(("id",)) if document else (1, 1)
    return Problem(
        file=recipe.file, line=line, column=column, rule="two-recipes", sentence=sentence, fix=fix
    )
