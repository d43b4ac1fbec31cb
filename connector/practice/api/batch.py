"""Batches: items, each done alone and answered alone, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from flask import g

from connector.practice import faults
from connector.practice.api import cdc
from connector.practice.api.repeats import digest
from connector.practice.api.saving import once, resolved, written
from connector.practice.api.wrapping import opened
from connector.practice.api.writing import unsupported
from connector.practice.books.books import Books
from connector.practice.books.change import Change
from connector.practice.entities import BY_LOWER_NAME
from connector.practice.faults import Fault, missing
from connector.practice.gateway.answers import LIMIT_REACHED
from connector.practice.gateway.injection import Rule
from connector.practice.gateway.spoiling import fault_of
from connector.practice.gateway.traffic import asked_entity
from connector.practice.query.select import select
from connector.practice.query.statement import parse
from connector.practice.reports import report
from connector.practice.shape import Record
from connector.practice.state import State
from connector.practice.wire import dump, load

#: Objects in the answer to a batch [C].
MOST_OBJECTS = 1000
#: Characters of the requestid and, when there is one, of each bId [C].
_LONGEST_REQUEST_ID, _LONGEST_BID = 36, 10
_HEAD = frozenset({"bId", "operation", "optionsData"})
_READS = frozenset({"Query", "CDCQuery", "ReportQuery"})
_OPERATIONS = ("create", "update", "revert", "delete", "void", "send", "merge")
_DONE = frozenset({"create", "update", "delete", "void"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item as it was sent."""

    bid: str
    operation: str
    options: frozenset[str]
    #: What it holds by name: an entity, or a Query, CDCQuery, ReportQuery.
    content: Mapping[str, Any]

    @property
    def is_read(self) -> bool:
        """Whether it takes data out, which Intuit meters."""
        return any(name in _READS for name in self.content)

    @property
    def entity(self) -> str:
        """The kind of record it is about, as far as that can be seen."""
        name, told = next(iter(self.content.items()), ("", ""))
        return asked_entity(str(told)) if name == "Query" else name


def items_of(body: Any, requestid: str, most: int) -> list[Item]:
    """The items of a batch, at most `most`; raises its Fault: 1040, 2010, 2020 or 2130."""
    if not isinstance(body, dict):
        raise Fault("2010", "The request body must be a JSON object.")
    sent = body.get("BatchItemRequest")
    if not sent:
        raise missing("BatchItemRequest")
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise Fault("2010", "BatchItemRequest must be an array of objects.")
    if len(sent) > most:
        raise Fault("1040", f"The batch has {len(sent)} items; the maximum is {most}.")
    items = [_item(one) for one in sent]
    if requestid:
        _check_ids(requestid, items)
    return items


class Batch:
    """The work on one batch."""

    def __init__(self, state: State, books: Books, requestid: str) -> None:
        self._state = state
        self._books = books
        self._requestid = requestid
        self._left = MOST_OBJECTS
        self._reads = 0
        #: Ids of the records that were written.
        self.committed: list[str] = []

    def answers(self, items: list[Item]) -> list[Record]:
        """The `BatchItemResponse` of all items; their order depends on the switch `batch_order`."""
        backwards = self._state.switches.batch_order == "reversed"
        return [self._answer(item) for item in (items[::-1] if backwards else items)]

    @property
    def metered(self) -> int:
        """How many reads Intuit meters of it: those of its items that succeeded, by switch."""
        whole = self._state.switches.batch_metering == "call"
        return min(self._reads, 1) if whole else self._reads

    def _answer(self, item: Item) -> Record:
        try:
            return {"bId": item.bid, **self._done(item)}
        except Fault as fault:
            return {"bId": item.bid, "Fault": faults.told(fault)}

    def _done(self, item: Item) -> Record:
        self._check_limits(item)
        rule = self._rule(item)
        if rule is not None and not rule.commit:
            raise fault_of(rule)
        key = f"{self._requestid}\n{item.bid}" if self._requestid else ""
        saved = once(
            self._state,
            self._books,
            key,
            lambda change: self._work(change, item),
            sent=digest(dump(item.content).encode(), item.operation.encode()),
            allow_duplicate="allowduplicatedocnum" in item.options,
            timed=False,
        )
        if rule is not None:
            raise fault_of(rule)
        content: Record = load(saved.answer.body)
        self._left -= _objects(content)
        self._reads += int(item.is_read and saved.answer.status == 200)
        if saved.answer.committed and not saved.replayed:
            self.committed.append(saved.answer.committed)
        return content

    def _check_limits(self, item: Item) -> None:
        """Raise Fault 3001 for an item too many, by the reads of the month or the limits."""
        state, now = self._state, self._state.clock.now()
        switches = state.switches
        most = switches.monthly_reads
        besides = self._reads if switches.batch_metering == "items" else 0
        if item.is_read and state.metering.used_up(most, now=now, besides=besides):
            raise Fault("3001", LIMIT_REACHED)
        counts = switches.limits == "intuit" and switches.batch_items_count
        if counts and not state.limits.item(self._books.realm):
            raise Fault("3001", LIMIT_REACHED)

    def _rule(self, item: Item) -> Rule | None:
        """The fault rule that strikes this item."""
        path = f"/v3/company/{self._books.realm}/batch"
        rule = self._state.injections.take_item(path=path, entity=item.entity, bid=item.bid)
        if rule is not None:
            g.call.fault = rule.kind
        return rule

    def _work(self, change: Change, item: Item) -> tuple[Record, str]:
        if len(item.content) != 1:
            raise Fault("2010", "An item holds one entity, Query, CDCQuery or ReportQuery.")
        [(name, told)] = item.content.items()
        if name in _READS:
            return self._read(change, name, told), ""
        entity = BY_LOWER_NAME.get(name.lower())
        if entity is None or name != entity.gathered_as(change.switches.batch_names):
            raise Fault("2010", f"Property Name:{name} specified is unsupported or invalid")
        told = opened(entity, told) if isinstance(told, dict) else told
        _check_operation(item, told)
        operation = resolved(entity, item.operation, item.options)
        content, identity = written(change, entity, told, operation)
        return {name: content[entity.name]}, identity

    def _read(self, change: Change, name: str, told: Any) -> Record:
        cut = self._state.switches.batch_too_much == "cut"
        if name == "Query":
            content = _queried(change, str(told), self._left if cut else MOST_OBJECTS)
        elif name == "CDCQuery":
            content = _captured(change, told, self._left if cut else MOST_OBJECTS)
        else:
            content = _reported(change, str(told))
        if _objects(content) > self._left:
            raise Fault("10100", f"A batch returns at most {MOST_OBJECTS:,} objects.", status=400)
        return content


