"""No switch without a test: the tests themselves are read for the settings they make."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from connector.practice.switches import Switches, choices_of

_TESTS = {
    path: path.read_text(encoding="utf-8")
    for path in Path(__file__).parent.rglob("*.py")
    if path != Path(__file__)
}
_NAMES = [field.name for field in fields(Switches)]
#: What stands behind the name where a setting is made: a value, or the name of a parameter.
_SETTING = r"""["']{name}["']: *([^,}}\n]+)"""


def _settings(name: str) -> dict[Path, set[str]]:
    """By file: what the tests set a switch to."""
    pattern = re.compile(_SETTING.format(name=name))
    found = {path: set(pattern.findall(text)) for path, text in _TESTS.items()}
    return {path: values for path, values in found.items() if values}


def _is_other(value: str, first: object) -> bool:
    """Whether a setting as it is written makes another value than the first, or may make one."""
    if isinstance(first, bool):
        return value == str(not first) or (value.isidentifier() and value != str(first))
    return value not in (repr(first), f'"{first}"')


@pytest.mark.parametrize("name", _NAMES)
def test_some_test_sets_another_value_than_the_first(name: str) -> None:
    """The first one is what every other test tries."""
    made = {value.strip() for values in _settings(name).values() for value in values}
    assert any(_is_other(value, getattr(Switches(), name)) for value in made)


@pytest.mark.parametrize(
    ("name", "choice"), [(name, choice) for name in _NAMES for choice in choices_of(name)]
)
def test_each_choice_of_a_switch_is_tried(name: str, choice: str) -> None:
    """All but the first one, which every other test tries, are named in a test that sets it."""
    texts = [_TESTS[path] for path in _settings(name)]
    first = choice == getattr(Switches(), name)
    assert first or any(f'"{choice}"' in text for text in texts)
