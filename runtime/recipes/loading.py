"""Reads recipes: each file becomes one frozen `Recipe`, or the list of its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath

from runtime import documents
from runtime.documents import Document, schema
from runtime.problems import Problem, errors, visible
from runtime.recipes.building import assemble, build
from runtime.recipes.expressions.compiling import ExpressionProblem
from runtime.recipes.files import recipe_files, wrong_endings
from runtime.recipes.installed import Beside, Files, Installed, nothing_beside
from runtime.recipes.model import Recipe
from runtime.recipes.rivals import settle
from runtime.recipes.templates.reading import check_templates, holding

#: Recipes in this folder run only where they say `enabled: true`.
OPT_IN_FOLDER = "desktop"


def load_recipes(
    folder: Path,
    installed: Installed,
    held: Mapping[str, str] | None = None,
    running: Mapping[str, str] | None = None,
) -> tuple[list[Recipe], list[Problem]]:
    """Every recipe below `folder` that is free of mistakes, and all mistakes of the others.

    Disabled recipes are given too, except those of the folder `desktop`. Of two recipes that
    would book one event twice only the first is given, by path, copies last; `running` has the ids
    of recipes in force with the digests of their revisions, and those stay before changed ones and
    new ones. `held` has the templates that accepted recipes use, as they were then.
    """
    whole: list[Recipe] = []
    problems = list(wrong_endings(folder))
    files = Files(beside=files_below(folder), root=folder.name)
    beside = holding(files.beside, held or {})
    for path in recipe_files(folder):
        recipe, mistakes = read_recipe(folder, path, installed, beside)
        problems += mistakes
        whole += [recipe] if recipe is not None else []
    problems += check_templates(files, installed, held)
    recipes, rivalries = settle(sorted(whole, key=lambda recipe: _rank(recipe, running or {})))
    # A table or template that several recipes share is complained of once.
    return recipes, sorted({*problems, *rivalries})


def _rank(recipe: Recipe, running: Mapping[str, str]) -> int:
    """Of rivals the one comes first that runs unchanged, then a changed one, then a new one."""
    if recipe.id not in running:
        return 2
    return 0 if running[recipe.id] == recipe.digest else 1


def read_recipe(
    folder: Path, path: Path, installed: Installed, beside: Beside
) -> tuple[Recipe | None, list[Problem]]:
    """The recipe of one file of `folder`; None where it has mistakes or waits to be enabled."""
    if not _is_inside(folder, path):
        return None, [_linked(name_of(folder, path))]
    document, mistakes = documents.read_file(path, name_of(folder, path))
    files = Files(beside=beside, root=folder.name)
    optional = OPT_IN_FOLDER in path.relative_to(folder).parts[:-1]
    recipe, problems = _parsed(document, mistakes, installed, files, enabled=not optional)
    waits = recipe is not None and optional and not recipe.enabled
    return (None if waits else recipe), problems


def name_of(folder: Path, path: Path) -> str:
    """A file of a folder of recipes as its problems and its recipe call it."""
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"


def files_below(folder: Path) -> Beside:
    """Reads the tables and templates that lie in a folder of recipes."""

    def read(path: str) -> str | None:
        file = folder / path
        if not _is_inside(folder, file):
            return None
        try:
            if path.endswith("/") or not path:
                return "\n".join(_names_in(file))
            return part_text(documents.first_bytes(file)) if file.is_file() else None
        except OSError:  # it may not be read, or its path is longer than paths can be
            return None

    return read


def _is_inside(folder: Path, file: Path) -> bool:
    """Whether a path leads to something in the folder, also where links are on its way."""
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle, or no path at all
        return False


def _linked(file: str) -> Problem:
    """What lies elsewhere is none of the recipes, and may be what nobody is to see."""
    sentence = "this is a link to a file outside of the folder of recipes, so it is not read"
    fix = "put the recipe itself into the folder"
    return Problem(file=file, rule="unreadable-file", sentence=sentence, fix=fix)


def _names_in(folder: Path) -> list[str]:
    there = folder.iterdir() if folder.is_dir() else ()
    return [visible(file.name) for file in there if file.is_file()]


def part_text(raw: bytes) -> str:
    """A part's text; what is neither Unicode nor Windows-1252 has U+FFFD where it is not."""
    text, _ = documents.decode(raw, "")
    # Spreadsheets on Windows save CSV in the code page of the machine.
    return raw.decode("cp1252", errors="replace") if text is None else text


def parse_recipe(
    text: str, file: str, installed: Installed, beside: Beside = nothing_beside
) -> tuple[Recipe | None, list[Problem]]:
    """One recipe from its text; None where it has a mistake, and then all its mistakes."""
    document, problems = documents.read_document(text, file)
    files = _files_of(file, beside)
    return _parsed(document, problems, installed, files, enabled=True)


def revive(
    text: str, file: str, installed: Installed, beside: Beside = nothing_beside
) -> Recipe | None:
    """A recipe that was accepted before, though it might not be now; None where it cannot run.

    What is checked more strictly since, and connections that are gone, do not matter. What this
    version does not know does: to leave it out would book something else than was meant.
    """
    document, problems = documents.read_document(text, file)
    if document is None or not document.intact:
        return None
    problems = [*problems, *schema.problems(document, "recipe-format", document.file)]
    if any(problem.rule == "unknown-key" for problem in problems):
        return None
    try:
        whole = assemble(document, installed, _files_of(file, beside))
        recipe = build(document, whole, enabled=True)
    except (ExpressionProblem, LookupError, TypeError, ValueError, AttributeError):
        return None
    known = all(step.action in installed.actions for step in recipe.steps)
    return recipe if known and whole.complete else None


def _files_of(file: str, beside: Beside) -> Files:
    root = PurePath(file).parent.as_posix()
    return Files(beside=beside, root="" if root == "." else root)


def _parsed(
    document: Document | None,
    problems: list[Problem],
    installed: Installed,
    files: Files,
    *,
    enabled: bool,
) -> tuple[Recipe | None, list[Problem]]:
    if document is None:
        return None, problems
    if document.value is None and not problems:
        return None, [_empty(document)]
    whole = assemble(document, installed, files)
    shape = schema.problems(document, "recipe-format", document.file)
    found = sorted({*problems, *document.believed([*shape, *whole.problems])})
    return (None if errors(found) else build(document, whole, enabled=enabled)), found


def _empty(document: Document) -> Problem:
    sentence = "the file has only comments" if document.text.strip() else "the file is empty"
    fix = "write a recipe into it, beginning with `recipe: 1`, or delete the file"
    return document.problem((), "empty-file", sentence, fix)
