"""Reads recipes: each file becomes one frozen `Recipe`, or the list of its mistakes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from runtime.documents import Document, schema
from runtime.documents import reading as documents
from runtime.documents.mistakes import shown
from runtime.problems import Problem, errors
from runtime.recipes.checking import check
from runtime.recipes.conditions import Condition
from runtime.recipes.expressions import ExpressionProblem
from runtime.recipes.installed import Beside, Installed, nothing_beside
from runtime.recipes.mapping import compile_fields
from runtime.recipes.model import Recipe, Step
from runtime.recipes.phrases import expectation, limit
from runtime.recipes.rivals import settle

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
    whole: list[Recipe] = []
    problems: list[Problem] = []
    beside = files_below(folder)
    for path in recipe_files(folder):
        recipe, mistakes = read_recipe(folder, path, installed, beside)
        problems += mistakes
        whole += [recipe] if recipe is not None else []
    recipes, rivalries = settle(whole)
    return recipes, sorted([*problems, *rivalries])


def read_recipe(
    folder: Path, path: Path, installed: Installed, beside: Beside
) -> tuple[Recipe | None, list[Problem]]:
    """The recipe of one file of `folder`; None where it has mistakes or waits to be enabled."""
    document, mistakes = documents.read_file(path, name_of(folder, path))
    optional = OPT_IN_FOLDER in path.relative_to(folder).parts[:-1]
    recipe, problems = _parsed(document, mistakes, installed, beside, enabled=not optional)
    waits = recipe is not None and optional and not recipe.enabled
    return (None if waits else recipe), problems


def name_of(folder: Path, path: Path) -> str:
    """A file of a folder of recipes as its problems and its recipe call it."""
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"


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


def revive(
    text: str, file: str, installed: Installed, beside: Beside = nothing_beside
) -> Recipe | None:
    """A recipe that was accepted before, though it might not be now; None where it cannot run.

    What is checked more strictly since, and connections that are gone, do not matter. What this
    version does not know does: to leave it out would book something else than was meant.
    """
    document, problems = documents.read_document(text, file)
    if document is None:
        return None
    problems = [*problems, *schema.problems(document, "recipe-format", document.file)]
    if any(problem.rule == "unknown-key" for problem in problems):
        return None
    try:
        recipe = _build(document, enabled=True)
    except (ExpressionProblem, LookupError, TypeError, ValueError, AttributeError):
        return None
    known = all(step.action in installed.actions for step in recipe.steps)
    return recipe if known else None


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
        digest=digest_of(document.text, {}),
        enabled=value.get("enabled", enabled),
    )


def digest_of(text: str, parts: Mapping[str, str]) -> str:
    """SHA-256 over a recipe and its parts; without parts that of its text alone."""
    told = hashlib.sha256(text.encode())
    for path in sorted(parts):
        told.update(f"\0{path}\0{parts[path]}".encode())
    return told.hexdigest()


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
