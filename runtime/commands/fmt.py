"""`bookrelay fmt`: brings recipes into the form of the shipped ones, after showing what changes."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from runtime.atomic import write_whole
from runtime.commands.context import Composition, data_option
from runtime.documents import decode
from runtime.documents.formatting import formatted_bytes
from runtime.problems import as_text
from runtime.recipes.files import recipe_files


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A file that would be written anew."""

    path: Path
    old: bytes
    new: bytes

    def diff(self) -> str:
        """What changes, as a unified diff."""
        old, new = (_lines(raw, str(self.path)) for raw in (self.old, self.new))
        name = str(self.path)
        return "\n".join(difflib.unified_diff(old, new, name, name, lineterm=""))


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file would change.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@data_option
@click.pass_context
def fmt(
    context: click.Context, paths: tuple[Path, ...], check: bool, yes: bool, data: Path
) -> None:
    """Bring recipes and templates, or folders of them, into one form; without PATH, all.

    Block style, keys in the order of the format, quotes only where they are needed. What a file
    means, its comments and its blank lines stay. What would change is shown first.
    """
    composition: Composition = context.obj
    files = [file for path in paths or (composition.options(data).recipes,) for file in _in(path)]
    changes, refused = _changes(files)
    for change in changes:
        click.echo(change.diff())
    if not changes:
        click.echo(f"{_files(len(files) - refused)} in form already.", err=True)
    elif check:
        click.echo(f"{_files(len(changes))} not in form.", err=True)
    else:
        refused += _write_all(changes, yes=yes)
    context.exit(1 if refused or (check and changes) else 0)


def _in(path: Path) -> Iterator[Path]:
    """The files that are meant by a path: itself, or the recipes and templates below it."""
    if not path.is_dir():
        yield path
        return
    whole = (path / "settings.json").is_file() and (path / "recipes").is_dir()
    folder = path / "recipes" if whole else path
    yield from recipe_files(folder)
    yield from sorted((folder / "templates").glob("*.yaml"))


def _changes(files: Sequence[Path]) -> tuple[list[_Change], int]:
    """What is to be written, and how many files have mistakes, which are told."""
    changes, refused = [], 0
    for path in files:
        try:
            old = path.read_bytes()
        except OSError as error:
            click.echo(f"{path} cannot be read: {error.strerror}.", err=True)
            refused += 1
            continue
        new, problems = formatted_bytes(old, str(path))
        if new is None:
            click.echo(as_text(problems), err=True)
            click.echo(f"{path} stays as it is until this is mended.", err=True)
            refused += 1
        elif new != old:
            changes.append(_Change(path=path, old=old, new=new))
    return changes, refused


def _write_all(changes: Sequence[_Change], *, yes: bool) -> int:
    """Write them if a person agrees; gives how many were not written though they should be."""
    if not yes and not sys.stdin.isatty():
        click.echo("Nothing was written. Say --yes to write without being asked.", err=True)
        return len(changes)
    if not yes and not click.confirm(f"Write {_count(len(changes))}?", err=True):
        click.echo("Nothing was written.", err=True)
        return 0
    return sum(not _write(change) for change in changes)


def _write(change: _Change) -> bool:
    if change.path.read_bytes() != change.old:
        click.echo(
            f"{change.path} was changed by somebody else meanwhile and stays as it is; "
            "run this again.",
            err=True,
        )
        return False
    try:
        write_whole(change.path, change.new)
    except OSError as error:
        click.echo(f"{change.path} stays as it is: {error.strerror}.", err=True)
        return False
    click.echo(f"{change.path} is written.", err=True)
    return True


def _lines(raw: bytes, file: str) -> list[str]:
    text, _ = decode(raw, file)
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").splitlines()


def _count(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


def _files(number: int) -> str:
    return f"{_count(number)} {'is' if number == 1 else 'are'}"
