"""`bookrelay recipe restore | rename | delete`: changes files, and asks before it does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from runtime.atomic import Busy
from runtime.commands.context import data_option, open_relay
from runtime.commands.recipe_history import diff, editing_of, row_of, texts
from runtime.editing import CannotEdit, Editing, Restoration, Saved
from runtime.problems import as_text
from runtime.relay import Relay
from runtime.stakes import money_of
from runtime.store import recipe_runs
from runtime.store.standing import Standing

#: Who the history says it was.
_WHO = "cli"

_yes = click.option("--yes", is_flag=True, help="Do it without asking.")
_force = click.option("--force", is_flag=True, help="Even where an edit of the file would be lost.")


@click.command()
@click.argument("recipe")
@click.argument("revision", required=False, type=click.IntRange(min=1))
@_force
@_yes
@data_option
@click.pass_context
def restore(
    context: click.Context, recipe: str, revision: int | None, force: bool, yes: bool, data: Path
) -> None:
    """Put an old REVISION of RECIPE (its id) back into its file; without it, the newest.

    Tables and template go back with it. What changes is shown first; it becomes a new revision.
    """
    relay = open_relay(context, data)
    editing = editing_of(relay)
    try:
        planned = editing.restoration(recipe, revision)
        _look_before(planned.edited, force)
        if planned.now == planned.wanted:
            click.echo(f"{planned.draft.file} is as it was in revision {planned.revision}.")
            return
        _show(planned)
        if not _agreed(f"Put revision {planned.revision} back?", yes):
            context.exit(1)
        _restore(context, editing, planned)
    except (CannotEdit, Busy, OSError) as error:
        raise _told(error) from error


@click.command()
@click.argument("recipe")
@click.argument("file", metavar="NEWFILE")
@_yes
@data_option
@click.pass_context
def rename(context: click.Context, recipe: str, file: str, yes: bool, data: Path) -> None:
    """Give the file of RECIPE (its id) another name; it stays the same recipe."""
    relay = open_relay(context, data)
    row = row_of(relay, recipe)
    waiting = _waiting(relay, row)
    if waiting:
        click.echo(f"{waiting} Nothing changes for them: they go on, and so do new events.")
    if waiting and not _agreed(f"Rename {row.file} to {file}?", yes):
        context.exit(1)
    try:
        name = editing_of(relay).rename(recipe, file, _WHO)
    except (CannotEdit, Busy, OSError) as error:
        raise _told(error) from error
    click.echo(f"{row.file} is now {name}.")


@click.command()
@click.argument("recipe")
@_force
@_yes
@data_option
@click.pass_context
def delete(context: click.Context, recipe: str, force: bool, yes: bool, data: Path) -> None:
    """Take RECIPE (its id) out of force and delete its file; `restore` can bring it back."""
    relay = open_relay(context, data)
    row = row_of(relay, recipe)
    editing = editing_of(relay)
    waiting = _waiting(relay, row)
    if waiting:
        click.echo(
            f"{waiting} They stay with the revision that they have and go on; new events no "
            "longer start the recipe."
        )
    try:
        _look_before(editing.edited(row), force)
        if not _agreed(f"Delete {row.file}?", yes):
            context.exit(1)
        editing.delete(recipe, _WHO)
    except (CannotEdit, Busy, OSError) as error:
        raise _told(error) from error
    click.echo(f"{recipe} no longer runs; {row.file} is deleted.")


def _look_before(edited: tuple[str, ...], force: bool) -> None:
    """Refuse where an edit that was not accepted would be lost. Raises CannotEdit."""
    if edited and not force:
        raise CannotEdit(
            f"{', '.join(edited)} was changed and is not as it was accepted last; that edit would "
            "be lost. Nothing was changed. `bookrelay recipe diff` shows it, --force gives it up."
        )


def _show(planned: Restoration) -> None:
    # A table or template that the revision does not use stays as it is.
    now = {name: raw for name, raw in planned.now.items() if name in planned.wanted}
    click.echo(diff(texts(now), texts(planned.wanted), ("now", "restored")))
    if planned.shared_with:
        others = ", ".join(planned.shared_with)
        click.echo(f"A file that changes is also used by: {others}.")


def _restore(context: click.Context, editing: Editing, planned: Restoration) -> None:
    note = f"revision {planned.revision} was put back"
    done = editing.save(planned.draft, _WHO, note)
    if not isinstance(done, Saved):
        click.echo(as_text(done), err=True)
        click.echo("It was not put in force; what ran before keeps running.", err=True)
        context.exit(1)
    click.echo(
        f"{planned.draft.file} is as it was in revision {planned.revision}; "
        f"revision {done.revision} is in force."
    )


def _waiting(relay: Relay, row: Standing) -> str:
    """What waits for a recipe, in words; empty where nothing does."""
    found = relay.database.read(recipe_runs.waiting, row.recipe)
    if not found:
        return ""
    states = Counter(run.state for run in found)
    listed = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    runs = "1 run" if len(found) == 1 else f"{len(found)} runs"
    wait = "waits" if len(found) == 1 else "wait"
    return f"{runs} of {row.recipe} {wait} ({listed}): {money_of(run.data for run in found)}."


def _agreed(question: str, yes: bool) -> bool:
    if yes or click.confirm(question, err=True):
        return True
    click.echo("Nothing was changed.", err=True)
    return False


def _told(error: Exception) -> click.ClickException:
    if isinstance(error, OSError):
        words = error.strerror or type(error).__name__
        return click.ClickException(f"{error.filename} cannot be changed: {words}.")
    return click.ClickException(str(error))
