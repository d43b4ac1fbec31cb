"""Lookup tables: CSV as spreadsheets save it, and every mistake in one, with its place."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.problems import Problem, Severity, as_text, errors
from runtime.recipes import Recipe, load_recipes, parse_recipe
from runtime.recipes.expressions.keys import key_of
from runtime.recipes.tables.csv_text import MOST_ROWS, read_csv
from tests.runtime.recipes.recipe_kit import INSTALLED

RECIPE = """\
recipe: 1
id: a
name: A
when:
  trigger: payment_collected
tables:
  services:
    file: tables/services.csv
    key: service_type
    if_missing: hold
do:
  - id: customer
    action: quickbooks.find_or_create_customer
    with:
      name: "{{ trigger.contact.name | lookup('services', 'class') }}"
"""
GOOD = "service_type,class\nplumbing,Trades\ncleaning,Home\n"


def load(folder: Path, table: bytes | str, recipe: str = RECIPE) -> tuple[list[Recipe], list[str]]:
    """The recipes of a folder with one table, and its mistakes as `place rule`."""
    (folder / "recipes" / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "recipes" / "a.yaml").write_text(recipe)
    raw = table.encode() if isinstance(table, str) else table
    (folder / "recipes" / "tables" / "services.csv").write_bytes(raw)
    found, problems = load_recipes(folder / "recipes", INSTALLED)
    return found, [f"{p.file}:{p.line}:{p.column} {p.rule}" for p in errors(problems)]


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode("utf-16"),
        ("sep=;\n" + GOOD.replace(",", ";")).encode(),
        ("sep=;\r\n" + GOOD.replace(",", ";")).encode(),
        b'"service_type","class"\n"plumbing","Trades"\n "cleaning" , "Home" \n',
        GOOD.replace("\n", ",,\n").encode() + b",,,\n\n\n",
        GOOD.replace("plumbing", " Plumbing\u00a0").encode(),
        GOOD.strip().encode(),
    ],
)
def test_what_a_spreadsheet_saves(tmp_path: Path, raw: bytes) -> None:
    recipes, problems = load(tmp_path, raw)
    assert problems == []
    table = recipes[0].tables["services"]
    assert table.columns == ("service_type", "class")
    assert (table.key, table.instead) == ("service_type", None)
    assert {key: row["class"] for key, row in table.rows.items()} == {
        "plumbing": "Trades",
        "cleaning": "Home",
    }


def test_a_windows_code_page_is_read(tmp_path: Path) -> None:
    recipes, problems = load(
        tmp_path, "service_type;class\nm\u00f6bel;Caf\u00e9\n".encode("cp1252")
    )
    assert problems == []
    assert recipes[0].tables["services"].rows == {
        "m\u00f6bel": {"service_type": "m\u00f6bel", "class": "Caf\u00e9"}
    }


def test_every_cell_is_the_text_it_was(tmp_path: Path) -> None:
    cells = ["00123", "12.10", "no", "2026-01-02", "{{ trigger.contact.name }}", "=A1", "1,5"]
    text = "service_type;class\n" + "".join(f"k{i};{cell}\n" for i, cell in enumerate(cells))
    recipes, problems = load(tmp_path, text)
    assert problems == []
    assert [row["class"] for row in recipes[0].tables["services"].rows.values()] == cells


def test_keys_differ_by_more_than_their_look() -> None:
    assert key_of(" Clean\u00a0") == key_of("CLEAN") == "clean"
    assert key_of("Cafe\u0301") == key_of("CAF\u00c9")
    assert key_of("Stra\u00dfe") == key_of("STRASSE")
    assert key_of("0012") != key_of("12")


MISTAKES = [
    ("", (0, 0), "empty-file", "the table is empty"),
    (" \n\n", (0, 0), "empty-file", "the table is empty"),
    ("a,,c\n1,2,3\n", (1, 3), "blank-column", "column 2 has no name"),
    ("a,b,A\n1,2,3\n", (1, 5), "two-columns", 'columns 1 and 3 are both named "A"'),
    (
        "a\n1\n",
        (1, 1),
        "one-column",
        'the first line names one column only, "a": nothing to look up',
    ),
    (
        "a,b\n1,2\n3\n",
        (3, 1),
        "short-row",
        "this row has 1 cell, but the first line names 2 columns",
    ),
    (
        "a,b\n1,2,,3\n",
        (2, 6),
        "long-row",
        "this row has 4 cells, but the first line names 2 columns",
    ),
    (
        'a,b\n1,"2\n3,4\n',
        (2, 3),
        "quotation-mark",
        "the quotation mark that opens this cell has no partner at the end of the cell",
    ),
    (
        'a,b\n1,"2" x\n',
        (2, 3),
        "quotation-mark",
        "the quotation mark that opens this cell has no partner at the end of the cell",
    ),
    (
        "PK\x03\x04rest",
        (1, 1),
        "not-csv",
        "this is no CSV file but a spreadsheet or another kind of file",
    ),
    ("a,b\n1,\ufffd\n", (2, 1), "encoding", "this line has a letter that cannot be read"),
    ("a,b\n" + "1,2\n" * (MOST_ROWS + 1), (10002, 1), "too-long", "more than 10,000 rows"),
    ("a,b\n" + "x" * 2_000_001, (0, 0), "too-long", "the table has more than 2,000,000 characters"),
    (
        ",".join(f"c{i}" for i in range(101)) + "\n",
        (1, 391),
        "too-long",
        "the table has more than 100 columns",
    ),
]


@pytest.mark.parametrize(("text", "place", "rule", "sentence"), MISTAKES)
def test_mistakes_in_a_file(text: str, place: tuple[int, int], rule: str, sentence: str) -> None:
    grid, problems = read_csv(text, "tables/t.csv")
    assert grid is None
    assert [(problem.rule, (problem.line, problem.column)) for problem in problems] == [
        (rule, place)
    ]
    assert sentence in problems[0].sentence
    assert problems[0].fix


def test_a_table_without_rows_is_only_a_warning(tmp_path: Path) -> None:
    recipes, problems = load(tmp_path, "service_type,class\n")
    assert (len(recipes), problems) == (1, [])
    _, found = read_csv("service_type,class\n", "t.csv")
    assert [(p.rule, p.severity) for p in found] == [("empty-table", Severity.WARNING)]


BY_KEY = [
    ("service_type,class\na,1\nb,2\nA ,3\n", "4:1", "two-rows"),
    ("service_type,class\n,1\n", "2:1", "blank-key"),
    ("class,service_type\n1,a\n2,\n", "3:3", "blank-key"),
]


@pytest.mark.parametrize(("text", "place", "rule"), BY_KEY)
def test_rows_are_found_by_one_value_each(tmp_path: Path, text: str, place: str, rule: str) -> None:
    recipes, problems = load(tmp_path, text)
    assert recipes == []
    assert problems == [
        "recipes/a.yaml:8:11 broken-table",
        f"recipes/tables/services.csv:{place} {rule}",
    ]


DECLARED = [
    (
        "tables/services.csv",
        "tables/servces.csv",
        "recipes/a.yaml:8:11: "
        'there is no file "tables/servces.csv" in the folder of recipes [no-table]\n'
        "  |\n8 |     file: tables/servces.csv\n  |           ^~~~~~~~~~~~~~~~~~\n"
        '  = did you mean "services.csv"? there are: services.csv, wages.xlsx',
    ),
    (
        "tables/services.csv",
        "tables/wages.csv",
        "recipes/a.yaml:8:11: "
        'there is no file "tables/wages.csv" in the folder of recipes [no-table]\n'
        "  |\n8 |     file: tables/wages.csv\n  |           ^~~~~~~~~~~~~~~~\n"
        '  = "wages.xlsx" is there: open it in the spreadsheet and save it as CSV UTF-8',
    ),
    (
        "tables/services.csv",
        "other/services.csv",
        "recipes/a.yaml:8:11: "
        'there is no file "other/services.csv" in the folder of recipes [no-table]\n'
        "  |\n8 |     file: other/services.csv\n  |           ^~~~~~~~~~~~~~~~~~\n"
        "  = put the CSV file there",
    ),
    (
        "key: service_type",
        "key: service-type",
        'recipes/a.yaml:9:10: the table "services" has no column "service-type" [unknown-column]\n'
        "  |\n9 |     key: service-type\n  |          ^~~~~~~~~~~~\n"
        '  = did you mean "service_type"? it has: service_type, class',
    ),
    (
        "if_missing: hold",
        "if_missing:\n      use_row: plumming",
        'recipes/a.yaml:11:16: the table "services" has no row "plumming" [unknown-row]\n'
        "   |\n11 |       use_row: plumming\n   |                ^~~~~~~~\n"
        '   = did you mean "plumbing"? it has: plumbing, cleaning',
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), DECLARED)
def test_mistakes_of_the_recipe(tmp_path: Path, old: str, new: str, message: str) -> None:
    load(tmp_path, GOOD)
    (tmp_path / "recipes" / "tables" / "wages.xlsx").write_bytes(b"PK")
    (tmp_path / "recipes" / "a.yaml").write_text(RECIPE.replace(old, new))
    recipes, problems = load_recipes(tmp_path / "recipes", INSTALLED)
    assert recipes == []
    assert as_text(errors(problems)) == message


LOOKED_UP = [
    (
        "lookup('services', 'class')",
        "lookup('service', 'class')",
        "recipes/a.yaml:15:48 unknown-table",
        'did you mean "services"? there are: services',
    ),
    (
        "lookup('services', 'class')",
        "lookup('services', column='clas')",
        "recipes/a.yaml:15:67 unknown-column",
        'did you mean "class"? it has: service_type, class',
    ),
    (
        "\"{{ trigger.contact.name | lookup('services', 'class') }}\"",
        "Somebody",
        "recipes/a.yaml:7:3 unused-table",
        "use it, such as {{ line.service_type | lookup('services', 'class') }}",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "fix"), LOOKED_UP)
def test_what_is_looked_up(tmp_path: Path, old: str, new: str, place: str, fix: str) -> None:
    assert RECIPE.count(old) == 1
    load(tmp_path, GOOD, RECIPE.replace(old, new))
    _, problems = load_recipes(tmp_path / "recipes", INSTALLED)
    found = {f"{p.file}:{p.line}:{p.column} {p.rule}": p.fix for p in problems}
    assert found.pop(place) == fix
    # A table whose name is misspelt where it is looked up is not looked up either.
    assert all(each.endswith("unused-table") for each in found)


def test_a_row_instead_and_the_first_column_as_key(tmp_path: Path) -> None:
    text = RECIPE.replace("    key: service_type\n", "")
    text = text.replace("if_missing: hold", "if_missing:\n      use_row: Plumbing")
    recipes, problems = load(tmp_path, GOOD, text)
    assert problems == []
    table = recipes[0].tables["services"]
    assert (table.key, table.instead) == ("service_type", "Plumbing")


def test_a_table_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text(GOOD)
    load(tmp_path, GOOD)
    (tmp_path / "recipes" / "tables" / "services.csv").unlink()
    (tmp_path / "recipes" / "tables" / "services.csv").symlink_to(tmp_path / "services.csv")
    recipes, problems = load_recipes(tmp_path / "recipes", INSTALLED)
    assert (recipes, [p.rule for p in problems]) == ([], ["no-table"])


def test_the_table_is_a_part_of_the_revision(tmp_path: Path) -> None:
    first = load(tmp_path, GOOD)[0][0]
    second = load(tmp_path, GOOD.replace("Home", "House"))[0][0]
    assert first.parts == {"tables/services.csv": GOOD}
    assert first.digest != second.digest
    again, problems = parse_recipe(first.text, first.file, INSTALLED, first.parts.get)
    assert problems == []
    assert again == first


def test_two_recipes_with_one_broken_table_complain_of_it_once(tmp_path: Path) -> None:
    load(tmp_path, GOOD)
    other = RECIPE.replace("id: a", "id: b", 1).replace("payment_coll", "deposit_coll")
    (tmp_path / "recipes" / "b.yaml").write_text(other)
    _, problems = load(tmp_path, "service_type,class\na,1\na,2\n")
    assert [problem.split()[1] for problem in problems] == [
        "broken-table",
        "broken-table",
        "two-rows",
    ]


_CELL = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd\ufeff"))


@given(
    st.lists(st.tuples(_CELL, _CELL), max_size=8),
    st.sampled_from(",;\t"),
    st.sampled_from(("\n", "\r\n")),
)
def test_what_a_writer_of_csv_writes_is_read(
    rows: list[tuple[str, str]], separator: str, end: str
) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("one", "two"), *rows])
    grid, problems = read_csv(file.getvalue(), "t.csv")
    assert grid is not None, problems
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert [tuple(cell.text for cell in row) for row in grid.rows] == [
        (first.strip(), second.strip()) for first, second in kept
    ]


@given(st.text(st.sampled_from('ab",;\t\n \u00e9'), max_size=60))
def test_any_text_is_a_table_or_a_list_of_mistakes(text: str) -> None:
    grid, problems = read_csv(text, "t.csv")
    assert (grid is None) == bool(errors(problems))
    lines = text.split("\n")
    for problem in problems:
        assert _is_in(problem, lines)


def _is_in(problem: Problem, lines: list[str]) -> bool:
    return problem.line <= len(lines) and problem.column <= len(lines[problem.line - 1]) + 1
