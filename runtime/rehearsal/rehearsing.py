"""Sets the stage for rehearsals: which company, its books, what may be looked up, which event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from connector.base import Happening
from connector.standard import trigger_of
from runtime.books import books_for
from runtime.clock import Clock
from runtime.events import examples, triggers
from runtime.models import Event
from runtime.recipes import Recipe
from runtime.rehearsal import standins
from runtime.rehearsal.playing import Actions, Rehearsal, rehearse
from runtime.rehearsal.stage import Stage
from runtime.routing import Unrouted, route
from runtime.services import Desk
from runtime.settings import Company, Settings
from runtime.store import runs
from runtime.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearser:
    """Rehearses recipes for the command line, pages and the API alike."""

    database: Database
    desk: Desk
    actions: Actions
    clock: Clock

    def rehearse(
        self, recipe: Recipe, event: Event, settings: Settings, *, may_ask: bool = True
    ) -> Rehearsal:
        """What `recipe` would do with `event` under these settings; writes nothing.

        QuickBooks is asked only for what is not kept of its lists, and for customers and documents
        that the ledger does not know; with `may_ask=False` it is not asked at all.
        """
        routed = route(event, settings)
        company = _of(routed, settings)
        books = books_for(company, event, self.clock.now())
        if company is None:
            books = standins.books_without_company(books, event.data)
        stage = Stage(
            database=self.database,
            books=books,
            quickbooks=self.desk.quickbooks(routed) if isinstance(routed, Company) else None,
            may_ask=may_ask,
            run=self._run_of(recipe, event),
        )
        return rehearse(recipe, event, routed, actions=self.actions, stage=stage)

    def _run_of(self, recipe: Recipe, event: Event) -> int:
        """The run in which this recipe handles this event already; 0 where there is none."""
        for number in self.database.read(runs.of_event, event.id) if event.id else ():
            run = self.database.read(runs.get, number)
            if run is not None and run.recipe == recipe.id:
                return run.id
        return 0


def _of(routed: Company | Unrouted, settings: Settings) -> Company | None:
    """The company whose rules and mapping are used: the one that is not connected yet, too."""
    if not isinstance(routed, Unrouted):
        return routed
    return None if settings.companies else settings.unconnected


def samples_of(recipe: Recipe, settings: Settings, now: datetime) -> Iterator[Event]:
    """The sample events that ship for a recipe's trigger, as if they came now."""
    type_ = triggers().get(recipe.trigger, "")
    found = [data for data in examples(recipe.trigger) if _fires(type_, data, recipe.trigger)]
    places = [place for company in settings.companies.values() for place in company.locations]
    for number, data in enumerate(found, start=1):
        happening = Happening(
            identity=f"sample-{number}",
            type=type_,
            trigger=recipe.trigger,
            happened_at=now,
            data=data,
            location=places[0] if places else "",
        )
        yield as_event(happening, recipe, settings, now)


def as_event(told: Happening, recipe: Recipe, settings: Settings, now: datetime) -> Event:
    """A happening that is not stored, as an event that `recipe` may be given."""
    return Event(
        id=0,
        connection=recipe.source or next(iter(settings.connections), "leadexploder"),
        trigger=told.trigger,
        identity=told.identity,
        type=told.type,
        received_at=now,
        happened_at=told.happened_at,
        location=told.location,
        test=told.test,
        contact=told.contact,
        state="new",
        note="",
        data=told.data,
    )


def _fires(type_: str, data: Mapping[str, object], trigger: str) -> bool:
    """Whether an event with this data starts recipes of the trigger: a deposit is told twice."""
    return trigger_of(type_, data) in ("", trigger)
