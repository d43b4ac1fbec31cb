"""`bookrelay try RECIPE`: what a recipe would do with an event, without doing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from connector.base import BadWebhook
from connector.standard import happening
from connector.wire import parse
from runtime.commands.context import data_option, json_option, open_relay
from runtime.commands.rehearsed import show_json, show_text
from runtime.commands.setup import read_text
from runtime.models import Event
from runtime.problems import as_text
from runtime.recipes import Recipe, files_below, parse_recipe
from runtime.rehearsal.rehearsing import Rehearser, as_event, samples_of
from runtime.relay import Relay
from runtime.store import events


@click.command("try")
@click.argument("recipe")
@click.option(
    "--sample",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A standard event as its source sends it.",
)
@click.option("--event", "stored", type=int, help="An event that came in, by its ID.")
@click.option("--offline", is_flag=True, help="Never ask QuickBooks; use what is known of it.")
@json_option
@data_option
@click.pass_context
def attempt(
    context: click.Context,
    recipe: str,
    sample: Path | None,
    stored: int | None,
    offline: bool,
    as_json: bool,
    data: Path,
) -> None:
    """Show what RECIPE, a file or the id of a recipe in force, would do with an event.

    Without --sample and --event the sample events that ship for its trigger are tried; --json then
    prints a list. Nothing is written: neither to QuickBooks nor here.
    """
    if sample is not None and stored is not None:
        raise click.UsageError("Give --sample or --event, not both.")
    relay = open_relay(context, data)
    parsed = _recipe(context, relay, recipe)
    tried = _events(relay, parsed, sample, stored)
    rehearser = Rehearser(
        database=relay.database,
        desk=relay.desk,
        actions=relay.catalog.actions,
        clock=relay.clock,
    )
    settings = relay.settings.current()
    done = [rehearser.rehearse(parsed, event, settings, may_ask=not offline) for event in tried]
    if as_json:
        show_json(done, alone=sample is not None or stored is not None)
    else:
        show_text(done, settings.zone)
    context.exit(0 if all(each.outcome == "done" for each in done) else 1)


def _recipe(context: click.Context, relay: Relay, named: str) -> Recipe:
    file = Path(named)
    if not file.is_file():
        found = relay.shelf.look_up(named)
        if found is None:
            raise click.ClickException(f'There is neither a file nor a recipe in force "{named}".')
        return found
    text, problems = read_text(file)
    parsed = None
    if text is not None:
        parsed, found_problems = parse_recipe(
            text, str(file), relay.installed, files_below(file.parent)
        )
        problems = [*problems, *found_problems]
    if problems:
        click.echo(as_text(problems), err=True)
    if parsed is None:
        context.exit(1)
    return parsed


def _events(
    relay: Relay, recipe: Recipe, sample: Path | None, stored: int | None
) -> Sequence[Event]:
    if sample is not None:
        return [_fitting(recipe, _told(relay, recipe, sample))]
    if stored is not None:
        event = relay.database.read(events.get, stored)
        if event is None:
            raise click.ClickException(f"There is no event {stored}.")
        return [_fitting(recipe, event)]
    found = [*samples_of(recipe, relay.settings.current(), relay.clock.now())]
    if not found:
        raise click.ClickException(
            f"No sample ships for {recipe.trigger}; give one with --sample, or an event that came "
            "in with --event."
        )
    return found


def _told(relay: Relay, recipe: Recipe, file: Path) -> Event:
    try:
        told = happening(parse(file.read_bytes()), identity="sample", raw=b"")
    except ValueError as error:
        raise click.ClickException(
            f"{file} cannot be read as an event: {_broken(error)} Copy the whole message as the "
            "CRM sent it, from its first { to its last }."
        ) from error
    except BadWebhook as error:
        raise click.ClickException(f"{file} is no standard event: {error}") from error
    return as_event(told, recipe, relay.settings.current(), relay.clock.now())


def _broken(error: ValueError) -> str:
    """Where a file is no JSON, in words."""
    line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
    return f"it is broken at line {line}, column {column}." if line else "it is no JSON text."


def _fitting(recipe: Recipe, event: Event) -> Event:
    if event.trigger != recipe.trigger:
        raise click.ClickException(
            f"The recipe listens to {recipe.trigger}, but the sample is {event.type}."
        )
    return event
