"""`bookrelay check`: validates recipes and setup files before anything runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from runtime.commands.context import data_option, open_relay
from runtime.commands.setup import read_text
from runtime.documents import read_document
from runtime.problems import Problem, as_text, errors
from runtime.recipes import files_below, load_recipes, parse_recipe
from runtime.recipes.installed import Files
from runtime.recipes.templates import read_template
from runtime.relay import Relay
from runtime.setup import read_setup

#: Any of these keys tells a setup file from a recipe.
_SETUP = frozenset({"connections", "companies", "company", "notifications"})


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@data_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], form: str, data: Path) -> None:
    """Check recipes, settings and setup files; without PATH, the recipes in force."""
    relay = open_relay(context, data)
    found: list[Problem] = []
    for path in paths or (data / "recipes",):
        found += _check(relay, path)
    if form == "json":
        click.echo(json.dumps([problem.as_dict() for problem in sorted(found)], indent=2))
    elif found:
        click.echo(as_text(found))
    else:
        click.echo("No problems found.")
    context.exit(1 if errors(found) else 0)


def _check(relay: Relay, path: Path) -> list[Problem]:
    if path.is_dir():
        # Shown as a path from here, so that an editor can jump to it.
        found = load_recipes(path, relay.installed)[1]
        return [replace(problem, file=str(path.parent / problem.file)) for problem in found]
    text, found = read_text(path)
    if text is None:
        return found
    if _is_setup(text, str(path)):
        known = [*relay.catalog.connectors, "http"]
        return read_setup(text, str(path), connectors=known, existing=relay.settings.current())[1]
    if _top(text, str(path)).get("recipe_template") is not None:
        files = Files(beside=files_below(path.parent), root=str(path.parent))
        return list(read_template(path.name, text, files, relay.installed).problems)
    return parse_recipe(text, str(path), relay.installed, files_below(path.parent))[1]


def _is_setup(text: str, file: str) -> bool:
    return bool({"connections", "companies", "company"} & set(_top(text, file)))


def _top(text: str, file: str) -> Mapping[str, Any]:
    document, _ = read_document(text, file)
    top = document.value if document is not None else None
    return top if isinstance(top, Mapping) else {}
