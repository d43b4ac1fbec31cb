"""Finds what recipes name in QuickBooks' lists (classes, terms ...) and pins the names to ids."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias

from connector.base import (
    DAY,
    Action,
    Books,
    Chosen,
    Command,
    Done,
    Pin,
    Read,
    Recall,
    Record,
)
from connector.errors import Hold
from connector.quickbooks.lookups import ACCOUNTS, MOMENT, Part
from connector.quickbooks.names import normal

#: Names listed in a hold at most.
_LISTED = 8
#: What QuickBooks puts behind the name of a record that is switched off.
_SWITCHED_OFF = re.compile(r" \(deleted(-\d+)?\)$")
_INCOME = ("Income", "Other Income")
#: Types of items that a line may be booked to.
_SOLD = ("Service", "NonInventory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What fields with `x-of` name."""

    #: The entity in QuickBooks' query language.
    entity: str
    #: As people call it, and several of it.
    noun: str
    nouns: str
    #: The property that says what kind of it a record is; empty where there are none.
    type: str = ""

    @property
    def active(self) -> str:
        """The statement that lists those that can be used."""
        return f"select * from {self.entity}"

    @property
    def every(self) -> str:
        """The statement that lists all, those that are switched off too."""
        return f"{self.active} where Active IN (true, false)"


#: By the name that schemas use in `x-of`.
KINDS: Mapping[str, Kind] = {
    "account": Kind(entity="Account", noun="account", nouns="accounts", type="AccountType"),
    "class": Kind(entity="Class", noun="class", nouns="classes"),
    "location": Kind(entity="Department", noun="location", nouns="locations"),
    "term": Kind(entity="Term", noun="term", nouns="terms"),
    "item": Kind(entity="Item", noun="item", nouns="items", type="Type"),
    "payment_method": Kind(entity="PaymentMethod", noun="payment method", nouns="payment methods"),
}

