"""All filters and tests of recipe expressions, each in one row: the language has no others.

What is absent or null passes a filter unchanged, except where its row says that it takes it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from runtime.recipes.expressions import days, lookup
from runtime.recipes.expressions import text_filters as text
from runtime.recipes.expressions.arithmetic import rounded
from runtime.recipes.expressions.values import (
    TABLES,
    ZONE,
    Kind,
    Refused,
    as_number,
    described,
    is_empty,
)

#: Kinds that can stand inside text.
SCALARS = (Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.TIME, Kind.FLAG)
_NUMBERS = (Kind.TEXT, Kind.NUMBER, Kind.MONEY)
_DAYS = (Kind.TEXT, Kind.DATE, Kind.TIME)


class Around(Protocol):
    """The scope of a rendering, as filters may read it."""

    def get(self, key: str) -> Any:
        """The value of a first name; None where it is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter: what it does, what it takes and gives, and an example that is also its test."""

    name: str
    #: Of the value and the values in brackets; of the scope before them where `scoped`.
    work: Callable[..., Any]
    #: Kinds it can take; text may hold what they ask for.
    takes: tuple[Kind, ...]
    #: None: what it was given.
    gives: Kind | None
    #: An expression without names of data, and what it gives.
    example: str
    result: object
    #: Whether it is asked about what is absent and null too.
    takes_null: bool = False
    scoped: bool = False

    @property
    def about(self) -> str:
        """What it does, for people."""
        return inspect.getdoc(self.work) or ""

    def accepts(self, values: int, names: Iterable[str]) -> bool:
        """Whether it can be given so many values in brackets, and further ones by these names."""
        given = [None] * (values + 1 + self.scoped)
        try:
            inspect.signature(self.work).bind(*given, **dict.fromkeys(names))
        except TypeError:
            return False
        return True


def _number(value: object) -> Decimal:
    """The exact number that a text holds, such as 12.50; refused where it holds none."""
    return as_number(value)


def _money(value: object) -> Decimal:
    """An amount with two decimals, halves of a cent away from zero; refused where it is none."""
    return rounded(as_number(value), 2)


def _round(value: object, places: object = 0) -> Decimal:
    """The number with so many decimals, 0 to 6, halves away from zero."""
    number = text.whole_number(places, least=0, most=6, what="decimal places")
    return rounded(as_number(value), number)


def _date(around: Around, value: object) -> str:
    """The day of a time, in the company's time zone; a time without its offset is refused."""
    return days.day_of(value, around.get(ZONE)).isoformat()


def _add_days(around: Around, value: object, number: object) -> str:
    """The day so many days later, or earlier with a minus; of a time, from its day here."""
    many = as_number(number)
    if many != many.to_integral_value() or abs(many) > days.MOST_DAYS:
        raise Refused(f"days must be a whole number up to {days.MOST_DAYS:,}")
    return days.later(days.day_of(value, around.get(ZONE)), int(many)).isoformat()


def _lookup(around: Around, value: object, table: str, column: str) -> str:
    """What a lookup table has for the value, in one of its columns.

    A value that the table does not list holds the run, or uses the row that `if_missing` names.
    """
    return lookup.look_up(around.get(TABLES), value, table, column)


_T, _N, _M, _D, _ANY = Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.UNKNOWN
#: Name, work, kinds taken, kind given, example and what it gives.
_ROWS: tuple[tuple[str, Callable[..., Any], tuple[Kind, ...], Kind | None, str, object], ...] = (
    ("upper", text.upper, SCALARS, _T, "{{ 'Dana' | upper }}", "DANA"),
    ("lower", text.lower, SCALARS, _T, "{{ 'Dana' | lower }}", "dana"),
    ("title", text.title, SCALARS, _T, "{{ 'dana FOX' | title }}", "Dana Fox"),
    ("trim", text.trim, SCALARS, None, "{{ '  Dana ' | trim }}", "Dana"),
    ("truncate", text.truncate, SCALARS, _ANY, "{{ 'Lawn care' | truncate(4) }}", "Lawn"),
    ("replace", text.replace, SCALARS, _ANY, "{{ 'A-7' | replace('-', '') }}", "A7"),
    ("digits", text.digits, SCALARS, _ANY, "{{ '(208) 555' | digits }}", "208555"),
    ("phone", text.phone, SCALARS, _T, "{{ '+12085550143' | phone }}", "(208) 555-0143"),
    ("email", text.email, (_T,), _T, "{{ ' Dana@Fox.example' | email }}", "dana@fox.example"),
    ("split", text.split, SCALARS, Kind.LIST, "{{ 'a, b' | split }}", ["a", "b"]),
    ("join", text.join, (Kind.LIST,), _T, "{{ ['a', 'b'] | join }}", "a, b"),
    ("first", text.first, (Kind.LIST, *SCALARS), _ANY, "{{ ['a', 'b'] | first }}", "a"),
    ("last", text.last, (Kind.LIST, *SCALARS), _ANY, "{{ '2085550143' | last(4) }}", "0143"),
    ("count", text.count, (Kind.LIST,), _N, "{{ ['a', 'b'] | count }}", 2),
    ("default", text.default, (), None, "{{ '' | default('none') }}", "none"),
    ("first_present", text.first_present, (), None, "{{ '' | first_present('', 'b') }}", "b"),
    ("money", _money, _NUMBERS, _M, "{{ '12.5' | money }}", Decimal("12.50")),
    ("number", _number, _NUMBERS, _N, "{{ '1.50' | number }}", Decimal("1.50")),
    ("round", _round, _NUMBERS, _N, "{{ '2.345' | round(2) }}", Decimal("2.35")),
    ("date", _date, _DAYS, _D, "{{ '2026-11-06T23:58:40-07:00' | date }}", "2026-11-06"),
    ("add_days", _add_days, _DAYS, _D, "{{ '2026-11-06' | add_days(30) }}", "2026-12-06"),
    ("lookup", _lookup, SCALARS, _ANY, "{{ 'lawn' | lookup('services', 'class') }}", "Garden"),
)
_TAKE_NULL = frozenset(("default", "first_present", "join", "count", "lookup"))
_SCOPED = frozenset(("date", "add_days", "lookup"))
#: Every filter by name, in the order of help.
FILTERS: Mapping[str, Filter] = {
    name: Filter(
        name=name,
        work=work,
        takes=takes,
        gives=gives,
        example=example,
        result=result,
        takes_null=name in _TAKE_NULL,
        scoped=name in _SCOPED,
    )
    for name, work, takes, gives, example, result in _ROWS
}


def within(value: object, many: Any) -> bool:
    """Whether a list has a value, a text a part, a group a name. Raises Refused."""
    if many is None:
        return False
    if isinstance(many, str) and not isinstance(value, str):
        raise Refused(f"{described(value)} cannot be looked for in text", "look for a text")
    if not isinstance(many, str | list | tuple | Mapping):
        raise Refused(f"nothing can be looked for in {described(many)}", "name a list or a text")
    return value in many


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    def test(left: object, right: object) -> bool:
        return compare(as_number(left), as_number(right))

    return test


#: What may stand after `is`, by name.
TESTS: Mapping[str, Callable[..., bool]] = {
    "defined": lambda value: value is not None,
    "undefined": lambda value: value is None,
    "none": lambda value: value is None,
    "empty": is_empty,
    "in": within,
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "lt": _ordered(lambda left, right: left < right),
    "le": _ordered(lambda left, right: left <= right),
    "gt": _ordered(lambda left, right: left > right),
    "ge": _ordered(lambda left, right: left >= right),
}
