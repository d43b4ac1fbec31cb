"""`bookrelay demo`: a sample week, from signed webhooks to checked books."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from runtime.commands.context import Composition
from runtime.demo.play import Stage, demonstrate
from runtime.demo.trouble import Trouble


@click.command()
@click.option("--serve", is_flag=True, help="Stay up afterwards, for a browser.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: Path(os.environ.get("BOOKRELAY_DATA") or "instance") / "demo",
    show_default="instance/demo",
    help="Folder of the demo, made anew each time.",
)
@click.pass_context
def demo(context: click.Context, serve: bool, data: Path) -> None:
    """Play a sample week through the real webhook into a practice company, and check the books."""
    composition: Composition = context.obj
    stage = Stage(
        folder=data,
        program=composition.program(),
        called=_called(),
        serve=serve,
        tell=lambda line: click.echo(line, err=True),
        show=click.echo,
    )
    try:
        right = demonstrate(stage)
    except Trouble as trouble:
        raise click.ClickException(str(trouble)) from trouble
    context.exit(0 if right else 1)


def _called() -> str:
    """How the user started this program, for a command to copy."""
    program = Path(sys.argv[0])
    if program.suffix == ".py":
        return f"python {program}"
    known = shutil.which(program.name)
    if known is not None and Path(known).absolute() == program.absolute():
        return program.name
    near = os.path.relpath(program)
    return str(program) if near.startswith("..") else near
