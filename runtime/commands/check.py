"""`bookrelay check`: tells every mistake in recipes and setup files before anything runs."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import click

from runtime.checks import Known, check_path
from runtime.commands.context import Composition, data_option, open_relay
from runtime.problems import Problem, as_text, errors
from runtime.store import standing


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@data_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], form: str, data: Path) -> None:
    """Check recipes, templates, tables, settings and setup files, or folders of them.

    Without PATH, the recipes in force. Exits with 1 where there are errors; warnings alone do not
    fail.
    """
    composition: Composition = context.obj
    relay = open_relay(context, data)
    rows = relay.database.read(standing.every)
    known = Known(
        installed=relay.installed,
        connectors=(*relay.catalog.connectors, "http"),
        settings=relay.settings.current(),
        home=relay.shelf.folder,
        held=relay.shelf.held,
        running={row.recipe: row.digest for row in rows if row.in_force},
    )
    found: set[Problem] = set()
    for path in paths or (composition.options(data).recipes,):
        found |= {*check_path(path, known)}
    _show(sorted(found), form)
    context.exit(1 if errors(found) else 0)


def _show(found: list[Problem], form: str) -> None:
    if form == "json":
        click.echo(json.dumps([problem.as_dict() for problem in found], indent=2))
    elif found:
        click.echo(as_text(found))
        click.echo(summary(found), err=True)
    else:
        click.echo("No problems found.")


def summary(found: Collection[Problem]) -> str:
    """How many there are, what keeps running, and where more is said."""
    wrong = len(errors(found))
    counts = f"{_count(wrong, 'error')}, {_count(len(found) - wrong, 'warning')}."
    effect = "The last good version of each recipe keeps running until its errors are mended."
    if not wrong:
        effect = "Warnings keep no recipe from running."
    rule = (errors(found) or sorted(found))[0].rule
    return f"{counts} {effect} More about a rule: bookrelay explain {rule}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
