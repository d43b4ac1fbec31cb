"""Writes anew what is told of every broken recipe and on every help page, for a look at the diff.

    python -m tests.runtime.recipes.refresh

A message that changes for the better changes in many places; what it became is read, not typed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from runtime.checks import Known
from runtime.problems import as_text
from tests.help_pages import FOLDER, HERE, examples
from tests.runtime.recipes.cases import KNOWN, Case, cases, shown

BROKEN = Path(__file__).parent / "broken"


def told(case: Case, known: Known) -> str:
    """What a check prints of a case now."""
    with tempfile.TemporaryDirectory() as folder:
        return shown(as_text(case.problems(Path(folder), known)))


def _written(case: Case) -> str:
    files = "".join(f"~~~ {name}\n{text}" for name, text in case.files.items())
    return f"### {case.title}\n{files}~~~ told\n{told(case, KNOWN)}\n"


def main() -> None:
    """Rewrite the tables and the pages in place."""
    for path in sorted(BROKEN.glob("*.txt")):
        found = cases(path.read_text(encoding="utf-8"))
        path.write_text("\n".join(map(_written, found)), encoding="utf-8")
    for path in sorted((FOLDER / "rules").glob("*.md")):
        wrong = examples(path).wrong
        if wrong is not None:
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(wrong.told, told(wrong, HERE), 1), encoding="utf-8")


if __name__ == "__main__":
    main()
