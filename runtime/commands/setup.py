"""`bookrelay setup FILE.yaml`: all that the setup pages do, without a browser, repeatable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from runtime.commands.context import data_option, open_relay
from runtime.documents import decode
from runtime.problems import as_text
from runtime.relay import Relay
from runtime.settings import BadSettings
from runtime.setup import SetupPlan, apply, read_setup
from runtime.store import audit, companies, revisions


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@data_option
@click.pass_context
def setup(context: click.Context, file: Path, data: Path) -> None:
    """Apply a setup file: what it gives is set, the rest stays. Safe to repeat."""
    relay = open_relay(context, data)
    text, problems = read_text(file)
    plan = None
    if text is not None:
        plan, found = read_setup(
            text,
            str(file),
            connectors=[*relay.catalog.connectors, "http"],
            existing=relay.settings.current(),
        )
        problems = [*problems, *found]
    if plan is None:
        click.echo(as_text(problems), err=True)
        click.echo("Nothing was changed.", err=True)
        context.exit(1)
    try:
        before = relay.settings.current().revision
        settings = apply_plan(relay, plan)
    except BadSettings as error:
        raise click.ClickException(f"{error.sentence} {error.fix} Nothing was changed.") from error
    relay.editor.keep(relay.installed)
    if settings == before:
        click.echo(f"Nothing to change; the settings stay at revision {settings}.")
    else:
        click.echo(f"Settings revision {settings} is in force.")
    for name in sorted(relay.settings.current().connections):
        click.echo(f"  webhooks of {name}: POST /hooks/{name}")


def apply_plan(relay: Relay, plan: SetupPlan) -> int:
    """Put a plan in force; returns the settings revision. Raises BadSettings."""
    settings = apply(
        plan,
        relay.settings,
        relay.safe.put,
        lambda revision, body: relay.database.write(_record, relay, revision, body),
        get_secret=relay.safe.get,
        at_least=lambda: relay.database.read(revisions.newest_settings),
    )
    for company in plan.companies:
        if "refresh_token" in company.secrets:
            relay.database.write(companies.disconnect, company.realm_id, "")
    return settings.revision


def _record(tx: Connection, relay: Relay, revision: int, body: Mapping[str, Any]) -> None:
    now = relay.clock.now()
    revisions.accept_settings(tx, revision, body, now)
    audit.note(tx, now, "setup", "settings_changed", {"revision": revision, "body": body})


def read_text(file: Path) -> tuple[str | None, list[Any]]:
    """The text of a file that people wrote, whatever editor saved it."""
    return decode(file.read_bytes(), str(file))
