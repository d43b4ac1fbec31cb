"""Reads data by dotted names: keys of groups and places in lists, never attributes of Python."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from runtime.documents.hints import hint
from runtime.recipes.expressions.values import ExpressionProblem, described

#: Values by first name, and two that no recipe can name (runtime.recipes.expressions.values).
Scope: TypeAlias = Mapping[str, Any]
Keys: TypeAlias = tuple[str | int, ...]


class _Misfit(Exception):
    """A name was asked of something that has no names: text, a number, a list."""


def read(scope: Scope, keys: Keys) -> Any:
    """The value at a path; None where it is absent. Raises ExpressionProblem."""
    if keys[0] not in scope:
        raise no_such_root(str(keys[0]), scope)
    value: Any = scope
    for number, key in enumerate(keys):
        try:
            plain = type(value) is dict and type(key) is str
            value = value.get(key) if plain else _step(value, key)
        except _Misfit:
            raise _misfit(f'"{".".join(map(str, keys[:number]))}"', value, key) from None
    return value


def read_path(scope: Scope, path: str) -> Any:
    """The value at a dotted path such as `trigger.invoice.lines`; None where it is absent."""
    return read(scope, as_keys(path))


def read_key(value: Any, key: str | int) -> Any:
    """What stands under a key of something computed. Raises ExpressionProblem."""
    try:
        return _step(value, key)
    except _Misfit:
        raise _misfit("the value in brackets", value, key) from None


@lru_cache(maxsize=4096)
def as_keys(path: str) -> Keys:
    """A dotted path as its names; those made of digits are places in a list."""
    return tuple(int(part) if part.isdecimal() else part for part in path.split("."))


def no_such_root(name: str, scope: Scope) -> ExpressionProblem:
    """The problem that a first name is not there."""
    known = [key for key in scope if not key.startswith(" ")]
    return ExpressionProblem(f'there is no "{name}" here', hint(name, known, has="there is"))


def _step(value: Any, key: str | int) -> Any:
    """What `value.key` is: a key of a group, a place in a list; None where it is absent."""
    if isinstance(value, Mapping):
        return value.get(key if isinstance(key, str) else str(key))
    if value is None:
        return None
    if isinstance(value, list | tuple) and isinstance(key, int):
        return value[key] if 0 <= key < len(value) else None
    raise _Misfit


def _misfit(what: str, value: object, key: str | int) -> ExpressionProblem:
    sentence = f'{what} is {described(value)}; it has no "{key}"'
    is_list = isinstance(value, list | tuple)
    return ExpressionProblem(sentence, "use `for_each:` to go through a list" if is_list else "")
