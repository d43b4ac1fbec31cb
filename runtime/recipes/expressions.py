"""Compiles and renders the `{{ … }}` of recipes: a small language, checked before it is compiled.

Jinja's sandbox bounds neither time nor memory, so the language is made small (no calls, no loops,
no blocks, no text arithmetic) and the sandbox is only the second wall. Names read data and never
Python attributes; nothing is computed while compiling; results are never rendered again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeAlias

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2 import Template as JinjaTemplate
from jinja2.lexer import Token, TokenStream, operators
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runtime.documents.hints import hint
from runtime.recipes import expression_rules as rules
from runtime.recipes import expression_tokens as tokens
from runtime.recipes.arithmetic import calculate
from runtime.recipes.filters import FILTERS, TESTS, Filter
from runtime.recipes.values import (
    LONGEST_INPUT,
    LONGEST_RESULT,
    TABLES,
    ZONE,
    ExpressionProblem,
    Refused,
    as_number,
    as_text,
    bounded,
    described,
)

__all__ = ["TABLES", "ZONE", "Compiled", "ExpressionProblem", "compile_value"]

Scope: TypeAlias = Mapping[str, Any]
Keys: TypeAlias = tuple[str | int, ...]
#: A lone path, as nearly all values of recipes are: nothing of it needs a parser.
_LONE_PATH = re.compile(r"\{\{ *([a-z][a-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+) *\}\}", re.ASCII)


class _Misfit(Exception):
    """A name was asked of something that has no names: text, a number, a list."""


_UNCOMPUTABLE = (_Misfit, TemplateError, TypeError, ValueError, ArithmeticError, RecursionError)


def step(value: Any, key: str | int) -> Any:
    """What `value.key` is: a key of a group, a place in a list; None where it is absent."""
    if isinstance(value, Mapping):
        return value.get(key if isinstance(key, str) else str(key))
    if value is None:
        return None
    if isinstance(value, list | tuple) and isinstance(key, int):
        return value[key] if 0 <= key < len(value) else None
    raise _Misfit


def read(scope: Scope, keys: Keys) -> Any:
    """The value at a path; None where it is absent. Raises ExpressionProblem."""
    if keys[0] not in scope:
        raise _no_such_root(str(keys[0]), scope)
    value: Any = scope
    for number, key in enumerate(keys):
        try:
            plain = type(value) is dict and type(key) is str
            value = value.get(key) if plain else step(value, key)
        except _Misfit:
            raise _misfit(keys[:number], value, key) from None
    return value


def read_path(scope: Scope, path: str) -> Any:
    """The value at a dotted path such as `trigger.invoice.lines`; None where it is absent."""
    return read(scope, as_keys(path))


@lru_cache(maxsize=4096)
def as_keys(path: str) -> Keys:
    """A dotted path as its names; those made of digits are places in a list."""
    return tuple(int(part) if part.isdecimal() else part for part in path.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A value of a recipe, ready to render any number of times, from any thread."""

    #: As it stands in the recipe.
    source: str
    #: Dotted paths that it reads, in order, each once.
    paths: tuple[str, ...]
    #: Tables and columns that it looks up, each pair once.
    lookups: tuple[tuple[str, str], ...]
    #: Texts as they are, and functions of the scope.
    _parts: tuple[str | Callable[[Scope], Any], ...]

    @property
    def constant(self) -> bool:
        """True where it is text without any expression."""
        return all(isinstance(part, str) for part in self._parts)

    @property
    def lone(self) -> str:
        """The path, where it is one lone path in braces; else empty."""
        only = len(self._parts) == 1 and isinstance(self._parts[0], partial)
        return self.paths[0] if only and self._parts[0].func is _read_keys else ""  # type: ignore[union-attr]

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
        return Compiled(source=text, paths=(), lookups=(), _parts=(text,))
    path = path_of(text)
    if path is not None:
        lone = partial(_read_keys, keys=as_keys(path))
        return Compiled(source=text, paths=(path,), lookups=(), _parts=(lone,))
    paths: dict[str, None] = {}
    lookups: dict[tuple[str, str], None] = {}
    parts: list[str | Callable[[Scope], Any]] = []
    for node in parts_of(text):
        paths |= dict.fromkeys(".".join(map(str, keys)) for keys in _paths(node))
        filters = (node, *node.find_all(nodes.Filter))
        lookups |= {found: None for each in filters if (found := rules.lookup_of(each))}
        parts.append(node.data if isinstance(node, nodes.TemplateData) else _part(node))
    return Compiled(source=text, paths=tuple(paths), lookups=tuple(lookups), _parts=tuple(parts))


