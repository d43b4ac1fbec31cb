"""`bookrelay pins`: which records of QuickBooks the names in recipes are pinned to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from connector.quickbooks.names import normal
from connector.quickbooks.references import KINDS
from runtime.commands.context import data_option, json_option, open_relay, show, table
from runtime.pins import forget as forget_pin
from runtime.store import pins as store

_COLUMNS = {
    "company": "Company",
    "kind": "Kind",
    "name": "Name in recipes",
    "quickbooks_id": "Id",
    "label": "Name in QuickBooks",
    "state": "State",
}


@click.group()
def pins() -> None:
    """Names that recipes use for records of QuickBooks, and the records they mean."""


@pins.command("list", help="List pinned names.")
@json_option
@data_option
@click.pass_context
def list_pins(context: click.Context, as_json: bool, data: Path) -> None:
    """List pinned names."""
    records = [_record(each) for each in open_relay(context, data).database.read(store.every)]
    if as_json:
        show(records)
    else:
        table(records, _COLUMNS)


@pins.command("forget")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("name")
@click.option("--company", default="", help="realm_id, where several companies have the name.")
@data_option
@click.pass_context
def forget(context: click.Context, kind: str, name: str, company: str, data: Path) -> None:
    """Let NAME be looked up anew when a recipe uses it next."""
    relay = open_relay(context, data)
    found = [
        each
        for each in relay.database.read(store.every)
        if (each.kind, each.name) == (kind, normal(name)) and company in ("", each.company)
    ]
    if not found:
        raise click.ClickException(f'No {KINDS[kind].noun} is pinned as "{name}".')
    if len(found) > 1:
        realms = ", ".join(each.company for each in found)
        raise click.ClickException(f"Several companies have it ({realms}): say --company.")
    relay.database.write(forget_pin, found[0], relay.clock.now())
    click.echo(f'The {KINDS[kind].noun} "{name}" is looked up anew at its next use.')


def _record(pinned: store.Pinned) -> dict[str, Any]:
    return {
        "company": pinned.company,
        "kind": pinned.kind,
        "name": pinned.name,
        "quickbooks_id": pinned.chosen.id,
        "label": pinned.chosen.name,
        "state": pinned.state,
        "pinned_at": pinned.pinned_at.isoformat(),
        "checked_at": pinned.checked_at.isoformat(),
    }
