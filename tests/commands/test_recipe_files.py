"""`bookrelay recipe list | show | history | diff | restore | rename | delete`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from runtime.store import audit, standing
from tests.events import line, payment
from tests.harness import Harness

PAID = "payment-collected-to-paid-invoice"
FILE = f"{PAID}.yaml"


def call(harness: Harness, *words: object, answer: str = "") -> Result:
    given = [str(word) for word in (*words, "--data", harness.data)]
    return CliRunner().invoke(bookrelay, given, obj=Composition(), input=answer)


def printed(harness: Harness, *words: object) -> Any:
    result = call(harness, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def path_of(harness: Harness, name: str = FILE) -> Path:
    return harness.data / "recipes" / name


def edit(harness: Harness, old: bytes, new: bytes) -> None:
    raw = path_of(harness).read_bytes()
    assert old in raw
    path_of(harness).write_bytes(raw.replace(old, new, 1))
    harness.tick()


def thank(harness: Harness) -> None:
    edit(harness, b'message_to_customer: ""', b'message_to_customer: "Thanks"')


def live(harness: Harness) -> dict[str, int]:
    harness.tick()
    return {each.recipe.id: each.revision for each in harness.relay.shelf.live}


def hold_one(harness: Harness) -> None:
    harness.post(payment("9", [line("60.00", "gutter_guard")]))
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["held"]


def test_recipes_are_listed_with_what_waits(harness: Harness) -> None:
    thank(harness)
    hold_one(harness)
    path_of(harness, "estimate-accepted-to-estimate.yaml").unlink()
    path_of(harness, "job-closed-to-invoice.yaml").write_text("do: [")
    listed = {each["id"]: each for each in printed(harness, "recipe", "list")}
    paid = listed[PAID]
    assert (paid["revision"], paid["waiting"], paid["state"]) == (2, 1, "in force")
    assert paid["file_now"] == "as accepted"
    assert listed["estimate-accepted-to-estimate"]["file_now"] == "missing"
    assert listed["job-closed-to-invoice"]["file_now"] == "changed"
    assert listed["job-closed-to-invoice"]["revision"] == 1
    assert "in force" in call(harness, "recipe", "list").stdout


def test_a_recipe_is_shown_as_it_was(harness: Harness) -> None:
    before = path_of(harness).read_text()
    thank(harness)
    assert call(harness, "recipe", "show", PAID, "--revision", 1).stdout == before
    assert '"Thanks"' in call(harness, "recipe", "show", PAID).stdout
    shown = printed(harness, "recipe", "show", PAID, "--revision", 1)
    assert shown["files"] == {f"recipes/{FILE}": before}


def test_the_history_says_who_did_what_and_when(harness: Harness) -> None:
    thank(harness)
    path_of(harness).rename(path_of(harness, "paid.yaml"))
    harness.tick()
    assert call(harness, "recipe", "restore", PAID, 1, "--yes").exit_code == 0
    told = printed(harness, "recipe", "history", PAID)
    assert [(each["who"], each["what"], each["revision"]) for each in told] == [
        ("file", "accepted", 1),
        ("file", "accepted", 2),
        ("file", "renamed", 2),
        ("cli", "accepted", 3),
        ("cli", "restored", 3),
    ]
    assert told[2]["note"] == f"recipes/{FILE} became recipes/paid.yaml"
    assert told[0]["at"].startswith("2026-11-07")
    assert harness.relay.database.read(audit.broken_at) is None


def test_differences_are_shown_between_revisions_and_with_the_file(harness: Harness) -> None:
    thank(harness)
    between = call(harness, "recipe", "diff", PAID, 1, 2).stdout
    assert f"--- recipes/{FILE} (revision 1)" in between
    assert '-      message_to_customer: ""' in between
    assert '+      message_to_customer: "Thanks"' in between
    assert call(harness, "recipe", "diff", PAID).stdout == "No difference.\n"
    raw = path_of(harness).read_bytes()
    path_of(harness).write_bytes(raw.replace(b'"Thanks"', b'"Thank you"'))
    now = call(harness, "recipe", "diff", PAID).stdout
    assert f"+++ recipes/{FILE} (as it is now)" in now
    assert '+      message_to_customer: "Thank you"' in now
    missing = call(harness, "recipe", "diff", PAID, 7)
    assert missing.exit_code == 1
    assert "has no revision 7; the newest is 2" in missing.stderr


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r\n").encode("utf-16"),
        lambda text: text.replace("name:", "name: Zoë –", 1).encode(),
    ],
    ids=["bom", "crlf", "utf-16", "letters"],
)
def test_a_restored_file_is_the_same_to_the_byte(harness: Harness, written: Any) -> None:
    # Another text, because how it is saved alone makes no revision.
    old = written(path_of(harness).read_text().replace("name: Collected", "name: The collected", 1))
    path_of(harness).write_bytes(old)
    harness.tick()
    revision = live(harness)[PAID]
    path_of(harness).write_bytes(
        old.decode("utf-16" if old[:2] == b"\xff\xfe" else "utf-8")
        .removeprefix("\ufeff")
        .replace('""', '"Thanks"')
        .encode()
    )
    assert live(harness)[PAID] == revision + 1
    result = call(harness, "recipe", "restore", PAID, revision, "--yes")
    assert result.exit_code == 0, result.output
    assert path_of(harness).read_bytes() == old
    assert live(harness)[PAID] == revision + 2


def test_another_encoding_is_no_edit(harness: Harness) -> None:
    """Notepad saves with other line ends; what was meant is the same."""
    raw = path_of(harness).read_text().replace("\n", "\r\n").encode("utf-8-sig")
    path_of(harness).write_bytes(raw)
    assert live(harness)[PAID] == 1
    assert {each["file_now"] for each in printed(harness, "recipe", "list")} == {"as accepted"}


def test_restore_shows_what_changes_and_asks(harness: Harness) -> None:
    thank(harness)
    refused = call(harness, "recipe", "restore", PAID, 1, answer="n\n")
    assert refused.exit_code == 1
    assert '-      message_to_customer: "Thanks"' in refused.stdout
    assert b"Thanks" in path_of(harness).read_bytes()
    agreed = call(harness, "recipe", "restore", PAID, 1, answer="y\n")
    assert agreed.exit_code == 0
    assert "as it was in revision 1; revision 3 is in force" in agreed.stdout
    assert live(harness)[PAID] == 3
    again = call(harness, "recipe", "restore", PAID, 1)
    assert "is as it was in revision 1" in again.stdout


def test_restore_looks_before_it_overwrites(harness: Harness) -> None:
    thank(harness)
    edit(harness, b"do:", b"doo:")
    mine = path_of(harness).read_bytes()
    refused = call(harness, "recipe", "restore", PAID, 1, "--yes")
    assert refused.exit_code == 1
    assert "that edit would be lost. Nothing was changed." in refused.stderr
    assert path_of(harness).read_bytes() == mine
    assert call(harness, "recipe", "restore", PAID, "--yes", "--force").exit_code == 0
    assert live(harness)[PAID] == 2
    assert not path_of(harness, f"{FILE}.PROBLEMS.txt").exists()


def test_a_table_goes_back_with_its_recipe(harness: Harness) -> None:
    tables = harness.data / "recipes" / "tables"
    tables.mkdir(exist_ok=True)
    table = tables / "greetings.csv"
    first = "method,words\r\ncard,Thanks for the card\r\n".encode("utf-8-sig")
    table.write_bytes(first)
    edit(
        harness,
        b"only_if:",
        b"tables:\n  greetings:\n    file: tables/greetings.csv\n    key: method\n"
        b"    if_missing: hold\nonly_if:",
    )
    edit(
        harness,
        b'message_to_customer: ""',
        b"message_to_customer: \"{{ trigger.payment.method | lookup('greetings', 'words') }}\"",
    )
    revision = live(harness)[PAID]
    table.write_bytes(first.replace(b"Thanks for", b"We got"))
    assert live(harness)[PAID] == revision + 1
    assert "We got the card" in call(harness, "recipe", "diff", PAID, revision).stdout
    result = call(harness, "recipe", "restore", PAID, revision, "--yes")
    assert result.exit_code == 0, result.output
    assert table.read_bytes() == first
    assert live(harness)[PAID] == revision + 2
    pinned = harness.relay.shelf.pinned(PAID, revision + 1)
    assert pinned is not None
    assert pinned.tables["greetings"].rows["card"]["words"] == "We got the card"


def test_a_deleted_file_is_put_back(harness: Harness) -> None:
    before = path_of(harness).read_bytes()
    path_of(harness).unlink()
    harness.tick()
    assert PAID not in live(harness)
    assert call(harness, "recipe", "restore", PAID, "--yes").exit_code == 0
    assert path_of(harness).read_bytes() == before
    assert live(harness)[PAID] == 1


def test_a_rename_asks_where_runs_wait(harness: Harness) -> None:
    hold_one(harness)
    refused = call(harness, "recipe", "rename", PAID, "paid.yaml", answer="n\n")
    assert refused.exit_code == 1
    assert f"1 run of {PAID} waits (1 held): 60.00" in refused.stdout
    assert path_of(harness).exists()
    done = call(harness, "recipe", "rename", PAID, "paid.yaml", "--yes")
    assert f"recipes/{FILE} is now recipes/paid.yaml." in done.stdout
    assert live(harness)[PAID] == 1
    assert [each["who"] for each in printed(harness, "recipe", "history", PAID)][-1] == "cli"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("job-closed-to-invoice.yaml", "is there already"),
        ("tables/paid.yaml", "would not be read as a recipe"),
        ("../paid.yaml", "would not be read as a recipe"),
        (".paid.yaml", "would not be read as a recipe"),
        ("paid.txt", "must end in .yaml"),
    ],
)
def test_a_rename_that_would_lose_the_recipe_is_refused(
    harness: Harness, name: str, words: str
) -> None:
    result = call(harness, "recipe", "rename", PAID, name, "--yes")
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Nothing was changed." in result.stderr
    assert path_of(harness).exists()


def test_a_delete_says_what_waits_and_what_becomes_of_it(harness: Harness) -> None:
    hold_one(harness)
    refused = call(harness, "recipe", "delete", PAID, answer="n\n")
    assert refused.exit_code == 1
    assert f"1 run of {PAID} waits (1 held): 60.00" in refused.stdout
    assert "new events no longer start the recipe" in refused.stdout
    assert path_of(harness).exists()
    assert call(harness, "recipe", "delete", PAID, "--yes").exit_code == 0
    assert PAID not in live(harness)
    assert harness.relay.shelf.problems == ()
    assert [each["what"] for each in printed(harness, "recipe", "history", PAID)][-1] == "stopped"
    mapping = {"match": {"service_type": "gutter_guard"}, "income_account": "Plumbing Revenue"}
    harness.setup({"account_mapping": [mapping]})
    harness.settle()
    assert [run["state"] for run in harness.runs()] == ["succeeded"]


def test_a_delete_confirms_what_vanished(harness: Harness) -> None:
    hold_one(harness)
    path_of(harness).unlink()
    harness.tick()
    assert PAID in live(harness)
    assert call(harness, "recipe", "delete", PAID, "--yes").exit_code == 0
    assert PAID not in live(harness)
    assert harness.relay.shelf.problems == ()


def test_a_delete_looks_before_it_takes_an_edit_away(harness: Harness) -> None:
    edit(harness, b"do:", b"doo:")
    result = call(harness, "recipe", "delete", PAID, "--yes")
    assert result.exit_code == 1
    assert path_of(harness).exists()
    assert call(harness, "recipe", "delete", PAID, "--yes", "--force").exit_code == 0


def test_killed_while_deleting_it_is_as_if_a_person_had_deleted_the_file(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    hold_one(harness)
    monkeypatch.setattr("runtime.editing._delete", killed)
    call(harness, "recipe", "delete", PAID, "--yes")
    monkeypatch.undo()
    harness.again()
    assert PAID in live(harness)
    assert [each.rule for each in harness.relay.shelf.problems] == ["recipe-gone"]


def test_killed_between_writing_and_accepting_the_file_counts(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object, **kwargs: object) -> int:
        raise KeyboardInterrupt

    thank(harness)
    monkeypatch.setattr(standing, "accept", killed)
    assert call(harness, "recipe", "restore", PAID, 1, "--yes").exit_code != 0
    monkeypatch.undo()
    harness.again()
    assert live(harness)[PAID] == 3
    assert b"Thanks" not in path_of(harness).read_bytes()


def test_what_was_never_accepted_is_not_known(harness: Harness) -> None:
    for words in (("show",), ("history",), ("diff",), ("restore",), ("rename",), ("delete",)):
        more = ("x.yaml",) if words == ("rename",) else ()
        result = call(harness, "recipe", *words, "nothing", *more)
        assert result.exit_code == 1
        assert 'No recipe "nothing" was ever accepted here.' in result.stderr
    assert call(harness, "recipe", "restore", PAID, 9).exit_code == 1


def test_a_part_that_an_old_revision_lacks_stays_and_is_not_shown_as_lost(
    harness: Harness,
) -> None:
    harness.tick()
    table = harness.data / "recipes" / "tables" / "notes.csv"
    table.parent.mkdir(exist_ok=True)
    table.write_text("method,text\ncard,By card\n")
    edit(
        harness,
        b"\nwhen:",
        b"\ntables:\n  notes:\n    file: tables/notes.csv\n    if_missing: hold\n\nwhen:",
    )
    edit(
        harness,
        b'message_to_customer: ""',
        b"message_to_customer: \"{{ trigger.payment.method | lookup('notes', 'text') }}\"",
    )
    newest = live(harness)[PAID]
    assert newest > 1
    result = call(harness, "recipe", "restore", PAID, 1, answer="n\n")
    assert "+++ recipes/payment-collected-to-paid-invoice.yaml (restored)" in result.stdout
    assert "notes.csv (" not in result.stdout
    assert table.exists()


def test_check_tells_the_same_of_rivals_as_the_running_bookrelay(harness: Harness) -> None:
    harness.tick()
    text = path_of(harness).read_text()
    path_of(harness, "a-new-one.yaml").write_text(text.replace(f"id: {PAID}", "id: new"))
    harness.tick()
    harness.tick()
    assert PAID in live(harness)
    assert "new" not in live(harness)
    (found,) = json.loads(call(harness, "check", "--format", "json").stdout)
    assert found["rule"] == "two-recipes"
    assert found["file"].endswith("a-new-one.yaml")
    assert "only the second runs" in found["sentence"]
