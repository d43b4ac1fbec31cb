"""Recipes as people break them, and the whole message that each of them gets."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from runtime.problems import as_text
from tests.runtime.recipes.cases import KNOWN, Case, cases, shown

FOLDER = Path(__file__).parent / "broken"
CASES = [
    case
    for path in sorted(FOLDER.glob("*.txt"))
    for case in cases(path.read_text(encoding="utf-8"))
]
#: What a person who keeps books never needs to read: the words of libraries and of programmers.
FORBIDDEN = re.compile(
    r"Traceback|Error\b|Exception|NoneType|ruamel|jinja|jsonschema|Undefined|\bdict\b|\bNone\b"
    r"|<class|object at 0x|scalar|mapping values|unhashable|<block|anyOf"
    r"|is not of type|does not match|additional propert|str\(|Decimal\(|regex|[Ss]chema"
)


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_is_told(case: Case, tmp_path: Path) -> None:
    assert shown(as_text(case.problems(tmp_path, KNOWN))) == case.told


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_every_problem_says_where_what_and_how_to_mend_it(case: Case, tmp_path: Path) -> None:
    for problem in case.problems(tmp_path, KNOWN):
        assert problem.fix
        assert not FORBIDDEN.search(f"{problem.sentence}\n{problem.fix}")
        assert problem.sentence[-1] not in ".!"


def test_there_are_at_least_sixty_and_no_two_alike() -> None:
    assert len(CASES) >= 60
    titles = Counter(case.title for case in CASES)
    assert max(titles.values()) == 1
    assert len({tuple(case.files.items()) for case in CASES}) == len(CASES)
