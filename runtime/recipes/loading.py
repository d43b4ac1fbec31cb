"""Reads recipes: each file becomes one frozen `Recipe`, or the list of its mistakes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from runtime.documents import Document, schema
from runtime.documents import reading as documents
from runtime.documents.mistakes import shown
from runtime.problems import Problem, errors
from runtime.recipes.checking import check
from runtime.recipes.conditions import Condition, exclude
from runtime.recipes.installed import Beside, Installed, nothing_beside
from runtime.recipes.mapping import compile_fields
from runtime.recipes.model import Recipe, Step
from runtime.recipes.phrases import expectation, limit

#: Recipes in this folder run only where they say `enabled: true`.
OPT_IN_FOLDER = "desktop"
_ENDINGS = frozenset((".yaml", ".yml", ".json"))
#: Folders whose files are parts of recipes and none themselves.
PARTS_FOLDERS = frozenset(("tables", "templates"))


def load_recipes(folder: Path, installed: Installed) -> tuple[list[Recipe], list[Problem]]:
    """Every recipe below `folder` that is free of mistakes, and all mistakes of the others.

    Disabled recipes are given too, except those of the folder `desktop`. Of two recipes that
    would book one event twice only the first, by path, is given.
    """
    found: list[Recipe] = []
    problems: list[Problem] = []
    beside = files_below(folder)
    for path in recipe_files(folder):
        inside = path.relative_to(folder)
        shown_as = f"{folder.name}/{inside.as_posix()}"
        optional = OPT_IN_FOLDER in inside.parts[:-1]
        document, mistakes = documents.read_file(path, shown_as)
        recipe, mistakes = _parsed(document, mistakes, installed, beside, enabled=not optional)
        problems += mistakes
        if recipe is not None and (recipe.enabled or not optional):
            rivals = two_recipes(recipe, found)
            problems += rivals[:1]
            found += [] if rivals else [recipe]
    return found, sorted(problems)


def recipe_files(folder: Path) -> Iterator[Path]:
    """The files below `folder` that are meant as recipes, by path."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = inside.name[0] in "._" or PARTS_FOLDERS & set(inside.parts[:-1])
        if path.suffix.lower() in _ENDINGS and not hidden and path.is_file():
            yield path


def files_below(folder: Path) -> Beside:
    """Reads the tables and templates that lie in a folder of recipes."""

    def read(path: str) -> str | None:
        file = folder / path
        inside = file.resolve().is_relative_to(folder.resolve())
        if not inside or not file.is_file():
            return None
        return documents.decode(file.read_bytes(), path)[0]

    return read


def parse_recipe(
    text: str, file: str, installed: Installed, beside: Beside = nothing_beside
) -> tuple[Recipe | None, list[Problem]]:
    """One recipe from its text; None where it has a mistake, and then all its mistakes."""
    document, problems = documents.read_document(text, file)
    return _parsed(document, problems, installed, beside, enabled=True)


def two_recipes(recipe: Recipe, others: Iterable[Recipe]) -> list[Problem]:
    """What keeps `recipe` from running beside the others: the same id, or the same events."""
    return [problem for other in others if (problem := _rivalry(recipe, other))]


def _parsed(
    document: Document | None,
    problems: list[Problem],
    installed: Installed,
    beside: Beside,
    *,
    enabled: bool,
) -> tuple[Recipe | None, list[Problem]]:
    if document is None:
        return None, problems
    problems = [
        *problems,
        *schema.problems(document, "recipe-format", document.file),
        *check(document, installed),
        *_template(document),
    ]
    found = sorted(set(problems))
    return (None if errors(found) else _build(document, enabled=enabled)), found


def _template(document: Document) -> Iterator[Problem]:
    value = document.value
    if isinstance(value, Mapping) and "use" in value:
        sentence = f"there is no template {shown(value['use'])}"
        fix = "write `when:` and `do:` in the recipe itself"
        yield document.problem(("use",), "unknown-template", sentence, fix)


def _build(document: Document, *, enabled: bool) -> Recipe:
    value: Mapping[str, Any] = document.value
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
