"""Compiles and renders the `{{ … }}` of recipes: a small language, checked before it is compiled.

Jinja only parses. Its sandbox bounds neither time nor memory, so the language is made small (no
calls, no loops, no blocks, no text arithmetic) and what is left of it is evaluated here. Names
read data and never Python attributes; results are never rendered again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from runtime.recipes.expressions import rules, tokens
from runtime.recipes.expressions.evaluation import Evaluate, function_of, path_reader
from runtime.recipes.expressions.parsing import parts_of, path_of
from runtime.recipes.expressions.paths import Keys, Scope, as_keys, read, read_path
from runtime.recipes.expressions.values import (
    LONGEST_RESULT,
    TABLES,
    ZONE,
    ExpressionProblem,
    Refused,
    as_text,
)

__all__ = [
    "TABLES",
    "ZONE",
    "Compiled",
    "ExpressionProblem",
    "Keys",
    "Scope",
    "as_keys",
    "compile_value",
    "read",
    "read_path",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A value of a recipe, ready to render any number of times, from any thread."""

    #: As it stands in the recipe.
    source: str
    #: Dotted paths that it reads, in order, each once.
    paths: tuple[str, ...] = ()
    #: Tables and columns that it looks up, each pair once.
    lookups: tuple[tuple[str, str], ...] = ()
    #: The path, where it is one lone path in braces; else empty.
    lone: str = ""
    #: Texts as they are, and functions of the scope.
    _parts: tuple[str | Evaluate, ...]

    @property
    def constant(self) -> bool:
        """True where it is text without any expression."""
        return all(isinstance(part, str) for part in self._parts)

    def render(self, scope: Scope) -> Any:
        """The value: a lone `{{ x }}` keeps its type, anything mixed is text.

        Absent is None when alone and empty inside text. Raises ExpressionProblem.
        """
        parts = self._parts
        if len(parts) == 1:
            part = parts[0]
            return part if isinstance(part, str) else self._bounded(part(scope))
        try:
            texts = [part if isinstance(part, str) else as_text(part(scope)) for part in parts]
        except Refused as refused:
            raise ExpressionProblem(refused.sentence, refused.fix) from None
        return self._bounded("".join(texts))

    def offset(self, path: str, names: int) -> int:
        """Where the last of the first `names` names of `path` stands in `source`."""
        return tokens.Source(self.source).find_path(path.split(".")[:names])

    def _bounded(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_RESULT:
            sentence = f"the value has {len(value):,} characters; at most {LONGEST_RESULT:,} fit"
            raise ExpressionProblem(sentence, "cut it with truncate(200)")
        return value


@lru_cache(maxsize=4096)
def compile_value(text: str) -> Compiled:
    """Check and compile a text of a recipe; raises ExpressionProblem.

    Text without `{{` is a constant. Compiling runs nothing of what the text asks for.
    """
    if not tokens.has_syntax(text):
        return Compiled(source=text, _parts=(text,))
    path = path_of(text)
    if path is not None:
        return Compiled(source=text, paths=(path,), lone=path, _parts=(_reader(path),))
    found, everything = parts_of(text), rules.Reads()
    parts: list[str | Evaluate] = []
    for node in found:
        if isinstance(node, nodes.TemplateData):
            parts.append(node.data)
            continue
        own = rules.Reads()
        own.add(node)
        everything.paths.update(own.paths)
        everything.lookups.update(own.lookups)
        parts.append(function_of(node, own.roots))
    keys = rules.keys_of(found[0]) if len(found) == 1 else None
    return Compiled(
        source=text,
        paths=tuple(dict.fromkeys(map(_dotted, everything.paths))),
        lookups=tuple(everything.lookups),
        lone="" if keys is None else _dotted(keys),
        _parts=tuple(parts),
    )


def _reader(path: str) -> Evaluate:
    return path_reader(as_keys(path))


def _dotted(keys: Keys) -> str:
    return ".".join(map(str, keys))
