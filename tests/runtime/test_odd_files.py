"""Odd things in the folder of recipes: none of them stops a tick, another recipe or the machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from runtime.notices import board as noticeboard
from runtime.problems import Problem
from runtime.recipes import files_below
from runtime.shelf.pinned import Pinned
from tests.events import payment
from tests.harness import SECRET, Harness

PAID = "payment-collected-to-paid-invoice"
HUGE = 1 << 40
BROKEN = "recipe: 1\nid: [\n"
NO_UTF8 = os.fsdecode(b"caf\xe9")
SHIPPED = Path(__file__).parents[2] / "recipes" / "payment-collected-to-paid-invoice.yaml"


@pytest.fixture
def recipes(harness: Harness) -> Iterator[Path]:
    """The folder of recipes; what hangs fails."""

    def hangs(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(30)
    yield harness.data / "recipes"
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def told(harness: Harness, about: str) -> list[Problem]:
    """What is told of a file, once a tick has looked; other recipes work on."""
    harness.tick()
    harness.post(payment())
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
    return [each for each in harness.relay.shelf.problems if each.file == f"recipes/{about}"]


def huge(path: Path) -> None:
    """A file of a terabyte, without a byte of it on the disk."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.truncate(HUGE)


def looking_up(folder: Path, table: str) -> None:
    """A recipe that names the file of a table."""
    text = SHIPPED.read_text().replace("id: payment-collected-to-paid-invoice", "id: mine")
    tables = f'tables:\n  t:\n    file: "{table}"\n    if_missing: hold\ndo:\n'
    (folder / "mine.yaml").write_text(text.replace("do:\n", tables, 1))


def test_a_pipe_in_the_place_of_a_note_is_not_read(harness: Harness, recipes: Path) -> None:
    (recipes / "mine.yaml").write_text(BROKEN)
    note = recipes / "mine.yaml.PROBLEMS.txt"
    os.mkfifo(note)
    assert told(harness, "mine.yaml")
    assert "mine.yaml has 1 problem" in note.read_text()


def test_a_huge_file_in_the_place_of_a_note_is_not_read(harness: Harness, recipes: Path) -> None:
    (recipes / "mine.yaml").write_text(BROKEN)
    note = recipes / "mine.yaml.PROBLEMS.txt"
    huge(note)
    assert told(harness, "mine.yaml")
    assert note.stat().st_size < HUGE


def test_pipes_that_look_like_recipes_and_tables_are_passed_over(
    harness: Harness, recipes: Path
) -> None:
    (recipes / "tables").mkdir()
    os.mkfifo(recipes / "tables" / "t.csv")
    os.mkfifo(recipes / "pipe.yaml")
    looking_up(recipes, "tables/t.csv")
    assert "no-table" in [each.rule for each in told(harness, "mine.yaml")]


@pytest.mark.parametrize("name", ["big.yaml", "templates/big@1.yaml"])
def test_a_huge_file_is_told_of_and_not_read_into_memory(
    harness: Harness, recipes: Path, name: str
) -> None:
    huge(recipes / name)
    (problem,) = told(harness, name)
    assert problem.rule == "too-long"


def test_a_huge_table_is_told_of_and_not_read_into_memory(harness: Harness, recipes: Path) -> None:
    huge(recipes / "tables" / "t.csv")
    looking_up(recipes, "tables/t.csv")
    assert "broken-table" in [each.rule for each in told(harness, "mine.yaml")]


@pytest.mark.parametrize("table", ["tables/\\0.csv", f"tables/{'a/' * 3000}t.csv"])
def test_a_path_that_no_file_can_have_is_a_table_that_is_not_there(
    harness: Harness, recipes: Path, table: str
) -> None:
    looking_up(recipes, table)
    assert "no-table" in [each.rule for each in told(harness, "mine.yaml")]


def test_links_in_a_circle_are_a_table_that_is_not_there(harness: Harness, recipes: Path) -> None:
    (recipes / "tables").mkdir()
    (recipes / "tables" / "t.csv").symlink_to("t.csv")
    looking_up(recipes, "tables/t.csv")
    assert "no-table" in [each.rule for each in told(harness, "mine.yaml")]


def test_a_link_out_of_the_folder_shows_nothing_of_what_it_leads_to(
    harness: Harness, recipes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = harness.data / "elsewhere.txt"
    secret.write_text("the words that nobody may see\n")
    (recipes / "linked.yaml").symlink_to("../elsewhere.txt")
    (problem,) = told(harness, "linked.yaml")
    assert problem.rule == "unreadable-file"
    assert "outside of the folder" in problem.sentence
    written = (recipes / "linked.yaml.PROBLEMS.txt").read_text()
    assert "nobody may see" not in f"{problem} {caplog.text} {written}"


def test_a_link_inside_the_folder_is_a_recipe(harness: Harness, recipes: Path) -> None:
    (recipes / ".data").mkdir()
    (recipes / ".data" / "r.yaml").write_text(BROKEN)
    (recipes / "linked.yaml").symlink_to(".data/r.yaml")
    assert [each.rule for each in told(harness, "linked.yaml")] == ["syntax"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"{NO_UTF8}.yaml", "caf\ufffd.yaml"),
        ("a\nrecipes: all is well.yaml", "a\ufffdrecipes: all is well.yaml"),
        ("a\x1b[31m.yaml", "a\ufffd[31m.yaml"),
    ],
)
@pytest.mark.parametrize("text", [BROKEN, SHIPPED.read_text()])
def test_a_recipe_whose_name_cannot_be_shown_is_told_of_and_not_used(
    harness: Harness, recipes: Path, name: str, shown: str, text: str
) -> None:
    (recipes / name).write_text(text)
    (problem,) = told(harness, shown)
    assert problem.rule == "wrong-name"
    assert "cannot be shown" in problem.sentence


