"""What changes when a recipe goes to another version of its template, and its text after that."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from runtime.documents import Document
from runtime.recipes.inputs import Input
from runtime.recipes.templates import Template

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*|-?[0-9]+(?:\.[0-9]+)?")
_WORDS = frozenset(("true", "false", "null"))
_CONTEXT = 2


class NotEditable(ValueError):
    """The inputs of a recipe are written in a form that is not edited by machine."""


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
    if value is None:
        return "asked for"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def edited(document: Document, use: str, step: Step, answers: Mapping[str, str]) -> str:
    """The text of a recipe with another version in `use:`, and nothing else changed but inputs.

    `answers` are added; answers to inputs that are gone are taken out. Raises NotEditable.
    """
    span = document.span(("use",))
    given = document.value.get("inputs")
    names = list(given) if isinstance(given, Mapping) else []
    gone = [asked.name for asked in step.gone if asked.name in names]
    if span is None:
        raise NotEditable
    changes = [(*span, use)]
    if gone:
        changes += _without(document, gone, whole=len(gone) == len(names) and not answers)
    if answers:
        changes.append(_with(document, names, answers))
    text = document.text
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _without(document: Document, gone: list[str], *, whole: bool) -> Iterator[tuple[int, int, str]]:
    """Takes out the lines of answers; with `whole` the key `inputs` too."""
    if whole:
        yield _lines_of(document, ("inputs",))
        return
    for name in gone:
        _in_block(document, name)
        yield _lines_of(document, ("inputs", name))


def _with(document: Document, names: list[str], answers: Mapping[str, str]) -> tuple[int, int, str]:
    """Puts answers below those that are there, or below `use:`."""
    lines = [f"{name}: {written(value)}" for name, value in answers.items()]
    if names:
        _in_block(document, names[0])
        at = _lines_of(document, ("inputs", names[-1]))[1]
        blank = " " * (document.key_place(("inputs", names[0]))[1] - 1)
    else:
        if "inputs" in document.value:
            raise NotEditable
        at = _lines_of(document, ("use",))[1]
        lines = ["inputs:", *(f"  {line}" for line in lines)]
        blank = " " * (document.key_place(("use",))[1] - 1)
    added = "".join(f"{blank}{line}\n" for line in lines)
    unended = at > 0 and document.text[at - 1] != "\n"
    return at, at, f"\n{added}" if unended else added


def _in_block(document: Document, name: str) -> None:
    """Raises NotEditable unless an input stands on a line of its own."""
    line, column = document.key_place(("inputs", name))
    if document.text.split("\n")[line - 1][: column - 1].strip():
        raise NotEditable


def _lines_of(document: Document, path: tuple[str, ...]) -> tuple[int, int, str]:
    """The whole lines of a key and its value, to be taken out."""
    span = document.span(path)
    if span is None or document.text.lstrip()[:1] == "{":
        raise NotEditable
    line = document.key_place(path)[0]
    start = sum(len(each) + 1 for each in document.text.split("\n")[: line - 1])
    end = document.text.find("\n", max(span[1] - 1, start))
    return start, len(document.text) if end < 0 else end + 1, ""
