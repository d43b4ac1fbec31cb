"""Looks every night whether what names are pinned to still stands in QuickBooks as it did."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Protocol

from sqlalchemy import Connection

from connector.base import Record
from connector.errors import Consequence
from connector.quickbooks.references import KINDS, PinState, look_again
from runtime.clock import Clock
from runtime.models import Trouble
from runtime.settings import Company
from runtime.store import audit, notices, pins, workers
from runtime.store.database import Database
from runtime.store.pins import Pinned

log = logging.getLogger(__name__)

#: When the night's look is due, in the company's time zone.
_AT = time(3)
#: Seconds until a look that failed is tried again.
_AGAIN = 3600.0


class Lists(Protocol):
    """A company's QuickBooks, as far as lists are read from it."""

    def read(self, query: str, *, keep: bool) -> tuple[Record, ...]:
        """Ask QuickBooks."""


class PinCheck:
    """The nightly look; one process at a time for each company."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        worker: str,
        quickbooks: Callable[[Company], Lists],
    ) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker
        self._quickbooks = quickbooks
        #: When a company whose look failed is due again, in elapsed seconds.
        self._retry: dict[str, float] = {}

    def run(self, companies: Mapping[str, Company]) -> None:
        """Look at what is due: one read for each kind of thing that has pins."""
        known = self._database.read(pins.every)
        for realm, group in groupby(known, key=lambda pinned: pinned.company):
            company, pinned = companies.get(realm), list(group)
            if company is not None and self._is_due(company, pinned):
                self._under_lease(company, pinned)

    def _is_due(self, company: Company, pinned: Sequence[Pinned]) -> bool:
        if self._clock.elapsed() < self._retry.get(company.realm_id, 0.0):
            return False
        night = last_night(self._clock.now(), company.zone)
        return any(each.checked_at < night for each in pinned)

    def _under_lease(self, company: Company, pinned: Sequence[Pinned]) -> None:
        lease = f"pins/{company.realm_id}"
        fence = self._database.write(workers.acquire, lease, self._worker, self._worker)
        if fence is None:
            return
        try:
            self._look(company, pinned, lease, fence)
        except Consequence as error:
            self._retry[company.realm_id] = self._clock.elapsed() + _AGAIN
            log.warning(
                "the pinned names of %s could not be looked at: %s",
                company.name,
                error.sentence,
                extra={"action": "pins_unread"},
            )
        finally:
            self._database.write(workers.release, lease, fence)

    def _look(self, company: Company, pinned: Sequence[Pinned], lease: str, fence: int) -> None:
        service = self._quickbooks(company)
        seen = [
            (each, *look_again(each.name, each.chosen, records))
            for kind, group in groupby(pinned, key=lambda each: each.kind)
            for records in (service.read(KINDS[kind].every, keep=False),)
            for each in group
        ]
        self._database.write(self._record, company, seen, lease, fence)

    def _record(
        self,
        tx: Connection,
        company: Company,
        seen: Iterable[tuple[Pinned, PinState, str]],
        lease: str,
        fence: int,
    ) -> None:
        if not workers.holds(tx, lease, fence):
            return
        now = self._clock.now()
        for pinned, state, label in seen:
            pins.looked_at(tx, pinned, state, label, now)
            if state == "ok":
                noun = KINDS[pinned.kind].noun
                notices.resolve(tx, _key(pinned), now, f'The {noun} "{label}" is as it was.')
            elif (state, label) != (pinned.state, pinned.chosen.name):
                notices.raise_(tx, _trouble(company, pinned, state, label), now, again=False)


def forget(tx: Connection, pinned: Pinned, now: datetime) -> None:
    """Let a name be resolved anew at its next use; what was told of it is over."""
    pins.forget(tx, pinned)
    notices.resolve(tx, _key(pinned), now, "The name is no longer pinned.")
    what = {"company": pinned.company, "kind": pinned.kind, "name": pinned.name}
    audit.note(tx, now, "cli", "pin_forgotten", {**what, "quickbooks_id": pinned.chosen.id})


def last_night(now: datetime, zone: tzinfo) -> datetime:
    """The latest three o'clock in the morning of `zone`."""
    here = now.astimezone(zone)
    day = here.date() if here.time() >= _AT else here.date() - timedelta(days=1)
    return datetime.combine(day, _AT, zone)


def _key(pinned: Pinned) -> str:
    return f"pinned/{pinned.company}/{pinned.kind}/{pinned.name}"


def _trouble(company: Company, pinned: Pinned, state: PinState, label: str) -> Trouble:
    noun, old = KINDS[pinned.kind].noun, pinned.chosen.name
    called = f'The {noun} "{old}" in the QuickBooks of {company.name}, which recipes name,'
    forget = f'`bookrelay pins forget {pinned.kind} "{pinned.name}"`'
    said = {
        "renamed": (
            f'{called} is called "{label}" now. Recipes go on using it.',
            f"Write the new name in the recipe and run {forget}.",
        ),
        "inactive": (
            f"{called} was made inactive. QuickBooks refuses what names it.",
            f"Make it active again in QuickBooks, or name another {noun} in the recipe and run "
            f"{forget}.",
        ),
        "deleted": (
            f"{called} is no longer there. QuickBooks refuses what names it.",
            f"Name another {noun} in the recipe and run {forget}.",
        ),
    }
    sentence, fix = said[state]
    return Trouble(key=_key(pinned), kind="pinned", about=pinned.name, sentence=sentence, fix=fix)