@pytest.mark.parametrize("name", [f"{NO_UTF8}.yaml.txt", f"templates/{NO_UTF8}@1.yaml"])
def test_other_names_that_cannot_be_shown_are_told_of(
    harness: Harness, recipes: Path, name: str
) -> None:
    (recipes / name).parent.mkdir(exist_ok=True)
    (recipes / name).write_text(SHIPPED.read_text())
    assert told(harness, name.replace(NO_UTF8, "caf\ufffd"))


def test_names_of_tables_that_cannot_be_shown_are_suggested_as_far_as_they_can(
    harness: Harness, recipes: Path
) -> None:
    (recipes / "tables").mkdir()
    (recipes / "tables" / f"{NO_UTF8}.csv").write_text("a,b\n1,2\n")
    looking_up(recipes, "tables/cafe.csv")
    assert any("caf\ufffd.csv" in each.fix for each in told(harness, "mine.yaml"))


def test_a_folder_that_may_not_be_entered_stops_nothing(
    harness: Harness, recipes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (recipes / "shut").mkdir()
    (recipes / "shut" / "mine.yaml").write_text(BROKEN)
    (recipes / "shut" / "t.csv").write_text("a,b\n1,2\n")
    looking_up(recipes, "shut/t.csv")
    real: Callable[[Path], os.stat_result] = Path.stat

    def refuse(path: Path, **options: bool) -> os.stat_result:
        if path.parent.name == "shut":
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    assert "no-table" in [each.rule for each in told(harness, "mine.yaml")]
    assert told_of_shut(harness) == []


def told_of_shut(harness: Harness) -> list[Problem]:
    return [each for each in harness.relay.shelf.problems if "shut/" in each.file]


def test_a_heap_of_names_is_told_of_in_part(harness: Harness, recipes: Path) -> None:
    heap = "".join(f"k{number}: 1\n" for number in range(2_000))
    (recipes / "heap.yaml").write_text(f"recipe: 1\n{heap}")
    assert 100 < len(told(harness, "heap.yaml")) < 500


def test_files_below_gives_nothing_of_what_is_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "recipes"
    (folder / "tables").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a,b\n")
    (folder / "tables" / "out.csv").symlink_to("../../secret.csv")
    read = files_below(folder)
    for path in ("../secret.csv", "tables/../../secret.csv", "tables/out.csv", "../", "/", "//"):
        assert read(path) is None
    assert read(str(tmp_path / "secret.csv")) is None


def test_a_problem_shows_no_sign_that_moves_or_colours_the_screen() -> None:
    problem = Problem(
        file="a\nb.yaml",
        line=1,
        column=1,
        rule="syntax",
        sentence='"\x1b[2J" is no name',
        excerpt="id: \x1b[2J\u202e\x9b",
        fix="delete \x07 it",
    )
    assert str(problem).split("\n") == [
        'a\ufffdb.yaml:1:1: "\ufffd[2J" is no name [syntax]',
        "  |",
        "1 | id: \ufffd[2J\ufffd\ufffd",
        "  | ^",
        "  = delete \ufffd it",
    ]


def test_a_secret_in_a_recipe_file_is_in_no_log_note_or_notice(
    harness: Harness, recipes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = "json://bob:hunter2hunter2@127.0.0.1:9/x"
    harness.setup(notifications={"office": address})
    harness.heart.beat()
    wrong = f'recipe: 1\nkey_{SECRET}: 1\non_error:\n  notify: ["{address}"]\n'
    (recipes / "mine.yaml").write_text(wrong)
    assert told(harness, "mine.yaml")
    kept = harness.relay.database.read(noticeboard.all_notices, ["office"])
    note = (recipes / "mine.yaml.PROBLEMS.txt").read_text()
    for shown in (str(kept), note, caplog.text):
        assert "mine.yaml" in shown
        assert SECRET not in shown
        assert "hunter2hunter2" not in shown


def test_revisions_are_kept_in_memory_up_to_a_bound_and_read_again(harness: Harness) -> None:
    (old,) = (each.recipe for each in harness.relay.shelf.live if each.recipe.id == PAID)
    kept = Pinned(most=10 * len(old.text))
    for revision in range(100):
        kept.put((PAID, revision), old)
        kept.put((PAID, revision), old)
    assert len(kept) == 10
    assert kept.get((PAID, 99)) is old
    assert kept.get((PAID, 0)) is None
    again = harness.relay.shelf.pinned(PAID, 1)
    assert again is not None
    assert again.digest == old.digest
