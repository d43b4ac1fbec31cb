"""`bookrelay check`: every kind of file that people write, as text and for editors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from runtime.recipes.files import recipe_files
from tests.runtime.recipes.recipe_kit import RECIPES

RECIPE = """\
recipe: 1
id: a
name: A
when:
  trigger: contact_created
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      crm_id: "{{ trigger.contact.id }}"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def check(data: Path, *words: object, **environment: str) -> Result:
    arguments = ["check", "--data", data, *words]
    return CliRunner().invoke(
        bookrelay, [str(word) for word in arguments], obj=Composition(), env=environment
    )


def test_the_shipped_recipes_are_free_of_errors_and_warnings(data: Path) -> None:
    result = check(data)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "No problems found.\n", "")
    assert check(data, RECIPES).stdout == "No problems found.\n"
    for path in recipe_files(RECIPES):
        assert check(data, path).stdout == "No problems found.\n"


def test_the_folder_in_force_is_checked_wherever_it_is(data: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.yaml").write_text(RECIPE.replace("contact.id", "contact.di"))
    result = check(data, BOOKRELAY_RECIPES=str(mine))
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{mine}/a.yaml:10:35: ")


def test_warnings_do_not_fail(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    condition = "only_if:\n  - field: trigger.contact.id\n    is_present: true\ndo:"
    file.write_text(RECIPE.replace("do:", condition))
    result = check(data, file)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{file}:8:")
    assert result.stderr == (
        "0 errors, 1 warning. Warnings keep no recipe from running. "
        "More about a rule: bookrelay explain always-true\n"
    )


def test_errors_are_counted_and_what_keeps_running_is_said(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(RECIPE.replace("contact.id", "contact.di").replace("name:", "nmae:"))
    result = check(data, file)
    assert result.exit_code == 1
    assert result.stderr == (
        "2 errors, 0 warnings. The last good version of each recipe keeps running until its "
        "errors are mended. More about a rule: bookrelay explain unknown-key\n"
    )
    found = json.loads(check(data, file, "--format", "json").stdout)
    assert [one["rule"] for one in found] == ["unknown-key", "template"]
    assert set(found[0]) == {
        *("file", "line", "column", "end_line", "end_column"),
        *("rule", "severity", "sentence", "fix"),
    }
    assert found[1]["end_column"] - found[1]["column"] == len("id")


def test_several_paths_are_one_list(data: Path, tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(RECIPE.replace("name:", "nmae:"))
    found = json.loads(
        check(data, tmp_path / "b.yaml", tmp_path / "a.yaml", "--format", "json").stdout
    )
    assert [Path(one["file"]).name for one in found] == ["a.yaml", "b.yaml"]


def test_every_kind_of_file_is_known_by_its_content(data: Path, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "templates").mkdir()
    files = {
        "setup.yaml": ("conections: {}\ncompany: {}\n", "unknown-key"),
        "tables/services.csv": ("kind,class\nlawn,A\nhedge,B,C\n", "long-row"),
        "templates/x@1.yaml": ("recipe_template: 1\nid: x\n", "missing-field"),
        "notes.txt": ("hello\n", "no-recipe"),
        "compose.yaml": ("services: {}\nvolumes: {}\n", "no-recipe"),
        "list.yaml": ("- a\n", "wrong-type"),
    }
    for name, (text, rule) in files.items():
        (tmp_path / name).write_text(text)
        found = json.loads(check(data, tmp_path / name, "--format", "json").stdout)
        assert rule in {one["rule"] for one in found}, name
        assert {one["file"] for one in found} == {str(tmp_path / name)}


def test_folders_of_parts_and_folders_without_recipes(data: Path, tmp_path: Path) -> None:
    tables = tmp_path / "recipes" / "tables"
    tables.mkdir(parents=True)
    (tables / "services.csv").write_text("kind,class\nlawn,A\nhedge,B,C\n")
    assert "services.csv:3:" in check(data, tables).stdout
    empty = check(data, tables.parent)
    assert empty.stdout.startswith(f"{tables.parent}:0:0: warning: there is no recipe")
    (tmp_path / "recipes" / "a.yaml").write_text(RECIPE)
    assert "recipes/tables/services.csv:3:" in check(data, tmp_path / "recipes").stdout


def test_a_data_folder_is_checked_with_its_settings(data: Path) -> None:
    setup = data.parent / "setup.yaml"
    setup.write_text(
        "connections:\n  leadexploder:\n    webhook_secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZI\n"
    )
    words = ["setup", str(setup), "--data", str(data)]
    assert CliRunner().invoke(bookrelay, words, obj=Composition()).exit_code == 0
    assert check(data, data).stdout == "No problems found.\n"
    other = data.parent / "other"
    (other / "recipes").mkdir(parents=True)
    (other / "recipes" / "a.yaml").write_text(RECIPE)
    (other / "settings.json").write_text("{")
    result = check(data, other)
    assert result.exit_code == 1
    assert "settings.json:0:0: " in result.stdout
    assert "[bad-settings]" in result.stdout


def test_a_folder_whose_only_recipe_has_a_wrong_ending(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "paid.yaml.txt").write_text("recipe: 1\n")
    result = check(data, folder)
    assert result.exit_code == 1
    assert "[wrong-ending]" in result.stdout
    assert "name it paid.yaml" in result.stdout
