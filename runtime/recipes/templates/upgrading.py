"""What changes when a recipe goes to another version of its template, and its text after that."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from runtime.documents import Document
from runtime.documents.editing import Edit, add_entry, edit_bytes, remove_entry, replace_value
from runtime.documents.writing import flow
from runtime.recipes.templates.inputs import Input
from runtime.recipes.templates.reading import Template

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_CONTEXT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one version of a template to another."""

    old: Template
    new: Template

    @property
    def added(self) -> list[Input]:
        """Inputs that are new."""
        return [asked for name, asked in self.new.inputs.items() if name not in self.old.inputs]

    @property
    def gone(self) -> list[Input]:
        """Inputs that there are no longer."""
        return [asked for name, asked in self.old.inputs.items() if name not in self.new.inputs]

    def text_diff(self) -> Iterator[str]:
        """The lines that differ, as `diff -u` shows them."""
        return difflib.unified_diff(
            self.old.text.splitlines(),
            self.new.text.splitlines(),
            self.old.path,
            self.new.path,
            lineterm="",
            n=_CONTEXT,
        )

    def input_changes(self) -> Iterator[str]:
        """What is new, gone and asked otherwise, one sentence each."""
        for asked in self.added:
            answer = "it must be answered"
            if asked.default is not None:
                answer = f"without an answer it is {written(asked.default)}"
            yield f'new input {asked.name}: "{asked.label}", {asked.wanted}; {answer}'
        for asked in self.gone:
            yield f'the input {asked.name} ("{asked.label}") is no longer asked'
        for name, asked in self.new.inputs.items():
            before = self.old.inputs.get(name)
            if before is not None and before.wanted != asked.wanted:
                yield f"the input {name} was {before.wanted}; now it is {asked.wanted}"
            elif before is not None and before.default != asked.default:
                words = (written(one.default) for one in (before, asked))
                yield "without an answer the input {} was {}; now it is {}".format(name, *words)


def written(value: object) -> str:
    """A value as YAML has it; quoted where it would be read as something else."""
    return "asked for" if value is None else flow(value, strict=False)


def edited(raw: bytes, file: str, step: Step, answers: Mapping[str, str]) -> bytes:
    """The bytes of a recipe with another version in `use:`, and nothing else changed but inputs.

    `answers` are added; answers to inputs that are gone are taken out. Raises CannotEdit.
    """
    raw = edit_bytes(raw, file, lambda document: replace_value(document, ("use",), step.new.name))
    for name, text in answers.items():
        value = _typed(step.new.inputs[name], text)
        raw = edit_bytes(raw, file, partial(_answered, name=name, value=value))
    for asked in step.gone:
        raw = edit_bytes(raw, file, partial(_without, name=asked.name))
    return raw


def _answered(document: Document, name: str, value: object) -> Edit:
    if "inputs" in document.value:
        return add_entry(document, ("inputs",), name, value)
    return add_entry(document, (), "inputs", {name: value})


def _without(document: Document, name: str) -> Edit:
    given = document.value.get("inputs") or {}
    if name not in given:
        return Edit(start=0, end=0, text="")
    return remove_entry(document, ("inputs", name) if len(given) > 1 else ("inputs",))


def _typed(asked: Input, text: str) -> object:
    """An answer from the terminal as a recipe would have it: numbers and flags without quotes."""
    if asked.kind == "flag" and text.lower() in _FLAGS:
        return _FLAGS[text.lower()]
    number = _NUMBER.fullmatch(text) if asked.kind in ("number", "money") else None
    if number is None:
        return text
    return Decimal(text) if number[1] else int(text)
