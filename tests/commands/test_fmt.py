"""`bookrelay fmt`: shows, asks, writes; never without a yes, never a file with mistakes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import SHIPPED_RECIPES, Composition
from runtime.commands import bookrelay
from runtime.commands import fmt as command

LOOSE = """\
name: 'Paid'   # what people see
recipe: 1
id: paid
when: {trigger: payment_collected}
do:
- id: hand_over
  action: http.post
  with: {connection: hook, body: {zip: 01234}}
"""
NEAT = """\
recipe: 1
id: paid
name: Paid     # what people see
when:
  trigger: payment_collected
do:
  - id: hand_over
    action: http.post
    with:
      connection: hook
      body:
        zip: 01234
"""


def call(*words: object) -> Result:
    return CliRunner().invoke(bookrelay, ["fmt", *map(str, words)], obj=Composition())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "paid.yaml"
    path.write_text(LOOSE, encoding="utf-8")
    return path


def test_shipped_recipes_are_in_form_already() -> None:
    result = call("--check", SHIPPED_RECIPES)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.endswith(" files are in form already.\n")


def test_check_shows_and_writes_nothing(file: Path) -> None:
    result = call("--check", file)
    assert result.exit_code == 1
    assert "-name: 'Paid'   # what people see\n" in result.stdout
    assert "+name: Paid     # what people see\n" in result.stdout
    assert result.stderr == "1 file is not in form.\n"
    assert file.read_text(encoding="utf-8") == LOOSE


def test_nothing_is_written_where_nobody_can_say_yes(file: Path) -> None:
    result = call(file)
    assert result.exit_code == 1
    assert "+name: Paid" in result.stdout
    assert "Say --yes" in result.stderr
    assert file.read_text(encoding="utf-8") == LOOSE


def test_yes_writes(file: Path) -> None:
    assert call("--yes", file).exit_code == 0
    assert file.read_text(encoding="utf-8") == NEAT
    again = call("--yes", file)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "1 file is in form already.\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_encoding_and_line_ends_stay(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("b: 'Zo\u00eb'\r\na:   1\r\n".encode(encoding))
    assert call("--yes", file).exit_code == 0
    assert file.read_bytes() == "b: Zo\u00eb\r\na: 1\r\n".encode(encoding)


def test_a_file_with_mistakes_is_told_and_left_the_others_are_done(
    tmp_path: Path, file: Path
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("recipe: 1\nname: {{ x }}\n", encoding="utf-8")
    result = call("--yes", tmp_path)
    assert result.exit_code == 1
    assert f"{broken}:2:7: put quotes around a value" in result.stderr
    assert f"{broken} stays as it is until this is mended." in result.stderr
    assert broken.read_text(encoding="utf-8") == "recipe: 1\nname: {{ x }}\n"
    assert file.read_text(encoding="utf-8") == NEAT


def test_json_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"id":"a", "recipe": 1}')
    assert call("--check", file).exit_code == 0


def test_before_the_first_start_there_is_nothing_to_read(tmp_path: Path) -> None:
    result = call("--data", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path / 'recipes'} cannot be read: No such file or directory." in result.stderr


def test_what_cannot_be_read_is_told_the_others_are_done(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file.parent / "templates" / "a@1.yaml").mkdir(parents=True)
    monkeypatch.setenv("BOOKRELAY_RECIPES", str(file.parent))
    result = call("--yes")
    assert result.exit_code == 1
    assert "a@1.yaml cannot be read: Is a directory." in result.stderr
    assert file.read_text(encoding="utf-8") == NEAT


def test_a_data_folder_means_its_recipes(tmp_path: Path) -> None:
    (tmp_path / "recipes" / "templates").mkdir(parents=True)
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "recipes" / "paid.yaml").write_text(LOOSE, encoding="utf-8")
    template = tmp_path / "recipes" / "templates" / "a@1.yaml"
    template.write_text("id: a\nrecipe_template: 1\n", encoding="utf-8")
    for words in ((tmp_path,), ("--data", tmp_path)):
        result = call("--check", *words)
        assert "2 files are not in form." in result.stderr
        assert "settings.json" not in result.stdout


def test_what_somebody_saved_meanwhile_is_not_overwritten(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = command._Change.diff

    def save_meanwhile(change: command._Change) -> str:
        file.write_text("recipe: 1\n", encoding="utf-8")
        return show(change)

    monkeypatch.setattr(command._Change, "diff", save_meanwhile)
    result = call("--yes", file)
    assert result.exit_code == 1
    assert "was changed by somebody else meanwhile" in result.stderr
    assert file.read_text(encoding="utf-8") == "recipe: 1\n"


@pytest.mark.parametrize(("answer", "wanted"), [("y", NEAT), ("n", LOOSE), ("", LOOSE)])
def test_a_person_at_a_terminal_is_asked(file: Path, answer: str, wanted: str) -> None:
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "app.py", "fmt", str(file)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    shown, told = program.communicate(timeout=60)
    os.close(ours)
    assert program.returncode == 0
    assert "+name: Paid" in shown
    assert "Write 1 file? [y/N]" in told
    assert file.read_text(encoding="utf-8") == wanted
