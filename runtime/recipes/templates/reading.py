"""Recipe templates: read and checked on their own, and expanded by the recipes that use them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

from runtime.documents import At, Document, read_document, schema
from runtime.documents.hints import hint
from runtime.problems import Problem, errors
from runtime.recipes.checking import check
from runtime.recipes.installed import Beside, Files, Installed
from runtime.recipes.model import Recipe, Table
from runtime.recipes.tables import checks as table_checks
from runtime.recipes.tables.reading import Say, say_of, tables_of
from runtime.recipes.templates.checks import ALONE, at_path, check_template, constants
from runtime.recipes.templates.inputs import Input, Misfit, answer, inputs_of
from runtime.recipes.whole import Whole

FOLDER = "templates"
_FILE = re.compile(r"([a-z0-9][a-z0-9-]{0,79})@([1-9][0-9]{0,3})\.yaml")
_USE = re.compile(r"([a-z0-9][a-z0-9-]{0,79})@([1-9][0-9]{0,3})")
#: What a recipe may not say beside `use:`, because its template says it.
_OF_THE_TEMPLATE = ("when", "only_if", "tables", "do")
_INHERITED = (*_OF_THE_TEMPLATE, "at_most", "expect")
#: Templates that were read before, with what was installed then; most uses share a few.
_READ: dict[tuple[str, str], tuple[Installed, Template]] = {}
_MOST_READ = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One version of a template, and what is wrong with it."""

    #: Path below the folder of recipes.
    path: str
    text: str
    #: None where its structure cannot be made out.
    document: Document | None
    inputs: Mapping[str, Input]
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """Such as `accepted-estimate@2`."""
        return PurePosixPath(self.path).stem

    @property
    def id(self) -> str:
        """Its name without the version."""
        return self.name.partition("@")[0]


def path_of(use: str) -> str:
    """The file of a template such as `accepted-estimate@2`, below the folder of recipes."""
    return f"{FOLDER}/{use}.yaml"


def versions(files: Files) -> dict[str, list[int]]:
    """The versions that are there, lowest first, by the template's id."""
    found: dict[str, list[int]] = {}
    for name in files.names(FOLDER):
        named = _FILE.fullmatch(name)
        if named:
            found.setdefault(named[1], []).append(int(named[2]))
    return {name: sorted(numbers) for name, numbers in found.items()}


def check_templates(
    files: Files, installed: Installed, held: Mapping[str, str] | None = None
) -> list[Problem]:
    """What is wrong with the templates that are there, used or not.

    `held` has the texts of those that accepted recipes use, by path: they may not change.
    """
    problems: list[Problem] = []
    for name in files.names(FOLDER):
        path = f"{FOLDER}/{name}"
        if _FILE.fullmatch(name):
            text = files.beside(path) or ""
            problems += read_template(path, text, files, installed).problems
            problems += _changed(path, text, (held or {}).get(path, text), files)
        elif name[:1] not in "._" and not name.endswith(".PROBLEMS.txt"):
            sentence = f'"{name}" is not named as templates are'
            fix = "name it <id>@<version>.yaml, such as accepted-estimate@1.yaml"
            problems.append(
                Problem(file=files.shown(path), rule="wrong-name", sentence=sentence, fix=fix)
            )
    return problems


def holding(beside: Beside, held: Mapping[str, str]) -> Beside:
    """Reads templates as they were when recipes were accepted with them, though changed since."""

    def read(path: str) -> str | None:
        text = beside(path)
        return text if text is None else held.get(path, text)

    return read


def held_by(recipes: Iterable[Recipe]) -> dict[str, str]:
    """The text of every template that recipes use, by its path."""
    return {
        path: text
        for recipe in recipes
        for path, text in recipe.parts.items()
        if path.startswith(f"{FOLDER}/")
    }


