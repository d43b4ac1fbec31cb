"""The README fails when it lies: its setup file is valid, what it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from runtime.checks import check_path
from runtime.commands import bookrelay
from runtime.documents import read_document
from runtime.documents.schema import problems
from runtime.events import types
from runtime.setup import read_setup
from tests.runtime.recipes.cases import KNOWN

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


SETUP, RECIPE, PROMISES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
(TABLE,) = re.findall(r"```csv\n(.*?)```", README, re.DOTALL)


def test_its_setup_file_is_valid() -> None:
    filled = SETUP.replace("whsec_…", "whsec_c2VjcmV0").replace("…", "something")

    plan, mistakes = read_setup(filled, "README.md")

    assert plan is not None, mistakes
    assert [company.realm_id for company in plan.companies] == ["9341455600000001"]


def test_its_recipe_and_its_table_are_free_of_mistakes(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "classes.csv").write_text(TABLE, encoding="utf-8")
    file = tmp_path / "jobs.yaml"
    file.write_text(RECIPE, encoding="utf-8")

    assert check_path(file, KNOWN) == []
    (tmp_path / "tables" / "classes.csv").unlink()
    assert {problem.rule for problem in check_path(file, KNOWN)} == {"no-table"}


def test_what_a_recipe_promises_is_a_recipe() -> None:
    shipped = (ROOT / "recipes" / "payment-collected-to-paid-invoice.yaml").read_text("utf-8")
    document, found = read_document(shipped, "shipped.yaml")
    promises, more = read_document(PROMISES, "README.md")
    assert document is not None
    assert promises is not None
    assert (found, more) == ([], [])

    whole = replace(document, value={**document.value, **promises.value})

    assert problems(whole, "recipe-format", "README.md") == []


def test_its_commands_exist() -> None:
    named = set(re.findall(r"(?:^|[`$ ])bookrelay\s+([a-z]+)", README, re.MULTILINE))

    assert {"check", "holds", "send", "setup", "try"} <= named
    assert named <= set(bookrelay.commands)


def test_its_table_of_commands_is_whole() -> None:
    _, _, section = README.partition("\n## Commands\n")
    rows = re.findall(r"^\| (`.*?`) \|", section.partition("\n## ")[0], re.MULTILINE)

    assert sorted(re.findall(r"`([a-z ]+)`", " ".join(rows))) == sorted(commands())


def test_the_changelog_names_every_command() -> None:
    named = set(re.findall(r"`(?:bookrelay )?([a-z ]+)`", CHANGELOG))

    assert {name for name in commands() if not named & {name, name.partition(" ")[0]}} == set()


def commands() -> Iterator[str]:
    """Every command, those of groups with the name of the group."""
    for name, command in bookrelay.commands.items():
        if isinstance(command, click.Group):
            yield from (f"{name} {below}" for below in command.commands)
        else:
            yield name


def test_its_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z -]+):(?!=)", makefile, re.MULTILINE)
    known = {name for row in targets for name in row.split()}

    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE)) <= known


def test_its_files_exist() -> None:
    named = re.findall(r"(?:runtime|connector|recipes|schemas|tests)/[\w/.-]+", README)
    shipped = [name for name in named if "instance/" not in name]

    assert shipped
    assert [name for name in shipped if not (ROOT / name).exists()] == []


def test_it_names_every_type_of_event_a_crm_may_send() -> None:
    named = {
        f"{thing}.{what}"
        for thing, whats in re.findall(r"`(\w+)\.([\w|]+)`", README)
        for what in whats.split("|")
    }

    assert set(types()) - named == {"payment.confirmed"}
