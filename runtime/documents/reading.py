"""Reads the YAML and JSON files that people write: plain values, and where each stands.

Only `true`, `false`, `null`, plain whole numbers and plain decimals are anything but text, so that
`01234`, `no`, `12:30`, `2024-01-02` and `+15551234567` arrive as they were written.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ruamel.yaml.error import YAMLError

from runtime.documents import look_alikes, stops, yaml_mistakes
from runtime.documents.decoding import MOST_BYTES, decode, first_bytes, misread
from runtime.documents.document import At, Document
from runtime.documents.mending import Mends, without_remark
from runtime.documents.slips import Slip, Stop, told
from runtime.documents.values import Reader, TooDeep
from runtime.documents.wrong_kinds import not_plain
from runtime.problems import Problem

#: Longest file that is read, in characters; a recipe has about 4,000.
LONGEST = 2_000_000
#: How many slips are mended in one file, to tell what else is wrong with it.
MOST_SLIPS = 20
#: Files longer than this are mended a few times only, since each time costs a second.
_LONG = 200_000


def read_file(path: Path, shown_as: str) -> tuple[Document | None, list[Problem]]:
    """Read a file that a person saved with any editor: UTF-8 or UTF-16, with or without BOM."""
    try:
        raw = first_bytes(path)
    except OSError as error:
        return None, [_unreadable(shown_as, error.strerror or type(error).__name__)]
    return (None, [_too_long(shown_as)]) if len(raw) > MOST_BYTES else read_bytes(raw, shown_as)


def read_bytes(raw: bytes, file: str) -> tuple[Document | None, list[Problem]]:
    """Read the bytes of a file; what is saved as Windows-1252 is refused, and checked further."""
    text, problems = decode(raw, file)
    text = misread(raw) if text is None and problems[0].rule == "encoding" else text
    if text is None:
        return None, problems
    document, more = read_document(text, file)
    if document is not None and problems:
        document = replace(document, slips=(*problems, *document.slips))
    return document, sorted([*problems, *more])


def read_document(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Read YAML or JSON; the document is None only where nothing can be made of it.

    Where the parser stops, the text is mended in memory and read on, so that all problems come in
    one pass. The problems then have an error, and `Document.believed` leaves out of a later check
    what the mending may have caused.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    other = not_plain(text, file)
    if other is not None:
        return None, [other]
    if len(text) > LONGEST:
        return None, [_too_long(file)]
    return _Reading(text, file).read()


class _Reading:
    """One file being read, mended and read again until the parser reaches its end."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._lines = text.split("\n")
        self._mends = Mends(lines=text.split("\n"))
        self._problems: dict[tuple[int, str], Problem] = {}

    def read(self) -> tuple[Document | None, list[Problem]]:
        if look_alikes.has_any(self._text):
            for slip in look_alikes.replace(self._mends, self._in_quotes()):
                self._tell(slip)
        for _ in range(MOST_SLIPS if len(self._text) < _LONG else 3):
            source = self._mends.text
            reader = Reader(self._mends, source)
            try:
                value = reader.read()
            except TooDeep:
                self._tell(told(0, 0, _TOO_DEEP))
                break
            except YAMLError as error:
                if not self._mended(Stop.of(error, source, reader.quoted, reader.brackets)):
                    break
            else:
                return self._document(value, reader)
        return None, sorted(self._problems.values())

    def _in_quotes(self) -> set[int]:
        """The lines of quoted texts over several lines, as far as the parser gets."""
        reader = Reader(self._mends, self._text)
        with suppress(YAMLError, TooDeep):
            reader.read()
        return reader.in_quotes

    def _mended(self, stop: Stop) -> bool:
        guessed, moved = set(self._mends.guessed), dict(self._mends.moved)
        found = stops.meet(stop, self._mends)
        for slip in found:
            if not self._follows(slip, guessed):
                column = max(slip.column - moved.get(slip.line, 0), 0)
                self._tell(replace(slip, column=column))
        return bool(found)

    def _follows(self, slip: Slip, guessed: set[int]) -> bool:
        """Whether a line is misplaced only because of what is told of it or of the one above."""
        above = next((n for n in range(slip.line - 1, -1, -1) if self._lines[n].strip()), None)
        caused = above in guessed or (slip.line + 1, "invisible-blank") in self._problems
        return caused and slip.sentence in (
            yaml_mistakes.MISFIT[0],
            yaml_mistakes.TOO_DEEP[0],
        )

    def _document(self, value: object, reader: Reader) -> tuple[Document, list[Problem]]:
        mends, text = self._mends, self._text
        for found in reader.found:
            column = mends.user_column(found.line, found.column)
            words = (found.sentence, found.fix)
            slip = told(found.line, column, words, length=found.length, rule=found.rule)
            if found.line not in mends.guessed:
                self._tell(slip)
        self._passed_tabs(reader)
        problems = sorted(self._problems.values())
        if reader.text != text:
            mends.spots(reader.spots, text)
        document = Document(
            value=value,
            text=text,
            file=self._file,
            slips=tuple(problems),
            intact=reader.text == text,
            mended=_touched(reader.groups, mends.guessed),
            guessed=frozenset(line + 1 for line in mends.guessed | mends.covered),
            _spots=reader.spots,
        )
        return document, problems

    def _passed_tabs(self, reader: Reader) -> None:
        """Tabs that the parser let pass, outside of texts."""
        if reader.braces or "\n\t" not in self._text:
            return
        tabbed = [
            number
            for number, line in enumerate(self._mends.lines)
            if line.startswith("\t") and line.strip() and number not in reader.inside
        ]
        if tabbed:
            words = yaml_mistakes.tab(len(tabbed))
            self._tell(told(tabbed[0], 0, words, rule="tab"))

    def _tell(self, slip: Slip) -> None:
        """One problem for one line and rule, at its place in the user's text."""
        line = self._lines[slip.line] if slip.line < len(self._lines) else ""
        said = without_remark(line, slip.column)
        fix = f"{slip.fix}; {yaml_mistakes.HALF_SAVED}" if self._breaks_off(slip) else slip.fix
        problem = Problem(
            file=self._file,
            line=slip.line + 1,
            column=slip.column + 1,
            rule=slip.rule,
            sentence=slip.sentence,
            fix=fix,
            length=slip.length or max(len(said) - slip.column, 1),
            excerpt=line,
        )
        self._problems.setdefault((problem.line, problem.rule), problem)

    def _breaks_off(self, slip: Slip) -> bool:
        if slip.sentence not in yaml_mistakes.AT_THE_END:
            return False
        last = self._mends.before(len(self._lines))
        at_root = (
            self._text.lstrip()[:1] in ("{", "[") and slip.sentence == yaml_mistakes.OPEN_BRACKET[0]
        )
        return last is None or slip.line >= last or at_root


_TOO_DEEP = ("values are nested too deep to be meant", "take brackets away")


def _touched(groups: Iterable[tuple[At, int, int]], guessed: set[int]) -> frozenset[At]:
    """The groups that a guessed line may belong to: all that are open at it or end before it."""
    if not guessed:
        return frozenset()
    return frozenset(
        path for path, first, last in groups if any(first <= line <= last for line in guessed)
    )


def _too_long(file: str) -> Problem:
    sentence = f"the file has more than {LONGEST:,} characters"
    return Problem(file=file, rule="too-long", sentence=sentence, fix="split it")


def _unreadable(file: str, reason: str) -> Problem:
    return Problem(
        file=file,
        rule="unreadable-file",
        sentence=f"the file cannot be read: {reason.lower()}",
        fix="look whether it exists and may be read",
    )
