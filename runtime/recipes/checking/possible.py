"""Which values a field can have, as far as it matters to the conditions on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from runtime.events import Branch
from runtime.recipes.conditions import Condition, forms
from runtime.recipes.expressions.days import day_in
from runtime.recipes.expressions.values import Refused, as_number

#: Operators that look at the letters of a value.
_OF_TEXT = frozenset(("contains", "does_not_contain", "starts_with"))
_STEP = Decimal("0.01")
#: A text, a day and a time that no recipe names.
_OTHER = "\ufffd"
_DAY, _TIME = "1901-01-01", "1901-01-01T00:00:00Z"


def possible(branches: Sequence[Branch], conditions: Iterable[Condition]) -> list[Any]:
    """Values of a field among which every difference that the conditions can make is found.

    `branches` is the declared path of the field; without one, it can have any value.
    """
    leaf = branches[-1] if branches else Branch(None)
    named = list(_named(conditions))
    found = list(leaf.choices) if leaf.choices else list(_of_kind(leaf.kind, named))
    return found if branches and all(one.filled for one in branches) else [*found, None]


def is_bound(value: object) -> bool:
    """Whether something can be more or less than the value: a number or a day."""
    return _number(value) is not None or day_in(value) is not None


def can_tell(branches: Sequence[Branch], conditions: Iterable[Condition]) -> bool:
    """Whether `possible` finds every difference: not where digits are compared as text too."""
    found = list(conditions)
    of_numbers = bool(branches) and branches[-1].kind in ("money", "number")
    as_text = any(one.operator in _OF_TEXT for one in found)
    as_number = of_numbers or any(_number(value) is not None for value in _named(found))
    return not (as_text and as_number)


def _named(conditions: Iterable[Condition]) -> Iterator[Any]:
    for condition in conditions:
        yield from condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _of_kind(kind: str, named: Sequence[Any]) -> Iterator[Any]:
    """Values of one kind: those that the conditions name, and some they do not."""
    if kind in ("money", "number"):
        yield from (*_numbers(named), *_amounts(named))
    elif kind == "flag":
        yield from (True, False)
    elif kind in ("date", "time"):
        yield _DAY if kind == "date" else _TIME
        yield from (text for text in _texts(named) if text[:1].isdigit())
        yield from _days(named)
    elif kind == "group":
        yield {"name": _OTHER}
    elif kind == "list":
        yield from ([], [_OTHER], *([value] for value in named))
    elif kind == "text":
        yield from (*_text(named), *_days(named))
    else:
        yield from (True, False, [_OTHER], *_numbers(named), *_text(named), *_days(named))


def _numbers(named: Sequence[Any]) -> Iterator[Decimal]:
    bounds = sorted({number for value in named if (number := _number(value)) is not None})
    yield from (Decimal(0), Decimal(1))
    for bound in bounds:
        yield from (bound - _STEP, bound, bound + _STEP)
    for low, high in pairwise(bounds):
        yield (low + high) / 2


def _amounts(named: Sequence[Any]) -> Iterator[Any]:
    """The amounts that conditions name, as events may write them."""
    for number in (_number(value) for value in named):
        if number is not None:
            yield from forms(number)


def _days(named: Sequence[Any]) -> Iterator[str]:
    """The days that are named, and those beside and between them."""
    days = (day_in(text) for text in _texts(named))
    found = sorted({day.toordinal() for day in days if day is not None})
    beside = (number + away for number in found for away in (-1, 0, 1))
    between = ((low + high) // 2 for low, high in pairwise(found))
    for number in (*beside, *between):
        if date.min.toordinal() <= number <= date.max.toordinal():
            yield date.fromordinal(number).isoformat()


def _text(named: Sequence[Any]) -> Iterator[str]:
    texts = _texts(named)
    yield from (_OTHER, *texts, *(str(number) for number in _numbers(named)))
    for text in texts:
        yield from (f"{text}{_OTHER}", f"{_OTHER}{text}")
        yield from (f"{text}{other}" for other in texts)


def _texts(named: Sequence[Any]) -> list[str]:
    return [value for value in named if isinstance(value, str)]


def _number(value: object) -> Decimal | None:
    try:
        return None if isinstance(value, bool) else as_number(value)
    except Refused:
        return None
