"""Which recipes an event starts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from runtime.recipes import Recipe
from runtime.recipes.matching import match


@dataclass(frozen=True)
class Event:
    trigger: str
    connection: str


def recipe(name: str, trigger: str, source: str | None = None, *, enabled: bool = True) -> Recipe:
    return Recipe(
        id=name,
        name=name,
        trigger=trigger,
        source=source,
        conditions=(),
        steps=(),
        file=f"{name}.yaml",
        text="",
        digest="",
        enabled=enabled,
    )


RECIPES = [
    recipe("any", "payment_collected"),
    recipe("ours", "payment_collected", "leadexploder"),
    recipe("theirs", "payment_collected", "acme"),
    recipe("off", "payment_collected", enabled=False),
    recipe("contacts", "contact_created"),
]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Event("payment_collected", "leadexploder"), ["any", "ours"]),
        (Event("payment_collected", "acme"), ["any", "theirs"]),
        (Event("payment_collected", "other"), ["any"]),
        (Event("contact_created", "acme"), ["contacts"]),
        (Event("job_closed", "acme"), []),
        (Event("", "acme"), []),
    ],
)
def test_match(event: Event, expected: list[str]) -> None:
    assert [found.id for found in match(event, RECIPES)] == expected
