"""Recipe templates: expansion with typed inputs, and every mistake at its place in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.problems import Problem, as_text, errors
from runtime.recipes import Recipe, load_recipes, parse_recipe, two_recipes
from runtime.recipes.expressions.compiling import TABLES
from runtime.recipes.mapping import render
from runtime.recipes.templates.inputs import Input, Misfit, answer
from runtime.recipes.templates.reading import held_by
from tests.runtime.recipes.recipe_kit import INSTALLED, RECIPES, example, scope

CONNECTED = replace(
    INSTALLED,
    connections={"leadexploder": "leadexploder", "north": "leadexploder", "card": "stripe"},
)
TEMPLATE = """\
recipe_template: 1
id: welcome
name: Welcome
version: 1
inputs:
  crm:
    label: Which CRM?
    type: connection
    of: leadexploder
  greeting:
    label: Greeting
    type: text
    default: Hello
  since:
    label: Since when?
    type: date
    default: 2026-01-01
  kinds:
    label: Table of kinds
    type: table
    default: tables/kinds.csv
when:
  trigger: contact_created
  from: "{{ inputs.crm }}"
  start_from: "{{ inputs.since }}"
only_if:
  - field: inputs.greeting
    is_not: none
tables:
  kinds:
    file: "{{ inputs.kinds }}"
    if_missing: hold
at_most: 10 per day
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      name: "{{ inputs.greeting }} {{ trigger.contact.name }}"
      company: "{{ trigger.contact.company | lookup('kinds', 'class') }}"
"""
USE = """\
recipe: 1
id: north
name: North
owner: north@example.com
use: welcome@1
inputs:
  crm: leadexploder
  greeting: Hi
"""
FILES = {"templates/welcome@1.yaml": TEMPLATE, "tables/kinds.csv": "kind,class\na,b\n"}
OTHER = {"tables/other.csv": "kind,klass\na,b\n"}


def use(text: str, files: Mapping[str, str] = FILES) -> tuple[Recipe | None, list[Problem]]:
    return parse_recipe(text, "recipes/north.yaml", CONNECTED, _beside(files).get)


def _beside(files: Mapping[str, str]) -> dict[str, str]:
    listing = "\n".join(path.split("/")[1] for path in files if path.startswith("templates/"))
    return {**files, "templates/": listing}


def template(old: str, new: str) -> dict[str, str]:
    assert TEMPLATE.count(old) == 1
    return {**FILES, "templates/welcome@1.yaml": TEMPLATE.replace(old, new)}


def test_a_recipe_of_a_template() -> None:
    recipe, problems = use(USE)
    assert problems == []
    assert recipe is not None
    assert (recipe.id, recipe.name, recipe.owner) == ("north", "North", "north@example.com")
    assert (recipe.trigger, recipe.source, recipe.start_from) == (
        "contact_created",
        "leadexploder",
        date(2026, 1, 1),
    )
    assert (recipe.template, str(recipe.at_most)) == ("welcome@1", "10 per day")
    assert recipe.tables["kinds"].file == "tables/kinds.csv"
    assert recipe.parts == FILES
    assert recipe.inputs == {
        "crm": "leadexploder",
        "greeting": "Hi",
        "since": "2026-01-01",
        "kinds": "tables/kinds.csv",
    }
    data = {"contact": {**example("contact.created")["contact"], "company": "A"}}
    known = {**scope(data), "inputs": recipe.inputs, TABLES: recipe.tables}
    rendered = render(recipe.steps[0].fields, known)
    assert rendered["company"] == "b"
    assert rendered["name"].startswith("Hi ")


def test_what_a_recipe_says_itself_goes_before_its_template() -> None:
    recipe, problems = use(USE + "at_most: 5 per hour\nenabled: false\n")
    assert problems == []
    assert recipe is not None
    assert (str(recipe.at_most), recipe.enabled) == ("5 per hour", False)


def test_its_revision_is_whole_without_the_folder() -> None:
    recipe, _ = use(USE)
    assert recipe is not None
    again, problems = parse_recipe(recipe.text, recipe.file, CONNECTED, recipe.parts.get)
    assert problems == []
    assert again == recipe
    other, _ = use(USE, template("default: Hello", "default: Goodbye"))
    assert other is not None
    assert other.digest != recipe.digest


def test_one_template_for_two_connections() -> None:
    first, _ = use(USE)
    second, _ = use(USE.replace("id: north", "id: south"))
    third, _ = use(USE.replace("id: north", "id: south").replace("crm: leadexploder", "crm: north"))
    assert first is not None
    assert second is not None
    assert third is not None
    assert [problem.rule for problem in two_recipes(second, [first])] == ["two-recipes"]
    assert two_recipes(third, [first]) == []


def test_conditions_on_inputs_do_not_tell_recipes_apart() -> None:
    """An input is a constant of its recipe: another's condition on its own says nothing."""
    recipe, _ = use(USE)
    assert recipe is not None
    other, _ = use(
        USE.replace("id: north", "id: south"), template("is_not: none", "is_one_of: [Hi, none]")
    )
    hello, _ = use(USE, template("is_not: none", "is: none"))
    assert other is not None
    assert hello is not None
    assert [problem.rule for problem in two_recipes(other, [replace(hello, id="x")])] == [
        "two-recipes"
    ]
    assert [problem.rule for problem in two_recipes(other, [recipe])] == ["two-recipes"]


