"""The help pages: one for each rule, whose examples are what the check really tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from app import Composition
from runtime import help as help_pages
from runtime.commands import bookrelay
from runtime.commands.recipe import recipe
from runtime.documents import schema
from runtime.problems import as_text
from runtime.recipes.conditions import OPERATORS
from runtime.web.help_pages import help_pages as blueprint
from tests.help_pages import FOLDER, HERE, examples, filter_lines
from tests.runtime.recipes.cases import shown

ROOT = Path(__file__).parents[1]
PAGES = sorted((FOLDER / "rules").glob("*.md"))
#: Where the mistakes of people are told.
_TELLING = (
    *(ROOT / "runtime").glob("checks.py"),
    *(ROOT / "runtime" / "shelf").glob("sayings.py"),
    *(ROOT / "runtime" / "documents").glob("*.py"),
    *(ROOT / "runtime" / "recipes").rglob("*.py"),
    *(ROOT / "runtime" / "setup").glob("*.py"),
    *(ROOT / "runtime" / "settings").glob("*.py"),
)
_SLUG = re.compile(r"""["']([a-z]+(?:-[a-z]+)+)["']""")
#: Words with a dash that name no rule: keywords of schemas, names of files.
NO_RULES = re.compile(
    r"x-[a-z]+|recipe-format|recipe-template|table-row-missing|missing-file|use-it|utf-.*"
)
#: Rules that need more than a file to show: another program, a history, a changed setting.
WITHOUT_EXAMPLE = {
    "bad-settings",
    "changed-since",
    "connector-changed",
    "recipe-gone",
    "template-changed",
    "unreadable-file",
}
#: A mistake in a part is told in the part and in the recipe that cannot run for it.
TOGETHER = {"broken-table", "broken-template"}


def told() -> Iterator[str]:
    """Every rule with a dash that the code may tell of."""
    for path in _TELLING:
        text = path.read_text(encoding="utf-8")
        yield from (slug for slug in _SLUG.findall(text) if not NO_RULES.fullmatch(slug))


def named_outright() -> Iterator[str]:
    """Rules that stand as constants in the calls that tell of them, those of one word too."""
    for path in _TELLING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = [one.value for one in node.keywords if one.arg == "rule"]
                if isinstance(node.func, ast.Attribute) and node.func.attr == "problem":
                    given += node.args[1:2]
                yield from (str(one.value) for one in given if isinstance(one, ast.Constant))


def test_every_rule_has_its_page_and_every_page_its_rule() -> None:
    pages = {path.stem for path in PAGES}
    text = "\n".join(path.read_text(encoding="utf-8") for path in _TELLING)
    assert set(told()) <= pages
    assert {page for page in pages if f'"{page}"' not in text} == set()
    assert set(named_outright()) <= pages
    assert len(set(named_outright())) > 30


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_the_examples_of_a_page_are_true(path: Path, tmp_path: Path) -> None:
    found = examples(path)
    if path.stem in WITHOUT_EXAMPLE:
        assert found.wrong is found.right is None
        return
    assert found.wrong is not None
    assert found.right is not None
    problems = found.wrong.problems(tmp_path / "wrong", HERE)
    rules = {problem.rule for problem in problems}
    assert path.stem in rules
    assert len(rules) == 1 or len(rules - TOGETHER) == 1
    assert shown(as_text(problems)) == found.wrong.told
    assert as_text(found.right.problems(tmp_path / "right", HERE)) == ""


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_a_page_explains_in_a_few_sentences(path: Path) -> None:
    title, _, text, *_ = path.read_text(encoding="utf-8").split("\n")
    assert title == f"# {path.stem}"
    assert 40 < len(text) < 450


LANGUAGE = sorted(FOLDER.glob("*.md"))


@pytest.mark.parametrize("path", LANGUAGE, ids=[path.stem for path in LANGUAGE])
def test_the_examples_of_the_language_are_right(path: Path, tmp_path: Path) -> None:
    found = examples(path).right
    if found is not None:
        assert as_text(found.problems(tmp_path, HERE)) == ""


def test_every_filter_operator_and_heading_is_explained() -> None:
    text = {path.stem: path.read_text(encoding="utf-8") for path in LANGUAGE}
    lines = text["expressions"].splitlines()
    assert [line for line in lines if line.startswith("- `") and "` gives `" in line] == (
        filter_lines()
    )
    assert all(f"`{operator}" in text["conditions"] for operator in OPERATORS)
    headings = schema.load("recipe-format")["properties"]
    assert {name for name in headings if name not in " ".join(text.values())} == set()
    assert {page.name for page in help_pages.pages()} == set(text)


def test_the_pages_name_every_command_for_recipes() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in LANGUAGE)
    named = re.findall(r"`bookrelay ([a-z]+) ?([a-z]*)", text)
    for name, below in named:
        command = bookrelay.commands[name]
        assert not isinstance(command, click.Group) or below in command.commands
    wanted = {"check", "explain", "fmt", "try", "recipe", "holds", "notices", "pins"}
    assert wanted - {name for name, _ in named} == set()
    said = (name for name in recipe.commands if f"`{name}`" in text or f"recipe {name}`" in text)
    assert {*said, "new"} == set(recipe.commands)
    assert "`bookrelay recipe new " in text


def test_links_lead_to_pages() -> None:
    for path in (*LANGUAGE, *PAGES):
        for name in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert help_pages.page(name) is not None


def test_pages_are_printed() -> None:
    def explain(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(bookrelay, ["explain", *words], obj=Composition())
        return result.exit_code, result.output

    code, text = explain("unknown-key")
    assert code == 0
    assert text.startswith("# unknown-key\n")
    assert "```yaml\n" in text
    assert explain("[unknown-key]") == (code, text)
    code, text = explain("unknown-kye")
    assert code == 1
    assert 'did you mean "unknown-key"?' in text
    assert explain("../rules/tab")[0] == 1
    code, text = explain()
    assert code == 0
    for name in (*help_pages.rules(), *(page.name for page in help_pages.pages())):
        assert name in text


def test_pages_are_shown() -> None:
    app = Flask("bookrelay", root_path=str(ROOT / "runtime" / "web"))
    app.register_blueprint(blueprint())
    client = app.test_client()
    contents = client.get("/help")
    assert contents.status_code == 200
    for name in (*help_pages.rules(), *(page.name for page in help_pages.pages())):
        assert f'href="/help/{name}"' in contents.text
        shown_page = client.get(f"/help/{name}")
        assert shown_page.status_code == 200
        assert "<script" not in shown_page.text
        assert "```" not in shown_page.text
        assert "style=" not in shown_page.text
    assert client.get("/help/nothing").status_code == 404
    assert client.get("/help/..%2Fhelp").status_code == 404
    assert contents.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'self'"
