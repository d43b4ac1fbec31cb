"""Prints rehearsals: for people in words with the exact requests, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

import click
import simplejson

from runtime.rehearsal.playing import Rehearsal, RehearsedStep

_OUTCOMES = {
    "done": "It would succeed.",
    "skipped": "It would be skipped",
    "held": "It would be held",
    "waits": "It would wait",
}


def show_json(rehearsals: Sequence[Rehearsal], *, alone: bool) -> None:
    """One object where one event was asked for, else a list; amounts keep their digits."""
    records = [each.record() for each in rehearsals]
    click.echo(_json(records[0] if alone else records))


def show_text(rehearsals: Sequence[Rehearsal], zone: tzinfo) -> None:
    """Each rehearsal in words; times in `zone`."""
    for rehearsal in rehearsals:
        for text in _texts(rehearsal, zone):
            click.echo(text)
    click.echo("Nothing was written.")


def _texts(rehearsal: Rehearsal, zone: tzinfo) -> Iterator[str]:
    event, company = rehearsal.event, rehearsal.company
    named = f"event {event.id}" if event.id else event.identity
    yield f"{rehearsal.recipe.name}: {event.type} ({named})"
    yield f"  for {company.name}" if company else "  for no company"
    begun = any(step.state != "not_reached" for step in rehearsal.steps)
    for step in rehearsal.steps if begun else ():
        yield from _step(step)
        if step.state == "stopped" and step.why != rehearsal.stopped:
            yield f"  would stop: {step.why}"
    yield from _end(rehearsal)
    yield from _known(rehearsal, zone)
    yield ""


def _step(step: RehearsedStep) -> Iterator[str]:
    yield f"{step.id}: {step.action}"
    if step.state == "left_out":
        yield f"  is left out: {step.why}"
    elif step.state == "not_reached":
        yield "  is not reached"
    for sentence in step.summary:
        yield f"  {sentence}"
    for planned in step.planned:
        if planned.path:
            yield f"  POST {planned.path}"
            yield from (f"    {text}" for text in _json(planned.body).splitlines())


def _end(rehearsal: Rehearsal) -> Iterator[str]:
    said = _OUTCOMES[rehearsal.outcome]
    yield f"{said}: {rehearsal.stopped}" if rehearsal.stopped else said
    if rehearsal.fix:
        yield f"  = {rehearsal.fix}"


def _known(rehearsal: Rehearsal, zone: tzinfo) -> Iterator[str]:
    stage = rehearsal.stage
    if stage.lists:
        now = stage.books.now
        ages = (f"{name} as of {_age(at, now, zone)}" for name, at in stage.lists.items())
        yield f"QuickBooks: {', '.join(ages)}."
    if stage.away:
        yield f"QuickBooks could not be asked: {stage.away}"
    if stage.missing:
        yield f"Not looked up, and taken for granted here: {', '.join(stage.missing)}."


def _age(at: datetime, now: datetime, zone: tzinfo) -> str:
    here = at.astimezone(zone)
    today = here.date() == now.astimezone(zone).date()
    return f"{here:%H:%M}" if today else f"{here:%Y-%m-%d %H:%M}"


def _json(value: object) -> str:
    return simplejson.dumps(value, indent=2, use_decimal=True, ensure_ascii=False, default=str)
