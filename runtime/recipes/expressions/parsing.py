"""Parses the `{{ … }}` of recipes into a checked tree; nothing is compiled or computed here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import Token, TokenStream, operators
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runtime.recipes.expressions import rules, tokens

#: A lone path, as nearly all values of recipes are: nothing of it needs a parser.
_LONE_PATH = re.compile(r"\{\{ *([a-z][a-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+) *\}\}", re.ASCII)
_TOKEN_TYPES = {"begin": "variable_begin", "end": "variable_end"}


def path_of(text: str) -> str | None:
    """The path of a text that is one lone path in braces; None for anything else."""
    found = _LONE_PATH.fullmatch(text) if len(text) <= tokens.LONGEST_NAME else None
    if found is None or found[1].partition(".")[0] in rules.RESERVED:
        return None
    return found[1]


def parts_of(text: str) -> list[nodes.Expr]:
    """The texts and expressions that a text is made of, checked; raises ExpressionProblem."""
    source = tokens.Source(text)
    found = source.tokens
    try:
        template = Parser(_WORDS, text).parse()
    except TemplateSyntaxError as error:
        number = min(max(error.lineno, 1), len(found))
        before = found[number - 2] if number > 1 else None
        raise rules.misplaced(found[number - 1], before) from None
    except RecursionError:
        raise tokens.too_deep() from None
    return rules.check(template, source)


class _Words(ImmutableSandboxedEnvironment):
    """Gives Jinja's parser our own words and signs; it compiles nothing, in a sandbox or out."""

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        return TokenStream(_stream(tokens.Source(source)), name, filename)


def _stream(source: tokens.Source) -> Iterator[Token]:
    """Each token bears its number where the parser expects that of a line."""
    value: Any
    for number, token in enumerate(source.tokens, 1):
        if token.kind == "sign":
            yield Token(number, operators[token.text], token.text)
        elif token.kind == "number":
            value = tokens.number(token)
            yield Token(number, "integer" if isinstance(value, int) else "float", value)
        elif token.kind == "string":
            yield Token(number, "string", tokens.string(token))
        else:
            yield Token(number, _TOKEN_TYPES.get(token.kind, token.kind), token.text)


_WORDS = _Words()
