"""Recipe files: edits are revisions, a bad edit never stops good work, runs keep their revision."""

from __future__ import annotations

from pathlib import Path

from runtime.problems import errors
from runtime.store import runs
from tests.events import payment
from tests.harness import Harness

FILE = "payment-collected-to-paid-invoice.yaml"


def edit(harness: Harness, old: str, new: str) -> Path:
    path = harness.data / "recipes" / FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def live(harness: Harness) -> dict[str, int]:
    return {each.recipe.id: each.revision for each in harness.relay.shelf.live}


def test_the_shipped_recipes_are_in_force_without_problems(harness: Harness) -> None:
    assert harness.relay.shelf.problems == ()
    assert set(live(harness)) == {
        "contact-created-to-customer",
        "payment-collected-to-paid-invoice",
        "job-closed-to-invoice",
        "estimate-accepted-to-estimate",
        "payment-confirmed-by-processor",
    }


def test_an_edit_is_a_new_revision_and_works_at_once(harness: Harness) -> None:
    edit(harness, 'message_to_customer: ""', 'message_to_customer: "Thank you!"')
    harness.tick()
    assert live(harness)["payment-collected-to-paid-invoice"] == 2
    harness.post(payment())
    harness.work()
    (invoice,) = harness.records("Invoice")
    assert invoice["CustomerMemo"]["value"] == "Thank you!"
    assert harness.runs()[0]["revision"] == 2


def test_a_bad_edit_leaves_the_last_good_revision_in_force(harness: Harness) -> None:
    path = edit(harness, "trigger.contact.email", "trigger.contact.emial")
    harness.tick()
    (problem,) = harness.relay.shelf.problems
    assert problem.line == 1 + path.read_text()[: path.read_text().index("emial")].count("\n")
    assert "emial" in problem.sentence
    assert live(harness)["payment-collected-to-paid-invoice"] == 1
    harness.post(payment())
    harness.work()
    assert [run["state"] for run in harness.runs()] == ["succeeded"]


def test_a_bad_edit_survives_a_restart_with_the_last_good_revision(harness: Harness) -> None:
    edit(harness, "do:", "doo:")
    harness.again()
    assert harness.relay.shelf.problems
    assert live(harness)["payment-collected-to-paid-invoice"] == 1


def test_one_broken_file_does_not_stop_the_others(harness: Harness) -> None:
    (harness.data / "recipes" / "mine.yaml").write_text("recipe: 1\n  id: [")
    harness.tick()
    assert len(harness.relay.shelf.problems) >= 1
    assert len(live(harness)) == 5


def test_a_run_keeps_the_revision_it_began_with(harness: Harness) -> None:
    rule = {"match": {"method": "POST", "path": "/invoice"}, "kind": "throttle", "times": 1}
    harness.control("faults", rule)
    harness.post(payment())
    harness.work()
    edit(harness, 'message_to_customer: ""', 'message_to_customer: "Later"')
    harness.settle(400)
    (invoice,) = harness.records("Invoice")
    assert "CustomerMemo" not in invoice
    assert harness.runs()[0]["revision"] == 1


def test_a_deleted_recipe_still_finishes_its_runs(harness: Harness) -> None:
    harness.post(payment())
    harness.relay.workers.wake()
    harness.relay.database.read(runs.counts)
    rule = {"match": {"method": "POST", "path": "/payment"}, "kind": "throttle", "times": 1}
    harness.control("faults", rule)
    harness.work()
    (harness.data / "recipes" / FILE).unlink()
    harness.again()
    harness.settle(400)
    assert [run["state"] for run in harness.runs()] == ["succeeded"]


def test_what_runs_goes_on_beside_a_rival_that_comes_back(harness: Harness) -> None:
    """Two recipes for one trigger would book a payment twice; that which runs is not stopped."""
    folder = harness.data / "recipes"
    text = (folder / FILE).read_text()
    own = text.replace("id: payment-collected-to-paid-invoice", "id: mine")
    original = (folder / FILE).read_bytes()
    (folder / FILE).unlink()
    harness.tick()
    (folder / "z-mine.yaml").write_text(own)
    harness.tick()
    assert "mine" in live(harness)
    (folder / FILE).write_bytes(original)
    harness.tick()
    (problem,) = harness.relay.shelf.problems
    assert (problem.rule, problem.file) == ("two-recipes", f"recipes/{FILE}")
    assert "mine" in live(harness)
    assert "payment-collected-to-paid-invoice" not in live(harness)
    harness.post(payment())
    harness.work()
    assert [run["recipe"] for run in harness.runs()] == ["mine"]


def test_a_field_that_cannot_be_worked_out_holds_that_event_only(harness: Harness) -> None:
    edit(
        harness,
        'message_to_customer: ""',
        'message_to_customer: "{{ (trigger.invoice.po_number | money) + 1 }}"',
    )
    harness.tick()
    assert errors(harness.relay.shelf.problems) == []
    harness.post(payment("1", invoice={"po_number": "many"}))
    harness.post(payment("2", invoice={"po_number": "7"}))
    harness.work()
    (hold,) = harness.holds()
    assert hold["reason"] == "template"
    assert "Already there: Customer" in hold["sentence"]
    assert len(harness.records("Payment")) == 1


def test_an_ending_in_capitals_is_an_ending(harness: Harness) -> None:
    """A file that a tool saved as `.YAML` is read, and read again when it changes."""
    path = harness.data / "recipes" / "MINE.YAML"
    path.write_text("recipe: 1\nid: [")
    harness.tick()
    assert {Path(problem.file).name for problem in harness.relay.shelf.problems} == {"MINE.YAML"}
    path.unlink()
    harness.tick()
    assert harness.relay.shelf.problems == ()
