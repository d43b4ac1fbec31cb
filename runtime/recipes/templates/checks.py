"""Checks what only a template has: its file's name, its inputs, and where it reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from runtime.documents import At, Document
from runtime.documents.hints import hint
from runtime.problems import Problem, Severity
from runtime.recipes.templates.inputs import Input, Misfit, answer

#: A constant that is one input alone: `{{ inputs.crm }}`.
ALONE = re.compile(r"\{\{ *inputs\.([a-z][a-z0-9_]*) *\}\}")
_MENTIONED = re.compile(r"\binputs\.([a-z][a-z0-9_]*)")
#: Settings of an input that only some types have.
_ONLY_FOR = {
    "choices": ("choice",),
    "min": ("number", "money"),
    "max": ("number", "money"),
    "of": ("connection",),
}


def check_template(document: Document, inputs: Mapping[str, Input], stem: str) -> Iterator[Problem]:
    """Every mistake beyond the schema and beyond what recipes are checked for.

    `stem` is the file's name without its ending, such as `accepted-estimate@2`.
    """
    value = document.value
    yield from _file_name(document, value, stem)
    for asked in inputs.values():
        yield from _input(document, value["inputs"][asked.name], asked)
    for path, wanted in constants(value):
        yield from _constant(document, path, wanted, inputs)
    mentioned = set(_mentions({key: value[key] for key in value if key != "inputs"}))
    for name in inputs:
        if name not in mentioned:
            sentence, fix = f'nothing reads the input "{name}"', f"use inputs.{name}, or delete it"
            at: At = ("inputs", name)
            yield document.problem(
                at, "unused-input", sentence, fix, key=True, severity=Severity.WARNING
            )


def constants(template: Mapping[str, Any]) -> Iterator[tuple[At, str]]:
    """The places that take one input alone, and the type that it must have."""
    yield ("when", "from"), "connection"
    yield ("when", "start_from"), "date"
    tables = template.get("tables")
    for name in tables if isinstance(tables, Mapping) else ():
        yield ("tables", name, "file"), "table"


def at_path(value: object, path: At) -> object:
    """The value at a path of plain mappings; None where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _file_name(document: Document, value: Mapping[str, Any], stem: str) -> Iterator[Problem]:
    name, _, version = stem.partition("@")
    for key, wanted in (("id", name), ("version", version)):
        if key in value and str(value[key]) != wanted:
            sentence = f'"{key}" is {value[key]}, but the file is called {stem}.yaml'
            fix = "rename the file, or correct the " + key
            yield document.problem((key,), "wrong-name", sentence, fix)


def _input(document: Document, entry: Mapping[str, Any], asked: Input) -> Iterator[Problem]:
    at: At = ("inputs", asked.name)
    for key, types in _ONLY_FOR.items():
        if key in entry and asked.type not in types:
            sentence = f'an input of the type {asked.type} has no "{key}"'
            fix = f"take it out, or make the type {' or '.join(types)}"
            yield document.problem((*at, key), "unknown-key", sentence, fix, key=True)
    if asked.type == "choice" and "choices" not in entry:
        sentence = f'the input "{asked.name}" is a choice without "choices"'
        fix = "add choices: each value and what people read"
        yield document.problem(at, "missing-field", sentence, fix, key=True)
    if asked.least is not None and asked.most is not None and asked.least > asked.most:
        sentence = f"the most, {asked.most}, is less than the least, {asked.least}"
        yield document.problem((*at, "max"), "out-of-range", sentence, "exchange the two")
    elif asked.default is not None:
        try:
            answer(asked, asked.default)
        except Misfit as misfit:
            yield document.problem((*at, "default"), misfit.rule, misfit.sentence, misfit.fix)


def _constant(
    document: Document, path: At, wanted: str, inputs: Mapping[str, Input]
) -> Iterator[Problem]:
    given = at_path(document.value, path)
    found = ALONE.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        return
    name = found[1]
    if name not in inputs:
        sentence, fix = f'there is no input "{name}"', hint(name, list(inputs), has="there are")
        yield document.problem(path, "unknown-name", sentence, fix, offset=found.start(1))
    elif inputs[name].type != wanted:
        sentence = (
            f'"{name}" is an input of the type {inputs[name].type}; here a {wanted} is needed'
        )
        fix = f"make its type {wanted}"
        yield document.problem(path, "wrong-type", sentence, fix, offset=found.start(1))


def _mentions(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from _MENTIONED.findall(value)
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _mentions(below)
    elif isinstance(value, list):
        for item in value:
            yield from _mentions(item)
