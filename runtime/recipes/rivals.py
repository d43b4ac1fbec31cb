"""Finds recipes that would handle one event twice, and says which of them runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePath

from runtime import documents
from runtime.problems import Problem
from runtime.recipes.conditions import exclude
from runtime.recipes.files import is_copy
from runtime.recipes.model import Recipe


def settle(
    recipes: Iterable[Recipe], instead: Callable[[Recipe], Recipe | None] = lambda recipe: None
) -> tuple[list[Recipe], list[Problem]]:
    """The recipes that may run side by side, the first of rivals, and what is said of the others.

    `instead` gives what may take the place of a loser, if it is no rival itself.
    """
    found: list[Recipe] = []
    problems: list[Problem] = []
    for recipe in recipes:
        rivals = two_recipes(recipe, found)
        problems += rivals[:1]
        taken = instead(recipe) if rivals else recipe
        found += [taken] if taken is not None and not two_recipes(taken, found) else []
    return found, problems


def two_recipes(recipe: Recipe, others: Iterable[Recipe]) -> list[Problem]:
    """What keeps `recipe` from running beside the others: the same id, or the same events."""
    return [problem for other in others if (problem := _rivalry(recipe, other))]


def _rivalry(recipe: Recipe, other: Recipe) -> Problem | None:
    if recipe.id == other.id and is_copy(PurePath(recipe.file)):
        return _copied(recipe, other)
    if recipe.id == other.id:
        sentence = f'the id "{recipe.id}" is also that of {other.file}'
        return _rival(recipe, sentence, "give one of them another id, or delete the copy")
    if not _meet(recipe, other):
        return None
    sentence = f'"{recipe.name}" and "{other.name}" ({other.file}) would both handle one event'
    fix = "add an `only_if:` that tells them apart, or set `enabled: false` in one of them"
    return _rival(recipe, f"{sentence}; only the second runs", fix)


def _copied(recipe: Recipe, other: Recipe) -> Problem:
    copy, original = PurePath(recipe.file).name, PurePath(other.file).name
    sentence = f'"{copy}" looks like a copy of "{original}": both have the id "{recipe.id}"'
    fix = "give the copy an id of its own and an `only_if:` that tells the two apart, or delete it"
    return _rival(recipe, f"{sentence}; the copy does not run", fix)


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
