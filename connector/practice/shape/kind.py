"""What a kind of field is, and how a whole body or record is held against a table of kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from connector.practice.faults import Fault

Record: TypeAlias = dict[str, Any]
#: The code for what stands where it does not belong.
UNSUPPORTED = "2010"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a field may hold, in a request and in an answer."""

    #: Takes a request's value and its dotted path, returns it cleaned (None clears the field),
    #: raises Fault.
    clean: Callable[[Any, str], Any]
    #: Takes an answer's value and its dotted path, tells what is wrong with it in sentences.
    seen: Callable[[Any, str], Iterator[str]]
    #: False: QuickBooks fills it; what a client sends is dropped.
    writable: bool = True
    #: Characters of a text in a request; 0 = no text, or no limit of its own.
    limit: int = 0


Fields: TypeAlias = Mapping[str, Kind]


def clean(body: Mapping[str, Any], fields: Fields, path: str = "") -> Record:
    """Check a mapping against its fields; read-only ones vanish, unknown ones are Fault 2010."""
    cleaned: Record = {}
    for name, value in body.items():
        where = below(path, name)
        kind = fields.get(name)
        if kind is None:
            detail = f"Property Name:{where} specified is unsupported or invalid"
            raise Fault(UNSUPPORTED, detail, element=where)
        found = None if value is None else kind.clean(value, where)
        if kind.writable:
            cleaned[name] = found
    return cleaned


def problems(fields: Fields, record: Mapping[str, Any], path: str = "") -> list[str]:
    """What is wrong with a record that was answered, each a sentence that names its place.

    Unknown properties, wrong types, words outside of an enumeration and wrong nesting are found
    at every depth. Nothing is required: an answer may be a part of a record.
    """
    return list(_problems(fields, record, path))


def _problems(fields: Fields, record: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, value in record.items():
        where = below(path, name)
        if name not in fields:
            yield f"{where} is not a property that QuickBooks has there."
        elif value is None:
            yield f"{where} is null; QuickBooks leaves out what is not set."
        else:
            yield from fields[name].seen(value, where)


def read_only(kind: Kind) -> Kind:
    """A field that QuickBooks fills.

    In an answer it is of this kind. A request's value is dropped, whatever it is, as long as no
    property in it is unknown: such a one is Fault 2010 like everywhere else.
    """

    def drop(value: Any, path: str) -> None:
        try:
            kind.clean(value, path)
        except Fault as fault:
            if fault.code == UNSUPPORTED:
                raise

    return replace(kind, clean=drop, writable=False)


def alike(kind: Kind, *names: str) -> Fields:
    """Several fields of one kind, to be spread into a table."""
    return dict.fromkeys(names, kind)


def below(path: str, name: str) -> str:
    """The dotted path of a property."""
    return f"{path}.{name}" if path else name


def wrong(path: str, value: Any, expected: str) -> str:
    """The sentence for a value that is not what it should be."""
    shown = repr(value)
    return f"{path} is {shown if len(shown) <= 60 else shown[:57] + '...'}, not {expected}."
