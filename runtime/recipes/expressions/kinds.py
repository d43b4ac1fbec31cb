"""What kind of value an expression will give, known before any event came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from jinja2 import nodes

from runtime.recipes.expressions import days
from runtime.recipes.expressions.filters import FILTERS
from runtime.recipes.expressions.parsing import parts_of, path_of
from runtime.recipes.expressions.rules import keys_of
from runtime.recipes.expressions.values import ExpressionProblem, Kind, Refused, as_number, is_empty

__all__ = ["Kind", "fits", "infer", "kind_named"]

#: Gives the kind of a path such as `trigger.payment.amount`.
KindOfPath: TypeAlias = Callable[[str], Kind]

_NUMBERS = frozenset((Kind.NUMBER, Kind.MONEY))
_SEVERAL = frozenset((Kind.GROUP, Kind.LIST))
_FITTING: Mapping[str, frozenset[Kind]] = {
    "text": frozenset(Kind) - _SEVERAL,
    "ref": frozenset(Kind) - _SEVERAL,
    "money": _NUMBERS,
    "number": _NUMBERS,
    "date": frozenset((Kind.DATE, Kind.TIME)),
    "flag": frozenset((Kind.FLAG,)),
    "object": frozenset((Kind.GROUP,)),
    "group": frozenset((Kind.GROUP,)),
    "list": frozenset((Kind.LIST,)),
    "lines": frozenset((Kind.LIST,)),
}
_OTHER_NAMES = {"ref": "text", "object": "group", "lines": "list"}
#: Text between expressions that could still make a number or a day of them.
_MAY_BE_EXACT = re.compile(r"[0-9.:+TZ -]*")
_FLAGS = frozenset(("true", "false", "yes", "no"))


def fits(given: Kind, wanted: str) -> bool:
    """Whether a value of a kind can be put into a field of an `x-kind`.

    What is unknown fits, and so does everything into a kind that is not known here.
    """
    return given is Kind.UNKNOWN or given in _FITTING.get(wanted, frozenset(Kind))


def kind_named(name: str) -> Kind:
    """The kind that a schema's `x-kind` names; unknown where it names none that is known here."""
    name = _OTHER_NAMES.get(name, name)
    return Kind(name) if name in frozenset(Kind) else Kind.UNKNOWN


def infer(text: str, kind_of_path: KindOfPath) -> Kind:
    """The kind that a text of a recipe gives; unknown too where it cannot be read at all.

    A fixed text is of the kind that it can be read as: "475.00" is a number, "yes" a flag.
    """
    path = path_of(text)
    if path is not None:
        return kind_of_path(path)
    try:
        parts = parts_of(text)
    except ExpressionProblem:
        return Kind.UNKNOWN
    if len(parts) == 1:
        only = parts[0]
        if isinstance(only, nodes.TemplateData):
            return _constant(only.data)
        return _kind(only, kind_of_path)
    fixed = "".join(part.data for part in parts if isinstance(part, nodes.TemplateData))
    return Kind.UNKNOWN if _MAY_BE_EXACT.fullmatch(fixed) else Kind.TEXT


def _kind(node: nodes.Node, of: KindOfPath) -> Kind:
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        keys = keys_of(node)
        return Kind.UNKNOWN if keys is None else of(".".join(map(str, keys)))
    if isinstance(node, nodes.Const):
        return _constant(node.value)
    if isinstance(node, nodes.Filter):
        return _filtered(node, of)
    if isinstance(node, nodes.CondExpr):
        return _either((node.expr1, node.expr2), of)
    if isinstance(node, nodes.And | nodes.Or):
        return _either((node.left, node.right), of)
    if isinstance(node, nodes.BinExpr):
        return _computed(node, of)
    return next((kind for types, kind in _GIVEN if isinstance(node, types)), Kind.UNKNOWN)


_GIVEN: tuple[tuple[tuple[type[nodes.Node], ...], Kind], ...] = (
    ((nodes.Concat,), Kind.TEXT),
    ((nodes.List, nodes.Tuple), Kind.LIST),
    ((nodes.Not, nodes.Test, nodes.Compare), Kind.FLAG),
    ((nodes.Neg,), Kind.NUMBER),
)


def _filtered(node: nodes.Filter, of: KindOfPath) -> Kind:
    found = FILTERS[node.name]
    if found.gives is not None:
        return found.gives
    return _either((node.node, *node.args), of)


def _computed(node: nodes.BinExpr, of: KindOfPath) -> Kind:
    both = {_kind(node.left, of), _kind(node.right, of)}
    sums = isinstance(node, nodes.Add | nodes.Sub)
    return Kind.MONEY if sums and both == {Kind.MONEY} else Kind.NUMBER


def _either(several: Iterable[nodes.Node | None], of: KindOfPath) -> Kind:
    """One of several: what all of them are; what is empty fits beside anything."""
    found = {_kind(node, of) for node in several if node is not None and not _nothing(node)}
    if len(found) == 1:
        return found.pop()
    if found and found <= _NUMBERS:
        return Kind.NUMBER
    return Kind.DATE if found == {Kind.DATE, Kind.TIME} else Kind.UNKNOWN


def _nothing(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and is_empty(node.value)


def _constant(value: object) -> Kind:
    if isinstance(value, bool):
        return Kind.FLAG
    if isinstance(value, int | float | Decimal):
        return Kind.NUMBER
    if not isinstance(value, str) or not value.strip():
        return Kind.UNKNOWN
    for read, kind in ((as_number, Kind.NUMBER), (days.moment, Kind.DATE)):
        try:
            read(value)
        except Refused:
            continue
        return kind
    return Kind.FLAG if value.strip().lower() in _FLAGS else Kind.TEXT
