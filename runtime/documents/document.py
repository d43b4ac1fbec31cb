"""A file's values together with their places in its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from runtime.problems import Problem, Severity

Key: TypeAlias = str | int
At: TypeAlias = tuple[Key, ...]

#: Rules that complain of what is not there.
_MISSING = frozenset(("missing-field", "too-short"))
_WORD = re.compile(r"\w+")
_QUOTED_NAME = re.compile(r'"([\w.-]+)"')


class Spot(NamedTuple):
    """Where a value and its key stand; lines and columns 1-based, the rest indices of the text."""

    line: int
    column: int
    key_line: int
    key_column: int
    #: The value's span, quotes and brackets included; of a block, up to the end of its last value.
    start: int
    end: int
    #: The key's span; the value's where it has no key.
    key_start: int
    key_end: int
    #: How it is written: `"`, `'`, `|`, `>` or nothing for a text, `{`, `[`, `:`, `-` for a group.
    form: str = ""
    #: Characters between `column` and the text's own first one; None where they do not map.
    shift: int | None = None


_NOWHERE = Spot(1, 1, 1, 1, 0, 0, 0, 1)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file's values together with their places."""

    #: Plain dict, list, str, int, Decimal, bool or None.
    value: Any
    #: The text as read, line ends as `\n`.
    text: str
    #: The file as the user knows it.
    file: str
    #: What reading it found wrong; with an error among them the program does not edit the file.
    slips: tuple[Problem, ...] = ()
    #: False where the text was mended in memory to be read to its end.
    intact: bool = True
    #: Groups that may lack what stands in the file, because the text was mended to be read on.
    mended: Collection[At] = frozenset()
    #: Lines (1-based) whose place or content is a guess for the same reason.
    guessed: Collection[int] = frozenset()
    _spots: Mapping[At, Spot] = field(repr=False)

    def place(self, path: At, offset: int = 0) -> tuple[int, int]:
        """Line and column of the value at `path`, or of its nearest parent that exists.

        `offset` counts characters inside a text; it is left out where the text spans lines or
        has escapes, because its characters then do not stand side by side in the file.
        """
        spot = self._near(path)
        shift = spot.shift + offset if spot.shift is not None and offset else 0
        return spot.line, spot.column + shift

    def key_place(self, path: At) -> tuple[int, int]:
        """Line and column of the key at `path`; for an element of a list, of the element."""
        spot = self._near(path)
        return spot.key_line, spot.key_column

    def span(self, path: At) -> tuple[int, int] | None:
        """Start and end of the value at `path` in `text`, quotes included; None without one.

        A group's end is that of its last value. A block of text ends before its last line end.
        An empty value has the empty span behind its colon or dash.
        """
        spot = self._spots.get(path)
        return None if spot is None else (spot.start, spot.end)

    def key_span(self, path: At) -> tuple[int, int] | None:
        """Start and end of the key at `path` in `text`, quotes included; None without one."""
        spot = self._spots.get(path)
        return None if spot is None else (spot.key_start, spot.key_end)

    def spot(self, path: At) -> Spot | None:
        """All that is known of where and how the value at `path` is written."""
        return self._spots.get(path)

    def paths(self) -> Iterable[At]:
        """Every path that has a place."""
        return self._spots.keys()

    def problem(
        self,
        path: At,
        rule: str,
        sentence: str,
        fix: str = "",
        *,
        key: bool = False,
        offset: int = 0,
        length: int = 0,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """A mistake at the value of `path`, or with `key` at its key.

        `offset` and `length` choose a part of a text; without a length the word at the offset is
        marked, without both the whole value.
        """
        line, column = self.key_place(path) if key else self.place(path, offset)
        excerpt = self._lines[line - 1] if line <= len(self._lines) else ""
        return Problem(
            file=self.file,
            line=line,
            column=column,
            rule=rule,
            sentence=sentence,
            fix=fix,
            severity=severity,
            length=length or self._length(path, key=key, offset=offset),
            excerpt=excerpt,
        )

    def believed(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems of a check without those that may come of the mending alone.

        In a document that was mended to be read on, a field may seem missing whose line had to be
        left out, and a guessed line may seem to stand in the wrong group: neither is the user's
        mistake. Left out are complaints of what is missing in a group that was mended, whatever
        is said of a guessed line, and of a name that stands on one.
        """
        if not self.guessed:
            return list(problems)
        return [problem for problem in problems if not self._doubtful(problem)]

    def _doubtful(self, problem: Problem) -> bool:
        if problem.line in self.guessed:
            return True
        if problem.rule in _MISSING:
            return (problem.line, problem.column) in self._mended_places
        named = _QUOTED_NAME.findall(problem.sentence)
        return bool(named) and any(named[-1] in self._lines[line - 1] for line in self.guessed)

    @cached_property
    def _mended_places(self) -> set[tuple[int, int]]:
        keys = {self.key_place(path) for path in self.mended}
        return keys | {self.place(path) for path in self.mended} | {(1, 1)}

    def _length(self, path: At, *, key: bool, offset: int) -> int:
        spot = self._near(path)
        if key:
            return spot.key_end - spot.key_start
        if offset:
            line, column = self.place(path, offset)
            word = _WORD.match(self._lines[line - 1], column - 1)
            return len(word[0]) if word else 1
        written = self.text[spot.start : spot.end].split("\n")[0].rstrip()
        return max(len(written), 1)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def _near(self, path: At) -> Spot:
        while path not in self._spots and path:
            path = path[:-1]
        return self._spots.get(path) or _NOWHERE
