"""Compiles and renders the `{{ … }}` of recipes: a small language, checked before it is compiled.

Jinja's sandbox bounds neither time nor memory, so the language is made small (no calls, no loops,
no blocks, no text arithmetic) and the sandbox is only the second wall. Names read data and never
Python attributes; nothing is computed while compiling; results are never rendered again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeAlias

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.environment import TemplateExpression
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runtime.documents.hints import hint
from runtime.recipes import expression_rules as rules
from runtime.recipes.expression_rules import ExpressionProblem
from runtime.recipes.filters import (
    FILTERS,
    LONGEST_RESULT,
    TESTS,
    Refused,
    as_text,
    calculate,
    concat,
    kind,
    passes_null,
)

__all__ = ["Compiled", "ExpressionProblem", "compile_value"]

Scope: TypeAlias = Mapping[str, Any]
#: Values of a scope that no recipe can name: the lookup tables, and the company's time zone.
TABLES, ZONE = " tables", " zone"
Keys: TypeAlias = tuple[str | int, ...]


class _Misfit(Exception):
    """A name was asked of something that has no names: text, a number, a list."""


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
    #: Texts as they are, and functions of the scope.
    _parts: tuple[str | Callable[[Scope], Any], ...]

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
            raise ExpressionProblem(str(refused), refused.fix) from None
        return self._bounded("".join(texts))

    def offset(self, path: str, names: int) -> int:
        """Where the last of the first `names` names of `path` stands in `source`."""
        return rules.Source(self.source).find_path(path.split(".")[:names])

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
    if "{{" not in text and "{%" not in text:
        return Compiled(source=text, paths=(), _parts=(text,))
    source = rules.Source(text)
    rules.check_length(source)
    found = rules.check(_parse(source), source)
    paths: dict[str, None] = {}
    parts: list[str | Callable[[Scope], Any]] = []
    for node in found:
        if isinstance(node, nodes.TemplateData):
            parts.append(node.data)
        else:
            paths |= dict.fromkeys(".".join(map(str, keys)) for keys in _paths(node))
            parts.append(_part(node))
    return Compiled(source=text, paths=tuple(paths), _parts=tuple(parts))


def _parse(source: rules.Source) -> nodes.Template:
    try:
        return _ENVIRONMENT.parse(source.text)
    except TemplateSyntaxError as error:
        raise rules.syntax(error, source) from None
    except RecursionError:
        raise rules.too_deep() from None


def _part(node: nodes.Expr) -> Callable[[Scope], Any]:
    keys = rules.keys_of(node)
    if keys is not None:
        return partial(_read_keys, keys=keys)
    paths = tuple(_paths(node))
    template = nodes.Template(
        [nodes.Assign(nodes.Name("result", "store"), rules.rewrite(node), lineno=1)], lineno=1
    )
    template.set_environment(_ENVIRONMENT)
    compiled = _ENVIRONMENT.from_string(template)
    return partial(_evaluate, TemplateExpression(compiled, undefined_to_none=False), paths)


def _read_keys(scope: Scope, *, keys: Keys) -> Any:
    return read(scope, keys)


def _evaluate(expression: TemplateExpression, paths: Sequence[Keys], scope: Scope) -> Any:
    for keys in paths:
        if keys[0] not in scope:
            raise _no_such_root(str(keys[0]), scope)
    try:
        return expression(scope)
    except Refused as refused:
        raise ExpressionProblem(str(refused), refused.fix) from None
    except (_Misfit, TemplateError, TypeError, ValueError, ArithmeticError) as error:
        for keys in paths:
            read(scope, keys)  # tells which name does not fit
        raise _failed(error) from None


def _failed(error: Exception) -> ExpressionProblem:
    if isinstance(error, TypeError) and "not supported between" in str(error):
        fix = "turn text into a number first, e.g. {{ amount | money }}"
        return ExpressionProblem("cannot compare text with a number", fix)
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
    sentence = f'"{path}" is {kind(value)}; it has no "{key}"'
    is_list = isinstance(value, list | tuple)
    return ExpressionProblem(sentence, "use `for_each:` to go through a list" if is_list else "")


def _passing_null(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    if not passes_null(name):
        return function
    return lambda value, *more, **named: None if value is None else function(value, *more, **named)


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja with data for attributes, exact numbers and only our filters and tests."""

    intercepted_binops = frozenset(("+", "-", "*", "/"))
    intercepted_unops = frozenset(("-",))

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, autoescape=False, optimized=False, keep_trailing_newline=True
        )
        self.globals.clear()
        self.filters = {name: _passing_null(name, found) for name, found in FILTERS.items()}
        self.filters |= {rules.CONCAT: concat, rules.DECIMAL: FILTERS["number"]}
        self.tests = dict(TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return step(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return step(obj, argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        return calculate(operator, left, right)

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
        return calculate(operator, 0, arg)


_ENVIRONMENT = _Environment()
