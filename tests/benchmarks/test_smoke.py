"""The benchmark still runs: one tiny contest of real processes, and its table in a README."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.contest import Size, contest
from tests.benchmarks.readme import BEGIN, END, NoPlace, with_table
from tests.benchmarks.report import AIMS, table, value_at
from tests.benchmarks.report import machine as facts


def test_a_small_contest_books_everything_once(tmp_path: Path) -> None:
    size = Size(rounds=1, burst=20, single_sender=5, idle=2)
    results = {"machine": facts(), "contest": contest(size, tmp_path)}
    relay = results["contest"]["bookrelay"]
    assert (relay["missing"], relay["doubled"], relay["refused"]) == (0, 0, 0)
    assert 2 <= relay["calls_per_invoice"] <= 4
    assert "| naive Flask script, nothing kept | Bookrelay |" in table(results)
    measured = [aim for aim in AIMS if aim.path.startswith("contest.")]
    assert all(value_at(results, aim.path) is not None for aim in measured)


def test_the_table_takes_its_place() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_table(text, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END} {BEGIN}"])
def test_a_readme_without_a_place_is_told(text: str) -> None:
    with pytest.raises(NoPlace, match="bench:begin"):
        with_table(text, "new")