AT_THE_USE = [
    (
        "use: welcome@1",
        "use: welcome@3",
        "5:6 unknown-template",
        'the template "welcome" has no version 3',
        "it has: 1",
    ),
    (
        "use: welcome@1",
        "use: welcom@1",
        "5:6 unknown-template",
        'there is no template "welcom"',
        'did you mean "welcome"? there are: welcome',
    ),
    (
        "use: welcome@1",
        "use: welcome",
        "5:6 wrong-form",
        '"use" cannot be "welcome"',
        "write the name of a template and its version, such as accepted-estimate@2",
    ),
    (
        "  crm: leadexploder\n",
        "",
        "6:1 missing-input",
        'the template asks "Which CRM?", which this recipe does not answer',
        "add under inputs: crm: the name of a connection of leadexploder",
    ),
    (
        "inputs:\n  crm: leadexploder\n  greeting: Hi\n",
        "",
        "5:1 missing-input",
        'the template asks "Which CRM?", which this recipe does not answer',
        "add under inputs: crm: the name of a connection of leadexploder",
    ),
    (
        "crm: leadexploder",
        "crm: nort",
        "7:8 unknown-connection",
        '"Which CRM?" cannot be "nort": there is no such connection',
        'did you mean "north"? there are: leadexploder, north',
    ),
    (
        "crm: leadexploder",
        "crm: card",
        "7:8 unknown-connection",
        '"Which CRM?" needs a connection of leadexploder; "card" is none',
        "there are: leadexploder, north",
    ),
    (
        "greeting: Hi",
        "greting: Hi",
        "8:3 unknown-input",
        'the template welcome@1 has no input "greting"',
        'did you mean "greeting"? it has: crm, greeting, since, kinds',
    ),
    (
        "greeting: Hi",
        'greeting: "{{ trigger.contact.name }}"',
        "8:13 template-in-input",
        '"Greeting" takes a fixed value, not {{ … }}',
        "write the value itself",
    ),
    ("greeting: Hi", "greeting: ''", "8:13 missing-input", '"Greeting" is empty', "write a text"),
    (
        "greeting: Hi",
        "since: tomorrow",
        "8:10 wrong-type",
        '"Since when?" must be a day such as 2026-11-06 or a time, not "tomorrow"',
        "write a day such as 2026-01-01",
    ),
    (
        "greeting: Hi",
        "kinds: ../kinds.csv",
        "8:10 wrong-form",
        '"Table of kinds" cannot be "../kinds.csv"',
        "write the path of a CSV file, such as tables/services.csv",
    ),
    (
        "greeting: Hi",
        "kinds: tables/other.csv",
        "8:10 unknown-column",
        'tables/other.csv has no column "class", which the template looks up',
        'did you mean "klass"? it has: kind, klass',
    ),
    (
        "greeting: Hi",
        "kinds: tables/kind.csv",
        "8:10 no-table",
        'there is no file "tables/kind.csv" in the folder of recipes',
        "put the CSV file there",
    ),
    (
        "owner: north@example.com",
        "when:\n  trigger: contact_created",
        "4:1 beside-template",
        '"when" comes from the template welcome@1',
        "take it out here, or take out `use:`",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "sentence", "fix"), AT_THE_USE)
