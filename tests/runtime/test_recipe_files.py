"""Recipe files in the hands of people: half saved, broken, moved, deleted, copied."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from app import Options, build
from runtime.models import Notice
from runtime.problems import errors
from runtime.shelf import files
from runtime.store import notices, standing
from tests.events import line, payment
from tests.harness import SECRET, Harness

PAID = "payment-collected-to-paid-invoice"
FILE = f"{PAID}.yaml"


def recipe_file(harness: Harness, name: str = FILE) -> Path:
    return harness.data / "recipes" / name


def edit(harness: Harness, old: str, new: str) -> None:
    path = recipe_file(harness)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def live(harness: Harness) -> dict[str, int]:
    return {each.recipe.id: each.revision for each in harness.relay.shelf.live}


def note_of(harness: Harness) -> Path:
    return recipe_file(harness, f"{FILE}.PROBLEMS.txt")


def lasting(harness: Harness) -> list[Notice]:
    return harness.relay.database.read(notices.lasting, "file", "missing-file")


def told(harness: Harness) -> list[str]:
    def read(tx: Connection) -> list[str]:
        return [change.what for change in standing.history(tx, PAID)]

    return harness.relay.database.read(read)


def wait_for_a_person(harness: Harness) -> None:
    """A payment whose service is mapped to no account: its run is held."""
    harness.post(payment("9", [line("60.00", "gutter_guard")]))
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["held"]


def test_a_broken_file_has_a_note_beside_it_until_it_is_mended(harness: Harness) -> None:
    edit(harness, "trigger.contact.email", "trigger.contact.emial")
    harness.tick()
    note = note_of(harness).read_text()
    assert f"recipes/{FILE}:" in note
    assert "emial" in note
    assert f"Revision 1 of {PAID}, accepted on 2026-11-07 00:00 UTC, keeps running." in note
    (notice,) = lasting(harness)
    assert notice.about == f"recipes/{FILE}"
    assert "keeps running" in notice.sentence
    edit(harness, "trigger.contact.emial", "trigger.contact.email")
    harness.tick()
    assert not note_of(harness).exists()
    assert lasting(harness) == []
    assert live(harness)[PAID] == 1


def test_a_note_is_written_only_when_it_says_something_else(harness: Harness) -> None:
    edit(harness, "do:", "doo:")
    harness.tick()
    before = note_of(harness).stat().st_mtime_ns
    recipe_file(harness, "other.yaml").write_text("recipe: 1\n")
    harness.tick()
    harness.again()
    assert note_of(harness).stat().st_mtime_ns == before
    assert harness.relay.database.read(notices.lasting, "file")[0].count == 1


def test_a_note_goes_with_its_file(harness: Harness) -> None:
    edit(harness, "do:", "doo:")
    harness.tick()
    recipe_file(harness).rename(recipe_file(harness, "moved.yaml"))
    harness.tick()
    assert not note_of(harness).exists()
    assert recipe_file(harness, "moved.yaml.PROBLEMS.txt").exists()
    recipe_file(harness, "moved.yaml").unlink()
    harness.tick()
    assert list((harness.data / "recipes").glob("*.PROBLEMS.txt")) == []


def test_the_half_of_a_note_that_a_killed_process_left_is_cleared(harness: Harness) -> None:
    half = recipe_file(harness, f".{FILE}.PROBLEMS.txt.1.half")
    half.write_text("recipes/paid.yaml ha")
    edit(harness, "do:", "doo:")
    harness.tick()
    assert not half.exists()
    assert note_of(harness).exists()


def test_a_folder_that_cannot_be_written_stops_nothing(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(self: Path, *args: object, **kwargs: object) -> int:
        raise PermissionError(13, "Permission denied", str(self))

    edit(harness, "do:", "doo:")
    monkeypatch.setattr(Path, "write_bytes", refused)
    harness.tick()
    monkeypatch.undo()
    assert not note_of(harness).exists()
    assert "cannot be written: Permission denied" in caplog.text
    assert live(harness)[PAID] == 1
    assert len(lasting(harness)) == 1


def test_two_processes_leave_one_note_and_one_notice(
    make_harness: Callable[..., Harness],
) -> None:
    first, second = make_harness(), make_harness()
    edit(first, "do:", "doo:")
    first.tick()
    before = note_of(first).stat().st_mtime_ns
    second.tick()
    first.tick()
    assert note_of(first).stat().st_mtime_ns == before
    (notice,) = lasting(first)
    assert (notice.count, notice.news) == (1, 1)
    edit(first, "doo:", "do:")
    second.tick()
    first.tick()
    assert not note_of(first).exists()
    assert told(first) == ["accepted"]


def aged(path: Path, seconds: float, harness: Harness) -> None:
    at = harness.clock.now().timestamp() - seconds
    os.utime(path, (at, at))


def test_a_file_that_is_being_saved_is_judged_when_it_lies_still(harness: Harness) -> None:
    """An editor empties the file and then writes it: in between there is no alarm."""
    path = recipe_file(harness)
    whole = path.read_text()
    path.write_text("")
    aged(path, 0.0, harness)
    harness.heart.tick()
    assert harness.relay.shelf.problems == ()
    assert harness.relay.shelf.unsettled
    path.write_text(whole.replace('message_to_customer: ""', 'message_to_customer: "Thanks"'))
    aged(path, 0.5, harness)
    harness.heart.tick()
    assert live(harness)[PAID] == 1
    harness.heart.tick()
    assert live(harness)[PAID] == 2
    assert harness.relay.shelf.problems == ()
    assert told(harness) == ["accepted", "accepted"]
    assert not note_of(harness).exists()


def test_half_a_recipe_that_would_be_valid_is_not_taken_at_a_start(harness: Harness) -> None:
    """Cut after its second step a recipe is still a recipe, but not the one that was meant."""
    path = recipe_file(harness)
    whole = path.read_text()
    path.write_text(whole[: whole.index("  - id: payment")])
    aged(path, 0.0, harness)
    relay = build(Options(data=harness.data, environment={}), clock=harness.clock)
    relay.shelf.refresh()
    (paid,) = [each for each in relay.shelf.live if each.recipe.id == PAID]
    assert (paid.revision, len(paid.recipe.steps)) == (1, 3)
    relay.database.close()
    path.write_text(whole)
    harness.again()
    assert live(harness)[PAID] == 1


def test_a_file_that_an_editor_replaces_is_not_missed(harness: Harness) -> None:
    path = recipe_file(harness)
    text = path.read_text()
    path.unlink()
    harness.heart.tick()
    assert live(harness)[PAID] == 1
    path.write_text(text)
    harness.tick()
    assert live(harness)[PAID] == 1
    assert told(harness) == ["accepted"]


def test_only_files_that_changed_are_read(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    harness.tick()
    original = files.read_recipe

    def counted(folder: Path, path: Path, *rest: object) -> object:
        read.append(path.name)
        return original(folder, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "read_recipe", counted)
    harness.tick()
    assert read == []
    edit(harness, 'message_to_customer: ""', 'message_to_customer: "Thanks"')
    harness.tick()
    assert set(read) == {FILE}


def test_recipes_are_judged_again_when_connections_change(harness: Harness) -> None:
    edit(harness, "  trigger: payment_collected", "  trigger: payment_collected\n  from: second")
    harness.tick()
    assert [each.rule for each in harness.relay.shelf.problems] == ["unknown-connection"]
    second = {"connector": "leadexploder", "webhook_secret": SECRET}
    harness.apply({"connections": {"second": second}})
    harness.tick()
    assert harness.relay.shelf.problems == ()
    assert live(harness)[PAID] == 2


def test_a_rename_is_the_same_recipe(harness: Harness) -> None:
    recipe_file(harness).rename(recipe_file(harness, "z.yaml"))
    harness.tick()
    assert live(harness)[PAID] == 1
    assert told(harness) == ["accepted", "renamed"]
    assert lasting(harness) == []
    edit_path = recipe_file(harness, "z.yaml")
    edit_path.write_text(edit_path.read_text().replace("do:", "doo:"))
    harness.tick()
    assert live(harness)[PAID] == 1
    assert "Revision 1" in recipe_file(harness, "z.yaml.PROBLEMS.txt").read_text()


def test_a_deleted_file_without_waiting_runs_stops_the_recipe(harness: Harness) -> None:
    text = recipe_file(harness).read_text()
    recipe_file(harness).unlink()
    harness.tick()
    assert PAID not in live(harness)
    (notice,) = lasting(harness)
    assert notice.kind == "missing-file"
    assert "has stopped" in notice.sentence
    harness.again()
    assert PAID not in live(harness)
    assert len(lasting(harness)) == 1
    recipe_file(harness).write_text(text)
    harness.tick()
    assert live(harness)[PAID] == 1
    assert lasting(harness) == []
    assert told(harness) == ["accepted", "stopped", "returned"]


def test_a_deleted_file_with_waiting_runs_leaves_the_recipe_in_force(harness: Harness) -> None:
    wait_for_a_person(harness)
    text = recipe_file(harness).read_text()
    recipe_file(harness).unlink()
    harness.tick()
    (problem,) = harness.relay.shelf.problems
    assert problem.rule == "recipe-gone"
    assert f"bookrelay recipe delete {PAID}" in problem.fix
    harness.again()
    assert live(harness)[PAID] == 1
    (notice,) = lasting(harness)
    assert "keeps running" in notice.sentence
    harness.post(payment("2"))
    harness.work()
    assert sorted(run["state"] for run in harness.runs()) == ["held", "succeeded"]
    recipe_file(harness).write_text(text)
    harness.tick()
    assert harness.relay.shelf.problems == ()
    assert lasting(harness) == []
    assert told(harness) == ["accepted", "gone", "returned"]


def test_a_disk_that_is_not_mounted_switches_nothing_off(harness: Harness) -> None:
    before = live(harness)
    folder = harness.data / "recipes"
    folder.rename(harness.data / "elsewhere")
    harness.tick()
    assert live(harness) == before
    assert [problem.rule for problem in harness.relay.shelf.problems] == ["unreadable-file"]
    folder.mkdir()
    harness.tick()
    assert live(harness) == before
    folder.rmdir()
    (harness.data / "elsewhere").rename(folder)
    harness.tick()
    assert live(harness) == before
    assert harness.relay.shelf.problems == ()


def test_a_copy_never_takes_the_place_of_its_original(harness: Harness) -> None:
    text = recipe_file(harness).read_text()
    changed = text.replace('message_to_customer: ""', 'message_to_customer: "From the copy"')
    recipe_file(harness, "a-first.yaml").write_text(changed)
    harness.tick()
    (problem,) = errors(harness.relay.shelf.problems)
    assert (problem.rule, problem.file) == ("two-recipes", "recipes/a-first.yaml")
    assert live(harness)[PAID] == 1
    edit(harness, "do:", "doo:")
    harness.tick()
    assert live(harness)[PAID] == 1
    assert told(harness) == ["accepted"]


def test_an_edit_that_becomes_a_rival_leaves_its_last_revision_running(harness: Harness) -> None:
    contact = (harness.data / "recipes" / "contact-created-to-customer.yaml").read_text()
    other = contact.replace("id: contact-created-to-customer", "id: other")
    other = other.replace("trigger: contact_created", "trigger: contact_updated")
    assert "contact_updated" in other
    recipe_file(harness, "other.yaml").write_text(other)
    harness.tick()
    assert live(harness)["other"] == 1
    rival = other.replace("contact_updated", "contact_created")
    recipe_file(harness, "other.yaml").write_text(rival)
    harness.tick()
    assert [p.rule for p in errors(harness.relay.shelf.problems)] == ["two-recipes"]
    assert live(harness)["other"] == 1
    assert live(harness)["contact-created-to-customer"] == 1


def test_what_cannot_be_stored_is_accepted_by_the_next_look(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> int:
        raise OSError("disk full")

    edit(harness, 'message_to_customer: ""', 'message_to_customer: "Thanks"')
    harness.relay.shelf.refresh()
    monkeypatch.setattr("runtime.store.standing.revisions.keep_recipe", full)
    with pytest.raises(OSError, match="disk full"):
        harness.relay.shelf.refresh()
    monkeypatch.undo()
    harness.relay.shelf.refresh()
    assert live(harness)[PAID] == 2


def test_what_was_seen_before_another_process_accepted_more_is_not_accepted_after_it(
    make_harness: Callable[..., Harness], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_harness(), make_harness()
    looked = files.RecipeFiles.look
    mine = first.relay.shelf._files

    def slow(self: files.RecipeFiles, *args: Any, **kwargs: Any) -> files.Look | None:
        found = looked(self, *args, **kwargs)
        if self is mine and found is not None and not self.restless:
            monkeypatch.undo()
            edit(first, '"First"', '"Second"')
            second.read_recipes()
        return found

    edit(first, 'message_to_customer: ""', 'message_to_customer: "First"')
    monkeypatch.setattr(files.RecipeFiles, "look", slow)
    first.read_recipes()
    first.read_recipes()
    second.read_recipes()
    assert (live(first)[PAID], live(second)[PAID]) == (2, 2)
    assert told(first) == ["accepted", "accepted"]
