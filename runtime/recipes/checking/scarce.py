"""The poorest event that a trigger may give: what may be absent is absent, the rest is filled."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from runtime.events import Branch
from runtime.recipes.checking.sheet import Sheet

_TYPICAL: Mapping[str, Any] = {
    "text": "1",
    "money": "1.00",
    "number": Decimal(1),
    "date": "2026-11-06",
    "time": "2026-11-06T16:58:40-07:00",
    "flag": True,
}


def scarce(sheet: Sheet) -> dict[str, Any]:
    """A scope with which expressions at this place show whether they may be empty.

    The groups of the event itself (`trigger.invoice`) are there: an event without one is of
    another kind, and its run is rightly held.
    """
    return {name: _value(sheet, branch, name) for name, branch in sheet.names.roots.items()}


def _value(sheet: Sheet, branch: Branch, path: str) -> Any:
    if not (branch.filled or _given(sheet, path) or _of_event(branch, path)):
        return None
    if branch.below:
        below = {key: _value(sheet, one, f"{path}.{key}") for key, one in branch.below.items()}
        return [below] if branch.is_list else below
    if branch.is_list:
        return [_TYPICAL["text"]]
    typical = branch.choices[0] if branch.choices else _TYPICAL.get(branch.kind)
    return {} if typical is None else typical


def _given(sheet: Sheet, path: str) -> bool:
    """Whether conditions ask for the value, or for one below it."""
    return any(each == path or each.startswith(f"{path}.") for each in sheet.present)


def _of_event(branch: Branch, path: str) -> bool:
    return branch.kind == "group" and path.startswith("trigger.") and path.count(".") == 1
