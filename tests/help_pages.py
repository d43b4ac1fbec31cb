"""Reads the examples out of the help pages of rules: what is wrong, what is told, what is right."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from runtime.recipes.expressions.filters import FILTERS, Filter
from tests.runtime.recipes.cases import KNOWN, Case

FOLDER = Path(__file__).parents[1] / "runtime" / "web" / "help"
#: Where an example says nothing else.
USUAL = "recipes/new-contacts.yaml"
_FENCE = re.compile(r"^```(\w+) (wrong|right|both|told)(?: ([^\n]+))?\n(.*?)^```$", re.M | re.S)
#: Pages check against an installation with these.
HERE = replace(
    KNOWN,
    installed=replace(
        KNOWN.installed,
        connections={"leadexploder": "leadexploder"},
        given_by={"contact_created": ("leadexploder",), "payment_confirmed": ("stripe",)},
        recipients=("Office",),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The two examples of a page; None where the page has none."""

    wrong: Case | None
    right: Case | None


def examples(path: Path) -> Examples:
    """The examples of a rule's page."""
    fences = _FENCE.findall(path.read_text(encoding="utf-8"))
    told = next((text for _, use, _, text in fences if use == "told"), "").strip("\n")
    return Examples(wrong=_case(fences, "wrong", told), right=_case(fences, "right", ""))


def _case(fences: list[tuple[str, str, str, str]], wanted: str, told: str) -> Case | None:
    files = {path or USUAL: text for _, use, path, text in fences if use == wanted}
    shared = {path or USUAL: text for _, use, path, text in fences if use == "both"}
    return Case(title=wanted, files={**files, **shared}, told=told) if files else None


def filter_lines() -> list[str]:
    """What the page of expressions says of each filter: its first sentence, and its example."""
    return [
        f"- `{one.name}`: {_about(one)} `{one.example}` gives `{_result(one.result)}`."
        for one in FILTERS.values()
    ]


def _about(one: Filter) -> str:
    text = (one.work.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(text.split())


def _result(result: object) -> str:
    return ", ".join(map(str, result)) if isinstance(result, list) else str(result)
