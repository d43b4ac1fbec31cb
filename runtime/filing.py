"""Turns new events into runs: event x recipe x company. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from runtime.models import Event, NewRun
from runtime.recipes import Recipe
from runtime.recipes.matching import match
from runtime.routing import Unrouted, order_key, route
from runtime.runner import needs_books
from runtime.settings import Settings
from runtime.shelf import Live


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A run about to be stored, and the recipe that it is one of."""

    run: NewRun
    recipe: Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """An event and the runs it starts."""

    event: int
    starts: tuple[Start, ...]
    #: What became of an event that starts none.
    note: str
    #: For times in sentences about it.
    zone: tzinfo


def file_event(event: Event, live: Sequence[Live], settings: Settings) -> Filed:
    """The runs that `event` starts with the recipes in force."""
    revisions = {each.recipe.id: each for each in live}
    matched = match(event, [each.recipe for each in live])
    started = tuple(start(event, revisions[recipe.id], settings) for recipe in matched)
    note = "" if started else f"No recipe in force listens to {event.trigger}."
    return Filed(event=event.id, starts=started, note=note, zone=settings.zone)


def start(event: Event, live: Live, settings: Settings, *, backfill: bool = False) -> Start:
    """The run that `event` starts with one recipe, whatever it listens to."""
    company, hold = "", None
    if needs_books(live.recipe):
        routed = route(event, settings)
        if isinstance(routed, Unrouted):
            hold = {"reason": routed.reason, "sentence": routed.sentence, "fix": routed.fix}
        else:
            company = routed.realm_id
    new = NewRun(
        event=event.id,
        recipe=live.recipe.id,
        revision=live.revision,
        settings_revision=settings.revision,
        company=company,
        order_key=order_key(event, company),
        received_at=event.received_at,
        hold=hold,
        backfill=backfill,
    )
    return Start(run=new, recipe=live.recipe)
