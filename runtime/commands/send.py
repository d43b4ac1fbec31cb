"""`bookrelay send`: signs an event as its source would, and posts it to a running Bookrelay."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import click
import requests

from connector.signatures import SignatureRefused, sign_standard, sign_stripe
from runtime.commands.context import data_option, open_relay
from runtime.relay import Relay


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--connection", required=True, help="Name of the connection to send as.")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where it runs.")
@click.option("--id", "identity", default="", help="webhook-id; a new one when left out.")
@data_option
@click.pass_context
def send(
    context: click.Context, file: Path, connection: str, url: str, identity: str, data: Path
) -> None:
    """Post the event in FILE to the webhook of a connection."""
    relay = open_relay(context, data)
    raw = file.read_bytes()
    headers = signed(relay, connection, raw, identity or f"msg_{uuid.uuid4().hex}")
    try:
        answer = requests.post(
            f"{url.rstrip('/')}/hooks/{connection}",
            data=raw,
            headers={"Content-Type": "application/json", **headers},
            timeout=30,
        )
    except requests.RequestException as error:
        raise click.ClickException(
            f"No Bookrelay answers at {url}. Start one with `bookrelay serve`, or name it "
            "with --url."
        ) from error
    click.echo(json.dumps(answer.json()) if answer.content else str(answer.status_code))
    context.exit(0 if answer.ok else 1)


def signed(relay: Relay, connection: str, raw: bytes, identity: str) -> dict[str, str]:
    """The signature headers that the source of `connection` would send."""
    known = relay.settings.current().connections.get(connection)
    secret = relay.accounts(connection).get("webhook_secret")
    if known is None or not secret:
        raise click.ClickException(
            f'There is no connection "{connection}" with a webhook_secret; run setup first.'
        )
    now = int(relay.clock.now().timestamp())
    try:
        if known.connector == "stripe":
            return sign_stripe(secret, now, raw)
        return sign_standard(secret, identity, now, raw)
    except SignatureRefused as refused:
        raise click.ClickException(refused.sentence) from refused
