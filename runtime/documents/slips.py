"""What stopped the parser in a file: where, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from runtime.documents import yaml_mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One thing that stopped the parser; line and column 0-based, of the mended text."""

    line: int
    column: int
    sentence: str
    fix: str
    rule: str = "syntax"
    #: How much of the line is meant; 0: to the end of what it says.
    length: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where the parser stopped, and what was open there."""

    words: str
    line: int
    column: int
    #: Where what it objects to began.
    open_line: int
    open_column: int
    #: Marks of the last quoted text.
    quoted: tuple[Any, Any] | None
    #: Opening brackets with their line and column, the innermost last.
    brackets: Sequence[tuple[str, int, int]]
    #: The parser met a character that no YAML file may have.
    unusable: bool = False

    @classmethod
    def of(
        cls, error: Any, text: str, quoted: Any, brackets: Sequence[tuple[str, int, int]]
    ) -> Stop:
        """Read off an error of the parser, which stopped in `text`."""
        place = _place(error, text)
        begun = getattr(error, "context_mark", None)
        return cls(
            words=yaml_mistakes.words_of(error),
            line=place[0],
            column=place[1],
            open_line=begun.line if begun else place[0],
            open_column=begun.column if begun else place[1],
            quoted=quoted,
            brackets=brackets,
            unusable=hasattr(error, "character"),
        )


def told(
    line: int, column: int, words: tuple[str, str], *, length: int = 1, rule: str = "syntax"
) -> Slip:
    """A slip with its sentence and fix."""
    return Slip(line=line, column=column, sentence=words[0], fix=words[1], length=length, rule=rule)


def _place(error: Any, text: str) -> tuple[int, int]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line), int(mark.column)
    index = getattr(error, "position", None)
    at = index if isinstance(index, int) else 0
    return text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1
