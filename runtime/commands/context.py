"""What every command shares: the data folder, the composition, how results are shown."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from runtime.relay import Relay
from runtime.settings import BadSettings
from runtime.store.database import StoreFull
from runtime.vault import BadKey

F = TypeVar("F", bound=Callable[..., Any])


class Composition(Protocol):
    """What the composition root gives to commands."""

    def program(self) -> list[str]:
        """How to start this program as another process."""

    def options(self, data: Path) -> Any:
        """Options for a data folder."""

    def build(self, options: Any) -> Relay:
        """A Relay."""

    def serve(self, relay: Relay, host: str, port: int, ready: Callable[[str], None]) -> None:
        """Serve until stopped."""

    def work(self, relay: Relay) -> None:
        """Work without a web application until stopped."""

    def practice(self, port: int, data: Path | None) -> None:
        """Run the practice company until stopped."""


def data_option(command: F) -> F:
    """The option `--data DIR`."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=lambda: Path(os.environ.get("BOOKRELAY_DATA") or "instance"),
        show_default="instance, or BOOKRELAY_DATA",
        help="Folder with database, settings, key and recipes.",
    )(command)


def json_option(command: F) -> F:
    """The option `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def open_relay(context: click.Context, data: Path) -> Relay:
    """The Relay of a data folder, for a command that runs beside a server or alone."""
    composition: Composition = context.obj
    try:
        relay = composition.build(composition.options(data))
    except (BadSettings, BadKey) as error:
        raise click.ClickException(f"{error.args[0]} {error.fix}".strip()) from error
    except (OSError, SQLAlchemyError, StoreFull) as error:
        raise click.ClickException(
            f"The data folder {data} cannot be used: {error}. Check that it can be written and "
            "that the disk is not full."
        ) from error
    context.call_on_close(relay.database.close)
    return relay


def show(records: Any) -> None:
    """Print JSON to stdout."""
    click.echo(json.dumps(records, indent=2, default=str))


def lines(record: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """A record as lines of `name: value`; what it contains is indented, what is empty stays so."""
    for key, value in record.items():
        entries = value if isinstance(value, list) else [value]
        if not any(isinstance(entry, Mapping) for entry in entries):
            words = ", ".join(map(_word, entries))
            yield f"{indent}{key}: {words}".rstrip()
            continue
        yield f"{indent}{key}:"
        for entry in entries:
            below = lines(entry if isinstance(entry, Mapping) else {"": entry}, f"{indent}    ")
            dash = "  - " if isinstance(value, list) else "    "
            first = next(below, f"{indent}    ").removeprefix(f"{indent}    ")
            yield f"{indent}{dash}{first}"
            yield from below


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print rows under headings, as wide as they need to be."""
    texts = [[str(row.get(key) or "") for key in columns] for row in rows]
    widths = [
        max([len(title), *(len(text[i]) for text in texts)])
        for i, title in enumerate(columns.values())
    ]
    for cells in [list(columns.values()), *texts]:
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        click.echo(line.rstrip())
