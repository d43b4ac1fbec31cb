"""`bookrelay recipe new`: asks what a template asks and writes the recipe."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from runtime.recipes import files_below, parse_recipe
from tests.harness import Harness


def new(harness: Harness, template: str, answers: str) -> Result:
    words = ["recipe", "new", template, "--data", str(harness.data)]
    return CliRunner().invoke(bookrelay, words, obj=Composition(), input=answers)


def test_it_asks_and_writes(harness: Harness) -> None:
    folder = harness.data / "recipes"
    (folder / "estimate-accepted-to-estimate.yaml").unlink()
    answers = "North!\nnorth\nNorth: all\nleadexploder\ninvoce\ninvoice\n200\n\nSee you: 10 am\n"
    result = new(harness, "accepted-estimate", answers)
    assert result.exit_code == 0, result.output
    assert "Error: write small letters, digits and dashes" in result.output
    assert 'did you mean "invoice"?' in result.output
    assert "write a number from 0 to 120" in result.output
    assert result.stdout == f"{folder / 'north.yaml'} is written.\n"
    text = (folder / "north.yaml").read_text()
    assert text == (
        "# yaml-language-server: $schema=../schemas/recipe.schema.json\n"
        'recipe: 1\nid: north\nname: "North: all"\nuse: accepted-estimate@2\n'
        'inputs:\n  crm: leadexploder\n  create: invoice\n  message: "See you: 10 am"\n'
    )
    recipe, problems = parse_recipe(
        text, "recipes/north.yaml", harness.relay.installed, files_below(folder)
    )
    assert recipe is not None, problems
    assert recipe.inputs["message"] == "See you: 10 am"


def test_a_rival_is_told_at_once(harness: Harness) -> None:
    result = new(harness, "accepted-estimate@1", "zz\n\n\n\n")
    assert result.exit_code == 1, result.output
    assert "recipes/zz.yaml:3:5:" in result.stderr
    assert "[two-recipes]" in result.stderr


REFUSED = [
    ("accepted-estimat", 'There is no template "accepted-estimat"; did you mean'),
    ("accepted-estimate@9", 'The template "accepted-estimate" has no version 9. It has: 1, 2'),
]


@pytest.mark.parametrize(("template", "why"), REFUSED)
def test_what_is_not_there(harness: Harness, template: str, why: str) -> None:
    result = new(harness, template, "")
    assert result.exit_code == 1
    assert why in result.stderr


def test_a_file_that_is_there_is_not_overwritten(harness: Harness) -> None:
    file: Path = harness.data / "recipes" / "contact-created-to-customer.yaml"
    before = file.read_bytes()
    result = new(harness, "accepted-estimate@1", "contact-created-to-customer\n")
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert file.read_bytes() == before
