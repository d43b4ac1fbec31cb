"""Puts classes and locations on a sales document, where the company's preferences have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connector.base import Chosen
from connector.errors import Hold
from connector.quickbooks.items import Booking
from connector.quickbooks.lookups import Part, preference, switched_off

Body = Mapping[str, Any]


def header_tags(fields: Body, bookings: Sequence[Booking]) -> Part[dict[str, Any]]:
    """ClassRef and DepartmentRef of the whole document.

    Raises Hold where the company tracks neither, or where the lines' locations differ.
    """
    tags: dict[str, Any] = {}
    klass: Chosen | None = fields.get("class")
    if klass and (yield from preference("AccountingInfoPrefs.ClassTrackingPerTxn")):
        tags["ClassRef"] = {"value": klass.id}
    location = _location(fields, bookings)
    if location:
        if (yield from switched_off("AccountingInfoPrefs.TrackDepartments")):
            raise _off("location", "Track locations")
        tags["DepartmentRef"] = {"value": location}
    return tags


def line_tags(
    lines: Sequence[Body], fields: Body, bookings: Sequence[Booking]
) -> Part[tuple[Body, ...]]:
    """The lines with their classes: their own, else the document's where it has none itself.

    Raises Hold where the company has no classes on lines but needs them for this document.
    """
    own = [booking.klass for booking in bookings]
    klass: Chosen | None = fields.get("class")
    if not klass and not any(own):
        return tuple(lines)
    on_whole = yield from preference("AccountingInfoPrefs.ClassTrackingPerTxn")
    if on_whole and not any(own):
        return tuple(lines)
    if (yield from switched_off("AccountingInfoPrefs.ClassTrackingPerTxnLine")):
        raise _off("class", "Track classes, one to each row in transaction")
    rest = klass.id if klass and not on_whole else None
    wanted = [*own, *[None] * (len(lines) - len(own))]
    return tuple(_with_class(line, each or rest) for line, each in zip(lines, wanted, strict=True))


def _location(fields: Body, bookings: Sequence[Booking]) -> str | None:
    whole: Chosen | None = fields.get("location")
    if whole:
        return whole.id
    named = {booking.location for booking in bookings if booking.location}
    if len(named) > 1:
        raise Hold(
            "several-locations",
            "The account mapping gives the lines different locations, but a document in "
            "QuickBooks has one. Nothing was booked.",
            fix="Name the location of the whole document in the recipe, then release.",
        )
    return next(iter(named), None)


def _with_class(line: Body, klass: str | None) -> Body:
    if klass is None:
        return line
    detail = str(line["DetailType"])
    return {**line, detail: {**line[detail], "ClassRef": {"value": klass}}}


def _off(noun: str, setting: str) -> Hold:
    return Hold(
        "tracking-off",
        f"The recipe or the account mapping names a {noun}, but that is switched off in this "
        "company's QuickBooks. Nothing was booked.",
        fix=f'Switch it on in QuickBooks (Account and settings, Advanced, "{setting}"), or take '
        f"the {noun} out; then release.",
    )
