"""Plays a recipe without writing anything: the exact records that it would write, and why.

`Rehearsal.record()` is what `bookrelay try --json` prints, pages show and the API answers. Its form
is stable; keys may be added:

- `recipe`: `{id, name}`; `event`: `{id, identity, type, test}`, `id` null for a sample;
  `company`: `{realm_id, name}`, or null
- `outcome`: `done`, `skipped`, `held` or `waits`; `reason`: the slug of a hold, or null;
  `stopped`: why it is not done, a sentence, or null; `fix`: what to do about that, or null
- `steps`: `{id, action, state, why, summary, details, requests}`; `state` is `done`, `left_out`,
  `stopped` (`why` says why, else null) or `not_reached`; `summary` are sentences;
  `details` has the same as data by what is written (`customer`, `item`, `invoice`, `estimate`,
  `payment`), one entry for each; `requests`: `{method, path, body}`, the body as it is sent
- `writes`: `{step, operation, what, body}` in order, `operation` being `use` for a record that is
  there already
- `lists`: `{list, read_at}`: what QuickBooks' lists were like, and when
- `not_looked_up`: what could not be looked up, so that it is taken for granted here;
  `why_not`: why QuickBooks could not be asked, a sentence, or null

Ids of what would be made stand in brackets: `(new invoice 3)`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, TypeVar

from connector.base import (
    ActionSpec,
    Command,
    Document,
    Link,
    Linked,
    Need,
    Pin,
    Read,
    Recall,
    Told,
    Write,
    Written,
)
from connector.errors import Consequence, Hold, Rejected, Retryable, Skipped
from connector.quickbooks.foresight import foresee
from connector.quickbooks.references import KINDS
from connector.quickbooks.retelling import name_of
from runtime.admission import admit
from runtime.endings import reason_of
from runtime.mapped import fields_of, held
from runtime.models import Event
from runtime.recipes import Recipe, Step
from runtime.recipes.conditions import OF_STEP, holds
from runtime.recipes.expressions.compiling import ExpressionProblem
from runtime.recipes.scope import scope_of
from runtime.rehearsal.stage import Stage
from runtime.routing import Unrouted
from runtime.settings import Company

T = TypeVar("T")
Outcome: TypeAlias = Literal["done", "skipped", "held", "waits"]
StepState: TypeAlias = Literal["done", "left_out", "stopped", "not_reached"]

#: Documents whose being there already is worth telling.
_TOLD_IF_THERE = ("customer", "invoice", "estimate", "payment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One record that a step would write, or an existing one it would use."""

    #: create, post ... or `use` for an existing record
    operation: str
    #: `invoice`, `customer` ...
    what: str
    body: Mapping[str, Any]
    #: Path that it is posted to; empty where nothing is sent.
    path: str = ""


