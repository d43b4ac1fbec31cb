"""Notices in the form in which commands and pages show them, with who was told and who was not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from runtime.models import Delivery, Notice
from runtime.notices.deciding import addressees
from runtime.store import notices


def all_notices(tx: Connection, known: Sequence[str]) -> list[dict[str, Any]]:
    """Those that last and those that ended; `known` are the recipients of the settings."""
    return [_record(tx, notice, known) for notice in notices.recent(tx)]


def lasting_notices(tx: Connection, known: Sequence[str]) -> list[dict[str, Any]]:
    """Those that last."""
    return [_record(tx, notice, known) for notice in notices.lasting(tx)]


def one_notice(tx: Connection, number: int, known: Sequence[str]) -> dict[str, Any] | None:
    """One notice by its number."""
    found = notices.get(tx, number)
    return None if found is None else _record(tx, found, known)


def _record(tx: Connection, notice: Notice, known: Sequence[str]) -> dict[str, Any]:
    told = {each.recipient: each for each in notices.delivered(tx, notice.id)}
    return {
        "id": str(notice.id),
        "kind": notice.kind,
        "about": notice.about,
        "sentence": notice.sentence,
        "fix": notice.fix,
        "since": notice.first_at.isoformat(),
        "last": notice.last_at.isoformat(),
        "count": notice.count,
        "ended": notice.ended_at.isoformat() if notice.ended_at else None,
        "ending": notice.ending or None,
        "told": [_told(name, told.get(name)) for name in addressees(notice, known)],
    }


def _told(recipient: str, delivery: Delivery | None) -> dict[str, Any]:
    sent = delivery.told_at if delivery else None
    return {
        "recipient": recipient or None,
        "sent": sent.isoformat() if sent else None,
        "trouble": (delivery.error if delivery else "") or None,
    }
