"""Keeps the notices about recipe files true: raised once, ended once, by whichever process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from runtime.models import Notice, Trouble
from runtime.shelf import sayings
from runtime.store import notices, standing
from runtime.store.database import Database
from runtime.store.standing import Standing


def keep_notices(
    database: Database, troubles: Sequence[Trouble], unsure: Collection[str], now: datetime
) -> None:
    """Raise what is new of `troubles` and end what is over; writes nothing where all is told.

    Of `unsure` files, which may be half saved, everything stays as it is.
    """
    lasting = {each.key: each for each in database.read(notices.lasting, *_KINDS)}
    states = {row.recipe: row.state for row in database.read(standing.every)}
    wanted = {trouble.key for trouble in troubles} | {sayings.file_key(file) for file in unsure}
    new = [each for each in troubles if _is_new(each, lasting.get(each.key))]
    over = [each for each in lasting.values() if _is_over(each, wanted, states)]
    if new or over:
        database.write(_record, new, over, now)


def vanish(tx: Connection, row: Standing, to: tuple[str, ...], now: datetime, *, keep: bool) -> str:
    """Record that a recipe's file is gone, and tell it where that is news; its state after it."""
    before = standing.one(tx, row.recipe)
    state = standing.vanish(tx, row.recipe, now, keep=keep)
    if before is not None and before.state == standing.LIVE:
        runs = state == standing.GONE
        trouble = sayings.vanished(row.file, row.recipe, runs=runs, recipients=to)
        notices.raise_(tx, trouble, now, again=False)
    return state


_KINDS = (sayings.FILE, sayings.MISSING)


def _is_new(trouble: Trouble, told: Notice | None) -> bool:
    return told is None or told.sentence != trouble.sentence


def _is_over(notice: Notice, wanted: Collection[str], states: Mapping[str, str]) -> bool:
    if notice.kind == sayings.MISSING:
        return states.get(notice.about) == standing.LIVE
    return notice.key not in wanted


def _record(tx: Connection, new: Sequence[Trouble], over: Sequence[Notice], now: datetime) -> None:
    for trouble in new:
        notices.raise_(tx, trouble, now, again=False)
    for notice in over:
        if notice.kind == sayings.MISSING:
            ending = f"The recipe {notice.about} has its file again and runs."
        else:
            ending = f"The recipe file {notice.about} is mended, or no longer there."
        notices.resolve(tx, notice.key, now, ending)
