"""What recipe expressions may contain: an allow-list over the parsed text, and its messages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from runtime.documents.hints import hint
from runtime.recipes.filters import FILTERS, TESTS

LONGEST_SOURCE = 4_000
MOST_NODES = 200
DEEPEST = 20

#: Filters that stand for syntax: no recipe can name them, because names have no blanks.
CONCAT = "side by side"
DECIMAL = "exact number"

_OPERATORS: Mapping[type[nodes.Node], str] = {
    nodes.Pow: "**",
    nodes.Mod: "%",
    nodes.FloorDiv: "//",
}
_ALLOWED = (
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.Neg,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
    nodes.Keyword,
)
_BLOCKS: Mapping[type[nodes.Node], tuple[str, str]] = {
    nodes.For: ("loops", "use `for_each:` instead"),
    nodes.If: ("if blocks", "use {{ a if b else c }}, or `only_if:` on the step"),
}
_PLAIN_FLOAT = re.compile(r"[0-9]{1,15}\.[0-9]{1,10}")
_LARGEST = 10**15
_LEXER = Environment(keep_trailing_newline=True)  # noqa: S701 - only ever lexes


class ExpressionProblem(ValueError):
    """An expression that is not allowed, or cannot be computed: what, how to mend it, where."""

    def __init__(self, sentence: str, fix: str = "", offset: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix
        #: Characters from the start of the text.
        self.offset = offset


class Source:
    """A text with expressions that could be parsed, and where in it names and signs stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _tokens(self) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        index = 0
        for _, kind, value in _LEXER.lex(self.text):
            index = max(self.text.find(value, index), 0)
            if kind not in ("whitespace", "data"):
                found.append((index, value))
            index += len(value)
        return found

    def find(self, *values: str) -> int:
        """Offset of the last of these signs and names where they stand side by side; else 0."""
        tokens = self._tokens
        for start in range(len(tokens) - len(values) + 1):
            part = tokens[start : start + len(values)]
            if all(
                token[1].strip("'\"") == value for token, value in zip(part, values, strict=True)
            ):
                return part[-1][0]
        return 0

    def find_path(self, names: Sequence[str]) -> int:
        """Offset of the last name of a path, however its dots or brackets are written."""
        dotted = [part for name in names for part in (".", name)][1:]
        return self.find(*dotted) or self.find(names[-1])


def check(template: nodes.Template, source: Source) -> list[nodes.Expr]:
    """The texts and expressions of a parsed text; raises ExpressionProblem for what is refused."""
    found: list[nodes.Expr] = []
    for part in template.body:
        if not isinstance(part, nodes.Output):
            raise _block(part, source)
        found += part.nodes
    total = sum(_walk(node, source, 1) for node in found)
    if total > MOST_NODES:
        sentence = f"the expression has {total} parts; at most {MOST_NODES} are allowed"
        raise ExpressionProblem(sentence, "make it simpler")
    return found


def keys_of(node: nodes.Node) -> tuple[str | int, ...] | None:
    """The names of a plain path such as `trigger.invoice.lines.0`; None for anything else."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        before = keys_of(node.node)
        key = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
        return None if before is None or key is None else (*before, key)
    return None


def rewrite(node: Any) -> Any:
    """Give constants, `~` and a missing `else` the meaning they have here."""
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(node, name, rewrite(value))
        elif isinstance(value, list):
            setattr(node, name, [rewrite(v) if isinstance(v, nodes.Node) else v for v in value])
    if isinstance(node, nodes.Concat):
        return _filter(node.nodes[0], CONCAT, node.nodes[1:])
    if isinstance(node, nodes.Const) and isinstance(node.value, float):
        return _filter(nodes.Const(repr(node.value)), DECIMAL, [])
    if isinstance(node, nodes.CondExpr) and node.expr2 is None:
        node.expr2 = nodes.Const(None)
    return node


def check_length(source: Source) -> None:
    """Raises ExpressionProblem where the text is too long to be parsed in no time."""
    if len(source.text) > LONGEST_SOURCE:
        sentence = f"the text has {len(source.text):,} characters; at most {LONGEST_SOURCE:,} fit"
        raise ExpressionProblem(sentence, "shorten it")


def too_deep() -> ExpressionProblem:
    """The problem that an expression is nested too deep."""
    sentence = f"the expression is nested more than {DEEPEST} deep"
    return ExpressionProblem(sentence, "make it simpler")


def syntax(error: TemplateSyntaxError, source: Source) -> ExpressionProblem:
    """A parser's error in our words."""
    words = error.message or ""
    if any(quote in source.text for quote in "\u201c\u201d\u2018\u2019"):
        offset = min(source.text.find(q) for q in "\u201c\u201d\u2018\u2019" if q in source.text)
        return ExpressionProblem(
            "typographic quotes are not quotes here", "use straight quotes: '", offset
        )
    block = re.search(r"\{%", source.text)
    if block and ("tag" in words or "block" in words):
        fix = "use {{ … }} with names and filters only"
        return ExpressionProblem("templates here do not allow {% … %} blocks", fix, block.start())
    if "end of print statement" in words or "end of template" in words or "'}'" in words:
        fix = "write {{ name }} with two braces on each side, and filters after a |"
        return ExpressionProblem("this {{ … }} cannot be read", fix, max(source.text.find("{{"), 0))
    return ExpressionProblem(
        f"this {{{{ … }}}} cannot be read: {words}",
        "compare it with {{ trigger.contact.name | upper }}",
        max(source.text.find("{{"), 0),
    )


