"""A user's mistake as data: where, what, how to fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One mistake in a file that a person wrote."""

    #: Path as the user knows it, e.g. `recipes/paid.yaml`.
    file: str
    #: 1-based; 0 where the whole file is meant.
    line: int = 0
    column: int = 0
    #: Slug of the rule, e.g. `unknown-key`; has a help page.
    rule: str
    #: What is wrong, one sentence.
    sentence: str
    #: How to mend it, one sentence.
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.sentence} [{self.rule}]"
        return f"{text}\n  = {self.fix}" if self.fix else text

    def as_dict(self) -> dict[str, object]:
        """The form of `check --format json`."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "rule": self.rule,
            "sentence": self.sentence,
            "fix": self.fix,
        }


def as_text(problems: Iterable[Problem]) -> str:
    """All problems, sorted by place, one under the other."""
    return "\n".join(str(problem) for problem in sorted(problems))