def _item(sent: Record) -> Item:
    head = {name: str(sent.get(name) or "") for name in _HEAD}
    return Item(
        bid=head["bId"],
        operation=head["operation"].lower(),
        options=frozenset(head["optionsData"].lower().split(",")),
        content={name: told for name, told in sent.items() if name not in _HEAD},
    )


def _check_ids(requestid: str, items: list[Item]) -> None:
    """Raise Fault 2130 for a requestid or a bId that is too long to make one key together."""
    if len(requestid) > _LONGEST_REQUEST_ID:
        detail = f"The request id of a batch has at most {_LONGEST_REQUEST_ID} characters."
        raise Fault("2130", detail)
    if any(len(item.bid) > _LONGEST_BID for item in items):
        raise Fault("2130", f"Beside a request id, a bId has at most {_LONGEST_BID} characters.")


def _check_operation(item: Item, body: Any) -> None:
    """Raise the Fault of an operation that is not there, not known, or does not fit the body."""
    if not item.operation:
        raise missing("operation")
    if item.operation not in _OPERATIONS:
        valid = ", ".join(_OPERATIONS)
        detail = f"Invalid Enumeration : {item.operation}. Valid values are: {valid}"
        raise Fault("2170", detail, element="operation")
    if item.operation not in _DONE:
        raise unsupported()
    has_id = isinstance(body, dict) and body.get("Id") is not None
    if item.operation == "create" and has_id:
        raise Fault("2010", "Property Name:Id is not for a record that is created", element="Id")
    if item.operation == "update" and not has_id:
        raise missing("Id")


def _queried(change: Change, text: str, most: int) -> Record:
    statement = parse(text)
    return {"QueryResponse": select(change, replace(statement, rows=min(statement.rows, most)))}


def _reported(change: Change, text: str) -> Record:
    """A report by name and parameters, `ProfitAndLoss?start_date=…`: the form is a guess [U]."""
    name, _, parameters = text.strip().partition("?")
    return {"Report": report(change, name, dict(parse_qsl(parameters)))}


def _captured(change: Change, told: Any, most: int) -> Record:
    if not isinstance(told, dict):
        raise Fault("2010", "A CDCQuery is an object with Entities and ChangedSince.")
    asked = {"entities": told.get("Entities"), "changedSince": told.get("ChangedSince")}
    return cdc.changes(change, {key: str(one or "") for key, one in asked.items()}, most=most)


def _objects(content: Record) -> int:
    """How many objects an item's answer holds."""
    values = (value for page in _pages(content) for value in page.values())
    return sum(len(value) for value in values if isinstance(value, list))


def _pages(content: Record) -> Iterator[Record]:
    if "QueryResponse" in content:
        yield content["QueryResponse"]
    for part in content.get("CDCResponse", ()):
        yield from part["QueryResponse"]
