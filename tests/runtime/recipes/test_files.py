"""Which files of a folder are recipes: endings, copies, what editors leave behind, empty files."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.problems import Problem
from runtime.recipes import Recipe, load_recipes
from tests.runtime.recipes.recipe_kit import INSTALLED

RECIPE = """\
recipe: 1
id: paid
name: Paid
when:
  trigger: contact_created
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      name: "{{ trigger.contact.name }}"
"""


def load(folder: Path) -> tuple[list[Recipe], list[Problem]]:
    return load_recipes(folder, INSTALLED)


@pytest.mark.parametrize("name", ["paid.yaml", "paid.yml", "paid.YAML", "Paid Invoices.Yml"])
def test_endings_that_are_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(RECIPE)
    recipes, problems = load(tmp_path)
    assert ([recipe.id for recipe in recipes], problems) == (["paid"], [])


@pytest.mark.parametrize(
    "name",
    [
        "~$paid.yaml",
        ".paid.yaml.swp",
        "paid.yaml~",
        "#paid.yaml#",
        ".#paid.yaml",
        "._paid.yaml",
        "paid.yaml.bak",
        "paid.yaml.PROBLEMS.txt",
        "README.md",
        ".git/paid.yaml",
        "tables/a.csv",
    ],
)
def test_what_editors_leave_behind_is_passed_over(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(RECIPE)
    assert load(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("name", "what", "better"),
    [
        ("paid.yaml.txt", 'ends in ".txt"', "paid.yaml"),
        ("paid.txt", 'ends in ".txt"', "paid.yaml"),
        ("paid", "has no ending", "paid.yaml"),
        ("paid.ymal", 'ends in ".ymal"', "paid.yaml"),
        ("paid.yml.docx", 'ends in ".docx"', "paid.yml"),
    ],
)
def test_a_recipe_with_another_ending_is_told(
    name: str, what: str, better: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(RECIPE)
    recipes, (problem,) = load(tmp_path)
    assert recipes == []
    assert (problem.file, problem.rule) == (f"{tmp_path.name}/{name}", "wrong-ending")
    assert problem.sentence == f"this looks like a recipe, but its name {what}, so it is not used"
    assert problem.fix.startswith(f"name it {better};")


def test_other_files_are_nobodys_business(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("The recipe: 1 cup of flour\n")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "long.txt").write_text(RECIPE + "#" * 200_000)
    assert load(tmp_path) == ([], [])


def test_a_recipe_saved_as_utf_16_without_its_ending_is_seen(tmp_path: Path) -> None:
    (tmp_path / "paid.txt").write_bytes(RECIPE.encode("utf-16"))
    (tmp_path / "old.txt").write_bytes(RECIPE.replace("Paid", "Zo\xeb").encode("cp1252"))
    assert [problem.rule for problem in load(tmp_path)[1]] == ["wrong-ending"] * 2


@pytest.mark.parametrize(
    "name",
    [
        "Copy of paid.yaml",
        "paid - Copy.yaml",
        "paid - Copy (2).yaml",
        "paid (1).yaml",
        "paid copy.yaml",
        "paid copy 2.yaml",
        "Copy (2) of paid.yaml",
    ],
)
def test_a_copy_never_takes_the_place_of_its_original(name: str, tmp_path: Path) -> None:
    (tmp_path / "paid.yaml").write_text(RECIPE)
    (tmp_path / name).write_text(RECIPE)
    (recipe,), (problem,) = load(tmp_path)
    assert recipe.file == f"{tmp_path.name}/paid.yaml"
    assert (problem.file, problem.line, problem.column) == (f"{tmp_path.name}/{name}", 2, 5)
    assert problem.rule == "two-recipes"
    assert problem.sentence == (
        f'"{name}" looks like a copy of "paid.yaml": both have the id "paid"; the copy does not run'
    )
    assert "an id of its own" in problem.fix


def test_a_copy_alone_is_a_recipe(tmp_path: Path) -> None:
    (tmp_path / "Copy of paid.yaml").write_text(RECIPE)
    assert [recipe.id for recipe in load(tmp_path)[0]] == ["paid"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\r\n  \r\n", "the file is empty"),
        (b"# to be written\n", "the file has only comments"),
    ],
)
def test_an_empty_file(raw: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "paid.yaml").write_bytes(raw)
    (problem,) = load(tmp_path)[1]
    assert (problem.rule, problem.sentence, problem.line) == ("empty-file", sentence, 1)
    assert "beginning with `recipe: 1`" in problem.fix


def test_a_file_in_the_code_page_of_windows_is_checked_further(tmp_path: Path) -> None:
    text = RECIPE.replace("name: Paid", "name: Zo\xeb").replace("contact.name", "contact.nmae")
    (tmp_path / "paid.yaml").write_bytes(text.encode("cp1252"))
    recipes, problems = load(tmp_path)
    assert recipes == []
    assert [(found.rule, found.line, found.column) for found in problems] == [
        ("encoding", 3, 9),
        ("template", 10, 33),
    ]
    assert problems[0].sentence == 'the letter "\xeb" here is saved as Windows-1252, not as UTF-8'
