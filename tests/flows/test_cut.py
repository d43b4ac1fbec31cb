"""Every shipped recipe, cut at every yield, send and commit, ends in the same books."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.practice.server import Running
from tests.events import contact_created, estimate_accepted, job_closed, line, payment
from tests.harness import Harness, sample

NOW = datetime(2026, 11, 7, 0, 0, tzinfo=UTC)
RULES = {"contacts": "immediately", "invoice_trigger": "job_closed"}

#: A part of each record that says whether the books are the same.
SEEN: Mapping[str, tuple[str, ...]] = {
    "Customer": ("DisplayName", "Active"),
    "Item": ("Name", "Active"),
    "Invoice": ("DocNumber", "TotalAmt", "Balance", "TxnDate", "PrivateNote"),
    "Payment": ("TotalAmt", "UnappliedAmt", "PaymentRefNum", "TxnDate"),
    "Estimate": ("DocNumber", "TotalAmt", "TxnStatus"),
}


def _two_lines() -> list[dict[str, Any]]:
    return [line("475.00"), line("90.00", "plumbing", quantity="3")]


def _confirmed() -> dict[str, Any]:
    event = sample("stripe/samples/stripe_payment_intent_succeeded.json")
    event["data"]["object"] |= {"id": "pi_3QExampleOf2001", "amount_received": 56500}
    return event


#: Recipe -> the events that run it, each with its connection.
STORIES: Mapping[str, list[tuple[str, Callable[[], dict[str, Any]]]]] = {
    "contact-created-to-customer": [("leadexploder", contact_created)],
    "payment-collected-to-paid-invoice": [("leadexploder", lambda: payment("2001", _two_lines()))],
    "job-closed-to-invoice": [("leadexploder", job_closed)],
    "estimate-accepted-to-estimate": [("leadexploder", estimate_accepted)],
    "payment-confirmed-by-processor": [
        ("stripe", _confirmed),
        ("leadexploder", lambda: payment("2001", _two_lines())),
    ],
}


class Killed(BaseException):
    """The process ended here."""


class Saw:
    """Counts the points that are passed, and ends the process at one of them."""

    def __init__(self) -> None:
        self.at = 0
        self.cut: int | None = None
        self.points: list[str] = []

    def __call__(self, point: str) -> None:
        self.points.append(point)
        if len(self.points) == self.cut:
            raise Killed(point)


@pytest.fixture
def prepared(practice: Running, tmp_path: Path) -> Path:
    """A data folder that is set up, to be copied for each cut."""
    harness = Harness(practice, tmp_path / "prepared", now=NOW)
    harness.setup({"rules": RULES})
    harness.close()
    return tmp_path / "prepared"


@pytest.mark.parametrize("replay", [True, False], ids=["replay", "no-replay"])
@pytest.mark.parametrize("recipe", STORIES)
def test_cut_anywhere_ends_in_the_same_books(
    practice: Running, prepared: Path, tmp_path: Path, recipe: str, replay: bool
) -> None:
    wanted, points = _tell(practice, prepared, tmp_path / "whole", recipe, replay, None)
    assert {"yield", "commit"} <= set(points)
    for cut in range(1, len(points) + 1):
        folder = tmp_path / f"cut-{cut}"
        books, _ = _tell(practice, prepared, folder, recipe, replay, cut)
        assert books == wanted, f"{recipe} cut at point {cut} ({points[cut - 1]})"


def test_a_lost_answer_is_found_and_not_sent_again(
    practice: Running, prepared: Path, tmp_path: Path
) -> None:
    shutil.copytree(prepared, tmp_path / "lost")
    harness = Harness(practice, tmp_path / "lost", now=NOW)
    harness.control("switches", {"replay": False})
    for entity in ("customer", "item", "invoice", "payment"):
        rule = {"match": {"method": "POST", "path": f"/{entity}"}, "kind": "lost_answer"}
        harness.control("faults", {**rule, "times": 1})
    harness.post(payment())
    harness.settle()
    assert [run["state"] for run in harness.runs()] == ["succeeded"]
    assert [i["Balance"] for i in harness.records("Invoice")] == [0]
    assert len(harness.records("Payment")) == 1
    assert sum(c["method"] == "POST" for c in harness.calls()) == 4
    harness.close()


def _tell(
    practice: Running,
    prepared: Path,
    folder: Path,
    recipe: str,
    replay: bool,
    cut: int | None,
) -> tuple[dict[str, list[tuple[str, ...]]], list[str]]:
    """Tell the story of a recipe, cut once at the given point; the books and the points."""
    shutil.copytree(prepared, folder)
    saw = Saw()
    harness = Harness(practice, folder, now=NOW, observe=saw)
    harness.control("reset", {})
    harness.control("switches", {"replay": replay})
    harness.control("clock", {"now": NOW.isoformat()})
    try:
        saw.points.clear()
        saw.cut = cut
        for number, (connection, event) in enumerate(STORIES[recipe]):
            _until_stored(harness, saw, connection, event(), f"msg_{number}")
            try:
                harness.work()
            except Killed:
                harness.again(observe=saw)
                harness.work()
        points = list(saw.points)
        harness.settle()
        assert {run["state"] for run in harness.runs()} == {"succeeded"}, harness.runs()
        return _books(harness), points
    finally:
        harness.close()


def _until_stored(
    harness: Harness, saw: Saw, connection: str, event: dict[str, Any], identity: str
) -> None:
    """A sender that got no 200 sends again."""
    try:
        harness.post(event, identity=identity, connection=connection)
    except Killed:
        harness.again(observe=saw)
        harness.post(event, identity=identity, connection=connection)


def _books(harness: Harness) -> dict[str, list[tuple[str, ...]]]:
    return {
        entity: sorted(
            tuple(str(record.get(field)) for field in fields) for record in harness.records(entity)
        )
        for entity, fields in SEEN.items()
    }
