"""Edits the shipped recipe that books paid invoices, as a person would."""

from __future__ import annotations

from runtime.problems import errors
from tests.harness import Harness

RECIPE = "payment-collected-to-paid-invoice"


def edit(harness: Harness, old: str, new: str) -> None:
    """Put `new` in the place of `old`; the edit is read and has no mistake."""
    file = harness.data / "recipes" / f"{RECIPE}.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    harness.read_recipes()
    assert errors(harness.relay.shelf.problems) == []


def add(harness: Harness, lines: str) -> None:
    """Write lines at the top level."""
    edit(harness, "\nwhen:", f"\n{lines}\nwhen:")