def _filter(node: nodes.Expr, name: str, arguments: list[nodes.Expr]) -> nodes.Filter:
    return nodes.Filter(node, name, arguments, [], None, None)


def _constant(node: nodes.Node) -> str | int | None:
    if isinstance(node, nodes.Const) and isinstance(node.value, str | int):
        return None if isinstance(node.value, bool) else node.value
    return None


def _walk(node: nodes.Node, source: Source, depth: int) -> int:
    """Refuse what is not allowed below `node`; gives the number of its parts."""
    if depth > DEEPEST:
        raise too_deep()
    if not isinstance(node, _ALLOWED):
        raise _refusal(node, source)
    checker = _CHECKS.get(type(node))
    if checker is not None:
        checker(node, source)
    return 1 + sum(_walk(child, source, depth + 1) for child in node.iter_child_nodes())


def _check_name(node: nodes.Name | nodes.Getattr, source: Source) -> None:
    name = node.name if isinstance(node, nodes.Name) else node.attr
    if name.startswith("_"):
        sentence = f'there is no value "{name}"'
        raise ExpressionProblem(sentence, "name a field of the event", source.find(name))
    if isinstance(node, nodes.Getattr):
        _check_owner(node.node, source)


def _check_owner(node: nodes.Node, source: Source) -> None:
    if isinstance(node, nodes.Const | nodes.List | nodes.Tuple):
        fix = "name a field of the event, such as trigger.contact.name"
        raise ExpressionProblem("a fixed value has no fields", fix, source.find("."))


def _check_item(node: nodes.Getitem, source: Source) -> None:
    _check_owner(node.node, source)
    key = _constant(node.arg)
    if key is None or (isinstance(key, str) and key.startswith("_")):
        sentence = "only a fixed name or a fixed number may stand in brackets"
        fix = "write {{ list.0 }}, {{ list | first }} or use `for_each:`"
        raise ExpressionProblem(sentence, fix, source.find("["))


def _check_constant(node: nodes.Const, source: Source) -> None:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    fits = _PLAIN_FLOAT.fullmatch(repr(value)) if isinstance(value, float) else value < _LARGEST
    if not fits:
        sentence = "a number of this size or form is not allowed"
        raise ExpressionProblem(sentence, "write a plain number such as 12.50", 0)


def _check_filter(node: nodes.Filter, source: Source) -> None:
    name, place = node.name, source.find("|", node.name)
    if name not in FILTERS:
        fix = hint(name, sorted(FILTERS), has="there are")
        raise ExpressionProblem(f'there is no filter "{name}"', fix, place)
    _check_arguments(FILTERS[name], node, f'the filter "{name}"', place)


def _check_test(node: nodes.Test, source: Source) -> None:
    name, place = node.name, source.find("is", node.name)
    if name not in TESTS:
        fix = hint(name, sorted(TESTS), has="there are")
        raise ExpressionProblem(f'there is no test "{name}"', fix, place)
    _check_arguments(TESTS[name], node, f'the test "{name}"', place)


def _check_arguments(function: Callable[..., Any], node: Any, what: str, place: int) -> None:
    named = [keyword.key for keyword in node.kwargs]
    try:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise TypeError
        bound = [None] * (len(node.args) + 1)
        inspect.signature(function).bind(*bound, **dict.fromkeys(named))
    except TypeError:
        sentence = f"{what} does not take these values in brackets"
        raise ExpressionProblem(sentence, "look at its help page", place) from None


_CHECKS: Mapping[type[nodes.Node], Callable[[Any, Source], None]] = {
    nodes.Name: _check_name,
    nodes.Getattr: _check_name,
    nodes.Getitem: _check_item,
    nodes.Const: _check_constant,
    nodes.Filter: _check_filter,
    nodes.Test: _check_test,
}


def _refusal(node: nodes.Node, source: Source) -> ExpressionProblem:
    if type(node) in _OPERATORS:
        sign = _OPERATORS[type(node)]
        return ExpressionProblem(
            f"templates here do not allow the {sign} operator",
            "use + - * / on numbers",
            source.find(sign),
        )
    if isinstance(node, nodes.Call):
        return ExpressionProblem(
            "templates here do not allow calling functions or methods",
            "use a filter such as {{ name | upper }}",
            source.find("("),
        )
    sentence = f"templates here do not allow {type(node).__name__.lower()} values"
    return ExpressionProblem(sentence, "use names, texts, numbers and filters only")


def _block(node: nodes.Node, source: Source) -> ExpressionProblem:
    words, fix = _BLOCKS.get(
        type(node), ("{% … %} blocks", "use {{ … }} with names and filters only")
    )
    place = max(source.text.find("{%"), 0)
    return ExpressionProblem(f"templates here do not allow {words}", fix, place)
