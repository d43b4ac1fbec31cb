"""`bookrelay recipe upgrade`: brings recipes to a newer version of the template they use."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from runtime.atomic import write_whole
from runtime.books import books_for
from runtime.commands.asking import ask
from runtime.commands.context import Composition, data_option, open_relay
from runtime.documents import Document, decode, read_document, schema
from runtime.documents.editing import CannotEdit
from runtime.documents.hints import hint
from runtime.events import triggers
from runtime.models import Event
from runtime.problems import as_text, errors
from runtime.recipes import Recipe, files_below, parse_recipe
from runtime.recipes.files import recipe_files
from runtime.recipes.installed import Files
from runtime.recipes.templates.preview import preview
from runtime.recipes.templates.reading import Template, path_of, read_template, versions
from runtime.recipes.templates.upgrading import Step, edited
from runtime.relay import Relay
from runtime.routing import Unrouted, route


@dataclass(frozen=True, slots=True, kw_only=True)
class _Used:
    """A recipe that uses a template."""

    path: Path
    raw: bytes
    document: Document
    template: str
    version: int

    @property
    def shown(self) -> str:
        return self.document.file


@click.command()
@click.argument("recipe", required=False)
@click.option("--to", type=click.IntRange(min=1), help="The version; without it the newest.")
@click.option("--yes", is_flag=True, help="Change the files without asking.")
@data_option
@click.pass_context
def upgrade(
    context: click.Context, recipe: str | None, to: int | None, yes: bool, data: Path
) -> None:
    """Bring RECIPE, an id or a file, to a newer version of its template; without it, all."""
    composition: Composition = context.obj
    relay = open_relay(context, data)
    work = _Upgrade(relay, composition.options(data).recipes, ask=not yes)
    refused = [used for used in work.chosen(recipe) if not work.upgrade(used, to)]
    context.exit(1 if refused else 0)


class _Upgrade:
    """One call of the command."""

    def __init__(self, relay: Relay, folder: Path, *, ask: bool) -> None:
        self._relay = relay
        self._folder = folder
        self._ask = ask
        self._files = Files(beside=files_below(folder), root=folder.name)

    def chosen(self, wanted: str | None) -> list[_Used]:
        """The recipes to look at. Raises ClickException where `wanted` is none of them."""
        found = list(self._used())
        if wanted is None:
            if not found:
                click.echo("No recipe uses a template.")
            return found
        fitting = [
            used for used in found if wanted in (used.document.value.get("id"), *_names(used))
        ]
        if not fitting:
            ids = [str(used.document.value.get("id")) for used in found]
            there = hint(wanted, ids, has="templates are used by") or "no recipe uses one"
            raise click.ClickException(f'No recipe "{wanted}" uses a template; {there}.')
        return fitting

    def _used(self) -> Iterator[_Used]:
        for path in recipe_files(self._folder):
            raw = path.read_bytes()
            file = f"{self._folder.name}/{path.relative_to(self._folder).as_posix()}"
            text, _ = decode(raw, file)
            document, _ = read_document(text or "", file)
            value = document.value if document is not None else None
            use = value.get("use") if isinstance(value, Mapping) else None
            name, _, version = use.partition("@") if isinstance(use, str) else ("", "", "")
            if document is not None and version.isdecimal():
                yield _Used(
                    path=path, raw=raw, document=document, template=name, version=int(version)
                )

    def upgrade(self, used: _Used, to: int | None) -> bool:
        """Show what would change, ask, and change it; False where it cannot be done."""
        there = versions(self._files).get(used.template)
        if not there:
            return _refuse(used, f'there is no template "{used.template}"')
        target = to or max(there)
        if target not in there:
            known = ", ".join(map(str, there))
            why = f'the template "{used.template}" has no version {target}; it has: {known}'
            return _refuse(used, why)
        if target == used.version or (to is None and target < used.version):
            click.echo(f"{used.shown} uses {used.template}@{used.version}, the newest there is.")
            return True
        step = self._step(used, target)
        if step is None:
            name = f"{used.template}@{used.version}"
            return _refuse(used, f"the text of {name}, which it uses, is not there to compare with")
        return self._change(used, step, f"{used.template}@{target}")

    def _step(self, used: _Used, target: int) -> Step | None:
        old = self._template(f"{used.template}@{used.version}")
        new = self._template(f"{used.template}@{target}")
        return Step(old=old, new=new) if old is not None and new is not None else None

    def _template(self, use: str) -> Template | None:
        path = path_of(use)
        text = self._files.beside(path)
        if text is None:
            return None
        return read_template(path, text, self._files, self._relay.installed)

    def _change(self, used: _Used, step: Step, use: str) -> bool:
        click.echo(f"{used.shown}: {used.template}@{used.version} -> {use}")
        for line in (*step.text_diff(), *(f"* {words}" for words in step.input_changes())):
            click.echo(f"  {line}")
        try:
            raw = edited(used.raw, used.shown, step, self._answers(used, step))
        except _Unanswered as missing:
            return _refuse(used, str(missing))
        except CannotEdit as problem:
            return _refuse(used, f"{problem.sentence}; {problem.fix}")
        before, _ = self._parsed(used.document.text, used.shown)
        after, problems = self._parsed(decode(raw, used.shown)[0] or "", used.shown)
        if after is None:
            click.echo(as_text(errors(problems)), err=True)
            return _refuse(used, "it would not be free of mistakes")
        self._compare(before, after)
        if self._ask and not click.confirm(f"Change {used.shown}?", err=True):
            click.echo("Nothing was changed.")
            return True
        return self._write(used, raw, use)

    def _answers(self, used: _Used, step: Step) -> dict[str, str]:
        """Answers to new questions that have no default, from the person at the terminal."""
        given = used.document.value.get("inputs") or {}
        asked = [one for one in step.added if one.default is None and one.name not in given]
        if asked and not self._ask:
            raise _Unanswered(
                f'{step.new.name} asks "{asked[0].label}": run it without --yes to answer'
            )
        return {one.name: ask(one, self._relay.installed.connections) for one in asked}

    def _parsed(self, text: str, file: str) -> tuple[Recipe | None, list[Any]]:
        return parse_recipe(text, file, self._relay.installed, self._files.beside)

    def _compare(self, before: Recipe | None, after: Recipe) -> None:
        """What the steps are given for the trigger's sample, before and after."""
        sample = _sample(after, self._relay.clock.now())
        if before is None or sample is None:
            return
        old, new = self._preview(before, sample), self._preview(after, sample)
        lines = list(difflib.unified_diff(old, new, "before", "after", lineterm="", n=1))
        click.echo("For the sample of its trigger:" if lines else "For the sample: no difference.")
        for line in lines:
            click.echo(f"  {line}")

    def _preview(self, recipe: Recipe, event: Event) -> list[str]:
        routed = route(event, self._relay.settings.current())
        company = None if isinstance(routed, Unrouted) else routed
        books = books_for(company, event, self._relay.clock.now())
        actions = self._relay.catalog.actions
        found = preview(recipe, event, actions, rules=books.rules, zone=books.time_zone)
        return json.dumps(found, indent=2, ensure_ascii=False).splitlines()

    def _write(self, used: _Used, raw: bytes, use: str) -> bool:
        if used.path.read_bytes() != used.raw:
            return _refuse(used, "it was changed by somebody else meanwhile; run this again")
        write_whole(used.path, raw)
        click.echo(f"{used.shown} uses {use} now.")
        return True


class _Unanswered(Exception):
    """A new version asks what nobody is there to answer; the text is the sentence."""


def _names(used: _Used) -> tuple[str, ...]:
    return used.shown, used.path.name, str(used.path), used.path.stem


def _refuse(used: _Used, why: str) -> bool:
    click.echo(f"{used.shown} stays as it is: {why}.", err=True)
    return False


def _sample(recipe: Recipe, now: datetime) -> Event | None:
    event_type = triggers().get(recipe.trigger)
    if event_type is None:
        return None
    found = schema.load(f"events/{event_type}").get("examples") or [{}]
    return Event(
        id=0,
        connection=recipe.source or "",
        trigger=recipe.trigger,
        identity="sample",
        type=event_type,
        received_at=now,
        happened_at=now,
        location="",
        test=False,
        contact="",
        state="new",
        note="",
        data=found[0],
    )
