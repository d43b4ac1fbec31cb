"""Checks what starts a recipe: its trigger, its connection, its first day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from runtime.documents import At
from runtime.documents.hints import hint, listed, nearest
from runtime.problems import Problem, Severity
from runtime.recipes.checking.sheet import Sheet

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def trigger_of(recipe: Mapping[str, Any]) -> str:
    """The trigger that a recipe names; empty where it names none."""
    name = _when(recipe).get("trigger")
    return name if isinstance(name, str) else ""


def check(sheet: Sheet, recipe: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong under `when:`."""
    when = _when(recipe)
    yield from _trigger(sheet, when.get("trigger"))
    if sheet.enabled and sheet.trigger in sheet.installed.triggers:
        yield from _source(sheet, when.get("from"))
    yield from _start_from(sheet, when.get("start_from"))


def _when(recipe: Mapping[str, Any]) -> Mapping[str, Any]:
    # Misspelt it is told as such, and what it says counts for the rest of the check.
    meant = next((key for key in recipe if nearest(str(key), ["when"])), "when")
    when = recipe.get("when", recipe.get(meant))
    return when if isinstance(when, Mapping) else {}


def _trigger(sheet: Sheet, trigger: object) -> Iterator[Problem]:
    known = sheet.installed.triggers
    if isinstance(trigger, str) and trigger not in known:
        fix = hint(trigger, sorted(known), has="there are")
        sentence = f'there is no trigger "{trigger}"'
        yield sheet.document.problem(("when", "trigger"), "unknown-trigger", sentence, fix)


def _source(sheet: Sheet, source: object) -> Iterator[Problem]:
    """Connections that are not there, or never give the trigger."""
    connections = sheet.installed.connections
    givers = sheet.installed.given_by.get(sheet.trigger, ())
    if connections is None or not isinstance(source, str | None) or "{" in (source or ""):
        return
    if source is None:
        # A standard trigger may come from any CRM; a partner's own only from that partner.
        if "." in sheet.trigger and givers and not set(givers) & set(connections.values()):
            sentence = f"nothing that gives {sheet.trigger} is connected"
            fix = f"connect {listed(sorted(givers))}; until then no event starts this recipe"
            yield _never(sheet, "trigger", sentence, fix)
    elif source not in connections:
        yield unknown_connection(sheet, ("when", "from"), source, "no event starts this recipe")
    elif givers and connections[source] not in givers:
        sentence = f'the connection "{source}" never gives {sheet.trigger}'
        fix = f"it comes from: {listed(sorted(givers))}; as it is no event starts this recipe"
        yield _never(sheet, "from", sentence, fix)


def unknown_connection(sheet: Sheet, at: At, name: str, effect: str) -> Problem:
    """The warning that a connection is not there; `effect` says what cannot happen until it is."""
    known = sorted(sheet.installed.connections or ())
    fix = hint(name, known, has="there are") or "there are none yet"
    fix = f"{fix}; until it is connected {effect}"
    sentence = f'there is no connection "{name}"'
    return sheet.document.problem(
        at, "unknown-connection", sentence, fix, severity=Severity.WARNING
    )


def _never(sheet: Sheet, key: str, sentence: str, fix: str) -> Problem:
    at: At = ("when", key)
    return sheet.document.problem(at, "never-starts", sentence, fix, severity=Severity.WARNING)


def _start_from(sheet: Sheet, day: object) -> Iterator[Problem]:
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        sentence = f'"when.start_from" cannot be "{day}": there is no such day'
        fix = "write a real day"
        yield sheet.document.problem(("when", "start_from"), "wrong-form", sentence, fix)
