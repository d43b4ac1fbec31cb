"""A run held halfway goes on with the revision that mends it: cut anywhere, everything is once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from connector.practice.server import Running
from tests.events import payment
from tests.flows.test_cut import NOW, Killed, Saw
from tests.harness import Harness

PAID = "payment-collected-to-paid-invoice.yaml"
TABLE = "tables:\n  methods:\n    file: tables/methods.csv\n    if_missing: hold\nonly_if:"
#: Wanted by the last step, so that customer and invoice stand when the row is missing.
METHOD = "\"{{ trigger.payment.method | lookup('methods', 'words') }}\""
LACKING = "method,words\ncheck,check\n"


@pytest.fixture
def halfway(practice: Running, tmp_path: Path) -> Path:
    """A data folder whose payments are told by a table that lacks a row."""
    folder = tmp_path / "halfway"
    harness = Harness(practice, folder, now=NOW)
    harness.setup()
    recipes = folder / "recipes"
    (recipes / "tables").mkdir()
    (recipes / "tables" / "methods.csv").write_text(LACKING)
    text = (recipes / PAID).read_text()
    text = text.replace("only_if:", TABLE, 1).replace('"{{ trigger.payment.method }}"', METHOD)
    (recipes / PAID).write_text(text)
    harness.close()
    return folder


@pytest.mark.parametrize("replay", [True, False], ids=["replay", "no-replay"])
def test_a_mended_run_books_what_is_missing_once(
    practice: Running, halfway: Path, tmp_path: Path, replay: bool
) -> None:
    points = _mend(practice, halfway, tmp_path / "whole", replay, None)
    assert {"yield", "commit"} <= set(points)
    for cut in range(1, len(points) + 1):
        _mend(practice, halfway, tmp_path / f"cut-{cut}", replay, cut)


def _mend(
    practice: Running, halfway: Path, folder: Path, replay: bool, cut: int | None
) -> list[str]:
    """Hold a payment before its last step, mend the table, be killed at `cut`; the points."""
    shutil.copytree(halfway, folder)
    saw = Saw()
    harness = Harness(practice, folder, now=NOW, observe=saw)
    harness.control("reset", {})
    harness.control("switches", {"replay": replay})
    harness.control("clock", {"now": NOW.isoformat()})
    try:
        harness.post(payment("2001"))
        harness.work()
        assert [hold["reason"] for hold in harness.holds()] == ["table-row-missing"]
        assert (len(harness.records("Invoice")), len(harness.records("Payment"))) == (1, 0)
        (folder / "recipes" / "tables" / "methods.csv").write_text(f"{LACKING}card,card\n")
        saw.points.clear()
        saw.cut = cut
        try:
            _go_on(harness)
        except Killed:
            harness.again(observe=saw)
            _go_on(harness)
        points = list(saw.points)
        harness.settle()
        _assert_booked_once(harness)
        return points
    finally:
        harness.close()


def _go_on(harness: Harness) -> None:
    harness.tick()
    harness.tick()
    harness.work()


def _assert_booked_once(harness: Harness) -> None:
    (run,) = harness.runs()  # begun with revision 2, the table mended as revision 3
    assert (run["state"], run["revision"]) == ("succeeded", 3)
    assert [invoice["Balance"] for invoice in harness.records("Invoice")] == [0]
    assert len(harness.records("Payment")) == 1