def test_mistakes_of_a_use(old: str, new: str, place: str, sentence: str, fix: str) -> None:
    assert USE.count(old) == 1
    recipe, problems = use(USE.replace(old, new), {**FILES, **OTHER})
    assert recipe is None
    found = [(f"{p.line}:{p.column} {p.rule}", p.sentence, p.fix) for p in errors(problems)]
    assert found == [(place, sentence, fix)]
    assert {problem.file for problem in problems} == {"recipes/north.yaml"}


def test_inputs_without_a_template() -> None:
    text = USE.replace("use: welcome@1", "when:\n  trigger: contact_created") + (
        "do:\n  - id: a\n    action: quickbooks.find_or_create_customer\n"
        '    with:\n      name: "{{ inputs.greeting }}"\n'
    )
    recipe, problems = use(text)
    assert recipe is None
    assert [p.rule for p in problems] == ["no-template", "template"]


AT_THE_TEMPLATE = [
    ("id: welcome", "id: farewell", "2:5 wrong-name"),
    ("version: 1", "version: 2", "4:10 wrong-name"),
    ("name: Welcome\n", "", "1:1 missing-field"),
    ("trigger: contact_created", "trigger: contact_creatd", "23:12 unknown-trigger"),
    ("{{ trigger.contact.name }}", "{{ trigger.contact.nam }}", "38:55 template"),
    ("{{ inputs.greeting }} ", "{{ inputs.greting }} ", "38:24 template"),
    ('"{{ inputs.crm }}"', '"{{ inputs.cmr }}"', "24:20 unknown-name"),
    ('"{{ inputs.crm }}"', '"{{ inputs.greeting }}"', "24:20 wrong-type"),
    ('"{{ inputs.kinds }}"', '"{{ inputs.crm }}"', "31:22 wrong-type"),
    ("field: inputs.greeting", "field: inputs.greting", "27:19 unknown-name"),
    ("default: 2026-01-01", "default: soon", "17:14 wrong-type"),
    ("    default: Hello\n", "    default: Hello\n    min: 5\n", "14:5 unknown-key"),
    ("    default: Hello\n", "    default: Hello\n    of: x\n", "14:5 unknown-key"),
    ("type: text\n    default: Hello", "type: choice", "10:3 missing-field"),
    (
        "type: text\n    default: Hello",
        "type: number\n    min: 5\n    max: 4",
        "14:10 out-of-range",
    ),
    (
        "type: text\n    default: Hello",
        "type: number\n    min: 5\n    default: 4",
        "14:14 out-of-range",
    ),
    ("lookup('kinds'", "lookup('kind'", "39:54 unknown-table"),
    ("recipe_template: 1", "recipe_template: 1\nowner: me", "2:1 unknown-key"),
]


@pytest.mark.parametrize(("old", "new", "place"), AT_THE_TEMPLATE)
def test_mistakes_of_a_template(old: str, new: str, place: str) -> None:
    recipe, problems = use(USE, template(old, new))
    assert recipe is None
    at = {f"{p.line}:{p.column} {p.rule}" for p in problems if p.file.startswith("recipes/temp")}
    assert place in at
    assert [p for p in errors(problems) if p.file == "recipes/north.yaml"]
    assert all(problem.fix or problem.rule == "missing-field" for problem in problems)


def test_the_recipe_says_where_its_template_is_broken() -> None:
    _, problems = use(USE, template("version: 1", "version: 2"))
    assert as_text(problem for problem in problems if problem.file == "recipes/north.yaml") == (
        "recipes/north.yaml:5:6: the template welcome@1 cannot be used: "
        '"version" is 2, but the file is called welcome@1.yaml [broken-template]\n'
        "  |\n5 | use: welcome@1\n  |      ^~~~~~~~~\n"
        "  = mend line 4 of recipes/templates/welcome@1.yaml"
    )


def test_a_template_that_is_no_yaml() -> None:
    recipe, problems = use(USE, {**FILES, "templates/welcome@1.yaml": "a: b: c\n"})
    assert recipe is None
    assert {p.file for p in problems} == {
        "recipes/north.yaml",
        "recipes/templates/welcome@1.yaml",
    }


