"""Checks documents against the JSON Schemas of the folder `schemas`, each compiled once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from runtime.documents import mistakes
from runtime.documents.document import Document
from runtime.problems import Problem

FOLDER = Path(__file__).resolve().parents[2] / "schemas"
#: How many mistakes of one file are told at once.
MOST = 200


@cache
def load(name: str) -> Mapping[str, Any]:
    """The schema `name`: `recipe`, `events/payment.collected`, `actions/http.post` …

    References are replaced by what they name, except where that would never end: looking them up
    anew for each value took two thirds of the time of a check. Raises FileNotFoundError.
    """
    path = FOLDER / f"{name}.schema.json"
    if not path.exists():
        path = FOLDER / f"{name}.json"
    found = _inline(_read(path), path, ())
    assert isinstance(found, dict)  # noqa: S101 - a schema file is an object, for mypy
    return found


@cache
def validator(name: str) -> Draft202012Validator:
    """The compiled form of the schema `name`."""
    return Draft202012Validator(load(name))


def problems(document: Document, schema_name: str, file: str) -> list[Problem]:
    """Everything in a document that its schema refuses, with its place in the file.

    Of a file that is no recipe but a heap of names, only the first MOST mistakes.
    """
    errors = validator(schema_name).iter_errors(document.value)
    found = islice(mistakes.explain(errors), MOST)
    return sorted(_problem(mistake, document, file) for mistake in found)


def _problem(mistake: mistakes.Mistake, document: Document, file: str) -> Problem:
    at_key = mistake.at_key or mistake.rule == "missing-field"
    found = document.problem(mistake.path, mistake.rule, mistake.sentence, mistake.fix, key=at_key)
    return replace(found, file=file)


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _inline(node: Any, home: Path, inside: tuple[tuple[Path, str], ...]) -> Any:
    if isinstance(node, list):
        return [_inline(item, home, inside) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    rest = {key: _inline(value, home, inside) for key, value in node.items() if key != "$ref"}
    if not isinstance(reference, str):
        return rest
    file, _, pointer = reference.partition("#")
    path = home.parent / file if file else home
    if (path, pointer) in inside:
        return node
    target = _inline(_at(_read(path), pointer), path, (*inside, (path, pointer)))
    return {"allOf": [target, rest]} if rest else target


def _at(schema: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        schema = schema[step]
    return schema