def _changed(path: str, text: str, before: str, files: Files) -> Iterator[Problem]:
    """That a version in use was changed; comments and blank lines may be."""
    if text == before:
        return
    now, then = (read_document(each, files.shown(path))[0] for each in (text, before))
    if now is None or (then is not None and now.value == then.value):
        return
    lines, old = now.text.split("\n"), then.text.split("\n") if then is not None else []
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(lines, old, strict=False)))
    name = PurePosixPath(path).stem.partition("@")[0]
    following = max(versions(files)[name]) + 1
    yield Problem(
        file=files.shown(path),
        line=min(same, len(lines) - 1) + 1,
        column=1,
        rule="template-changed",
        sentence="this version is in use and was changed; recipes go on with it as it was",
        fix=f"save the change as {name}@{following}.yaml with version: {following}, "
        "and put this file back as it was",
        length=max(len(lines[min(same, len(lines) - 1)]), 1),
        excerpt=lines[min(same, len(lines) - 1)],
    )


def read_template(path: str, text: str, files: Files, installed: Installed) -> Template:
    """A template from its text, checked as far as it can be without answers."""
    key = (text, files.shown(path))
    kept = _READ.get(key)
    if kept is not None and kept[0] == installed:
        return kept[1]
    found = _read_template(path, text, files.shown(path), installed)
    if len(_READ) >= _MOST_READ:
        _READ.clear()
    _READ[key] = installed, found
    return found


def _read_template(path: str, text: str, shown_as: str, installed: Installed) -> Template:
    document, mistakes = read_document(text, shown_as)
    inputs: dict[str, Input] = {}
    problems = {*mistakes}
    if document is not None:
        problems |= {*schema.problems(document, "recipe-template", shown_as)}
    if document is not None and isinstance(document.value, Mapping):
        inputs = inputs_of(document.value)
        known = {name: asked.branch() for name, asked in inputs.items()}
        problems |= {*check(document, installed, known)}
        problems |= {*check_template(document, inputs, PurePosixPath(path).stem)}
        problems |= {
            *table_checks.check_names(document, list(table_checks.lookups(document.value)))
        }
    return Template(
        path=path, text=text, document=document, inputs=inputs, problems=tuple(sorted(problems))
    )


def expand(document: Document, installed: Installed, files: Files) -> Whole:
    """The recipe that a document with `use:` means; wrong shapes are passed over."""
    use = document.value["use"]
    found = _USE.fullmatch(use) if isinstance(use, str) else None
    if found is None:
        return Whole(value=document.value)
    path = path_of(use)
    text = files.beside(path)
    if text is None:
        return Whole(value=document.value, problems=[_unknown(document, found, files)])
    template = read_template(path, text, files, installed)
    whole = _Use(document, template, installed, files).whole()
    whole.problems += template.problems
    whole.problems += _broken(document, use, errors(whole.problems))
    return whole


def _unknown(document: Document, use: re.Match[str], files: Files) -> Problem:
    there = versions(files)
    if use[1] in there:
        sentence = f'the template "{use[1]}" has no version {use[2]}'
        fix = f"it has: {', '.join(map(str, there[use[1]]))}"
    else:
        sentence = f'there is no template "{use[1]}"'
        fix = hint(use[1], sorted(there), has="there are") or "write `when:` and `do:` instead"
    return document.problem(("use",), "unknown-template", sentence, fix)


def _broken(document: Document, use: str, found: list[Problem]) -> Iterator[Problem]:
    """Mistakes of the template or its tables, told in the recipe that cannot run for them."""
    if found and not any(problem.file == document.file for problem in found):
        first = min(found)
        sentence = f"the template {use} cannot be used: {first.sentence}"
        fix = f"mend line {first.line} of {first.file}"
        yield document.problem(("use",), "broken-template", sentence, fix)


