"""Takes a run as far as it goes: conditions, mapping, the steps' actions, and how it ends."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from connector.base import ActionSpec, Books, Done
from connector.errors import (
    Awaiting,
    Consequence,
    Hold,
    Skipped,
)
from runtime.admission import admit
from runtime.books import books_for
from runtime.clock import Clock, Observe
from runtime.conversation import Conversation, Service
from runtime.courtesy import Courtesy
from runtime.endings import contradiction, reason_of, record_end
from runtime.journal import Journal
from runtime.mapped import fields_of, held
from runtime.masking import Masker
from runtime.models import Event, Run, RunState
from runtime.notices import troubles
from runtime.recipes import Recipe, Step
from runtime.recipes.conditions import OF_STEP, holds
from runtime.recipes.expressions.compiling import ExpressionProblem
from runtime.recipes.scope import scope_of
from runtime.routing import Unrouted, order_key, route
from runtime.settings import Company, Settings
from runtime.shelf import Shelf
from runtime.store import audit, events, ledger, notices, runs
from runtime.store.database import Database
from runtime.store.schema import dumps

log = logging.getLogger(__name__)

#: Longest trace of one step that is kept.
_TRACE = 65_536


class Services(Protocol):
    """Gives the client that an action talks through."""

    def service_for(
        self, action: ActionSpec, company: Company | None, fields: Mapping[str, Any]
    ) -> Service:
        """Raises Hold when it is not set up."""


class SettingsBook(Protocol):
    """Settings by revision."""

    def get(self, revision: int) -> Settings:
        """The settings as they were at a revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """All that one run works with."""

    run: Run
    event: Event
    recipe: Recipe
    company: Company | None
    books: Books
    journal: Journal
    talk: Conversation


