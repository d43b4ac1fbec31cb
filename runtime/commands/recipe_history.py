"""`bookrelay recipe list | show | history | diff`: what is in force, and how it came to be so."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from runtime.commands.context import data_option, json_option, open_relay, show, table
from runtime.editing import Editing
from runtime.recipes.loading import part_text
from runtime.relay import Relay
from runtime.shelf.files import path_of, plain
from runtime.store import recipe_runs, revisions, standing
from runtime.store.standing import Standing


def editing_of(relay: Relay) -> Editing:
    """Changes the recipe files of a data folder."""
    return Editing(
        shelf=relay.shelf,
        database=relay.database,
        installed=lambda: relay.installed,
        clock=relay.clock,
        data=relay.folder,
    )


def row_of(relay: Relay, recipe: str) -> Standing:
    """How the recipe of an id stands. Raises ClickException."""
    row = relay.database.read(standing.one, recipe)
    if row is None:
        raise click.ClickException(f'No recipe "{recipe}" was ever accepted here.')
    return row


def diff(before: Mapping[str, str], after: Mapping[str, str], names: tuple[str, str]) -> str:
    """How the texts of some files differ, as unified diffs; `names` tells the two sides apart."""
    lines: list[str] = []
    for file in [*before, *(name for name in after if name not in before)]:
        old, new = (each.get(file, "").splitlines() for each in (before, after))
        sides = (f"{file} ({names[0]})", f"{file} ({names[1]})")
        lines += difflib.unified_diff(old, new, *sides, lineterm="")
    return "\n".join(lines)


def texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of files, to be shown."""
    return {name: plain(part_text(raw)) for name, raw in files.items()}


@click.command("list")
@json_option
@data_option
@click.pass_context
def list_recipes(context: click.Context, as_json: bool, data: Path) -> None:
    """List recipes: which revision is in force, and how many runs wait."""
    relay = open_relay(context, data)
    waiting = relay.database.read(recipe_runs.waiting_counts)
    rows = relay.database.read(standing.every)
    records = [_record(relay, row, waiting.get(row.recipe, 0)) for row in rows]
    if as_json:
        show(records)
    else:
        titles = ("Id", "State", "Revision", "Accepted", "Waiting", "File", "File now")
        keys = ("id", "state", "revision", "accepted_at", "waiting", "file", "file_now")
        table(records, dict(zip(keys, titles, strict=True)))


@click.command("show")
@click.argument("recipe")
@click.option("--revision", type=click.IntRange(min=1), help="Without it the newest.")
@json_option
@data_option
@click.pass_context
def show_recipe(
    context: click.Context, recipe: str, revision: int | None, as_json: bool, data: Path
) -> None:
    """Show RECIPE (its id) as it was accepted, with its tables and template."""
    relay = open_relay(context, data)
    row = row_of(relay, recipe)
    waiting = len(relay.database.read(recipe_runs.waiting, recipe))
    wanted = revision or row.revision
    files = _revision(relay, row, wanted)
    if as_json:
        show({**_record(relay, row, waiting), "revision": wanted, "files": files})
        return
    click.echo(f"{row.file}, revision {wanted} of {row.revision}, {_state(relay, row)}", err=True)
    click.echo(files.pop(row.file), nl=False)
    for name, text in files.items():
        click.echo(f"\n# {name}")
        click.echo(text, nl=False)


@click.command()
@click.argument("recipe")
@json_option
@data_option
@click.pass_context
def history(context: click.Context, recipe: str, as_json: bool, data: Path) -> None:
    """Show what was done with RECIPE (its id): when, by whom, which revision."""
    relay = open_relay(context, data)
    row_of(relay, recipe)
    records = [
        {
            "at": change.at.isoformat(),
            "who": change.who,
            "what": change.what,
            "revision": change.revision,
            "note": change.note,
        }
        for change in relay.database.read(standing.history, recipe)
    ]
    if as_json:
        show(records)
    else:
        titles = {"at": "When", "who": "Who", "what": "What", "revision": "Revision"}
        table(records, {**titles, "note": "Note"})


@click.command("diff")
@click.argument("recipe")
@click.argument("first", metavar="[REV]", required=False, type=click.IntRange(min=1))
@click.argument("second", metavar="[REV]", required=False, type=click.IntRange(min=1))
@data_option
@click.pass_context
def show_diff(
    context: click.Context, recipe: str, first: int | None, second: int | None, data: Path
) -> None:
    """Show what differs between two revisions of RECIPE, or between one and the file as it is.

    Without REV: between the newest revision and the file.
    """
    relay = open_relay(context, data)
    row = row_of(relay, recipe)
    before = first or row.revision
    old = _revision(relay, row, before)
    if second is not None:
        new, name = _revision(relay, row, second), f"revision {second}"
    else:
        new, name = _on_disk(relay, row, old), "as it is now"
    click.echo(diff(old, new, (f"revision {before}", name)) or "No difference.")


def _record(relay: Relay, row: Standing, waiting: int) -> dict[str, Any]:
    recipe = relay.shelf.pinned(row.recipe, row.revision)
    return {
        "id": row.recipe,
        "name": recipe.name if recipe is not None else "",
        "file": row.file,
        "state": _state(relay, row),
        "revision": row.revision,
        "accepted_at": row.accepted_at.isoformat(timespec="seconds"),
        "waiting": waiting,
        "file_now": _file_now(relay, row),
    }


def _state(relay: Relay, row: Standing) -> str:
    recipe = relay.shelf.pinned(row.recipe, row.revision)
    if not row.in_force:
        return "stopped"
    if recipe is None:
        return "unreadable"
    return "in force" if recipe.enabled else "disabled"


def _file_now(relay: Relay, row: Standing) -> str:
    if not path_of(relay.shelf.folder, row.file).is_file():
        return "missing"
    return "changed" if editing_of(relay).edited(row) else "as accepted"


def _revision(relay: Relay, row: Standing, revision: int) -> dict[str, str]:
    """The texts of a revision, by the names that users know. Raises ClickException."""
    stored = relay.database.read(revisions.recipe, row.recipe, revision)
    if stored is None:
        raise click.ClickException(
            f"{row.recipe} has no revision {revision}; the newest is {row.revision}."
        )
    folder = relay.shelf.folder.name
    parts = {f"{folder}/{path}": plain(text) for path, text in stored.parts.items()}
    return {row.file: stored.text, **parts}


def _on_disk(relay: Relay, row: Standing, like: Mapping[str, str]) -> dict[str, str]:
    """The same files as they are now."""
    paths = {name: path_of(relay.shelf.folder, name) for name in like}
    return texts({name: path.read_bytes() for name, path in paths.items() if path.is_file()})