def path_of(text: str) -> str | None:
    """The path of a text that is one lone path in braces; None for anything else."""
    found = _LONE_PATH.fullmatch(text)
    return found[1] if found and len(text) <= tokens.LONGEST_NAME else None


def parts_of(text: str) -> list[nodes.Expr]:
    """The texts and expressions that a text is made of, checked; raises ExpressionProblem."""
    source = tokens.Source(text)
    found = source.tokens
    try:
        # Each token bears its number where the parser expects that of a line.
        template = Parser(_ENVIRONMENT, text).parse()
    except TemplateSyntaxError as error:
        number = min(max(error.lineno, 1), len(found))
        before = found[number - 2] if number > 1 else None
        raise rules.misplaced(found[number - 1], before) from None
    except RecursionError:
        raise tokens.too_deep() from None
    return rules.check(template, source)


def _stream(source: tokens.Source) -> Iterator[Token]:
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


_TOKEN_TYPES = {"begin": "variable_begin", "end": "variable_end"}


def _part(node: nodes.Expr) -> Callable[[Scope], Any]:
    keys = rules.keys_of(node)
    if keys is not None:
        return partial(_read_keys, keys=keys)
    paths = tuple(_paths(node))
    template = nodes.Template(
        [nodes.Assign(nodes.Name(_RESULT, "store"), rules.rewrite(node), lineno=1)], lineno=1
    )
    template.set_environment(_ENVIRONMENT)
    return partial(_evaluate, _ENVIRONMENT.from_string(template), paths)


_RESULT = "result"


def _read_keys(scope: Scope, *, keys: Keys) -> Any:
    return read(scope, keys)


def _evaluate(template: JinjaTemplate, paths: Sequence[Keys], scope: Scope) -> Any:
    for keys in paths:
        if keys[0] not in scope:
            raise _no_such_root(str(keys[0]), scope)
    context = template.new_context(dict(scope), shared=True)
    try:
        for _ in template.root_render_func(context):
            pass
        return context.vars[_RESULT]
    except ExpressionProblem:
        raise
    except Refused as refused:
        raise ExpressionProblem(refused.sentence, refused.fix) from None
    except _UNCOMPUTABLE as error:
        for keys in paths:
            read(scope, keys)  # tells which name does not fit
        raise _failed(error) from None


def _failed(error: Exception) -> ExpressionProblem:
    if isinstance(error, TypeError) and "not supported between" in str(error):
        fix = "turn text into a number first, e.g. {{ amount | money }}"
        return ExpressionProblem("only two numbers, or two texts, can be compared", fix)
    return ExpressionProblem("this expression cannot be computed with these values", "simplify it")


def _paths(node: nodes.Node) -> Iterator[Keys]:
    keys = rules.keys_of(node)
    if keys is not None:
        yield keys
        return
    for child in node.iter_child_nodes():
        yield from _paths(child)


def _no_such_root(name: str, scope: Scope) -> ExpressionProblem:
    known = [key for key in scope if not key.startswith(" ")]
    return ExpressionProblem(f'there is no "{name}" here', hint(name, known, has="there is"))


def _misfit(keys: Keys, value: object, key: str | int) -> ExpressionProblem:
    path = ".".join(map(str, keys))
    sentence = f'"{path}" is {described(value)}; it has no "{key}"'
    is_list = isinstance(value, list | tuple)
    return ExpressionProblem(sentence, "use `for_each:` to go through a list" if is_list else "")


def _in_jinja(found: Filter) -> Callable[..., Any]:
    """A filter as the library below calls it: null passed by, the scope given where wanted."""
    work = found.work
    if not found.scoped:
        if found.takes_null:
            return work
        return lambda value, *more, **named: None if value is None else work(value, *more, **named)

    def scoped(context: Any, value: Any, *more: Any, **named: Any) -> Any:
        passed = value is None and not found.takes_null
        return None if passed else work(context, value, *more, **named)

    return pass_context(scoped)


def _side_by_side(*values: object) -> str:
    """`a ~ b`: text side by side."""
    return bounded("".join([as_text(value) for value in values]), LONGEST_INPUT)


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja with our words and signs, data for attributes, exact numbers, only our filters."""

    intercepted_binops = frozenset(("+", "-", "*", "/"))
    intercepted_unops = frozenset(("-",))

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, optimized=False)
        self.globals.clear()
        self.filters = {name: _in_jinja(found) for name, found in FILTERS.items()}
        self.filters |= {rules.CONCAT: _side_by_side, rules.DECIMAL: as_number}
        self.tests = dict(TESTS)

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        return TokenStream(_stream(tokens.Source(source)), name, filename)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return step(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return step(obj, argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        return calculate(operator, left, right)

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
        return calculate(operator, 0, arg)


_ENVIRONMENT = _Environment()
