"""`bookrelay events | runs | holds`: the history, and letting go on what waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from runtime import history
from runtime.commands.context import data_option, json_option, lines, open_relay, show, table
from runtime.models import Run
from runtime.relay import Relay
from runtime.store import audit, ledger, recipe_runs, standing
from runtime.store import runs as store_runs


@click.group()
def events() -> None:
    """Events that came in."""


@click.group()
def runs() -> None:
    """Runs: what recipes did with events."""


@click.group()
def holds() -> None:
    """Runs that wait for a person."""


def _lister(
    group: click.Group,
    read: Callable[[Connection], list[dict[str, Any]]],
    columns: Mapping[str, str],
) -> None:
    @group.command("list", help=f"List {group.name}.")
    @json_option
    @data_option
    @click.pass_context
    def list_records(context: click.Context, as_json: bool, data: Path) -> None:
        records = open_relay(context, data).database.read(read)
        if as_json:
            show(records)
        else:
            table(records, columns)


def _shower(group: click.Group, read: Callable[[Connection, int], dict[str, Any] | None]) -> None:
    @group.command("show", help="Show one, with all that is known of it.")
    @click.argument("number", metavar="ID", type=int)
    @json_option
    @data_option
    @click.pass_context
    def show_record(context: click.Context, number: int, as_json: bool, data: Path) -> None:
        record = open_relay(context, data).database.read(read, number)
        if record is None:
            raise click.ClickException(f"There is no {group.name} {number}.")
        if as_json:
            show(record)
        else:
            click.echo("\n".join(lines(record)))


def _one_hold(tx: Connection, run: int) -> dict[str, Any] | None:
    found = store_runs.get(tx, run)
    if found is None or found.state.value not in ("held", "dead"):
        return None
    return history.hold_record(found)


_lister(
    events,
    history.all_events,
    {"id": "ID", "received_at": "Received", "connection": "From", "type": "Type", "note": "Note"},
)
_lister(
    runs,
    history.all_runs,
    {"id": "ID", "event": "Event", "recipe": "Recipe", "state": "State", "error": "Why"},
)
_lister(
    holds,
    history.all_holds,
    {"run": "Run", "reason": "Reason", "sentence": "What happened", "fix": "What to do"},
)
_shower(events, history.one_event)
_shower(runs, history.one_run)
_shower(holds, _one_hold)


_current = click.option(
    "--current",
    is_flag=True,
    help="With the newest revision of the recipe; without it each run keeps its own.",
)


@runs.command("replay")
@click.argument("number", metavar="ID", type=int)
@_current
@data_option
@click.pass_context
def replay(context: click.Context, number: int, current: bool, data: Path) -> None:
    """Let one run go on with the current settings; what is booked is found, never booked twice."""
    _requeue(open_relay(context, data), number, "run_replayed", current=current)


@events.command("replay")
@click.argument("number", metavar="ID", type=int)
@_current
@data_option
@click.pass_context
def replay_event(context: click.Context, number: int, current: bool, data: Path) -> None:
    """Replay all runs of an event."""
    relay = open_relay(context, data)
    started = relay.database.read(store_runs.of_event, number)
    if not started:
        raise click.ClickException(f"Event {number} is not known or has started no run.")
    for run in started:
        _requeue(relay, run, "run_replayed", current=current)


@holds.command("release")
@click.argument("numbers", metavar="[RUN]...", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Release all holds.")
@click.option("--reason", default="", help="Release all holds of one reason, such as flood.")
@_current
@data_option
@click.pass_context
def release(
    context: click.Context,
    numbers: tuple[int, ...],
    every: bool,
    reason: str,
    current: bool,
    data: Path,
) -> None:
    """Let held or dead runs go on, in the order in which they came."""
    relay = open_relay(context, data)
    if every or reason:
        held = relay.database.read(history.all_holds)
        chosen = (hold for hold in held if every or hold["reason"] == reason)
        numbers = (*numbers, *(int(hold["run"]) for hold in chosen))
    if not numbers:
        what = f"for the reason {reason}" if reason else "at all" if every else ""
        raise click.ClickException(
            f"No run is held {what}." if what else "Name a run, or give --reason or --all."
        )
    for number in sorted(set(numbers)):
        _requeue(relay, number, "hold_released", current=current)


@holds.command("skip")
@click.argument("number", metavar="RUN", type=int)
@click.option("--why", required=True, help="The reason, for the history.")
@data_option
@click.pass_context
def skip(context: click.Context, number: int, why: str, data: Path) -> None:
    """End a held run without booking it."""
    relay = open_relay(context, data)
    if not relay.database.write(_skip, relay, number, why):
        raise click.ClickException(
            f"Run {number} is not held, or QuickBooks' answer to one of its writes is still "
            "unknown; release it first."
        )
    click.echo(f"Run {number} is skipped.")


def _skip(tx: Connection, relay: Relay, number: int, why: str) -> bool:
    if any(request.state == "sent" for request in ledger.written_by(tx, number)):
        return False
    if not store_runs.skip(tx, number, why):
        return False
    ledger.give_up(tx, number)
    audit.note(tx, relay.clock.now(), "cli", "run_skipped", {"run": number, "why": why})
    return True


def _requeue(relay: Relay, number: int, what: str, *, current: bool) -> None:
    run = relay.database.read(store_runs.get, number)
    to = _newest(relay, run) if current and run is not None else None
    gone_on = run is not None and relay.database.write(_let_go_on, relay, run, what, to)
    if run is None or not gone_on:
        raise click.ClickException(f"There is no run {number}, or it is under way right now.")
    if to is None or to == run.revision:
        click.echo(f"Run {number} goes on with revision {run.revision} of {run.recipe}.")
    else:
        click.echo(
            f"Run {number} goes on with revision {to} of {run.recipe}, the newest; it had "
            f"revision {run.revision}."
        )


def _newest(relay: Relay, run: Run) -> int:
    """The newest revision of a run's recipe, if the run can go on with it."""
    row = relay.database.read(standing.one, run.recipe)
    recipe = relay.shelf.pinned(run.recipe, row.revision) if row is not None else None
    if row is None or recipe is None:
        raise click.ClickException(
            f"The newest revision of {run.recipe} cannot be read. Run {run.id} stays as it is."
        )
    lost = recipe_runs.lost_steps(run.steps, {step.id: step.action for step in recipe.steps})
    if lost:
        raise click.ClickException(
            f"Run {run.id} has done {', '.join(lost)} already, which revision {row.revision} of "
            f"{run.recipe} does not have; it could be done twice under another name. The run stays "
            "as it is."
        )
    return row.revision


def _let_go_on(tx: Connection, relay: Relay, run: Run, what: str, to: int | None) -> bool:
    now, settings = relay.clock.now(), relay.settings.current().revision
    current = store_runs.get(tx, run.id)
    if current is None or current.fence != run.fence:
        return False  # it went on since it was looked at, so it may have done more
    if not store_runs.requeue(tx, run.id, settings, now):
        return False
    if to is not None:
        recipe_runs.pin(tx, run.id, to)
    detail = {"run": run.id, "settings_revision": settings, "revision": to or run.revision}
    audit.note(tx, now, "cli", what, detail)
    return True
