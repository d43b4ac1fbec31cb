"""Decides whether the conditions of `only_if` hold, and says in plain words which one does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from runtime.documents.mistakes import shown
from runtime.recipes.expressions.compiling import ExpressionProblem, Scope, read_path
from runtime.recipes.expressions.days import day_in, day_of
from runtime.recipes.expressions.values import ZONE, Refused, as_number

Operand: TypeAlias = "str | int | Decimal | bool | tuple[str | int | Decimal | bool, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One field compared with a constant."""

    #: Dotted path without braces, e.g. `trigger.payment.method`.
    field: str
    #: One of OPERATORS.
    operator: str
    value: Operand
    #: What the history says when it does not hold; empty: the comparison in words.
    otherwise: str = ""


def field_path(text: str) -> str:
    """The path that `field:` names, which may stand in braces."""
    return text.removeprefix("{{").removesuffix("}}").strip()


def same(left: object, right: object) -> bool:
    """Whether two values mean the same: 475 and "475.00", `Card` and `card `, true and "true"."""
    if _counts(left) or _counts(right):
        first, second = _number(left), _number(right)
        return first is not None and first == second
    return _meaning(left) == _meaning(right)


def _counts(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _meaning(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip().casefold() if isinstance(value, str) else value


def _words(value: object) -> str:
    return str(_meaning(value))


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        return as_number(value)
    except Refused:
        return None


def _missing(value: object, _: object = None) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def _one_of(value: object, options: Any) -> bool:
    return any(same(value, option) for option in options)


def _contains(value: object, part: object) -> bool:
    if isinstance(value, str):
        return _words(part) in value.casefold()
    return isinstance(value, list | tuple) and any(same(item, part) for item in value)


def _starts_with(value: object, part: object) -> bool:
    return isinstance(value, str) and value.strip().casefold().startswith(_words(part))


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, Any], bool]:
    def test(value: object, bound: Any) -> bool:
        read = _number if day_in(bound) is None else day_in
        found, limit = read(value), read(bound)
        return found is not None and limit is not None and compare(found, limit)

    return test


def _here(value: object, condition: Condition, scope: Scope) -> object:
    """A time as its day in the company's zone, where it is compared with a day."""
    if condition.operator not in ORDERED or day_in(condition.value) is None:
        return value
    try:
        return day_of(value, scope.get(ZONE)).isoformat()
    except Refused:
        return value


def _not(test: Callable[[object, Any], bool]) -> Callable[[object, Any], bool]:
    return lambda value, operand: not test(value, operand)


#: Every operator: its words in a sentence, and its test of (value, operand).
OPERATORS: Mapping[str, tuple[str, Callable[[object, Any], bool]]] = {
    "is": ("is", same),
    "is_not": ("is not", _not(same)),
    "is_one_of": ("is one of", _one_of),
    "is_none_of": ("is none of", _not(_one_of)),
    "is_more_than": ("is more than", _ordered(lambda value, bound: value > bound)),
    "is_less_than": ("is less than", _ordered(lambda value, bound: value < bound)),
    "is_at_least": ("is at least", _ordered(lambda value, bound: value >= bound)),
    "is_at_most": ("is at most", _ordered(lambda value, bound: value <= bound)),
    "contains": ("contains", _contains),
    "does_not_contain": ("does not contain", _not(_contains)),
    "starts_with": ("starts with", _starts_with),
    "is_present": ("is filled", _not(_missing)),
    "is_missing": ("is empty", _missing),
}
#: Operators that compare numbers, or days.
ORDERED = frozenset(("is_more_than", "is_less_than", "is_at_least", "is_at_most"))
#: Operators that look at the letters of a text.
_OF_LETTERS = frozenset(("contains", "does_not_contain", "starts_with"))
#: What the conditions of a step limit, for `holds`.
OF_STEP = "the step is only done"
WITHOUT_OPERAND = frozenset(("is_present", "is_missing"))


def holds(
    conditions: Iterable[Condition], scope: Scope, limit: str = "the recipe only runs"
) -> tuple[bool, str]:
    """Whether all conditions hold; else the first that does not, as a sentence.

    `limit` says what depends on them. Raises ExpressionProblem where a field cannot be read at
    all, or is no number or day although it is compared with one: whether it is more or less is
    never guessed.
    """
    for condition in conditions:
        value = read_path(scope, condition.field)
        words, test = OPERATORS[condition.operator]
        here = _here(value, condition, scope)
        if condition.operator in ORDERED and not _missing(value):
            _check_comparable(here, condition)
        if not test(here, condition.value):
            if condition.otherwise:
                return False, condition.otherwise
            operand = "" if condition.operator in WITHOUT_OPERAND else f" {_shown(condition.value)}"
            wanted = f"{limit} when it {words}{operand}"
            return False, f"{condition.field} is {shown(value)}, but {wanted}."
    return True, ""


def _check_comparable(value: object, condition: Condition) -> None:
    days = day_in(condition.value) is not None
    if (day_in(value) if days else _number(value)) is not None:
        return
    kind = "day such as 2026-11-06, or time with its offset from UTC" if days else "plain number"
    raise ExpressionProblem(
        f"{condition.field} is {shown(value)}, which is no {kind}, so it cannot be compared with "
        f"{_shown(condition.value)}",
        "correct the event in the CRM or the condition in the recipe, then release",
    )


def exclude(first: Sequence[Condition], second: Sequence[Condition]) -> bool:
    """Whether no event can meet both, as far as constants on one field can prove it.

    Inputs are no fields of the event: each recipe has its own.
    """
    return any(
        _apart(one, other) or _apart(other, one)
        for one in first
        for other in second
        if one.field == other.field and not one.field.startswith("inputs.")
    )


def _apart(one: Condition, other: Condition) -> bool:
    wanted = _wanted(one)
    if one.operator == "is_missing":
        needed = _wanted(other)
        present = needed is not None and not any(map(_missing, needed))
        return other.operator == "is_present" or present
    if wanted is None:
        return False
    if other.operator in _OF_LETTERS and any(_number(value) is not None for value in wanted):
        return False  # 5 may arrive as "5.00", whose letters nobody knows
    test = OPERATORS[other.operator][1]
    ways = (way for value in wanted for way in _ways(value, other.value))
    return not any(test(way, other.value) for way in ways)


def _ways(value: object, beside: Any) -> Iterator[object]:
    """A value in all the forms that a condition can tell apart, and those named by the other."""
    yield from forms(value)
    number = _number(value)
    if isinstance(value, bool):
        yield _meaning(value)
    elif number is not None:
        yield from forms(number)
        options = beside if isinstance(beside, tuple) else (beside,)
        yield from (option for option in options if same(option, number))
    elif _meaning(value) in ("true", "false"):
        yield _meaning(value) == "true"


def forms(value: object) -> tuple[object, ...]:
    """How an event may write what a condition names: a number also as text, short and long."""
    if not _counts(value):
        return (value,)
    text = str(value)
    sign = "-" if text.startswith("-") else "+"
    longer = f"{sign}0{text.lstrip('-')}{'0' if '.' in text else '.0'}"
    return (value, text, longer)


def _wanted(condition: Condition) -> tuple[object, ...] | None:
    """The only values a condition lets through; None where they cannot be listed."""
    if condition.operator == "is":
        return (condition.value,)
    if condition.operator == "is_one_of":
        return condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return None


def _shown(operand: Operand) -> str:
    return ", ".join(map(shown, operand)) if isinstance(operand, tuple) else shown(operand)
