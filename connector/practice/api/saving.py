"""One piece of work done once: its requestid, its transaction, its webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from connector.practice import faults
from connector.practice.api.repeats import still_counts
from connector.practice.api.writing import unsupported, write
from connector.practice.books.answers import Answer
from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities import Entity
from connector.practice.faults import Fault
from connector.practice.shape import Record
from connector.practice.state import State
from connector.practice.wire import dump

#: What an answer holds beside its time, and the id of the record that was written.
Work: TypeAlias = Callable[[Change], tuple[Record, str]]
#: What Intuit's sample of a void shows by its inner name: SALES_ITEM_LINE_DETAIL, NEED_TO_PRINT.
_ENUMERATIONS = frozenset({"DetailType", "EmailStatus", "PrintStatus"})
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: Voided by an update with `include=void`; the others by `operation=void` [C].
_VOIDED_BY_UPDATE = frozenset({"Payment", "SalesReceipt", "BillPayment"})


class Saved(NamedTuple):
    """How a piece of work was answered, and whether that is the answer of an earlier request."""

    answer: Answer
    replayed: bool


def once(
    state: State,
    books: Books,
    key: str,
    work: Work,
    *,
    sent: str = "",
    allow_duplicate: bool = False,
    timed: bool = True,
    timed_faults: bool = False,
) -> Saved:
    """Do the work in a transaction of its own, or give the answer that `key` was given before.

    A Fault of the work undoes it and is an answer too. Raises Fault 600 for a repeat where a
    switch says so. `key` comes from the requestid; empty = the work has none. `sent` is the digest
    of what was asked.
    Without `timed` the answer has no `time`, as within a batch, unless it is one of the
    `timed_faults`.
    """
    with books.lock:
        # Told the time once it is its turn, so that changes are stamped in the order they are made.
        change = state.change(books, allow_duplicate=allow_duplicate)
        first = books.answered(key) if key else None
        if first and still_counts(first, key, sent, now=change.now, switches=state.switches):
            return Saved(first, replayed=True)
        try:
            with books.store.transaction():
                content, committed = work(change)
                made = Answer(status=200, body=_text(content, change, timed), committed=committed)
                _keep(change, key, sent, made)
        except Fault as fault:
            content = {"Fault": faults.told(fault)}
            refused = Answer(
                status=fault.status, body=_text(content, change, timed or timed_faults)
            )
            _keep(change, key if state.switches.replay_faults else "", sent, refused)
            return Saved(refused, replayed=False)
        state.announce(books, change)
    return Saved(made, replayed=False)


def written(change: Change, entity: Entity, body: Any, operation: str) -> tuple[Record, str]:
    """One write as the content of an answer; raises Fault."""
    record = write(change, entity, body, operation)
    flat = "status" in record and not entity.wraps
    shown = record if flat else entity.present(change.books, record)
    if operation == "void" and change.switches.void_raw_enums:
        shown = _raw(shown)
    return {entity.name: shown}, record["Id"]


def _raw(value: Any) -> Any:
    """A record with its enumerations as they are called within QuickBooks."""
    if isinstance(value, list):
        return [_raw(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _CAPITAL.sub("_", part).upper() if key in _ENUMERATIONS else _raw(part)
        for key, part in value.items()
    }


def resolved(entity: Entity, operation: str, options: Collection[str]) -> str:
    """`delete`, `void`, or empty for create and update, as `write` takes it.

    Raises Fault 500 for a void that is asked for in another entity's way.
    """
    voids = operation == "void" or (operation == "update" and "void" in options)
    if voids and (operation == "update") != (entity.name in _VOIDED_BY_UPDATE):
        raise unsupported()
    if voids:
        return "void"
    return "" if operation in ("create", "update") else operation


def _text(content: Record, change: Change, timed: bool) -> str:
    return dump({**content, "time": faults.stamp(change.now)} if timed else content)


def _keep(change: Change, key: str, sent: str, made: Answer) -> None:
    if key:
        with change.books.store.transaction():
            kept = replace(made, sent=sent, at=change.now.timestamp())
            change.books.keep_answer(key, kept)
