"""`bookrelay recipe upgrade`: what it shows, what it asks, and the bytes that it changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from tests.harness import Harness

USE = """\
# Our own: the north branch.
recipe: 1
id: north
name: Accepted estimates, north branch
use: accepted-estimate@1   # stays until upgraded
inputs:
  create: invoice
  due_in_days: 30
owner: north@example.com
"""


@pytest.fixture
def recipes(harness: Harness) -> Path:
    """The folder of recipes, with one that uses a template and no rival to it."""
    folder = harness.data / "recipes"
    (folder / "estimate-accepted-to-estimate.yaml").unlink()
    (folder / "north.yaml").write_text(USE)
    return folder


def upgrade(recipes: Path, *words: str, answers: str = "") -> Result:
    command = ["recipe", "upgrade", *words, "--data", str(recipes.parent)]
    return CliRunner().invoke(bookrelay, command, obj=Composition(), input=answers)


def test_it_shows_asks_and_changes_nothing_else(recipes: Path) -> None:
    result = upgrade(recipes, "north", answers="nobody\nleadexploder\ny\n")
    assert result.exit_code == 0, result.output
    said = result.output
    assert "recipes/north.yaml: accepted-estimate@1 -> accepted-estimate@2" in said
    assert '+  from: "{{ inputs.crm }}"' in said
    assert '* new input crm: "Which CRM?", the name of a connection; it must be answered' in said
    assert (
        '* new input message: "Message to the customer", a text; without an answer it is ""' in said
    )
    assert '"Which CRM?" cannot be "nobody": there is no such connection' in said
    assert "recipes/north.yaml uses accepted-estimate@2 now." in said
    assert (recipes / "north.yaml").read_text() == USE.replace("estimate@1", "estimate@2").replace(
        "  due_in_days: 30\n", "  due_in_days: 30\n  crm: leadexploder\n"
    )
    again = upgrade(recipes)
    assert again.output == "recipes/north.yaml uses accepted-estimate@2, the newest there is.\n"


def test_what_its_steps_are_given_is_compared(recipes: Path) -> None:
    third = (recipes / "templates" / "accepted-estimate@1.yaml").read_text()
    third = third.replace("version: 1", "version: 3").replace("CRM estimate {{", "Offer {{")
    (recipes / "templates" / "accepted-estimate@3.yaml").write_text(third)
    result = upgrade(recipes, "recipes/north.yaml", "--to", "3", answers="n\n")
    assert result.exit_code == 0, result.output
    assert '-    "private_note": "CRM estimate est_' in result.output
    assert '+    "private_note": "Offer est_' in result.output
    assert "Nothing was changed." in result.output
    assert (recipes / "north.yaml").read_text() == USE


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_file_keeps_its_encoding_and_line_ends(recipes: Path, end: str, encoding: str) -> None:
    text = USE.replace("owner: north", "owner: n\u00f6rth").replace("\n", end)
    text = text.replace("inputs:", "inputs:" + end + "  crm: leadexploder")
    first = recipes / "templates" / "accepted-estimate@1.yaml"
    asks = first.read_text().replace(
        "inputs:\n  create:", "inputs:\n  crm:\n    label: A\n    type: connection\n  create:"
    )
    first.write_text(asks)
    (recipes / "north.yaml").write_bytes(text.encode(encoding))
    result = upgrade(recipes, "--yes")
    assert result.exit_code == 0, result.output
    changed = text.replace("estimate@1", "estimate@2")
    assert (recipes / "north.yaml").read_bytes() == changed.encode(encoding)


def test_an_answer_that_is_no_longer_asked_is_taken_out(recipes: Path) -> None:
    third = (recipes / "templates" / "accepted-estimate@1.yaml").read_text()
    third = third.replace("version: 1", "version: 3").replace("inputs.due_in_days", "30")
    start, end = third.index("  due_in_days:\n"), third.index("\nwhen:")
    (recipes / "templates" / "accepted-estimate@3.yaml").write_text(third[:start] + third[end:])
    result = upgrade(recipes, "--yes")
    assert result.exit_code == 0, result.output
    assert "is no longer asked" in result.output
    assert (recipes / "north.yaml").read_text() == USE.replace("estimate@1", "estimate@3").replace(
        "  due_in_days: 30\n", ""
    )


def test_inputs_in_brackets_stay_in_brackets(recipes: Path) -> None:
    block = "inputs:\n  create: invoice\n  due_in_days: 30\n"
    (recipes / "north.yaml").write_text(USE.replace(block, "inputs: {create: invoice}\n"))
    result = upgrade(recipes, answers="leadexploder\ny\n")
    assert result.exit_code == 0, result.output
    assert (recipes / "north.yaml").read_text() == USE.replace(
        block, 'inputs: {create: invoice, crm: "leadexploder"}\n'
    ).replace("estimate@1", "estimate@2")


def test_a_recipe_that_answered_nothing_gets_its_inputs(recipes: Path) -> None:
    block = "inputs:\n  create: invoice\n  due_in_days: 30\n"
    (recipes / "north.yaml").write_text(USE.replace(block, ""))
    result = upgrade(recipes, answers="leadexploder\ny\n")
    assert result.exit_code == 0, result.output
    text = USE.replace(block, "").replace("estimate@1", "estimate@2")
    assert (recipes / "north.yaml").read_text() == f"{text}inputs:\n  crm: leadexploder\n"


REFUSED = [
    (("--yes",), USE, 'accepted-estimate@2 asks "Which CRM?"'),
    (("--to", "7"), USE, 'the template "accepted-estimate" has no version 7; it has: 1, 2'),
    (
        ("--yes",),
        USE.replace("@1", "@2").replace("accepted-estimate", "gone"),
        'there is no template "gone"',
    ),
    (
        (),
        USE + "owner: south@example.com\n",
        'has a mistake in line 10, so the program does not change it: "owner" is written twice',
    ),
]


@pytest.mark.parametrize(("words", "text", "why"), REFUSED)
def test_what_it_cannot_do_it_says(
    recipes: Path, words: tuple[str, ...], text: str, why: str
) -> None:
    (recipes / "north.yaml").write_text(text)
    result = upgrade(recipes, *words, answers="leadexploder\ny\n")
    assert result.exit_code == 1, result.output
    assert why in result.stderr
    assert (recipes / "north.yaml").read_text() == text


def test_a_recipe_that_is_not_there(recipes: Path) -> None:
    result = upgrade(recipes, "nroth")
    assert result.exit_code == 1
    assert 'No recipe "nroth" uses a template; did you mean "north"?' in result.output
    (recipes / "north.yaml").unlink()
    shutil.rmtree(recipes / "templates")
    assert upgrade(recipes).output == "No recipe uses a template.\n"


def test_check_knows_a_template_from_a_recipe(recipes: Path) -> None:
    file = recipes / "templates" / "accepted-estimate@2.yaml"
    words = ["check", str(file), str(recipes / "north.yaml"), "--data", str(recipes.parent)]
    assert CliRunner().invoke(bookrelay, words, obj=Composition()).exit_code == 0
    file.write_text(file.read_text().replace("trigger: estimate_accepted", "trigger: estimates"))
    result = CliRunner().invoke(bookrelay, words, obj=Composition())
    assert result.exit_code == 1
    assert f'{file}:45:12: there is no trigger "estimates"' in result.stdout


def test_check_reads_a_table_as_recipes_do(recipes: Path) -> None:
    file = recipes.parent / "services.csv"
    file.write_bytes("service_type;class\r\nm\u00f6bel;A\r\n".encode("cp1252"))
    words = ["check", str(file), "--data", str(recipes.parent)]
    assert CliRunner().invoke(bookrelay, words, obj=Composition()).exit_code == 0
    file.write_bytes(file.read_bytes() + b"x;y;z\r\n")
    result = CliRunner().invoke(bookrelay, words, obj=Composition())
    assert result.exit_code == 1
    assert f"{file}:3:5: this row has 3 cells" in result.stdout
