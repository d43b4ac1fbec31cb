"""The group `bookrelay` and the commands that run servers."""

from __future__ import annotations

from pathlib import Path

import click

from runtime.commands.attempt import attempt
from runtime.commands.check import check
from runtime.commands.context import Composition, data_option, open_relay
from runtime.commands.demo import demo
from runtime.commands.explain import explain
from runtime.commands.fmt import fmt
from runtime.commands.notices import notices
from runtime.commands.pins import pins
from runtime.commands.recipe import recipe
from runtime.commands.records import events, holds, runs
from runtime.commands.send import send
from runtime.commands.setup import setup


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def bookrelay() -> None:
    """Turns what happens in a CRM into correct records in QuickBooks."""


@bookrelay.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port; 0 takes a free one.")
@data_option
@click.pass_context
def serve(context: click.Context, host: str, port: int, data: Path) -> None:
    """Web, workers and scheduler in one process."""
    composition: Composition = context.obj
    relay = open_relay(context, data)
    try:
        composition.serve(relay, host, port, _listening)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with --port."
        ) from error


@bookrelay.command()
@data_option
@click.pass_context
def worker(context: click.Context, data: Path) -> None:
    """Workers only, for many machines."""
    composition: Composition = context.obj
    composition.work(open_relay(context, data))


@bookrelay.command()
@click.option(
    "--port",
    default=8090,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder to keep the books in; without it they are gone when it stops.",
)
@click.pass_context
def practice(context: click.Context, port: int, data: Path | None) -> None:
    """The practice company alone: an offline QuickBooks Online."""
    composition: Composition = context.obj
    try:
        composition.practice(port, data)
    except OSError as error:
        if error.strerror is None:
            # About the folder, in a sentence of its own.
            raise click.ClickException(str(error)) from error
        raise click.ClickException(
            f"Port {port} cannot be used: {error.strerror}. Choose another with --port."
        ) from error


def _listening(url: str) -> None:
    click.echo(f"Bookrelay listens on {url}")


for command in (
    setup,
    check,
    explain,
    fmt,
    attempt,
    send,
    events,
    runs,
    holds,
    notices,
    pins,
    recipe,
    demo,
):
    bookrelay.add_command(command)