class _Use:
    """One recipe and the template it uses."""

    def __init__(
        self, document: Document, template: Template, installed: Installed, files: Files
    ) -> None:
        self._document = document
        self._template = template
        self._installed = installed
        self._files = files
        given = document.value.get("inputs")
        self._given: Mapping[str, Any] = given if isinstance(given, Mapping) else {}

    def whole(self) -> Whole:
        """The two put together."""
        value, template = self._document.value, self._template
        of_template = template.document.value if template.document is not None else None
        if not isinstance(of_template, Mapping):
            return Whole(value=value, parts={template.path: template.text})
        problems = [*self._beside(), *self._unknown_inputs()]
        answers = self._answers(problems)
        inherited = {key: of_template[key] for key in _INHERITED if key in of_template}
        own = {key: value[key] for key in value if key not in _OF_THE_TEMPLATE}
        merged = {**self._fixed(inherited, answers), **own}
        shelved = tables_of(merged.get("tables"), self._files, self._say_of)
        problems += self._columns(of_template, shelved.tables)
        return Whole(
            value=merged,
            problems=[*problems, *shelved.problems],
            tables=shelved.tables,
            parts={template.path: template.text, **shelved.parts},
            inputs=answers,
            template=str(value["use"]),
        )

    def _columns(
        self, of_template: Mapping[str, Any], tables: Mapping[str, Table]
    ) -> Iterator[Problem]:
        """Columns that the template looks up and the tables of this recipe do not have."""
        found = list(table_checks.lookups(of_template))
        for one in table_checks.lacking(found, tables):
            table = tables[one.table]
            sentence = f'{table.file} has no column "{one.column}", which the template looks up'
            fix = hint(one.column, table.columns)
            yield self._say_of(one.table)("file", "unknown-column", sentence, fix)

    def _beside(self) -> Iterator[Problem]:
        for key in _OF_THE_TEMPLATE:
            if key in self._document.value:
                sentence = f'"{key}" comes from the template {self._document.value["use"]}'
                fix = "take it out here, or take out `use:`"
                yield self._document.problem((key,), "beside-template", sentence, fix, key=True)

    def _unknown_inputs(self) -> Iterator[Problem]:
        for name in self._given:
            if name not in self._template.inputs:
                sentence = f'the template {self._document.value["use"]} has no input "{name}"'
                fix = hint(name, list(self._template.inputs))
                at: At = ("inputs", name)
                yield self._document.problem(at, "unknown-input", sentence, fix, key=True)

    def _answers(self, problems: list[Problem]) -> dict[str, Any]:
        """The value of every input; what does not fit is told and stays as it was given."""
        found: dict[str, Any] = {}
        for name, asked in self._template.inputs.items():
            given = self._given.get(name, asked.default)
            if given is None:
                problems.append(self._missing(asked))
                continue
            try:
                found[name] = answer(asked, given, self._installed.connections)
            except Misfit as misfit:
                found[name] = None if asked.type == "table" else given
                problems += self._misfit(asked, misfit)
        return found

    def _missing(self, asked: Input) -> Problem:
        sentence = f'the template asks "{asked.label}", which this recipe does not answer'
        fix = f"add under inputs: {asked.name}: {asked.wanted}"
        at: At = ("inputs",) if self._given else ("use",)
        return self._document.problem(at, "missing-input", sentence, fix, key=True)

    def _misfit(self, asked: Input, misfit: Misfit) -> Iterator[Problem]:
        """At the answer; a default is the template's own mistake, but for a connection."""
        at: At = ("inputs", asked.name) if asked.name in self._given else ("use",)
        if asked.name in self._given or asked.type == "connection":
            yield self._document.problem(at, misfit.rule, misfit.sentence, misfit.fix)

    def _fixed(self, inherited: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
        """What the template says, with answers where constants must stand."""
        fixed = dict(inherited)
        for path, _ in constants(inherited):
            written = at_path(inherited, path)
            alone = ALONE.fullmatch(written) if isinstance(written, str) else None
            if alone is not None:
                fixed = _replaced(fixed, path, answers.get(alone[1]))
        return fixed

    def _say_of(self, table: str) -> Say:
        """Problems of a table: at the input that chose the file, else in the template."""
        document = self._template.document
        written = at_path(document.value, ("tables", table, "file")) if document else None
        alone = ALONE.fullmatch(written) if isinstance(written, str) else None
        if document is not None and alone is None:
            return say_of(document, table)
        name = alone[1] if alone is not None else ""
        place: At = ("inputs", name) if name in self._given else ("use",)
        return lambda key, *said: self._document.problem(place, *said)


def _replaced(value: Mapping[str, Any], path: At, new: object) -> dict[str, Any]:
    """A copy with another value at a path."""
    key, below = path[0], path[1:]
    inside = value[str(key)]
    return {**value, str(key): _replaced(inside, below, new) if below else new}
