"""A user's mistake as data: where, what, how to fix."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import combining, east_asian_width

#: Most characters of a line that are shown; what is left out is an ellipsis.
_WIDEST = 120
#: Signs that would forge lines, or move and colour what a screen shows: controls but the tab,
#: changes of direction, halves of letters and what is no letter in the name of a file.
_UNSEEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Severity(StrEnum):
    """What a problem keeps from happening."""

    #: The file cannot be used; what ran before keeps running.
    ERROR = "error"
    #: It runs, though probably not as it was meant.
    WARNING = "warning"


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
    severity: Severity = Severity.ERROR
    #: How many characters of the line are meant; 0 where only the place is known.
    length: int = field(default=0, compare=False)
    #: The line itself, as the file has it; empty where there is none.
    excerpt: str = field(default="", compare=False)

    def __str__(self) -> str:
        kind = "warning: " if self.severity is Severity.WARNING else ""
        text = f"{self.file}:{self.line}:{self.column}: {kind}{self.sentence} [{self.rule}]"
        lines = [text, *self._caret()]
        if self.fix:
            lines.append(f"  {' ' * self._margin}= {self.fix}")
        return "\n".join(map(visible, lines))

    @property
    def _margin(self) -> int:
        return len(str(self.line)) - 1 if self.excerpt else 0

    def _caret(self) -> list[str]:
        """The line with a mark under what is meant."""
        if not self.excerpt:
            return []
        blank = " " * len(str(self.line))
        shown, before, meant = _window(self.excerpt.rstrip(), self.column - 1, self.length)
        mark = "^" + "~" * (max(_width(meant), 1) - 1)
        indent = "".join("\t" if sign == "\t" else " " * _width(sign) for sign in before)
        return [f"{blank} |", f"{self.line} | {shown}", f"{blank} | {indent}{mark}"]

    def as_dict(self) -> dict[str, object]:
        """The form of `check --format json`."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.line,
            "end_column": self.column + self.length,
            "rule": self.rule,
            "severity": self.severity.value,
            "sentence": self.sentence,
            "fix": self.fix,
        }


def visible(text: str) -> str:
    """A line as it can be shown: for each sign that nobody may see stands `\ufffd`."""
    return _UNSEEN.sub("\ufffd", text)


def _window(line: str, start: int, length: int) -> tuple[str, str, str]:
    """The part of a line that is shown, what of it stands before the mark, and what is marked."""
    first = 0
    if len(line) > _WIDEST and start > _WIDEST // 2:
        first = min(start - _WIDEST // 4, max(len(line) - _WIDEST, 0))
    last = min(first + _WIDEST, len(line))
    head, tail = "…" if first else "", "…" if last < len(line) else ""
    meant = line[start : min(start + max(length, 1), last)]
    return f"{head}{line[first:last]}{tail}", f"{head}{line[first:start]}", meant


def _width(text: str) -> int:
    """Columns that a text takes on a screen; letters of East Asia and most pictures take two."""
    return sum(
        0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text
    )


def as_text(problems: Iterable[Problem]) -> str:
    """All problems, sorted by place, one under the other."""
    return "\n".join(str(problem) for problem in sorted(problems))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that keep a file from being used."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