class Runner:
    """Advances runs; safe to share between threads."""

    def __init__(
        self,
        *,
        database: Database,
        shelf: Shelf,
        settings: SettingsBook,
        services: Services,
        actions: Mapping[str, ActionSpec],
        clock: Clock,
        masker: Callable[[], Masker],
        observe: Observe,
        courtesy: Courtesy,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._settings = settings
        self._services = services
        self._actions = actions
        self._clock = clock
        self._masker = masker
        self._observe = observe
        self._courtesy = courtesy
        self._spread = spread

    def advance(self, run: Run) -> None:
        """Take `run` to its end or to where it must wait.

        Raises Fenced when another worker has it, StoreFull when nothing can be recorded.
        """
        journal = Journal(self._database, run)
        steps: dict[str, Any] = dict(run.steps)
        talk = Conversation(
            database=self._database,
            journal=journal,
            run=run,
            clock=self._clock,
            observe=self._observe,
            courtesy=self._courtesy,
        )
        try:
            work = self._prepare(run, journal, talk)
            self._steps(work, steps)
        except ledger.Contradiction as error:
            self._end(run, journal, talk, steps, contradiction(error))
        except ExpressionProblem as error:
            self._end(run, journal, talk, steps, held(error))
        except Consequence as error:
            self._end(run, journal, talk, steps, error)
        else:
            self._succeed(work, steps)

    def _prepare(self, run: Run, journal: Journal, talk: Conversation) -> _Work:
        event = self._database.read(events.get, run.event)
        recipe = self._shelf.pinned(run.recipe, run.revision)
        if event is None or recipe is None:
            raise Hold(
                "recipe-unreadable",
                f"Revision {run.revision} of the recipe {run.recipe} can no longer be read. "
                "Nothing was booked.",
                fix="Replay it with the newest revision: "
                f"`bookrelay runs replay {run.id} --current`.",
            )
        settings = self._settings.get(run.settings_revision)
        company = self._company(run, event, recipe, settings, journal)
        books = books_for(company, event, self._clock.now())
        return _Work(
            run=run,
            event=event,
            recipe=recipe,
            company=company,
            books=books,
            journal=journal,
            talk=talk,
        )

    def _company(
        self, run: Run, event: Event, recipe: Recipe, settings: Settings, journal: Journal
    ) -> Company | None:
        if run.company:
            return settings.companies.get(run.company) or _gone(run.company)
        if not needs_books(recipe):
            return None
        routed = route(event, settings)
        if isinstance(routed, Unrouted):
            raise Hold(routed.reason, routed.sentence, fix=routed.fix)
        realm = routed.realm_id
        journal.commit(runs.assign, run, realm, order_key(event, realm))
        # Everything of this run is keyed by its company, so it begins anew as that company's.
        raise Awaiting("The company of this event is known now.", look_again=0.0)

    def _steps(self, work: _Work, steps: dict[str, Any]) -> None:
        scope = _scope(work, steps)
        met, why = holds(work.recipe.conditions, scope)
        if not met:
            raise Skipped(why)
        admit(work.event, work.company)
        for step in work.recipe.steps:
            # What was skipped is asked again: a newer revision or settings may want it done.
            if step.id not in steps or steps[step.id]["state"] == "skipped":
                steps[step.id] = self._step(work, step, scope)
                scope["steps"][step.id] = steps[step.id]["values"]
                work.journal.progress(steps)

    def _step(self, work: _Work, step: Step, scope: Mapping[str, Any]) -> dict[str, Any]:
        met, why = holds(step.conditions, scope, OF_STEP)
        if not met:
            return {"action": step.action, "state": "skipped", "values": {}, "why": why}
        began, at = self._clock.elapsed(), self._clock.now()
        fields: Mapping[str, Any] = {}
        outcome = "done"
        try:
            action = self._actions[step.action]
            fields = fields_of(step, action, scope, work.books)
            done = self._perform(work, step, action, fields)
        except Consequence as error:
            outcome = f"{type(error).__name__}: {error.sentence}"
            raise
        finally:
            if outcome != "done" or work.talk.calls:
                self._trace(work, step, fields, at, self._clock.elapsed() - began, outcome)
        reference = {"type": done.entity, "id": str(done.values["id"])} if done.entity else None
        values = {key: _plain(value) for key, value in done.values.items()}
        return {
            "action": step.action,
            "state": "done",
            "values": values,
            "quickbooks": reference,
        }

    def _perform(
        self, work: _Work, step: Step, action: ActionSpec, fields: Mapping[str, Any]
    ) -> Done:
        service = self._services.service_for(action, work.company, fields)
        key = (work.event.connection, work.recipe.id, work.event.identity, step.id)
        books = replace(work.books, step=step.id)
        return work.talk.hold_talk(service, lambda: action.perform(fields, books), key)

    def _trace(
        self,
        work: _Work,
        step: Step,
        fields: Mapping[str, Any],
        at: datetime,
        seconds: float,
        outcome: str,
    ) -> None:
        calls = [
            {"what": c.what, "sent": c.sent, "got": c.got, "seconds": round(c.seconds, 4)}
            for c in work.talk.calls
        ]
        work.talk.calls.clear()
        text = self._masker().text(dumps({"input": fields, "calls": calls}))
        if len(text) > _TRACE:
            text = f"{text[:_TRACE]}… (cut here)"
        work.journal.later(
            runs.trace,
            work.run.id,
            step=step.id,
            at=at,
            seconds=seconds,
            outcome=self._masker().text(outcome),
            text=text,
        )

    def _succeed(self, work: _Work, steps: Mapping[str, Any]) -> None:
        now = self._clock.now()
        run = work.run

        def record(tx: Connection) -> None:
            runs.finish(tx, run, RunState.SUCCEEDED, steps, now=now)
            if work.talk.linked:
                runs.end_waits(tx, run.company, sorted(work.talk.linked), now)
            audit.note(tx, now, "run", "run_succeeded", _entry(work, steps))

        work.journal.end(record)

    def _end(
        self,
        run: Run,
        journal: Journal,
        talk: Conversation,
        steps: Mapping[str, Any],
        error: Consequence,
    ) -> None:
        now = self._clock.now()
        linked = sorted(talk.linked)
        said = self._masker().text(f"{error.sentence}{_standing(steps)}")
        known = self._shelf.newest(run.recipe, run.revision)

        def record(tx: Connection) -> None:
            state = record_end(tx, run, steps, error, said, now=now, spread=self._spread)
            if state is RunState.HELD:
                hold = {"reason": reason_of(error), "sentence": said, "fix": error.fix}
                # Looked at again after a change of settings, it is not held a second time.
                again = run.hold is None or run.hold["reason"] != hold["reason"]
                notices.raise_(tx, troubles.held(run.recipe, known, hold), now, again=again)
            elif state is RunState.DEAD:
                notices.raise_(tx, troubles.dead(run.recipe, known, said, run.tries), now)
            if linked:
                runs.end_waits(tx, run.company, linked, now)

        journal.end(record)
        level = logging.INFO if isinstance(error, Awaiting | Skipped) else logging.WARNING
        log.log(
            level,
            "run %s stopped: %s",
            run.id,
            said,
            extra={"action": "run_stopped", "run_id": run.id},
        )


def needs_books(recipe: Recipe) -> bool:
    """Whether a recipe writes to QuickBooks."""
    return any(step.action.startswith("quickbooks.") for step in recipe.steps)


def _scope(work: _Work, steps: Mapping[str, Any]) -> dict[str, Any]:
    given = {step: result["values"] for step, result in steps.items()}
    return scope_of(work.recipe, work.event, work.books.rules, given, work.books.time_zone)


def _standing(steps: Mapping[str, Any]) -> str:
    """What the steps before have put into QuickBooks already, for the sentence of a hold."""
    made = [result["quickbooks"] for result in steps.values() if result.get("quickbooks")]
    if not made:
        return ""
    listed = ", ".join(f"{one['type']} {one['id']}" for one in made)
    return f" Already there: {listed}."


def _gone(realm: str) -> Company:
    raise Hold(
        "no-company",
        f"The company {realm} is no longer set up here. Nothing was booked.",
        fix="Connect it again, then release.",
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)


def _entry(work: _Work, steps: Mapping[str, Any]) -> dict[str, Any]:
    made = [result["quickbooks"] for result in steps.values() if result.get("quickbooks")]
    return {
        "run": work.run.id,
        "event": work.event.id,
        "identity": work.event.identity,
        "recipe": work.recipe.id,
        "revision": work.run.revision,
        "settings_revision": work.run.settings_revision,
        "company": work.run.company,
        "quickbooks": made,
    }
