"""The command line: results on stdout, everything else on stderr, exit codes as promised."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import Composition
from runtime.commands import bookrelay
from tests.events import line, payment
from tests.harness import Harness, payment_event


def call(*words: object) -> Result:
    return CliRunner().invoke(bookrelay, [str(word) for word in words], obj=Composition())


def printed(*words: object) -> Any:
    result = call(*words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_events_runs_and_holds_are_listed_and_shown(harness: Harness) -> None:
    harness.post(payment_event(), identity="msg_a")
    harness.post(payment("2", [line("60.00", "gutter_guard")]))
    harness.work()
    data = ("--data", harness.data, "--json")
    first, second = printed("events", "list", *data)
    assert first["identity"] == "msg_a"
    assert first["status"] == "stored"
    assert first["runs"] == ["1"]
    assert second["connection"] == "leadexploder"
    booked, held = printed("runs", "list", *data)
    assert booked["state"] == "succeeded"
    assert booked["company"] == "9341455600000001"
    assert booked["booked_at"]
    assert [s["quickbooks"]["type"] for s in booked["steps"]] == ["Customer", "Invoice", "Payment"]
    assert held["hold"]["reason"] == "unmapped"
    (hold,) = printed("holds", "list", *data)
    assert (hold["run"], hold["event"], hold["reason"]) == ("2", "2", "unmapped")
    assert hold["since"]
    shown = printed("runs", "show", "1", *data)
    assert shown["attempts"]
    assert printed("events", "show", "1", *data)["data"]["payment"]["id"] == "pay_7741"
    assert printed("holds", "show", "2", *data)["fix"] == hold["fix"]
    assert "unmapped" in call("holds", "list", "--data", harness.data).stdout
    assert "state: succeeded" in call("runs", "show", "1", "--data", harness.data).stdout


def test_what_is_not_there_is_said(harness: Harness) -> None:
    for words in (("runs", "show", "7"), ("events", "replay", "7"), ("holds", "show", "1")):
        result = call(*words, "--data", harness.data)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert "7" in result.stderr or "1" in result.stderr
    assert call("runs", "explode").exit_code == 2


def test_holds_are_released_and_skipped(harness: Harness) -> None:
    for number in ("1", "2"):
        harness.post(payment(number, [line("60.00", "gutter_guard")]))
    harness.work()
    skipped = call("holds", "skip", "1", "--why", "a test", "--data", harness.data)
    assert skipped.exit_code == 0
    released = call("holds", "release", "--all", "--data", harness.data)
    assert released.stdout == (
        "Run 2 goes on with revision 1 of payment-collected-to-paid-invoice.\n"
    )
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["skipped", "held"]
    assert call("holds", "skip", "1", "--why", "again", "--data", harness.data).exit_code == 1


def test_a_replay_books_nothing_twice(harness: Harness) -> None:
    harness.post(payment())
    harness.work()
    assert call("runs", "replay", "1", "--data", harness.data).exit_code == 0
    assert call("events", "replay", "1", "--data", harness.data).exit_code == 0
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
    assert len(harness.records("Payment")) == 1


def test_setup_is_repeatable_and_says_what_is_wrong(harness: Harness, tmp_path: Path) -> None:
    file = harness.data / "setup.yaml"
    again = call("setup", file, "--data", harness.data)
    assert again.exit_code == 0
    assert "Nothing to change" in again.stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("connections:\n  leadexploder:\n    webhook_secrt: x\n")
    result = call("setup", broken, "--data", harness.data)
    assert result.exit_code == 1
    assert f"{broken}:3:5" in result.stderr
    assert "webhook_secret" in result.stderr
    assert "Nothing was changed" in result.stderr


def test_check_names_file_line_and_column(harness: Harness, tmp_path: Path) -> None:
    assert call("check", "--data", harness.data).stdout == "No problems found.\n"
    (harness.data / "recipes" / "mine.yaml").write_text("recipe: 1\n")
    whole = call("check", "--data", harness.data)
    assert whole.stdout.startswith(f"{harness.data / 'recipes' / 'mine.yaml'}:1:1: ")
    (harness.data / "recipes" / "mine.yaml").unlink()
    recipe = harness.data / "recipes" / "contact-created-to-customer.yaml"
    recipe.write_text(recipe.read_text().replace("trigger.contact.email", "trigger.contact.emial"))
    result = call("check", recipe, "--data", harness.data)
    assert result.exit_code == 1
    first = result.stdout.splitlines()[0]
    assert first.startswith(f"{recipe}:")
    assert 'no "emial"' in first
    (problem,) = json.loads(
        call("check", recipe, "--format", "json", "--data", harness.data).stdout
    )
    assert problem["line"] > 1
    assert problem["rule"]
    setup = tmp_path / "setup.yaml"
    setup.write_text("company:\n  naem: X\n")
    assert "naem" in call("check", setup, "--data", harness.data).stdout


def test_send_says_when_nobody_listens(harness: Harness) -> None:
    sample = Path("connector/leadexploder/samples/std_payment_collected.json")
    words = ("send", "--connection", "leadexploder", "--url", "http://127.0.0.1:9", sample)
    result = call(*words, "--data", harness.data)
    assert result.exit_code == 1
    assert "bookrelay serve" in result.stderr
    unknown = call("send", "--connection", "nobody", sample, "--data", harness.data)
    assert "run setup first" in unknown.stderr


@pytest.mark.parametrize("words", [("runs", "list"), ("check",), ("holds", "list")])
def test_a_folder_that_cannot_be_used_is_told_without_a_traceback(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("")
    result = call(*words, "--data", tmp_path / "file" / "x")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


SAMPLE = Path("connector/leadexploder/samples/std_payment_collected.json")
PAID = "recipes/payment-collected-to-paid-invoice.yaml"


def test_try_shows_the_exact_records_and_writes_nothing(harness: Harness) -> None:
    before = harness.books()["records"]
    data = ("--data", harness.data, "--json")
    tried = printed("try", harness.data / PAID, "--sample", SAMPLE, *data)
    assert [(w["operation"], w["what"]) for w in tried["writes"]] == [
        ("use", "customer"),
        ("create", "item"),
        ("create", "invoice"),
        ("create", "payment"),
    ]
    invoice = tried["writes"][2]["body"]
    assert invoice["DocNumber"] == "1042"
    assert invoice["CustomerRef"] == {"value": "10"}
    assert invoice["TxnDate"] == "2026-11-06"
    assert harness.books()["records"] == before
    assert harness.runs() == []


def test_try_says_where_it_would_stop(harness: Harness, tmp_path: Path) -> None:
    event = payment("2", [line("60.00", "gutter_guard")])
    sample = tmp_path / "sample.json"
    sample.write_text(json.dumps(event))
    result = call("try", harness.data / PAID, "--sample", sample, "--data", harness.data)
    assert result.exit_code == 1
    assert "gutter_guard" in result.stdout
    assert result.stdout.endswith("Nothing was written.\n")
    wrong = call(
        "try",
        harness.data / "recipes/contact-created-to-customer.yaml",
        "--sample",
        sample,
        "--data",
        harness.data,
    )
    assert "listens to contact_created" in wrong.stderr


def test_a_record_is_shown_in_lines_that_people_read(harness: Harness) -> None:
    harness.post(payment("2", [line("60.00", "gutter_guard")]))
    harness.work()
    shown = call("runs", "show", "1", "--data", harness.data).stdout
    assert "\nsteps:\n  - id: customer\n" in shown
    assert "\nhold:\n    reason: unmapped\n" in shown
    assert "\nbooked_at:\n" in shown
    assert not re.search(r"\b(None|True|False)$|\{'|\['", shown, re.MULTILINE)


def test_a_release_of_nothing_says_so(harness: Harness) -> None:
    data = ("--data", harness.data)
    flood = call("holds", "release", "--reason", "flood", *data)
    assert (flood.exit_code, flood.stderr) == (1, "Error: No run is held for the reason flood.\n")
    assert "No run is held at all." in call("holds", "release", "--all", *data).stderr
    assert "Name a run" in call("holds", "release", *data).stderr
