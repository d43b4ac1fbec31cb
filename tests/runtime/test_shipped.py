"""What ships with the program reaches data folders, and nothing of the user's is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.shipped import copy_recipes
from tests.runtime.recipes.recipe_kit import RECIPES


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_first_start_copies_all(tmp_path: Path) -> None:
    copy_recipes(RECIPES, tmp_path / "data" / "recipes")
    assert names(tmp_path / "data" / "recipes") == names(RECIPES)


def test_a_later_version_adds_only_templates_that_are_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "recipes"
    (folder / "templates").mkdir(parents=True)
    mine = folder / "templates" / "accepted-estimate@1.yaml"
    mine.write_text("mine")
    copy_recipes(RECIPES, folder)
    shipped = {f"templates/{path.name}" for path in (RECIPES / "templates").iterdir()}
    assert names(folder) == shipped
    assert mine.read_text() == "mine"
    other = "templates/accepted-estimate@2.yaml"
    assert (folder / other).read_bytes() == (RECIPES / other).read_bytes()


def test_a_folder_that_cannot_be_written_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder = tmp_path / "recipes"
    folder.mkdir()
    monkeypatch.setattr(Path, "mkdir", refuse)
    copy_recipes(RECIPES, folder)
    assert names(folder) == set()
