"""`http.post`: hands an event over to a third party's catch hook, signed and flat."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connector import wire
from connector.base import ActionSpec, Books, Command, Done, Write, Written

NAME = "http.post"

#: What the history says of a hand-over: the other side has taken it, not yet booked it.
HANDED_OVER = "handed over"


def action(schema: Mapping[str, Any]) -> ActionSpec:
    """The action for the catalog; `schema` is that of its fields."""
    return ActionSpec(name=NAME, service="http", perform=perform, schema=schema)


def perform(fields: Mapping[str, Any], books: Books) -> Generator[Command, Any, Done]:
    """Post `fields["body"]`, flattened, to the connection `fields["connection"]`, once."""
    written: Written = yield Write(
        document=None,
        operation="post",
        path=str(fields["connection"]),
        body=flatten(fields["body"]),
        facts={"status": HANDED_OVER},
    )
    return Done(values={"id": written.id, "status": HANDED_OVER})


def flatten(body: Mapping[str, Any]) -> dict[str, Any]:
    """One level of fields, as catch hooks map them: `customer_name`, `lines_1_amount`.

    Lists count from 1 and are also given whole, as JSON text in `lines_json`. Money becomes
    decimal text, dates ISO text. Two fields that would share a name keep both: the later one
    is numbered (`a_b_2`).
    """
    flat: dict[str, Any] = {}
    for name, value in _leaves("", body):
        flat[_free(name, flat)] = value
    return flat


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{name}_{key}" if name else str(key), inner)
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(f"{name}_{number}", inner)
        yield f"{name}_json", wire.encode(_plain(value)).decode()
    else:
        yield name, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value


def _free(name: str, taken: Mapping[str, Any]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