@dataclass(kw_only=True)
class RehearsedStep:
    """What became of one step."""

    id: str
    action: str
    state: StepState = "not_reached"
    #: Why it is left out or stops.
    why: str = ""
    summary: list[str] = field(default_factory=list)
    #: What the summary says, as data: what is written, and a list of it.
    details: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    planned: list[Planned] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a recipe would do with an event."""

    recipe: Recipe
    event: Event
    company: Company | None
    outcome: Outcome
    reason: str
    stopped: str
    fix: str
    steps: Sequence[RehearsedStep]
    stage: Stage

    def record(self) -> dict[str, Any]:
        """As plain data; amounts are Decimal. The module says what is in it."""
        event, company = self.event, self.company
        return {
            "recipe": {"id": self.recipe.id, "name": self.recipe.name},
            "event": {
                "id": str(event.id) if event.id else None,
                "identity": event.identity,
                "type": event.type,
                "test": event.test,
            },
            "company": {"realm_id": company.realm_id, "name": company.name} if company else None,
            "outcome": self.outcome,
            "reason": self.reason or None,
            "stopped": self.stopped or None,
            "fix": self.fix or None,
            "steps": [_step(step) for step in self.steps],
            "writes": [_write(step, each) for step in self.steps for each in step.planned],
            "lists": [
                {"list": name, "read_at": at.isoformat()} for name, at in self.stage.lists.items()
            ],
            "not_looked_up": list(self.stage.missing),
            "why_not": self.stage.away or None,
        }


def rehearse(
    recipe: Recipe, event: Event, routed: Company | Unrouted, *, actions: Actions, stage: Stage
) -> Rehearsal:
    """Play all steps for one event; nothing is written, and only `stage` is asked."""
    player = _Player(actions=actions, stage=stage, steps=tuple(map(_unplayed, recipe.steps)))
    company = None if isinstance(routed, Unrouted) else routed
    stop = player.play(recipe, event, company)
    if isinstance(routed, Unrouted) and not isinstance(stop, Skipped) and player.needs_books:
        stop = Hold(routed.reason, routed.sentence, fix=routed.fix)
    return Rehearsal(
        recipe=recipe,
        event=event,
        company=company,
        outcome=_outcome(stop),
        reason=reason_of(stop) if stop and _outcome(stop) == "held" else "",
        stopped=stop.sentence if stop else "",
        fix=stop.fix if stop else "",
        steps=player.steps,
        stage=stage,
    )


Actions: TypeAlias = Mapping[str, ActionSpec]


@dataclass(kw_only=True)
class _Player:
    """Takes the place of the runner."""

    actions: Actions
    stage: Stage
    steps: Sequence[RehearsedStep]
    _links: dict[tuple[str, str], Linked] = field(default_factory=dict)
    _made: int = 0

    @property
    def needs_books(self) -> bool:
        """Whether a step writes to QuickBooks."""
        return any(self.actions[step.action].service == "quickbooks" for step in self.steps)

    def play(self, recipe: Recipe, event: Event, company: Company | None) -> Consequence | None:
        """Play all steps; what stops it, or None."""
        books = self.stage.books
        scope = scope_of(recipe, event, books.rules, {}, books.time_zone)
        try:
            met, why = holds(recipe.conditions, scope)
            if not met:
                raise Skipped(why)
            admit(event, company)
            for step, told in zip(recipe.steps, self.steps, strict=True):
                scope["steps"][step.id] = self._step(step, told, scope)
        except ExpressionProblem as problem:
            return held(problem)
        except Consequence as stop:
            return stop
        return None

    def _step(self, step: Step, told: RehearsedStep, scope: Mapping[str, Any]) -> Mapping[str, Any]:
        told.state = "stopped"
        met, told.why = holds(step.conditions, scope, OF_STEP)
        if not met:
            told.state = "left_out"
            return {}
        action, books = self.actions[step.action], replace(self.stage.books, step=step.id)
        try:
            fields = fields_of(step, action, scope, books)
            values = self._talk(action, told, action.perform(fields, books)).values
        except Consequence as stop:
            told.why = stop.sentence
            raise
        told.state = "done"
        return values

    def _talk(
        self, action: ActionSpec, told: RehearsedStep, going: Generator[Command, Any, T]
    ) -> T:
        try:
            command = next(going)
            while True:
                try:
                    answer = self._answer(action, told, command)
                except Rejected as refusal:
                    command = going.throw(refusal)
                else:
                    command = going.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result

    def _answer(self, action: ActionSpec, told: RehearsedStep, command: Command) -> Any:
        match command:
            case Need(document=document):
                return self._known(told, document)
            case Read():
                return self.stage.read(command)
            case Recall(kind=kind, name=name):
                return self.stage.recall(kind, name)
            case Pin(kind=kind, chosen=chosen):
                return self.stage.made(KINDS[kind].entity, chosen.id, {"Name": chosen.name})
            case Link(document=document, linked=linked, why=why):
                self._use(told, document, linked, f"found by {why}" if why else "found")
                return linked
            case Write():
                return self._write(action, told, command)

    def _known(self, told: RehearsedStep, document: Document) -> Linked | None:
        for alias in document.aliases:
            if (document.kind, alias) in self._links:
                return self._links[document.kind, alias]
        linked = self.stage.known(document)
        if linked is not None:
            self._met(document, linked)
            if document.kind in _TOLD_IF_THERE and not document.aliases[0].startswith("qbo:"):
                self._use(told, document, linked, "it is known already")
        return linked

    def _use(self, told: RehearsedStep, document: Document, linked: Linked, why: str) -> None:
        self._met(document, linked)
        name = name_of(linked.facts)
        called = f'{document.kind.capitalize()} "{name}"' if name else document.kind.capitalize()
        told.summary.append(f"{called} (id {linked.id}) would be used: {why}.")
        details = {"id": linked.id, "name": name, "used": True, "because": why}
        told.details.setdefault(document.kind, []).append(details)
        body = {"Id": linked.id, **linked.facts}
        told.planned.append(Planned(operation="use", what=document.kind, body=body))

    def _write(self, action: ActionSpec, told: RehearsedStep, write: Write) -> Written:
        if action.service == "quickbooks":
            self._talk(action, told, foresee(write))
        kind = write.document.kind if write.document else write.path
        said = action.retell(write, self.stage.find) if action.retell else _plainly(write)
        told.summary.extend(said.words)
        told.details.setdefault(kind, []).append({**said.details, "used": False})
        company = self.stage.books.company or "(no company yet)"
        path = f"/v3/company/{company}/{write.path}"
        told.planned.append(
            Planned(
                operation=write.operation,
                what=kind,
                body=write.body,
                path=path if action.service == "quickbooks" else write.path,
            )
        )
        self._made += 1
        made = Linked(kind=kind, id=f"(new {kind} {self._made})", facts=write.facts)
        if write.document is not None:
            self._met(write.document, made)
            self.stage.made(kind, made.id, {**write.facts, **write.body})
        return Written(id=made.id, facts=write.facts)

    def _met(self, document: Document, linked: Linked) -> None:
        self.stage.made(document.kind, linked.id, linked.facts)
        for alias in (*document.aliases, f"qbo:{linked.id}"):
            self._links[document.kind, alias] = linked


def _plainly(write: Write) -> Told:
    return Told(words=(f"Would {write.operation} to {write.path}.",), details={})


def _unplayed(step: Step) -> RehearsedStep:
    return RehearsedStep(id=step.id, action=step.action)


def _outcome(stop: Consequence | None) -> Outcome:
    match stop:
        case None:
            return "done"
        case Skipped():
            return "skipped"
        case Retryable():
            return "waits"
        case _:
            return "held"


def _step(step: RehearsedStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "action": step.action,
        "state": step.state,
        "why": step.why or None,
        "summary": step.summary,
        "details": step.details,
        "requests": [
            {"method": "POST", "path": each.path, "body": each.body}
            for each in step.planned
            if each.path
        ],
    }


def _write(step: RehearsedStep, planned: Planned) -> dict[str, Any]:
    return {
        "step": step.id,
        "operation": planned.operation,
        "what": planned.what,
        "body": planned.body,
    }