#: What may become of a pinned record.
PinState: TypeAlias = Literal["ok", "renamed", "inactive", "deleted"]
#: The fields of an action that name something, by name; below lists and groups as a mapping.
_Places: TypeAlias = "Mapping[str, _Wanted | _Places]"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a field may name."""

    kind: str
    #: Types that will do; empty: all.
    types: tuple[str, ...]


def naming(perform: Action, schema: Mapping[str, Any]) -> Action:
    """`perform`, given a `Chosen` for every field that its schema says names something."""
    places = _places(schema)
    if not places:
        return perform

    def performed(fields: Mapping[str, Any], books: Books) -> Generator[Command, Any, Done]:
        chosen = yield from _group(fields, places, books, ())
        done = yield from perform(chosen, books)
        return done

    return performed


def choose(kind: str, name: str, who: str, books: Books, types: Sequence[str] = ()) -> Part[Chosen]:
    """The record that `who` (`Step "invoice", field "class"`) calls `name`.

    Raises Hold where there is none, where several have the name, or where it cannot be used.
    """
    wanted = _Name(kind=KINDS[kind], name=name.strip(), who=who, company=books.name)
    pinned: Chosen | None = yield Recall(kind=kind, name=normal(name))
    if pinned is not None:
        wanted.check(pinned, types)
        return pinned
    record = yield from _find(wanted)
    chosen = chosen_of(kind, record)
    wanted.check(chosen, types)
    if kind == "item":
        yield from _check_income(wanted, record)
    yield Pin(kind=kind, name=normal(name), chosen=chosen)
    return chosen


def chosen_of(kind: str, record: Record) -> Chosen:
    """A record of a list, as it is pinned."""
    type_ = str(record.get(KINDS[kind].type, "")) if KINDS[kind].type else ""
    return Chosen(id=str(record["Id"]), name=_label(record), type=type_)


def look_again(name: str, chosen: Chosen, records: Sequence[Record]) -> tuple[PinState, str]:
    """What became of the record that `name` is pinned to, and what it is called now."""
    record = next((each for each in records if str(each.get("Id")) == chosen.id), None)
    if record is None:
        return "deleted", chosen.name
    label = _label(record)
    if not record.get("Active", True):
        return "inactive", label
    return ("ok" if _named(name, [record]) else "renamed"), label


def _places(schema: Mapping[str, Any]) -> _Places:
    found: dict[str, _Wanted | _Places] = {}
    for name, field in schema.get("properties", {}).items():
        if field.get("x-kind") == "named":
            found[name] = _Wanted(kind=field["x-of"], types=tuple(field.get("x-types", ())))
        elif below := _places(field.get("items", field)):
            found[name] = below
    return found


def _group(
    values: Mapping[str, Any], places: _Places, books: Books, path: tuple[str, ...]
) -> Part[dict[str, Any]]:
    """`values` with a Chosen for each name; lists and groups below are gone through."""
    chosen = dict(values)
    for name, place in places.items():
        value = values.get(name)
        if value is None:
            continue
        if isinstance(place, _Wanted):
            who = _who(books, (*path, name))
            chosen[name] = yield from choose(place.kind, value, who, books, place.types)
        elif isinstance(value, Mapping):
            chosen[name] = yield from _group(value, place, books, (*path, name))
        else:
            chosen[name] = yield from _list(value, place, books, (*path, name))
    return chosen


def _list(
    values: Sequence[Any], places: _Places, books: Books, path: tuple[str, ...]
) -> Part[list[Any]]:
    chosen = []
    for number, value in enumerate(values, start=1):
        each = yield from _group(value, places, books, (*path, f"entry {number}"))
        chosen.append(each)
    return chosen


def _who(books: Books, path: tuple[str, ...]) -> str:
    field = f'field "{path[-1]}"' + "".join(f" of {part}" for part in reversed(path[:-1]))
    return f'Step "{books.step}" ({field})' if books.step else field.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """One name and who uses it, for the sentences of holds."""

    kind: Kind
    name: str
    #: The sentence's subject: `Step "invoice" (field "class")`.
    who: str
    company: str

    def check(self, chosen: Chosen, types: Sequence[str]) -> None:
        """Hold what is not of a type that will do."""
        if not chosen.type:  # there are none, or it is not known yet
            return
        if types and chosen.type not in types:
            raise self.unfit(f"of the type {chosen.type}; it must be of {' or '.join(types)}")
        if self.kind.entity == "Item" and chosen.type not in _SOLD:
            raise self.unfit(f"of the type {chosen.type}, which no line is booked to")

    def unfit(self, why: str) -> Hold:
        """It is there but cannot be used."""
        return self._hold(
            "reference-unfit",
            f"which is {why}",
            f"Name another {self.kind.noun} in the recipe, then release.",
        )

    def inactive(self) -> Hold:
        """It is switched off."""
        return self._hold(
            "reference-inactive",
            "which is inactive",
            f"Make it active again in QuickBooks, or name another {self.kind.noun}; then release.",
        )

    def several(self, records: Sequence[Record]) -> Hold:
        """More than one has the name."""
        full = ", ".join(f'"{_label(record)}"' for record in records[:_LISTED])
        return self._hold(
            "reference-several",
            f"and {len(records)} {self.kind.nouns} have it: {full}",
            "Write the whole name, with its parents and colons, in the recipe; then release.",
        )

    def unknown(self, records: Sequence[Record]) -> Hold:
        """There is none."""
        return self._hold(
            "reference-unknown",
            f"which is none of its {self.kind.nouns}",
            f"{_near(self.name, records)}Correct the name in the recipe, or create the "
            f"{self.kind.noun} in QuickBooks; then release.",
        )

    def _hold(self, reason: str, why: str, fix: str) -> Hold:
        return Hold(
            reason,
            f'{self.who} names the {self.kind.noun} "{self.name}" in the QuickBooks of '
            f"{self.company}, {why}. Nothing was booked by this step.",
            fix=fix,
        )


def _find(wanted: _Name) -> Part[Record]:
    """The one active record of that name: as listed today, else as it is listed now."""
    kept = yield Read(query=wanted.kind.active, cached=True)
    found = _named(wanted.name, _active(kept))
    if not found:
        now = yield Read(query=wanted.kind.every, cached=True, age=MOMENT)
        found = _named(wanted.name, _active(now))
        if not found:
            gone = _named(wanted.name, now)
            raise wanted.inactive() if gone else wanted.unknown(_active(now))
    if len(found) > 1:
        raise wanted.several(found)
    return found[0]


def _active(records: Sequence[Record]) -> list[Record]:
    return [record for record in records if record.get("Active", True)]


def _named(name: str, records: Sequence[Record]) -> list[Record]:
    """The records of that name; one whose whole name it is goes before those further down."""
    whole = [record for record in records if normal(_label(record)) == normal(name)]
    return whole or [r for r in records if normal(_plain(r.get("Name", ""), r)) == normal(name)]


def _label(record: Record) -> str:
    """The name with its parents, as people see it in lists."""
    return _plain(str(record.get("FullyQualifiedName") or record.get("Name", "")), record)


def _plain(name: str, record: Record) -> str:
    return name if record.get("Active", True) else _SWITCHED_OFF.sub("", name)


def _check_income(wanted: _Name, item: Record) -> Part[None]:
    """Hold an item whose sales do not go to income."""
    account = str((item.get("IncomeAccountRef") or {}).get("value", ""))
    for age in (DAY, MOMENT):  # it may have been created since the list was read
        for each in (yield Read(query=ACCOUNTS, cached=True, age=age)):
            if str(each["Id"]) == account:
                if each.get("AccountType", "Income") in _INCOME:
                    return
                raise wanted.unfit(f'booked to "{each.get("Name")}", which is no income account')
    raise wanted.unfit("without an active income account")


def _near(name: str, records: Sequence[Record]) -> str:
    labels = [_label(record) for record in records]
    if not labels:
        return "There are none yet. "
    near = get_close_matches(normal(name), [normal(label) for label in labels], n=1)
    meant = next((f'Did you mean "{label}"? ' for label in labels if [normal(label)] == near), "")
    more = f" and {len(labels) - _LISTED} more" if len(labels) > _LISTED else ""
    return f"{meant}There are: {', '.join(sorted(labels)[:_LISTED])}{more}. "
