"""The events of a YAML text: ruamel's grammar, read by token instead of by character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.docinfo import DocInfo
from ruamel.yaml.error import FileMark, YAMLError
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

_BREAKS = "\n\x85\u2028\u2029"
_REMARK = rf"(?:\#[^\0{_BREAKS}]*)?"
#: Blanks, remarks and line ends before the next token; inside brackets tabs are blanks too.
_GAPS = {
    False: re.compile(rf"((?:[ ]*{_REMARK}[{_BREAKS}])*)[ ]*{_REMARK}"),
    True: re.compile(rf"((?:[ \t]*{_REMARK}[{_BREAKS}])*)[ \t]*{_REMARK}"),
}
#: Quoted texts on one line, where YAML 1.2 and JSON know one line end; others ruamel's own way.
_QUOTED = {
    '"': re.compile(r'"([^"\\\0\t\n]*)"'),
    "'": re.compile(r"'((?:[^'\0\t\n]|'')*)'(?!')"),
}
#: A name up to its colon.
_NAME = re.compile(rf"[^:\#\0 \t{_BREAKS}][^:\0 \t{_BREAKS}]*(?=:[\0 \t{_BREAKS}])")


def events(text: str) -> Iterator[Any]:
    """The parser's events, one after the other; raises YAMLError where it cannot go on."""
    parser = _Events(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    except (ValueError, OverflowError) as error:
        # An escape such as "\UFFFFFFFF" stands for no letter; ruamel lets Python say so.
        raise NoLetter(parser.index) from error


class NoLetter(YAMLError):
    """An escape names a letter that does not exist."""

    problem = "unknown escape"

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


class _Events(Reader, Scanner, Parser):
    """Reader, scanner and parser in one object, so that none has to be looked up.

    ruamel reads character by character, which took nine tenths of the time of a check. What is
    overridden here steps over gaps, names and quoted texts with one pattern each; everything
    else, and every refusal, is ruamel's.
    """

    reader: Any = None
    scanner: Any = None
    resolver: Any = None
    processing_version = scanner_processing_version = (1, 2)
    comment_handling = None
    flow_level = 0

    def __init__(self, text: str) -> None:
        self.reader = self.scanner = self.resolver = self
        self.doc_infos = [DocInfo()]
        Reader.__init__(self, text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)

    def peek(self, index: int = 0) -> Any:
        return self.buffer[self.pointer + index]

    def prefix(self, length: int = 1) -> Any:
        return self.buffer[self.pointer : self.pointer + length]

    def forward(self, length: int = 1) -> None:
        start = self.pointer
        self.pointer = self.index = end = start + length
        breaks = self.buffer.count("\n", start, end)
        if breaks:
            self.line += breaks
            self.column = end - self.buffer.rfind("\n", start, end) - 1
        else:
            self.column += length

    def get_mark(self) -> FileMark:
        return FileMark("", self.index, self.line, self.column)

    def check_token(self, *choices: Any) -> bool:
        if not self.tokens or self.possible_simple_keys:
            while self.need_more_tokens():
                self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def need_more_tokens(self) -> bool:
        if self.done:
            return False
        if not self.tokens:
            return True
        if not self.possible_simple_keys:
            return False
        self.stale_possible_simple_keys()
        return bool(self.next_possible_simple_key() == self.tokens_taken)

    def fetch_flow_collection_start(self, *args: Any, **kwargs: Any) -> None:
        super().fetch_flow_collection_start(*args, **kwargs)
        self.flow_level = len(self.flow_context)

    def fetch_flow_collection_end(self, *args: Any, **kwargs: Any) -> None:
        super().fetch_flow_collection_end(*args, **kwargs)
        self.flow_level = len(self.flow_context)

    def scan_to_next_token(self) -> None:
        gap = _GAPS[self.flow_level > 0].match(self.buffer, self.pointer)
        if gap is None or gap.end() == self.pointer:
            return
        self.forward(gap.end() - self.pointer)
        if gap[1] and not self.flow_level:
            self.allow_simple_key = True

    def scan_flow_scalar(self, style: str) -> Any:
        found = _QUOTED[style].match(self.buffer, self.pointer)
        if found is None:
            return super().scan_flow_scalar(style)
        start = self.get_mark()
        self.forward(found.end() - self.pointer)
        text = found[1] if style == '"' else found[1].replace("''", "'")
        return ScalarToken(text, False, start, self.get_mark(), style)

    def scan_plain(self) -> Any:
        found = None if self.flow_level else _NAME.match(self.buffer, self.pointer)
        if found is None:
            return super().scan_plain()
        start = self.get_mark()
        self.forward(found.end() - self.pointer)
        self.allow_simple_key = False
        return ScalarToken(found[0], True, start, self.get_mark())
