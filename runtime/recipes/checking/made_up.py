"""Made-up values for everything that expressions may read: as few as may be, or all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from runtime.events import Branch

_TYPICAL: Mapping[str, Any] = {
    "text": "1",
    "money": "1.00",
    "number": Decimal(1),
    "date": "2026-11-06",
    "time": "2026-11-06T16:58:40-07:00",
    "flag": True,
}


def least(roots: Mapping[str, Branch], present: Collection[str]) -> dict[str, Any]:
    """The least that expressions find, where conditions ask for the paths `present`.

    The groups of the event itself (`trigger.invoice`) are there: an event without one is of
    another kind, and its run is rightly held.
    """

    def there(branch: Branch, path: str) -> bool:
        of_event = branch.kind == "group" and path.startswith("trigger.") and path.count(".") == 1
        return branch.filled or of_event or path in asked

    asked = {
        ".".join(keys[:n]) for path in present if (keys := path.split(".")) for n in _upto(keys)
    }
    return {name: _value(there, branch, name) for name, branch in roots.items()}


def all_there(roots: Mapping[str, Branch]) -> dict[str, Any]:
    """All that expressions may find."""
    return {name: _value(lambda branch, path: True, one, name) for name, one in roots.items()}


def _upto(keys: list[str]) -> range:
    return range(1, len(keys) + 1)


def _value(there: Callable[[Branch, str], bool], branch: Branch, path: str) -> Any:
    if not there(branch, path):
        return None
    if branch.below:
        below = {key: _value(there, one, f"{path}.{key}") for key, one in branch.below.items()}
        return [below] if branch.is_list else below
    if branch.is_list:
        return [_TYPICAL["text"]]
    typical = branch.choices[0] if branch.choices else _TYPICAL.get(branch.kind)
    return {} if typical is None else typical
