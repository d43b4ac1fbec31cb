"""Two customers or vendors become one, as when a person gives one the name of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connector.practice.books.change import Change, Happened
from connector.practice.entities.common.kind import named
from connector.practice.shape import Record

#: Only these merge [C].
KINDS = ("Customer", "Vendor")


def merge(change: Change, kind: str, loser: str, winner: str) -> Record:
    """Let all that refers to `loser` refer to `winner`, put that into effect, and end `loser`.

    The documents post anew, so that the ledger follows. Whether they count as changed is not
    known: the switch `merge_touches`. Gives the winner; raises ValueError, with a sentence, for
    what QuickBooks does not let a person merge.
    """
    stays = _checked(change, kind, loser, winner)
    swap = _Swap(kind, loser, named(stays))
    touched: set[tuple[str, str]] = set()
    for entity, identity in _concerned(change, kind, loser):
        record = change.books.find(entity, identity)
        if record is None or (entity, identity) == (kind, loser):
            continue
        moved = swap.in_record(record)
        if moved != record and change.switches.merge_touches:
            change.touch(entity, moved)
            touched.add((entity, identity))
        else:
            change.put(entity, moved)
    if change.switches.merge_touches:
        change.touch(kind, stays)
    change.remove(kind, loser)
    change.apply()
    others = [one for one in change.happened if (one.entity, one.identity) in touched]
    change.happened = [*others, Happened(kind, winner, "merged", deleted_id=loser)]
    return change.books.find(kind, winner) or stays


@dataclass(frozen=True, slots=True)
class _Swap:
    """Puts one reference in place of another, wherever in a record it stands."""

    kind: str
    loser: str
    #: The winner: its id and name.
    ref: Record

    def in_record(self, record: Record) -> Record:
        """The record with its references changed."""
        return {field: self._in(field, value, record) for field, value in record.items()}

    def _in(self, field: str, value: Any, around: Record) -> Any:
        if isinstance(value, list):
            return [self._in(field, one, around) for one in value]
        if not isinstance(value, dict):
            return value
        if value.get("value") == self.loser and self._is_meant(field, value, around):
            return {**value, **{key: self.ref[key] for key in ("value", "name") if key in value}}
        return self.in_record(value)

    def _is_meant(self, field: str, value: Record, around: Record) -> bool:
        """By the name of the field, or by the type beside it or around it."""
        types = (value.get("type"), around.get("Type") if field == "EntityRef" else None)
        return field.endswith(f"{self.kind}Ref") or self.kind.lower() in (
            str(one).lower() for one in types
        )


def _checked(change: Change, kind: str, loser: str, winner: str) -> Record:
    """The one that stays."""
    if kind not in KINDS:
        raise ValueError(f"Only {' and '.join(KINDS)} can be merged, not {kind}.")
    if loser == winner:
        raise ValueError(f"{kind} {loser} cannot be merged into itself.")
    goes, stays = (change.books.find(kind, identity) for identity in (loser, winner))
    if goes is None or stays is None:
        raise ValueError(f"There is no {kind} {loser if goes is None else winner}.")
    if stays.get("Active") is False:
        raise ValueError(f"{kind} {winner} is inactive.")
    if _currency(change, goes) != _currency(change, stays):
        raise ValueError("Both must have the same currency.")
    if any((one.get("ParentRef") or {}).get("value") == loser for one in change.books.all(kind)):
        raise ValueError(f"{kind} {loser} has others below it; move them first.")
    return stays


def _currency(change: Change, record: Record) -> object:
    home = change.books.preference("CurrencyPrefs.HomeCurrency.value")
    return (record.get("CurrencyRef") or {}).get("value", home)


def _concerned(change: Change, kind: str, loser: str) -> list[tuple[str, str]]:
    """Records that may name the loser, and those that post under its name."""
    rows = change.books.store.run(
        "SELECT entity, id FROM record WHERE instr(body, ?)"
        " UNION SELECT entity, id FROM posting WHERE name = ?",
        (f'"{loser}"', f"{kind}:{loser}"),
    )
    return [(entity, identity) for entity, identity in rows]
