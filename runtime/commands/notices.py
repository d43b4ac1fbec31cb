"""`bookrelay notices`: what somebody must be told, who was told it, and a test message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from runtime.commands.context import data_option, json_option, open_relay, show, table
from runtime.notices import board as noticeboard


@click.group()
def notices() -> None:
    """What somebody must be told, and whether it was."""


@notices.command("list")
@json_option
@data_option
@click.pass_context
def list_notices(context: click.Context, as_json: bool, data: Path) -> None:
    """List notices, with those that have ended."""
    relay = open_relay(context, data)
    known = relay.settings.current().notifications
    found = relay.database.read(noticeboard.all_notices, known)
    if as_json:
        show(found)
    else:
        table([{**each, "told": _told(each)} for each in found], _COLUMNS)


@notices.command("show")
@click.argument("number", metavar="ID", type=int)
@json_option
@data_option
@click.pass_context
def show_notice(context: click.Context, number: int, as_json: bool, data: Path) -> None:
    """Show one notice, with all that is known of it."""
    relay = open_relay(context, data)
    known = relay.settings.current().notifications
    found = relay.database.read(noticeboard.one_notice, number, known)
    if found is None:
        raise click.ClickException(f"There is no notice {number}.")
    if as_json:
        show(found)
    else:
        for key, value in {**found, "told": _told(found)}.items():
            click.echo(f"{key}: {'' if value is None else value}")


@notices.command("test")
@click.argument("recipient")
@json_option
@data_option
@click.pass_context
def test_recipient(context: click.Context, recipient: str, as_json: bool, data: Path) -> None:
    """Send a test message to RECIPIENT, a name under notifications in the settings."""
    trouble = open_relay(context, data).teller.test(recipient)
    if as_json:
        show({"recipient": recipient, "sent": not trouble, "trouble": trouble or None})
    else:
        click.echo(trouble or f"A test message to {recipient} was taken by its service.")
    context.exit(1 if trouble else 0)


_COLUMNS = {
    "id": "ID",
    "kind": "Kind",
    "about": "About",
    "count": "Times",
    "ended": "Ended",
    "sentence": "What happened",
    "fix": "What to do",
    "told": "Told",
}


def _told(notice: dict[str, Any]) -> str:
    """Who was told, and who was not: `office 2026-11-07T12:00, ann not sent yet`."""
    return ", ".join(
        f"{one['recipient']} {one['trouble'] or one['sent'] or 'not sent yet'}".lstrip()
        for one in notice["told"]
    )
