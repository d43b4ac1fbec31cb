"""Turns a checked expression into a function of the scope, without generating any code.

The functions know paths, filters, tests and exact arithmetic, and nothing else: there is no way
from them to an attribute or a method of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from jinja2 import nodes

from runtime.recipes.expressions.arithmetic import calculate
from runtime.recipes.expressions.filters import FILTERS, TESTS, Filter, within
from runtime.recipes.expressions.paths import Keys, Scope, no_such_root, read, read_key
from runtime.recipes.expressions.rules import keys_of
from runtime.recipes.expressions.values import (
    LONGEST_INPUT,
    ExpressionProblem,
    Refused,
    as_text,
    bounded,
    described,
)

Evaluate: TypeAlias = Callable[[Scope], Any]

_SIGNS: Mapping[type[nodes.Node], str] = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
}
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": lambda left, right: left < right,
    "lteq": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gteq": lambda left, right: left >= right,
}


def function_of(node: nodes.Expr, roots: tuple[str, ...]) -> Evaluate:
    """What an expression computes; the function raises ExpressionProblem and nothing else.

    `roots` are the first names that it reads: all must be there, whatever is chosen in the end.
    """
    keys = keys_of(node)
    return path_reader(keys) if keys is not None else partial(_evaluate, _function(node), roots)


def path_reader(keys: Keys) -> Evaluate:
    """Reads one path of the scope."""
    return partial(read, keys=keys)


def _evaluate(function: Evaluate, roots: tuple[str, ...], scope: Scope) -> Any:
    for root in roots:
        if root not in scope:
            raise no_such_root(root, scope)
    try:
        return function(scope)
    except ExpressionProblem:
        raise
    except Refused as refused:
        raise ExpressionProblem(refused.sentence, refused.fix) from None
    except (TypeError, ValueError, ArithmeticError, RecursionError):
        sentence = "this expression cannot be computed with these values"
        raise ExpressionProblem(sentence, "simplify it") from None


def _function(node: Any) -> Evaluate:
    keys = keys_of(node)
    return path_reader(keys) if keys is not None else _MAKERS[type(node)](node)


def _constant(node: nodes.Const) -> Evaluate:
    value = node.value
    return lambda scope: value


def _several(node: nodes.List | nodes.Tuple) -> Evaluate:
    items = [_function(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _member(node: nodes.Getattr | nodes.Getitem) -> Evaluate:
    inner = _function(node.node)
    key: Any = node.attr if isinstance(node, nodes.Getattr) else node.arg.as_const()
    return lambda scope: read_key(inner(scope), key)


def _filter(node: nodes.Filter) -> Evaluate:
    found, inner = FILTERS[node.name], _function(node.node)
    more = [_function(each) for each in node.args]
    named: list[Any] = [(each.key, _function(each.value)) for each in node.kwargs]
    if not more and not named:
        return partial(_apply, found, inner)

    def work(scope: Scope) -> Any:
        value = inner(scope)
        if value is None and not found.takes_null:
            return None
        rest = [each(scope) for each in more]
        around = (scope,) if found.scoped else ()
        return found.work(*around, value, *rest, **{key: each(scope) for key, each in named})

    return work


def _apply(found: Filter, inner: Evaluate, scope: Scope) -> Any:
    value = inner(scope)
    if value is None and not found.takes_null:
        return None
    return found.work(scope, value) if found.scoped else found.work(value)


def _test(node: nodes.Test) -> Evaluate:
    holds, inner = TESTS[node.name], _function(node.node)
    more = [_function(each) for each in node.args]
    return lambda scope: holds(inner(scope), *[each(scope) for each in more])


def _compare(node: nodes.Compare) -> Evaluate:
    first = _function(node.expr)
    rest = [(operand.op, _function(operand.expr)) for operand in node.ops]

    def work(scope: Scope) -> bool:
        left = first(scope)
        for name, function in rest:
            right = function(scope)
            if not _holds(name, left, right):
                return False
            left = right
        return True

    return work


def _holds(name: str, left: Any, right: Any) -> bool:
    if name in ("eq", "ne"):
        return bool(left == right) is (name == "eq")
    if name in ("in", "notin"):
        return within(left, right) is (name == "in")
    try:
        return _ORDERS[name](left, right)
    except TypeError:
        sentence = f"cannot compare {described(left)} with {described(right)}"
        fix = "turn text into a number first, e.g. {{ amount | money }}"
        raise Refused(sentence, fix) from None


def _both(node: nodes.And) -> Evaluate:
    left, right = _function(node.left), _function(node.right)
    return lambda scope: left(scope) and right(scope)


def _either(node: nodes.Or) -> Evaluate:
    left, right = _function(node.left), _function(node.right)
    return lambda scope: left(scope) or right(scope)


def _not(node: nodes.Not) -> Evaluate:
    inner = _function(node.node)
    return lambda scope: not inner(scope)


def _choice(node: nodes.CondExpr) -> Evaluate:
    test, then = _function(node.test), _function(node.expr1)
    otherwise = _constant(nodes.Const(None)) if node.expr2 is None else _function(node.expr2)
    return lambda scope: then(scope) if test(scope) else otherwise(scope)


def _computed(node: nodes.BinExpr) -> Evaluate:
    sign, left, right = _SIGNS[type(node)], _function(node.left), _function(node.right)
    return lambda scope: calculate(sign, left(scope), right(scope))


def _negative(node: nodes.Neg) -> Evaluate:
    inner = _function(node.node)
    return lambda scope: calculate("-", 0, inner(scope))


def _side_by_side(node: nodes.Concat) -> Evaluate:
    parts = [_function(part) for part in node.nodes]
    return lambda scope: bounded("".join([as_text(part(scope)) for part in parts]), LONGEST_INPUT)


_MAKERS: Mapping[type[nodes.Node], Callable[[Any], Evaluate]] = {
    nodes.Const: _constant,
    nodes.List: _several,
    nodes.Tuple: _several,
    nodes.Getattr: _member,
    nodes.Getitem: _member,
    nodes.Filter: _filter,
    nodes.Test: _test,
    nodes.Compare: _compare,
    nodes.And: _both,
    nodes.Or: _either,
    nodes.Not: _not,
    nodes.CondExpr: _choice,
    nodes.Neg: _negative,
    nodes.Concat: _side_by_side,
    **dict.fromkeys(_SIGNS, _computed),
}
