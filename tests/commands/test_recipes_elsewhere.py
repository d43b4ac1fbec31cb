"""BOOKRELAY_RECIPES: every command that reads or writes recipes does so in the folder it names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import Composition, Options, build
from runtime.commands import bookrelay

RECIPE = """\
recipe: 1
id: mine
name: Mine
use: accepted-estimate@1
inputs:
  create: invoice
"""
Call = Callable[..., str]


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    """A folder with one recipe that is in force, and the shipped templates."""
    folder = tmp_path / "elsewhere" / "mine"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(RECIPE)
    environment = {"BOOKRELAY_RECIPES": str(folder)}
    relay = build(Options(data=tmp_path / "data", environment=environment))
    relay.editor.keep(relay.installed)
    relay.shelf.refresh()
    assert "mine" in {live.recipe.id for live in relay.shelf.live}
    relay.database.close()
    yield folder
    kept = tmp_path / "data" / "recipes"
    assert not kept.exists() or not [*kept.rglob("*.yaml")]


@pytest.fixture
def call(mine: Path, tmp_path: Path) -> Call:
    def run(*words: str, answers: str = "", code: int = 0) -> str:
        result = CliRunner().invoke(
            bookrelay,
            [*words, "--data", str(tmp_path / "data")],
            obj=Composition(),
            input=answers,
            env={"BOOKRELAY_RECIPES": str(mine)},
        )
        assert result.exit_code == code, result.output
        return result.stdout

    return run


def test_what_is_there_is_shown(call: Call, mine: Path) -> None:
    listed = json.loads(call("recipe", "list", "--json"))
    assert ("mine", "mine/mine.yaml", "as accepted") in {
        (each["id"], each["file"], each["file_now"]) for each in listed
    }
    assert call("recipe", "show", "mine").startswith(f"{RECIPE}\n# mine/templates/")
    (mine / "mine.yaml").write_text(RECIPE.replace("Mine", "Ours"))
    assert "+name: Ours" in call("recipe", "diff", "mine")
    (mine / "mine.yaml").write_text(RECIPE.replace("name", "nmae"))
    assert f"{mine}/mine.yaml:3:1: " in call("check", code=1)


def test_it_is_changed_there(call: Call, mine: Path) -> None:
    (mine / "mine.yaml").write_text(RECIPE.replace("name: Mine", "name: 'Mine'"))
    call("fmt", "--yes")
    assert (mine / "mine.yaml").read_text() == RECIPE
    call("recipe", "rename", "mine", "ours.yaml", "--yes")
    assert not (mine / "mine.yaml").exists()
    asked = call("recipe", "upgrade", "mine", "--to", "2", answers="\n", code=1)
    assert asked.startswith("mine/ours.yaml: accepted-estimate@1 -> accepted-estimate@2\n")
    call("recipe", "delete", "mine", "--yes")
    assert not (mine / "ours.yaml").exists()
    call("recipe", "restore", "mine", "--yes")
    assert (mine / "ours.yaml").read_text() == RECIPE


def test_a_new_recipe_is_written_there_and_names_the_schema_of_the_data_folder(
    call: Call, mine: Path
) -> None:
    call("recipe", "new", "accepted-estimate@1", answers="north\n\n\n\n", code=1)
    first = (mine / "north.yaml").read_text().splitlines()[0]
    named = mine / first.partition("$schema=")[2]
    assert json.loads(named.read_text(encoding="utf-8"))["title"] == "Recipe"
