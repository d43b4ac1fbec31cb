"""What recipe expressions may contain: an allow-list over the parsed text, and its messages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from runtime.documents.hints import hint
from runtime.recipes.expressions.filters import FILTERS, TESTS
from runtime.recipes.expressions.paths import Keys
from runtime.recipes.expressions.tokens import (
    DEEPEST,
    MOST_PARTS,
    Source,
    Token,
    too_deep,
    too_many_parts,
)
from runtime.recipes.expressions.values import ExpressionProblem

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
_LEAVES = (nodes.Const, nodes.Name, nodes.TemplateData)
_ASCII_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
#: Names that mean something to the library below.
RESERVED = frozenset(("self", "super", "caller", "varargs", "kwargs", "loop"))
_AFTER = {
    "|": "name a filter after the |, such as upper",
    ".": "name a field after the dot",
    "is": "name a test after `is`, such as empty",
    "if": "write the condition after `if`",
    "else": "write after `else` what it is otherwise",
}


def check(template: nodes.Template, source: Source) -> list[Any]:
    """The texts and expressions of a parsed text; raises ExpressionProblem for what is refused."""
    found = [node for output in template.body for node in output.iter_child_nodes()]
    if sum(_walk(node, source, 1) for node in found) > MOST_PARTS:
        raise too_many_parts()
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


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression reads, each once and in order."""

    paths: dict[Keys, None] = field(default_factory=dict)
    #: Tables and columns.
    lookups: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(self, node: nodes.Node) -> None:
        """Take in an expression and all it is made of."""
        keys = keys_of(node)
        if keys is not None:
            self.paths[keys] = None
        elif not isinstance(node, _LEAVES):
            pair = lookup_of(node)
            self.lookups.update({pair: None} if pair else {})
            for child in node.iter_child_nodes():
                self.add(child)

    @property
    def roots(self) -> tuple[str, ...]:
        """The first names."""
        return tuple({str(keys[0]): None for keys in self.paths})


def misplaced(token: Token, before: Token | None) -> ExpressionProblem:
    """The problem that a word or sign cannot stand where it does."""
    if token.kind == "end" and before is not None and before.kind == "begin":
        fix = "name a field such as {{ trigger.contact.name }}"
        return ExpressionProblem("there is nothing between {{ and }}", fix, token.offset)
    if token.kind == "end":
        fix = _AFTER.get(before.text if before else "", "complete it, or delete what is left over")
        return ExpressionProblem("something is missing before }}", fix, token.offset)
    sentence = f'"{token.text[:40]}" cannot stand here'
    if token.text == "=":
        return ExpressionProblem(sentence, "compare with == as in {{ a == b }}", token.offset)
    if token.text == "is":
        return ExpressionProblem(sentence, "write `and` between two tests", token.offset)
    if token.text == "|" and before and before.text == "|" and before.offset + 1 == token.offset:
        fix = "for the first that is filled write {{ a | first_present(b) }}, for a test `or`"
        return ExpressionProblem('"||" has no meaning in {{ … }}', fix, before.offset)
    if token.kind == "sign":
        return ExpressionProblem(sentence, "put a name or a value before it", token.offset)
    fix = "put | before a filter, ~ between two values, and quotes around text"
    return ExpressionProblem(sentence, fix, token.offset)


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
    if isinstance(node, _LEAVES):
        return 1
    return 1 + sum(_walk(child, source, depth + 1) for child in node.iter_child_nodes())


def _check_name(node: nodes.Name, source: Source) -> None:
    name, place = node.name, source.at(node.lineno)
    if name in RESERVED or name.startswith("_"):
        raise ExpressionProblem(f'there is no value "{name}"', "name a field of the event", place)
    if not _ASCII_NAME.fullmatch(name):
        sentence = f'"{name}" has letters that no first name has, or that only look alike'
        raise ExpressionProblem(sentence, "type it anew, such as trigger", place)


def _check_field(node: nodes.Getattr, source: Source) -> None:
    if node.attr.startswith("_"):
        sentence = f'there is no value "{node.attr}"'
        raise ExpressionProblem(sentence, "name a field of the event", source.find(node.attr))
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


def _check_filter(node: nodes.Filter, source: Source) -> None:
    name, place = node.name, source.at(node.lineno)
    found = FILTERS.get(name)
    if found is None:
        fix = hint(name, sorted(FILTERS), has="there are")
        raise ExpressionProblem(f'there is no filter "{name}"', fix, place)
    if _spread(node) or not found.accepts(len(node.args), _keywords(node)):
        sentence = f'the filter "{name}" does not take these values in brackets'
        raise ExpressionProblem(sentence, f"write it as in {found.example}", place)
    if name == "lookup" and lookup_of(node) is None:
        sentence = "the table and the column of a lookup are fixed names"
        raise ExpressionProblem(sentence, f"write it as in {found.example}", place)


def lookup_of(node: nodes.Node) -> tuple[str, str] | None:
    """The table and the column that a lookup names; None for anything else."""
    if not isinstance(node, nodes.Filter) or node.name != "lookup":
        return None
    named = _keywords(node)
    table, column = (*node.args, *(named[key] for key in ("table", "column") if key in named))
    if not isinstance(table, nodes.Const) or not isinstance(column, nodes.Const):
        return None
    texts = isinstance(table.value, str) and isinstance(column.value, str)
    return (table.value, column.value) if texts else None


def _check_test(node: nodes.Test, source: Source) -> None:
    name, place = node.name, source.find("is", node.name) or source.find(node.name)
    if name not in TESTS:
        fix = hint(name, sorted(TESTS), has="there are")
        raise ExpressionProblem(f'there is no test "{name}"', fix, place)
    wanted = len(inspect.signature(TESTS[name]).parameters) - 1
    if _spread(node) or node.kwargs or len(node.args) != wanted:
        sentence = f'the test "{name}" does not take these values in brackets'
        form = f"write: is {name}(10)" if wanted else f"write: is {name}"
        raise ExpressionProblem(sentence, form, place)


def _keywords(node: Any) -> dict[str, nodes.Expr]:
    """The values in brackets that are given by name."""
    return {each.key: each.value for each in node.kwargs}


def _spread(node: nodes.Filter | nodes.Test) -> bool:
    return node.dyn_args is not None or node.dyn_kwargs is not None


_CHECKS: Mapping[type[nodes.Node], Callable[[Any, Source], None]] = {
    nodes.Name: _check_name,
    nodes.Getattr: _check_field,
    nodes.Getitem: _check_item,
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
            source.at(node.lineno),
        )
    fix = "use names, texts, numbers and filters only"
    return ExpressionProblem("this is not allowed in {{ … }}", fix, source.at(node.lineno))
