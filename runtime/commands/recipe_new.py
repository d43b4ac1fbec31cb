"""`bookrelay recipe new`: makes a recipe of a template by asking what the template asks."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from runtime.commands.asking import ask, default_of
from runtime.commands.context import Composition, data_option, open_relay
from runtime.documents.hints import hint
from runtime.documents.writing import pair
from runtime.problems import as_text, errors
from runtime.recipes import files_below, load_recipes
from runtime.recipes.installed import Files
from runtime.recipes.templates.reading import Template, path_of, read_template, versions
from runtime.relay import Relay

#: The first line tells an editor the schema that `runtime.editor` keeps in the data folder.
_EDITORS = "# yaml-language-server: $schema="
_SCHEMA = Path("schemas", "recipe.schema.json")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@click.command()
@click.argument("template")
@data_option
@click.pass_context
def new(context: click.Context, template: str, data: Path) -> None:
    """Make a recipe of TEMPLATE, such as accepted-estimate or accepted-estimate@2."""
    composition: Composition = context.obj
    relay = open_relay(context, data)
    folder = composition.options(data).recipes
    found = _template(relay, Files(beside=files_below(folder), root=folder.name), template)
    identity = click.prompt(
        "Id of the recipe", default=f"my-{found.id}", value_proc=_identity, err=True
    )
    file = folder / f"{identity}.yaml"
    if file.exists():
        raise click.ClickException(f"{file} is there already. Choose another id.")
    title = str((found.document.value if found.document else {}).get("name", identity))
    name = click.prompt("Name that people see", default=title, err=True)
    answers = _answers(relay, found)
    editors = f"{_EDITORS}{_beside(relay.folder / _SCHEMA, folder)}"
    lines = [editors, *_lines(identity, name, found.name, answers)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    click.echo(f"{file} is written.")
    _, problems = load_recipes(folder, relay.installed)
    own = [each for each in problems if each.file == f"{folder.name}/{file.name}"]
    if own:
        click.echo(as_text(own), err=True)
    context.exit(1 if errors(own) else 0)


def _template(relay: Relay, files: Files, wanted: str) -> Template:
    """The version that is wanted, or the newest. Raises ClickException."""
    there = versions(files)
    name, _, version = wanted.partition("@")
    if name not in there:
        known = hint(name, sorted(there), has="there are") or "there is none here"
        raise click.ClickException(f'There is no template "{name}"; {known}.')
    numbers = [str(number) for number in there[name]]
    if version and version not in numbers:
        raise click.ClickException(
            f'The template "{name}" has no version {version}. It has: {", ".join(numbers)}.'
        )
    path = path_of(f"{name}@{version or numbers[-1]}")
    found = read_template(path, files.beside(path) or "", files, relay.installed)
    mistakes = errors(found.problems)
    if mistakes:
        raise click.ClickException(f"The template has mistakes.\n{as_text(mistakes)}")
    return found


def _answers(relay: Relay, template: Template) -> dict[str, str]:
    """Every answer that is not the default."""
    connections = relay.installed.connections
    given = {name: ask(asked, connections) for name, asked in template.inputs.items()}
    return {name: text for name, text in given.items() if text != default_of(template.inputs[name])}


def _identity(given: Any) -> str:
    text = str(given).strip()
    if not _ID.fullmatch(text):
        raise click.BadParameter("write small letters, digits and dashes")
    return text


def _beside(file: Path, folder: Path) -> str:
    """How files in `folder` name a file elsewhere."""
    return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()


def _lines(identity: str, name: str, use: str, answers: Mapping[str, str]) -> list[str]:
    """The recipe, as people write it."""
    said = {"recipe": 1, "id": identity, "name": name, "use": use}
    whole: Mapping[str, object] = {**said, "inputs": dict(answers)} if answers else said
    return [line for key, value in whole.items() for line in pair(key, value)]
