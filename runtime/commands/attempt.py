"""`bookrelay try RECIPE --sample FILE`: what would be written, without writing it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from connector.base import BadWebhook, Document, Linked, Record
from connector.standard import happening
from connector.wire import parse
from runtime.books import books_for
from runtime.commands.context import data_option, json_option, open_relay, show
from runtime.commands.setup import read_text
from runtime.models import Event
from runtime.problems import as_text
from runtime.recipes import Recipe, files_below, parse_recipe
from runtime.recipes.scope import scope_of
from runtime.rehearsal import Rehearsal
from runtime.relay import Relay
from runtime.routing import Unrouted, route
from runtime.settings import Company
from runtime.store import ledger
from runtime.store.schema import dumps


@click.command("try")
@click.argument("recipe", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--sample",
    required=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A standard event as its source sends it.",
)
@json_option
@data_option
@click.pass_context
def attempt(context: click.Context, recipe: Path, sample: Path, as_json: bool, data: Path) -> None:
    """Show the exact records that RECIPE would write for a sample event; writes nothing."""
    relay = open_relay(context, data)
    parsed = _recipe(context, relay, recipe)
    event = _event(relay, parsed, sample)
    routed = route(event, relay.settings.current())
    company = None if isinstance(routed, Unrouted) else routed
    rehearsal = Rehearsal(
        read=lambda query: _read(relay, company, query),
        linked=lambda document: _linked(relay, company, document),
        actions=relay.catalog.actions,
    )
    books = books_for(company, event, relay.clock.now())
    scope = scope_of(parsed, event, books.rules, {}, books.time_zone)
    rehearsal.play(parsed, scope, books)
    if as_json:
        show(_plain(rehearsal))
    else:
        _tell(rehearsal)
    context.exit(1 if rehearsal.stopped else 0)


def _recipe(context: click.Context, relay: Relay, file: Path) -> Recipe:
    text, problems = read_text(file)
    parsed = None
    if text is not None:
        parsed, found = parse_recipe(text, str(file), relay.installed, files_below(file.parent))
        problems = [*problems, *found]
    if problems:
        click.echo(as_text(problems), err=True)
    if parsed is None:
        context.exit(1)
    return parsed


def _event(relay: Relay, recipe: Recipe, file: Path) -> Event:
    try:
        told = happening(parse(file.read_bytes()), identity="sample", raw=b"")
    except (BadWebhook, ValueError) as error:
        raise click.ClickException(f"{file} is no standard event: {error}") from error
    if told.trigger != recipe.trigger:
        raise click.ClickException(
            f"The recipe listens to {recipe.trigger}, but the sample is {told.type}."
        )
    return Event(
        id=0,
        connection=recipe.source or "leadexploder",
        trigger=told.trigger,
        identity=told.identity,
        type=told.type,
        received_at=relay.clock.now(),
        happened_at=told.happened_at,
        location=told.location,
        test=told.test,
        contact=told.contact,
        state="new",
        note="",
        data=told.data,
    )


def _read(relay: Relay, company: Company | None, query: str) -> tuple[Record, ...]:
    if company is None:
        return ()
    service = relay.desk.quickbooks(company)
    kept = service.kept(query)
    return kept if kept is not None else service.read(query, keep=True)


def _linked(relay: Relay, company: Company | None, document: Document) -> Linked | None:
    if company is None:
        return None
    standing = relay.database.read(ledger.look_up, company.realm_id, document, 0)
    return standing if isinstance(standing, Linked) else None


def _plain(rehearsal: Rehearsal) -> dict[str, Any]:
    return {
        "writes": [
            {"step": p.step, "operation": p.operation, "what": p.what, "body": _body(p.body)}
            for p in rehearsal.planned
        ],
        "stopped": rehearsal.stopped or None,
        "fix": rehearsal.fix or None,
    }


def _body(body: Mapping[str, Any]) -> Any:
    return json.loads(dumps(body))


def _tell(rehearsal: Rehearsal) -> None:
    for planned in rehearsal.planned:
        verb = "would use" if planned.operation == "use" else f"would {planned.operation}"
        click.echo(f"{planned.step}: {verb} {planned.what}")
        for text in json.dumps(_body(planned.body), indent=2, ensure_ascii=False).splitlines():
            click.echo(f"  {text}")
    if rehearsal.stopped:
        click.echo(f"It would stop: {rehearsal.stopped}")
        if rehearsal.fix:
            click.echo(f"  = {rehearsal.fix}")
    click.echo("Nothing was written.")
