"""Rewrites the table of the README from results.json: `python -m tests.benchmarks.readme`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.benchmarks.report import RESULTS, table

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


class NoPlace(Exception):
    """The README has no place for the table."""


def with_table(text: str, made: str) -> str:
    """`text` with `made` between the markers. Raises NoPlace."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoPlace(f"README.md needs the lines {BEGIN} and {END}, in this order.")
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def main() -> int:
    """Rewrite it; 1 when it cannot be."""
    if not RESULTS.exists():
        print("There are no results yet: run `python -m tests.benchmarks`.", file=sys.stderr)
        return 1
    try:
        text = with_table(README.read_text(), table(json.loads(RESULTS.read_text())))
    except NoPlace as error:
        print(error, file=sys.stderr)
        return 1
    README.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
