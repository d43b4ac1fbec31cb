"""The troubles that somebody must be told of, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from runtime.models import Trouble
from runtime.notices.deciding import concerned
from runtime.recipes import Limit, Recipe

#: Kinds of those that end when no run of the recipe waits for this reason any more.
HELD, DEAD, FLOOD = "held", "dead", "flood"
#: Kinds of pasts that nobody can fetch, and that could not be fetched lately.
UNASKED, UNREAD = "past-not-fetched", "past-unread"
#: Kind of those that end when events come again.
SILENCE = "silence"

#: How those end.
RELEASED = (
    "No event of this recipe waits for this any more: each was released or skipped. "
    "`bookrelay runs list` shows what became of it."
)

HEARD = "Events come again, as many as the recipe expects."
UNWATCHED = (
    "The recipe is no longer watched: it was disabled or removed, or expects nothing any more."
)

ASKED = "The past is fetched now, or the recipe no longer asks for it."
FETCHED_AGAIN = "The past is fetched again."


def stopped_key(recipe: str, reason: str) -> str:
    """The key of the runs of a recipe that a person must look at, all those of one reason."""
    return f"held/{recipe}/{reason}"


def held(recipe: str, known: Recipe | None, hold: Mapping[str, Any]) -> Trouble:
    """A run of `recipe` that waits for a person; `known` is the recipe where it can be read."""
    reason = str(hold["reason"])
    said = str(hold["sentence"])
    return Trouble(
        key=stopped_key(recipe, reason),
        kind=FLOOD if reason == FLOOD else HELD,
        about=recipe,
        sentence=said
        if reason == FLOOD
        else f'The recipe "{name_of(recipe, known)}" holds an event: {said}',
        fix=f"{hold['fix']} `bookrelay holds list` shows all that wait.",
        recipients=concerned(known) if known else (),
    )


def dead(recipe: str, known: Recipe | None, said: str, tries: int) -> Trouble:
    """A run of `recipe` that no machine will try again; `said` is what the last try met."""
    return Trouble(
        key=stopped_key(recipe, DEAD),
        kind=DEAD,
        about=recipe,
        sentence=f'The recipe "{name_of(recipe, known)}" gave an event up after {tries} tries: '
        f"{said} What was booked of it before stays; nothing more is tried by itself.",
        fix="Mend the cause, then replay the run: `bookrelay holds list` names it. What is in "
        "QuickBooks already is found, never booked twice.",
        recipients=concerned(known) if known else (),
    )


def flooded(recipe: Recipe, came: str, limit: Limit) -> Mapping[str, Any]:
    """The hold of an event beyond its recipe's limit; `came` says how many, and since when."""
    return {
        "reason": FLOOD,
        "sentence": f'The recipe "{recipe.name}" has got {came}, more than its limit of {limit}. '
        "What came beyond it is held, and nothing of that was booked.",
        "fix": "Look whether these events are real. `bookrelay holds release --reason flood` books "
        "those that are held, `bookrelay holds skip` leaves one out. If so many are usual, change "
        f"`at_most:` in {recipe.file}.",
    }


def silence_key(recipe: str) -> str:
    """The key of a recipe's silence."""
    return f"silence/{recipe}"


def silence(recipe: Recipe, last: str) -> Trouble:
    """A recipe that has got fewer events than it expects; `last` says when the last one came."""
    source = f'"{recipe.source}"' if recipe.source else "the source"
    return Trouble(
        key=silence_key(recipe.id),
        kind=SILENCE,
        about=recipe.id,
        sentence=f'The recipe "{recipe.name}" expects "{recipe.expect}", and less came: {last}. '
        "What did not arrive was not booked.",
        fix=f"Look whether something should have come, and whether {source} still sends it here "
        "(`bookrelay events list` shows what arrived). If the quiet is right, change `expect:` in "
        f"{recipe.file}.",
        recipients=concerned(recipe),
    )


def unasked(recipe: Recipe, connection: str, day: date) -> Trouble:
    """A connection that cannot be asked for the past that a recipe wants."""
    return Trouble(
        key=f"{UNASKED}/{recipe.id}/{connection}",
        kind=UNASKED,
        about=recipe.id,
        sentence=f'The recipe "{recipe.name}" wants the events since {day}, but "{connection}" '
        "cannot be asked for past events. What it has not got of the past is not booked by it; "
        "what comes now goes its way.",
        fix=f'Set up how "{connection}" is asked (poll_url and poll_token in the setup file): the '
        f"past is fetched by itself then. Or take `start_from:` out of {recipe.file}.",
        recipients=concerned(recipe),
    )


def backfill_key(recipe: str, connection: str) -> str:
    """The key of a past that cannot be fetched at present."""
    return f"{UNREAD}/{recipe}/{connection}"


def unread(recipe: Recipe, connection: str, said: str, fix: str) -> Trouble:
    """A past that could not be fetched; `said` is what the source answered."""
    return Trouble(
        key=backfill_key(recipe.id, connection),
        kind=UNREAD,
        about=recipe.id,
        sentence=f'The past that the recipe "{recipe.name}" wants cannot be fetched from '
        f'"{connection}": {said} What was fetched goes its way; the rest is not booked yet.',
        fix=fix or "Nothing is to be done while the source is down: it is asked again by itself.",
        recipients=concerned(recipe),
    )


def name_of(recipe: str, known: Recipe | None) -> str:
    """What people call a recipe."""
    return known.name if known else recipe
