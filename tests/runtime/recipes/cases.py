"""Reads tables of broken files: each case has the files as a person left them, and what is told.

A case begins with `### ` and its title. `~~~ ` and a path begin a file, `~~~ told` what is told.
Signs that nobody sees stand for themselves: `⍽` is a blank that does not break, `⇥` a tab,
`∅` a sign of no width.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from runtime.checks import Known, check_path
from runtime.problems import Problem
from tests.runtime.recipes.recipe_kit import INSTALLED

_SIGNS = {"⍽": "\u00a0", "⇥": "\t", "∅": "\u200b"}
TOLD = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Files below a folder, the first of them the one that is meant."""

    title: str
    #: Text by path; " in " and an encoding may follow the path.
    files: Mapping[str, str]
    #: What `bookrelay check` prints.
    told: str

    def write(self, folder: Path) -> Path:
        """Write the files; gives what is to be checked: the folder of recipes, or the file."""
        for name, text in self.files.items():
            path, _, encoding = name.partition(" in ")
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(seen(text).encode(encoding or "utf-8"))
        first = folder / next(iter(self.files)).partition(" in ")[0]
        alone = first.parent.name == "tables" or not first.is_relative_to(folder / "recipes")
        return first if alone else folder / "recipes"

    def problems(self, folder: Path, known: Known) -> list[Problem]:
        """What a check of the files finds, sorted, paths from `folder`."""
        return sorted(_moved(problem, folder) for problem in check_path(self.write(folder), known))


KNOWN = Known(installed=INSTALLED, connectors=("http", "leadexploder", "stripe"))


def seen(text: str) -> str:
    """The text with its invisible signs."""
    for sign, meant in _SIGNS.items():
        text = text.replace(sign, meant)
    return text


def shown(text: str) -> str:
    """The text with signs in the place of those that nobody sees."""
    for sign, meant in _SIGNS.items():
        text = text.replace(meant, sign)
    return text


def cases(text: str) -> Iterator[Case]:
    """The cases of a table."""
    for part in f"\n{text}".split("\n### ")[1:]:
        title, *blocks = part.split("\n~~~ ")
        named = dict(block.split("\n", 1) for block in blocks)
        told = named.pop(TOLD).strip("\n")
        files = {name: f"{content}\n" for name, content in named.items()}
        yield Case(title=title.strip(), files=files, told=told)


def _moved(problem: Problem, folder: Path) -> Problem:
    return replace(problem, file=problem.file.removeprefix(f"{folder}/"))