def test_an_input_that_nothing_reads_is_a_warning() -> None:
    extra = "  more:\n    label: More\n    type: flag\n    default: true\nwhen:\n"
    recipe, problems = use(USE, template("when:\n", extra))
    assert recipe is not None
    assert [(p.rule, p.line, str(p.severity)) for p in problems] == [
        ("unused-input", 22, "warning")
    ]


def test_templates_are_checked_though_no_recipe_uses_them(tmp_path: Path) -> None:
    folder = tmp_path / "recipes"
    (folder / "templates").mkdir(parents=True)
    (folder / "templates" / "welcome@1.yaml").write_text(TEMPLATE.replace("name }}", "nam }}"))
    (folder / "templates" / "welcome.yml").write_text(TEMPLATE)
    recipes, problems = load_recipes(folder, CONNECTED)
    assert recipes == []
    assert [(p.file, p.rule) for p in problems] == [
        ("recipes/templates/welcome.yml", "wrong-name"),
        ("recipes/templates/welcome@1.yaml", "template"),
    ]


def test_two_uses_of_a_broken_template_complain_of_it_once(tmp_path: Path) -> None:
    folder = tmp_path / "recipes"
    for path, text in template("name: Welcome\n", "").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "north.yaml").write_text(USE)
    (folder / "south.yaml").write_text(USE.replace("id: north", "id: south"))
    _, problems = load_recipes(folder, CONNECTED)
    assert [(p.file, p.rule) for p in problems] == [
        ("recipes/north.yaml", "broken-template"),
        ("recipes/south.yaml", "broken-template"),
        ("recipes/templates/welcome@1.yaml", "missing-field"),
    ]


def test_the_shipped_templates_are_whole() -> None:
    _, problems = load_recipes(RECIPES, CONNECTED)
    assert problems == []


def test_a_version_in_use_never_changes(tmp_path: Path) -> None:
    folder = tmp_path / "recipes"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "north.yaml").write_text(USE)
    first, problems = load_recipes(folder, CONNECTED)
    assert problems == []
    file = folder / "templates" / "welcome@1.yaml"
    file.write_text(TEMPLATE.replace("default: Hello", "default: Bye"))
    held = held_by(first)
    again, problems = load_recipes(folder, CONNECTED, held)
    assert again == first
    assert as_text(problems) == (
        "recipes/templates/welcome@1.yaml:13:1: this version is in use and was changed; "
        "recipes go on with it as it was [template-changed]\n"
        "   |\n13 |     default: Bye\n   | ^~~~~~~~~~~~~~~~\n"
        "   = save the change as welcome@2.yaml with version: 2, and put this file back as it was"
    )
    changed, problems = load_recipes(folder, CONNECTED)
    assert changed[0].digest != first[0].digest
    assert problems == []
    file.write_text(f"# A remark.\n{TEMPLATE}")
    assert load_recipes(folder, CONNECTED, held) == (first, [])
    file.unlink()
    gone, problems = load_recipes(folder, CONNECTED, held)
    assert (gone, [problem.rule for problem in problems]) == ([], ["unknown-template"])


KINDS: list[tuple[str, Any, Any]] = [
    ("text", 12, "12"),
    ("text", "00123", "00123"),
    ("number", "14", Decimal(14)),
    ("number", 14, Decimal(14)),
    ("money", "475", Decimal("475.00")),
    ("flag", True, True),
    ("flag", "no", False),
    ("date", "2026-02-03", "2026-02-03"),
    ("account", " Undeposited Funds ", "Undeposited Funds"),
]


@pytest.mark.parametrize(("kind", "given", "value"), KINDS)
def test_answers_by_kind(kind: str, given: Any, value: Any) -> None:
    assert answer(Input(name="a", label="A", type=kind, choices={}), given) == value


@given(
    st.sampled_from(["text", "number", "money", "date", "flag", "table", "connection", "account"]),
    st.text() | st.integers() | st.booleans() | st.decimals(allow_nan=True),
)
def test_any_answer_fits_or_is_told(kind: str, given: Any) -> None:
    asked = Input(name="a", label="A", type=kind, choices={}, least=0, most=9)
    try:
        value = answer(asked, given, {"crm": "leadexploder"})
    except Misfit as misfit:
        told = (misfit.rule, misfit.sentence, misfit.fix)
        assert all(told)
    else:
        assert isinstance(value, str | Decimal | bool)
        assert not isinstance(value, Decimal) or 0 <= value <= 9
