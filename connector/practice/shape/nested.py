"""Kinds made of other kinds: objects, lists, references to records."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from connector.practice.faults import Fault, missing
from connector.practice.shape.kind import (
    UNSUPPORTED,
    Kind,
    Record,
    clean,
    problems,
    read_only,
    wrong,
)
from connector.practice.shape.plain import check_length, text


def obj(**fields: Kind) -> Kind:
    """An object with these fields; in a request an empty one clears."""

    def cleaned(value: Any, path: str) -> Record | None:
        if not isinstance(value, dict):
            raise Fault(UNSUPPORTED, f"Property Name:{path} must be an object", element=path)
        found = clean(value, fields, path)
        return {key: item for key, item in found.items() if item is not None} or None

    def seen(value: Any, path: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from problems(fields, value, path)
        else:
            yield wrong(path, value, "an object")

    return Kind(clean=cleaned, seen=seen)


def many(kind: Kind) -> Kind:
    """A list of one kind; what is cleared drops out."""

    def cleaned(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise Fault(UNSUPPORTED, f"Property Name:{path} must be an array", element=path)
        found = (kind.clean(item, f"{path}[{index}]") for index, item in enumerate(value))
        return [item for item in found if item is not None]

    def seen(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong(path, value, "a list")
            return
        for index, item in enumerate(value):
            yield from kind.seen(item, f"{path}[{index}]")

    return Kind(clean=cleaned, seen=seen)


def exclusive(kind: Kind, *names: str) -> Kind:
    """An object that has only one of these fields in an answer."""

    def seen(value: Any, path: str) -> Iterator[str]:
        yield from kind.seen(value, path)
        found = [name for name in names if isinstance(value, dict) and name in value]
        if len(found) > 1:
            yield f"{path} has {' and '.join(found)}, of which there can be one."

    return replace(kind, seen=seen)


def needing(kind: Kind, *names: str) -> Kind:
    """An object that has at least one of these fields in an answer."""

    def seen(value: Any, path: str) -> Iterator[str]:
        yield from kind.seen(value, path)
        if isinstance(value, dict) and not any(name in value for name in names):
            yield f"{path} has none of {', '.join(names)}."

    return replace(kind, seen=seen)


def together(kind: Kind, names: Collection[str], limit: int) -> Kind:
    """An object whose texts under these names have at most `limit` characters in all."""

    def cleaned(value: Any, path: str) -> Any:
        found = kind.clean(value, path) or {}
        check_length(sum(len(found.get(name, "")) for name in names), limit, path)
        return found or None

    return replace(kind, clean=cleaned)


_REFERENCE = needing(obj(value=text(50), name=read_only(text()), type=read_only(text())), "value")


def _clean_reference(value: Any, path: str) -> Record | None:
    found: Record | None = _REFERENCE.clean(value, path)
    return found


#: A reference `{value, name, type}`; a request's name and type are the server's business and are
#: dropped, and one without a value clears.
reference = replace(_REFERENCE, clean=_clean_reference)


def required(record: Record, *names: str) -> None:
    """Raise Fault 2020 for the first of `names` that is not filled."""
    for field in names:
        if record.get(field) in (None, "", [], {}):
            raise missing(field)
